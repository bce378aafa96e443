import Papa from 'papaparse'
import { ActionError } from '../../skill.ts'
import { sayCount } from '../../say.ts'
import { COLUMNS_MAX, ROWS_MAX, withinBounds } from './rows.ts'
import type { Row } from './rows.ts'

export const DATA_CHARACTERS_MAX = 1_000_000

export type DataFormat = 'csv' | 'json'

/**
 * Rows of pasted CSV (any usual delimiter, with a header) or JSON.
 *
 * @throws ActionError when the text is neither, or holds more than 10,000 rows or 200 columns.
 */
export function readRows(text: string, format?: DataFormat): Row[] {
  if (text.length > DATA_CHARACTERS_MAX) throw new ActionError('Data has at most 1,000,000 characters.')
  const data = text.replace(/^\uFEFF/, '').trim()
  if (data === '') throw new ActionError('There is no data to read.')
  const chosen = format ?? (/^[[{]/.test(data) ? 'json' : 'csv')
  return withinBounds(chosen === 'json' ? readJson(data) : readCsv(data))
}

/** Rows that are given as such, or as text that people paste. */
export function rowsOf(rows: readonly Row[] | string): Row[] {
  return typeof rows === 'string' ? readRows(rows) : withinBounds(rows)
}

function readJson(text: string): Row[] {
  const value = parseJson(text)
  const only = isRow(value) ? Object.values(value) : []
  // {"users": [...]} is a table in a wrapper; any other object is a single row.
  const list = only.length === 1 && Array.isArray(only[0]) && only[0].every(isRow) ? only[0] : value
  const rows: unknown[] = Array.isArray(list) ? list : [list]
  return rows.map((row, index) => {
    if (!isRow(row)) throw new ActionError(`Entry ${index + 1} of the JSON list is not an object.`)
    return row
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ActionError('That is not valid JSON.', { cause })
  }
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__')
  )
}

function readCsv(text: string): Row[] {
  const { data, errors } = Papa.parse<string[]>(text, {
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', '\t', ';', '|'],
    preview: ROWS_MAX + 2,
  })
  const quotes = errors.find((error) => error.type === 'Quotes')
  if (quotes !== undefined)
    throw new ActionError(`Row ${(quotes.row ?? 0) + 1} has a quotation mark too few or too many.`)
  const [header = [], ...lines] = data
  const columns = namesOf(header)
  return lines.map((line, index) => rowOf(columns, line, index))
}

function namesOf(header: readonly string[]): string[] {
  if (header.length > COLUMNS_MAX) throw new ActionError('A table has at most 200 columns.')
  const names: string[] = []
  for (const [index, name] of header.entries()) {
    const wanted = name.trim() === '' ? `column ${index + 1}` : name.trim()
    if (wanted === '__proto__') throw new ActionError('A column cannot be named "__proto__".')
    let unique = wanted
    for (let copy = 2; names.includes(unique); copy += 1) unique = `${wanted} ${copy}`
    names.push(unique)
  }
  return names
}

function rowOf(columns: readonly string[], line: readonly string[], index: number): Row {
  if (line.slice(columns.length).some((text) => text.trim() !== ''))
    throw new ActionError(
      `Row ${index + 1} has ${sayCount(line.length, 'value')} for ${sayCount(columns.length, 'column')}.`,
    )
  return Object.fromEntries(columns.map((column, at) => [column, typed(line[at] ?? '')]))
}

/** Text as the value it spells. Codes such as "007" and numbers longer than a double stay text. */
function typed(text: string): unknown {
  const value = text.trim()
  if (value === '') return null
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value) && value.length <= 15) return Number(value)
  if (/^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return value
}
