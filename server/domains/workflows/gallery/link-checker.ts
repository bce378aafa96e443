import type { GalleryEntry, WorkflowStep } from '../../../../contract/workflows.ts'
import { AGAIN, MINUTE_MS, TELLS_ITSELF, at } from './entry.ts'
import { reason } from './phrases.ts'

const LINKS_MAX = 6
const PLACES = Array.from({ length: LINKS_MAX }, (_, place) => place)
const LINKS = 'steps.links.result.value'
const LOOKS = `[${PLACES.map((place) => `steps.${idOf(place)}`).join(', ')}]`
const IS_BAD = "one.status === 'failed' || one.result?.status >= 400"
const CHECKED = `Math.min(${LINKS}.length, ${LINKS_MAX})`
const BAD = 'steps.bad.result.value'

function idOf(place: number): string {
  return `link_${place + 1}`
}

function look(place: number): WorkflowStep {
  return {
    id: idOf(place),
    agent_number: 8,
    action: 'get',
    parameters: { url: `{{${LINKS}[${place}]}}`, status_only: true },
    condition: `${LINKS}.length > ${place}`,
    depends_on: ['links'],
    timeout_ms: MINUTE_MS / 2,
  }
}

export const link_checker: GalleryEntry = {
  name: 'link_checker',
  title: 'Link checker',
  description: `Every Monday at seven: whether your links still answer, and which do not. Put up to ${LINKS_MAX} addresses into the step links. A link that cannot be reached is tried once more after a minute; then it is told, and the run counts as failed. It reads public addresses; those of your own network need PAIOS_EGRESS_LAN.`,
  definition: {
    trigger: at('0 7 * * 1'),
    steps: [
      {
        id: 'links',
        agent_number: 0,
        action: 'set',
        parameters: { value: ['https://example.org/'] },
        depends_on: [],
      },
      ...PLACES.map(look),
      {
        id: 'bad',
        agent_number: 0,
        action: 'set',
        parameters: {
          value: `{{${LOOKS}.map((one, place) => (${IS_BAD}) ? ${LINKS}[place].slice(0, 100) + ' (' + (one.status === 'failed' ? ${reason('one.error')} : 'status ' + one.result.status) + ')' : '').filter(Boolean)}}`,
        },
        // Reading the steps here lets this one run when they have failed.
        condition: `${LOOKS}.some(one => ${IS_BAD})`,
        depends_on: PLACES.map(idOf),
      },
      {
        id: 'tell',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `{{steps.bad.status === 'completed' ? (${LINKS}.length === 1 ? 'Your link' : ${BAD}.length + ' of ' + ${CHECKED} + ' links') + ' did not answer well:\\n' + ${BAD}.join('\\n') : ${LINKS}.length === 0 ? 'There are no links to check: put some into the step links.' : ${LINKS}.length === 1 ? 'Your link answers.' : 'All ' + ${CHECKED} + ' links answer.'}}{{${LINKS}.length > ${LINKS_MAX} ? '\\nOnly the first ${LINKS_MAX} of ' + ${LINKS}.length + ' were checked.' : ''}}`,
          severity: "{{steps.bad.status === 'completed' ? 'warning' : 'info'}}",
        },
        depends_on: ['links', 'bad'],
      },
    ],
    error_handling: TELLS_ITSELF,
    timeout_ms: 10 * MINUTE_MS,
    retry_policy: AGAIN,
  },
}
