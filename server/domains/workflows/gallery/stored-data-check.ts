import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { AGAIN, HOUR_MS, MINUTE_MS, at } from './entry.ts'
import { naming, short } from './phrases.ts'

const FOUND = 'steps.check.result'
const MONDAY = 1

export const stored_data_check: GalleryEntry = {
  name: 'stored_data_check',
  title: 'Check of the stored data',
  description:
    'Every night at three Guardian checks that nothing of the database or the audit was damaged or changed. Damage is told at once, as critical; that all is well is told on Mondays alone. It makes no backup: agents cannot do that yet, so copy the data folder yourself. You may want another time (trigger, cron), or to be told every time (condition of the step well).',
  definition: {
    trigger: at('0 3 * * *'),
    steps: [
      { id: 'check', agent_number: 9, action: 'integrity', parameters: {}, timeout_ms: 10 * MINUTE_MS },
      {
        id: 'well',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `All that is stored is whole: the database, and the audit with its {{${FOUND}.lines}} lines.`,
        },
        condition: `${FOUND}.ok && dayOfWeek(now) === ${MONDAY}`,
      },
      {
        id: 'damaged',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `What is stored is damaged: {{${naming(`${FOUND}.problems`, short('one', 200), '; ')}}}. Keep a copy of the data folder before you do anything else.`,
          severity: 'critical',
        },
        condition: `!${FOUND}.ok`,
      },
    ],
    error_handling: { strategy: 'fail_fast', notification_on_error: true },
    timeout_ms: HOUR_MS,
    retry_policy: AGAIN,
  },
}
