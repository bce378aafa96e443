import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { MINUTE_MS, ONCE, TELLS_ITSELF, at } from './entry.ts'
import { listing, short, unlessFailed } from './phrases.ts'
import { REVIEW_TAG } from './weekly-review.ts'

const EVENT = 'steps.next.result.event'

const reminders = unlessFailed(
  'reminders',
  'Your reminders',
  listing('steps.today.result.value.due', {
    none: 'No reminders today.',
    one: '1 reminder today: ',
    many: ' reminders today: ',
    item: `${short('one.text')} + ' at ' + formatDate(one.due, 'HH:mm')`,
  }),
)
// What comes next may be a reminder, and those of today are named already.
const event =
  `steps.next.result?.event?.kind === 'event' ? '\\nNext in your calendar: ' + ${short(`${EVENT}.title`)}` +
  ` + ' (' + formatDate(${EVENT}.start, ${EVENT}.all_day ? 'ddd D MMM' : 'ddd D MMM HH:mm') + ')' : ''`
const tasks = unlessFailed(
  'tasks',
  'Your to do list',
  listing('steps.tasks.result.items', {
    none: 'Your to do list is empty.',
    one: '1 thing to do: ',
    many: ' things to do: ',
    item: short('one.text'),
  }),
)
const notes = unlessFailed(
  'notes',
  'Your notes',
  listing('steps.today.result.value.noted', {
    none: 'Nothing noted since yesterday.',
    one: 'Noted since yesterday: ',
    many: ' notes since yesterday: ',
    item: short('one.text'),
    between: '; ',
  }),
)

export const morning_briefing: GalleryEntry = {
  name: 'morning_briefing',
  title: 'Morning briefing',
  description:
    'Every morning at seven: the reminders of today, what is next in your calendar, your to do list, and what you noted since yesterday. You may want another time (trigger, cron: minute, hour, day, month, weekday; "0 7 * * 1-5" leaves the weekend out), or a list of another name (step tasks, parameter list).',
  definition: {
    trigger: at('0 7 * * *'),
    steps: [
      { id: 'reminders', agent_number: 3, action: 'list', parameters: {} },
      { id: 'next', agent_number: 3, action: 'next_event', parameters: {} },
      { id: 'tasks', agent_number: 4, action: 'list', parameters: {} },
      {
        id: 'notes',
        agent_number: 2,
        action: 'list',
        parameters: { since: '{{startOfDay(addDays(now, -1))}}', limit: 20 },
      },
      {
        id: 'today',
        agent_number: 0,
        action: 'set',
        parameters: {
          value: {
            due: '{{(steps.reminders.result?.reminders ?? []).filter(one => formatDate(one.due) === formatDate(now)).slice(0, 100).map(one => ({ text: one.text.slice(0, 100), due: one.due }))}}',
            noted: `{{(steps.notes.result?.memories ?? []).filter(one => !one.tags.includes('${REVIEW_TAG}')).map(one => ({ text: one.text.slice(0, 200) }))}}`,
          },
        },
      },
      {
        id: 'tell',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `Your briefing for {{formatDate(now, 'dddd, D MMMM')}}:\n{{${reminders}}}{{${event}}}\n{{${tasks}}}\n{{${notes}}}`,
        },
      },
    ],
    error_handling: TELLS_ITSELF,
    timeout_ms: 5 * MINUTE_MS,
    retry_policy: ONCE,
  },
}
