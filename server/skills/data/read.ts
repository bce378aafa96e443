import { Type } from 'typebox'
import { sayCount, sayList } from '../say.ts'
import { action, shape } from '../skill.ts'
import { DATA_CHARACTERS_MAX, readRows } from './rows/read.ts'
import { columnsOf } from './rows/rows.ts'
import { Rows } from './rows/shapes.ts'

export const read = action({
  summary: 'Reads pasted CSV or JSON into rows that other steps can use.',
  parameters: shape({
    text: Type.String({ minLength: 1, maxLength: DATA_CHARACTERS_MAX }),
    format: Type.Optional(Type.Enum(['csv', 'json'])),
  }),
  result: shape({ rows: Rows }),
  effect: 'read',
  pure: true,
  slots: { text: 'data', format: 'word' },
  questions: { text: 'Please paste the data, as CSV with a header or as JSON.' },
  phrases: [
    '(read|parse|load|open) [this|the|my] (csv|json|data) [file] [for me] {text}',
    '(read|open) [up] this bit of (csv|json|data) [for me] {text}',
    '(read|parse|load|open) (this|these|the following) (rows|lines|values|table|file|spreadsheet) [for me] {text}',
    'load (this|the data below|the following data) [into rows] {text}',
    '(make|create) a table (of|out of|from) (this|these|the following) [data|csv|json] {text}',
    '(turn|convert) (this|the following) [csv|json|data] into (a table|rows|data) {text}',
    'what is in (this|the following) [csv|json] [data|file|table] {text}',
    'what is in (this|the following) [csv|json] (data|file|table) show it nicely {text}',
    '(what|which) (rows|columns) are in (this|it|the following) [csv|json|data|file] {text}',
    'show (this|the following) [csv|json|data] as a table {text}',
  ],
  examples: [
    'read this csv for me',
    'parse the json I am pasting here [{"id":7,"size":"xl"}]',
    'here is a table, please load it: plant,height\nfern,30\nivy,120',
    'open this spreadsheet text\nday;mood\nMon;good\nTue;tired',
    'can you make sense of this comma separated list? dish,price\nsoup,6\npasta,11',
    'turn this into rows {"name":"Kofi","score":9}',
    'import the following data and tell me what columns it has',
    'I pasted an export from my bank, read it in',
    'what columns are in this file: id,date,total\n1,2026-02-03,12.40',
    'take this json and show it as a table [{"room":"hall","temp":19}]',
    'load these lines as data\na|b\n1|2',
    'make a table out of what I copied',
    'read the tab separated values below',
    'how many records are in here [{"n":1},{"n":2},{"n":3}]',
    'please parse what follows as json',
    'understand this data: bird,count\nwren,3\nrobin,5',
  ],
  perform: (_can, { text, format }) => {
    const rows = readRows(text, format)
    const columns = columnsOf(rows)
    const named = columns.length === 0 ? '' : `: ${sayList(columns)}`
    return {
      data: { rows },
      text: `I read ${sayCount(rows.length, 'row')} with ${sayCount(columns.length, 'column')}${named}.`,
    }
  },
})
