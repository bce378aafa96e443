import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { MINUTE_MS, ONCE, TELLS_ITSELF, at } from './entry.ts'
import { listing, short, unlessFailed } from './phrases.ts'

export const REVIEW_TAG = 'weekly-review'

const noted = unlessFailed(
  'notes',
  'Your notes',
  listing('steps.week.result.value.noted', {
    none: 'Nothing noted.',
    one: '1 thing noted: ',
    many: ' things noted: ',
    item: short('one.text'),
    between: '; ',
  }),
)
const left = unlessFailed(
  'tasks',
  'Your to do list',
  listing('steps.tasks.result.items', {
    none: 'Nothing is left on your to do list.',
    one: '1 thing is left to do: ',
    many: ' things are left to do: ',
    item: short('one.text'),
  }),
)
const coming = unlessFailed(
  'reminders',
  'Your reminders',
  listing('steps.week.result.value.coming', {
    none: 'No reminders in the week to come.',
    one: '1 reminder in the week to come: ',
    many: ' reminders in the week to come: ',
    item: `${short('one.text')} + ' (' + formatDate(one.due, 'ddd D MMM HH:mm') + ')'`,
  }),
)

export const weekly_review: GalleryEntry = {
  name: 'weekly_review',
  title: 'Weekly review',
  description:
    'Every Sunday at six in the evening: what you noted in the week, what is left on your to do list, and the reminders of the week to come. The review is kept as a note with the tag weekly-review, so that you can look back. You may want another day or time (trigger, cron; the last number is the weekday, 0 is Sunday). It reads the newest 50 notes of the week; what you ticked off cannot be read yet, and is not in it.',
  definition: {
    trigger: at('0 18 * * 0'),
    steps: [
      {
        id: 'notes',
        agent_number: 2,
        action: 'list',
        parameters: { since: '{{addDays(now, -7)}}', limit: 50 },
      },
      { id: 'tasks', agent_number: 4, action: 'list', parameters: {} },
      { id: 'reminders', agent_number: 3, action: 'list', parameters: {} },
      {
        id: 'week',
        agent_number: 0,
        action: 'set',
        parameters: {
          value: {
            noted: `{{(steps.notes.result?.memories ?? []).filter(one => !one.tags.includes('${REVIEW_TAG}')).map(one => ({ text: one.text.slice(0, 200) }))}}`,
            coming:
              '{{(steps.reminders.result?.reminders ?? []).filter(one => date(one.due) < addDays(now, 7)).slice(0, 100).map(one => ({ text: one.text.slice(0, 100), due: one.due }))}}',
          },
        },
      },
      {
        id: 'review',
        agent_number: 0,
        action: 'set',
        parameters: {
          value: `Your week up to {{formatDate(now, 'dddd, D MMMM')}}:\n{{${noted}}}\n{{${left}}}\n{{${coming}}}`,
        },
      },
      {
        id: 'keep',
        agent_number: 2,
        action: 'remember',
        parameters: { text: '{{steps.review.result.value}}', tags: [REVIEW_TAG] },
      },
      {
        id: 'tell',
        agent_number: 0,
        action: 'notify',
        parameters: { text: '{{steps.review.result.value}}' },
      },
    ],
    error_handling: TELLS_ITSELF,
    timeout_ms: 5 * MINUTE_MS,
    retry_policy: ONCE,
  },
}
