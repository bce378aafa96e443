import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { MINUTE_MS, ONCE, at } from './entry.ts'

const HABIT = 'steps.habit.result.value'
const DONE = 'steps.days.result.value'

export const habit_reminder: GalleryEntry = {
  name: 'habit_reminder',
  title: 'Habit reminder',
  description:
    'Every evening at eight: when you have not noted your habit today, it reminds you and says on how many of the last seven days you did it. On days on which you noted it, it is quiet. Change the habit and its tag in the step habit, and the time in the trigger. A copy of this workflow for each habit, each with a tag of its own, works as well.',
  definition: {
    trigger: at('0 20 * * *'),
    steps: [
      {
        id: 'habit',
        agent_number: 0,
        action: 'set',
        parameters: { value: { what: 'read for 20 minutes', tag: 'habit' } },
      },
      {
        id: 'notes',
        agent_number: 2,
        action: 'list',
        parameters: { tags: [`{{${HABIT}.tag}}`], since: '{{startOfDay(addDays(now, -6))}}', limit: 100 },
      },
      {
        id: 'days',
        agent_number: 0,
        action: 'set',
        parameters: {
          value:
            '{{steps.notes.result.memories.map(one => formatDate(one.created_at)).filter((day, place, days) => days.indexOf(day) === place)}}',
        },
      },
      {
        id: 'remind',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `Not done yet today: {{${HABIT}.what}}. You did it on {{${DONE}.length}} of the last 7 days. When it is done, say: save a note tagged {{${HABIT}.tag}} that I {{${HABIT}.what}}.`,
        },
        condition: `!${DONE}.includes(formatDate(now))`,
      },
    ],
    error_handling: { strategy: 'fail_fast', notification_on_error: true },
    timeout_ms: 5 * MINUTE_MS,
    retry_policy: ONCE,
  },
}
