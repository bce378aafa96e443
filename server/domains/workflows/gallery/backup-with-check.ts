import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { HOUR_MS, MINUTE_MS, ONCE, at } from './entry.ts'
import { naming, short } from './phrases.ts'

const SAVED = 'steps.save.result'
const FOUND = 'steps.look.result'
const MONDAY = 1

export const backup_with_check: GalleryEntry = {
  name: 'backup_with_check',
  title: 'Backup that is looked at',
  description:
    'Every night at four Guardian makes a backup of the whole server, restores it into a folder of its own and looks at all of it. A backup that does not hold is told at once, as critical; that all is well is told on Mondays alone. It is for the owner of the server, who has one of each night anyway: take this to have more of them, at times of your own (trigger, cron), or to be told every time (condition of the step well).',
  definition: {
    trigger: at('0 4 * * *'),
    steps: [
      { id: 'save', agent_number: 9, action: 'backup', parameters: {}, timeout_ms: 10 * MINUTE_MS },
      {
        id: 'look',
        agent_number: 9,
        action: 'verify_backup',
        parameters: { backup: `{{${SAVED}.backup}}` },
        timeout_ms: 10 * MINUTE_MS,
      },
      {
        id: 'well',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `The backup {{${FOUND}.backup}} can be restored: all of it is whole, and its audit has {{${FOUND}.lines}} lines.`,
        },
        condition: `${FOUND}.ok && dayOfWeek(now) === ${MONDAY}`,
      },
      {
        id: 'damaged',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `Do not count on the backup {{${FOUND}.backup}}: {{${naming(`${FOUND}.problems`, short('one', 200), '; ')}}}. Keep a copy of the data folder before you do anything else.`,
          severity: 'critical',
        },
        condition: `!${FOUND}.ok`,
      },
    ],
    error_handling: {
      strategy: 'fallback',
      // What cannot be made, or does not hold as soon as it is made.
      fallback_steps: [
        {
          id: 'failed',
          agent_number: 0,
          action: 'notify',
          parameters: {
            text: 'There is no new backup: {{error.message}} Keep a copy of the data folder before you do anything else.',
            severity: 'critical',
          },
        },
      ],
      notification_on_error: false,
    },
    timeout_ms: HOUR_MS,
    retry_policy: ONCE,
  },
}
