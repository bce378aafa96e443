import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { MINUTE_MS, AGAIN, at } from './entry.ts'
import { reason } from './phrases.ts'

const STATUS = 'steps.status.result.value'

export const disk_watch: GalleryEntry = {
  name: 'disk_watch',
  title: 'Disk watch',
  description:
    'Every six hours it asks the server how it is, and tells you when its disk or memory is nearly full (95 %) or it cannot write any more; while all is well it is quiet. What the server tells strangers is one word, so it cannot say which of the two it is: paios status does. It asks port 3001 of this machine: where your server has another, change it in the step health. Agents reach this machine only where PAIOS_EGRESS_LAN lists it with that port, as in localhost:3001.',
  definition: {
    trigger: at('0 */6 * * *'),
    steps: [
      {
        id: 'health',
        agent_number: 8,
        action: 'get',
        parameters: { url: 'http://localhost:3001/api/system/health' },
        timeout_ms: MINUTE_MS / 2,
      },
      {
        id: 'status',
        agent_number: 0,
        action: 'set',
        parameters: { value: '{{JSON.parse(steps.health.result.body).data.status}}' },
      },
      {
        id: 'degraded',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: 'Your server is degraded: its disk or its memory is 95 % full or more. Look at it with: paios status',
          severity: 'warning',
        },
        condition: `${STATUS} === 'degraded'`,
      },
      {
        id: 'unhealthy',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: 'Your server cannot write any more: its disk is nearly full. Make room.',
          severity: 'critical',
        },
        condition: `${STATUS} === 'unhealthy'`,
      },
    ],
    error_handling: {
      strategy: 'fallback',
      fallback_steps: [
        {
          id: 'say_why',
          agent_number: 0,
          action: 'notify',
          parameters: {
            text: `How your server is could not be found out. {{${reason('error.message')}}}{{error.message.includes('localhost:3001') ? ' Where your server has another port than 3001, put that into the step health first.' : ''}}`,
            severity: 'warning',
          },
        },
      ],
      notification_on_error: true,
    },
    timeout_ms: 10 * MINUTE_MS,
    retry_policy: AGAIN,
  },
}
