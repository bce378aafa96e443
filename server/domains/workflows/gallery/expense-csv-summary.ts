import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { MINUTE_MS, ONCE } from './entry.ts'
import { reason, short } from './phrases.ts'

const CSV = 'steps.csv.result.value'
const HAS_ROWS = `${CSV}.includes('\\n')`
const SUMS = 'steps.sums.result'
const LEFT_OUT = `(steps.filled.result.value - ${SUMS}.groups.reduce((count, one) => count + one.count, 0))`
const NAMED_MAX = 20

const by_category =
  `${SUMS}.groups.sort((a, b) => b.value - a.value).slice(0, ${NAMED_MAX})` +
  `.map(one => (one.group === '' ? 'no category' : ${short('one.group', 50)}) + ' ' + one.value.toFixed(2)).join(', ')` +
  ` + (${SUMS}.groups.length > ${NAMED_MAX} ? ' and ' + (${SUMS}.groups.length - ${NAMED_MAX}) + ' more' : '')`
const left_out =
  `${LEFT_OUT} === 0 ? '' : ${LEFT_OUT} === 1 ? ' 1 amount is no number and was left out.'` +
  ` : ' ' + ${LEFT_OUT} + ' amounts are no numbers and were left out.'`

export const expense_csv_summary: GalleryEntry = {
  name: 'expense_csv_summary',
  title: 'Summary of expenses',
  description:
    'Adds up a table of expenses by category, tells you the sums and keeps them as a note with the tag expenses. Start it by hand with {"csv": "category,amount\\nfood,12.50\\n..."}; comma, semicolon and tab may separate, amounts are written 12.50, and the whole table has at most 64 kB. Where your columns are called otherwise, change column and by in the step sums, and column in the step filled.',
  definition: {
    trigger: { type: 'manual', conditions: {} },
    steps: [
      {
        id: 'csv',
        agent_number: 0,
        action: 'set',
        parameters: { value: "{{String(input?.csv ?? '').trim()}}" },
      },
      {
        id: 'empty',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: 'There are no expenses in this table: it needs a line with the names of its columns, category and amount, and then a line for each expense.',
        },
        condition: `!${HAS_ROWS}`,
      },
      {
        id: 'sums',
        agent_number: 5,
        action: 'aggregate',
        parameters: { rows: `{{${CSV}}}`, column: 'amount', by: 'category', function: 'sum' },
        condition: HAS_ROWS,
      },
      {
        id: 'filled',
        agent_number: 5,
        action: 'aggregate',
        parameters: { rows: `{{${CSV}}}`, column: 'amount', function: 'count' },
        condition: HAS_ROWS,
      },
      {
        id: 'summary',
        agent_number: 0,
        action: 'set',
        parameters: {
          value: `Expenses, {{${SUMS}.value.toFixed(2)}} in all: {{${by_category}}}.{{${left_out}}}`,
        },
        condition: HAS_ROWS,
      },
      {
        id: 'keep',
        agent_number: 2,
        action: 'remember',
        parameters: { text: '{{steps.summary.result.value}}', tags: ['expenses'] },
        condition: HAS_ROWS,
      },
      {
        id: 'tell',
        agent_number: 0,
        action: 'notify',
        parameters: { text: '{{steps.summary.result.value}}' },
        condition: HAS_ROWS,
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
            text: `The expenses could not be added up. {{${reason('error.message')}}}`,
            severity: 'warning',
          },
        },
      ],
      notification_on_error: true,
    },
    timeout_ms: 5 * MINUTE_MS,
    retry_policy: ONCE,
  },
}
