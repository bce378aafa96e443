import { Type } from 'typebox'
import { sayList } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { aggregateRows, aggregationNamed } from './rows/aggregate.ts'
import type { Aggregated, Aggregation } from './rows/aggregate.ts'
import { rowsOf } from './rows/read.ts'
import { ColumnName, RowsOrText } from './rows/shapes.ts'
import { sayAmount } from './say.ts'

const Group = shape({ group: Type.String(), value: Type.Number(), count: Type.Integer() })

const SPOKEN: Readonly<Record<Aggregation, string>> = {
  sum: 'total',
  average: 'average',
  median: 'median',
  min: 'smallest',
  max: 'largest',
  count: 'number of',
}

export const aggregate = action({
  summary: 'Sums, averages, counts or finds the extremes of a column, also for each group of rows.',
  parameters: shape({
    rows: RowsOrText,
    column: ColumnName,
    by: Type.Optional(ColumnName),
    function: Type.String({ minLength: 1, maxLength: 20 }),
  }),
  result: shape({
    column: Type.String(),
    by: Type.Optional(Type.String()),
    function: Type.Enum(['sum', 'average', 'median', 'min', 'max', 'count']),
    value: Type.Number(),
    groups: Type.Optional(Type.Array(Group)),
  }),
  effect: 'read',
  pure: true,
  slots: { rows: 'data', column: 'text', by: 'text', function: 'aggregation' },
  questions: {
    rows: 'Which data? Paste it as CSV with a header or as JSON.',
    column: 'Which column?',
    function: 'Do you want the sum, average, median, smallest, largest or count?',
  },
  phrases: [
    '{function} [the] {column} [column] (by|per|for each|grouped by|for every) {by} [in|of|from] {rows}',
    '{function} of [the] {column} (by|per|for each|grouped by) {by} [in|of|from] {rows}',
    '[what is] the {function} [of] [the] {column} (by|per|for each|grouped by) {by} [in|of|from] {rows}',
    'give me the {function} [of] [the] {column} (by|per|for each|grouped by) {by} [in|of|from] {rows}',
    '{function} [of] [the] {column} [column] [in|of|from|here] {rows}',
    '{function} [of] [the] {column} in (this|the) [table|data|csv|file|list] [please] {rows}',
    'what is the {function} [of] [the] {column} [column] [in|of|from|here] {rows}',
    'what is the {function} [of] [the] {column} in (this|the) [table|data|csv|file|list] {rows}',
    'give me the {function} [of] [the] {column} [column] [in|of|from|here] {rows}',
    'group {rows} by {by} and {function} [the] {column}',
  ],
  examples: [
    'sum the price column of this table',
    'average height by class [{"class":"a","height":150},{"class":"b","height":160}]',
    'what is the total of the amount column here: item,amount\nrent,700\nfood,240',
    'highest score in this csv',
    'how much did each person spend\nwho,spent\nMia,12\nJon,9\nMia,4',
    'count the tickets per team',
    'add up the hours in this data [{"day":"Mon","hours":7},{"day":"Tue","hours":5}]',
    'which is the lowest temperature in the list',
    'mean rating for every film in this file',
    'median salary from the rows below',
    'group these by month and total the sales',
    'how many kilometres in all: run,km\n1,5\n2,8',
    'largest invoice in this json',
    'what does the cost column come to',
    'average the last column for me',
    'number of visitors per day please',
    'totals by category for this spreadsheet',
  ],
  perform: (_can, asked) => {
    const name = aggregationNamed(asked.function)
    if (name === undefined)
      throw new ActionError('I can give the sum, average, median, smallest, largest or count.')
    const data = aggregateRows(rowsOf(asked.rows), { column: asked.column, by: asked.by, function: name })
    return { data, text: sayAggregated(data) }
  },
})

function sayAggregated({ column, by, value, groups, function: name }: Aggregated): string {
  const what = name === 'count' ? `number of values in ${column}` : `${SPOKEN[name]} ${column}`
  if (groups === undefined) return `The ${what} is ${sayAmount(value)}.`
  const each = groups.map(
    (group) => `${sayAmount(group.value)} for ${group.group === '' ? 'no value' : group.group}`,
  )
  return `The ${what} by ${by} is ${sayList(each)}.`
}
