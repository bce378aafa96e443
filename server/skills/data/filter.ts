import { Type } from 'typebox'
import { sayCount } from '../say.ts'
import { action, shape } from '../skill.ts'
import { rowsOf } from './rows/read.ts'
import { columnsOf, wordsIn } from './rows/rows.ts'
import type { Row } from './rows/rows.ts'
import { Rows, RowsOrText, WhereMap } from './rows/shapes.ts'
import { testOf } from './rows/where.ts'

/** Up to so many rows are read aloud. */
const SPOKEN_ROWS_MAX = 5

export const filter = action({
  summary: 'Keeps the rows that meet a condition, such as age > 30 and city = Berlin.',
  parameters: shape({
    rows: RowsOrText,
    where: Type.Union([Type.String({ minLength: 1, maxLength: 1000 }), WhereMap]),
  }),
  result: shape({ rows: Rows }),
  effect: 'read',
  pure: true,
  slots: { rows: 'data', where: 'text' },
  questions: {
    rows: 'Which data? Paste it as CSV with a header or as JSON.',
    where: 'Which rows should I keep? For example: age > 30 and city = Berlin.',
  },
  phrases: [
    'filter {rows} (where|by|with|for|on|whose) {where}',
    'filter (this|these|the following) [data|rows|csv|json] (where|by|with|for|on) {where} {rows}',
    '(keep|show me|give me|find|list) [only|just] [the] rows (where|with|whose) {where} (in|from) {rows}',
    '(show|select|get) [only|just] [the] rows (where|with|whose) {where} (in|from|of) {rows}',
    '(keep|show me|give me|find|list|select) [only|just] [the] rows (where|with|whose|in which) {where} {rows}',
    '(only|just) (keep|show|show me|give me) [the] rows (where|with|whose|in which) {where} {rows}',
    '(which|what) rows (in|of|from) {rows} (have|are|with|where) {where}',
    'from {rows} (keep|show|show me|take|select) [only|just] [the] [rows] where {where}',
    'select [from] {rows} where {where}',
  ],
  examples: [
    'filter this data where price is below 20',
    'only show me the rows with status open',
    'keep the entries where city is Lisbon [{"city":"Lisbon","n":4},{"city":"Porto","n":2}]',
    'which of these are older than 65',
    'drop everything except the paid ones: bill,paid\n7,yes\n8,no',
    'from this list give me the people in Vienna',
    'just the red ones please [{"colour":"red","id":1},{"colour":"blue","id":2}]',
    'show rows with quantity at least 10',
    'pick the orders above 100 from this table',
    'I need the lines where stock is not empty',
    'find all records between 5 and 9 in the score column',
    'remove rows that are not from March',
    'narrow this table down to the winners',
    'select where country = Spain and total > 50',
    'who in this csv has more than three points\nwho,points\nAda,5\nBo,2',
    'take out those without an email address',
    'list only the trains that leave after noon',
  ],
  perform: (_can, asked) => {
    const rows = rowsOf(asked.rows)
    const kept = rows.filter(testOf(asked.where, columnsOf(rows)))
    const few = kept.length > 0 && kept.length <= SPOKEN_ROWS_MAX
    const said = few ? `: ${kept.map(sayRow).join('; ')}` : ''
    const match = kept.length === 1 ? 'matches' : 'match'
    return {
      data: { rows: kept },
      text: `${kept.length} of ${sayCount(rows.length, 'row')} ${match}${said}.`,
    }
  },
})

function sayRow(row: Row): string {
  return Object.values(row)
    .slice(0, 4)
    .map(wordsIn)
    .filter((words) => words !== '')
    .join(', ')
}
