import { ActionError } from '../../skill.ts'
import { sayList } from '../../say.ts'

/** One record of a table, by column. */
export type Row = Record<string, unknown>

export const ROWS_MAX = 10_000
export const COLUMNS_MAX = 200

/** Refuses tables beyond the bounds. */
export function withinBounds(rows: readonly Row[]): Row[] {
  if (rows.length > ROWS_MAX) throw new ActionError('A table has at most 10,000 rows.')
  if (columnsOf(rows).length > COLUMNS_MAX) throw new ActionError('A table has at most 200 columns.')
  return [...rows]
}

/** All columns in the order in which they appear; JSON rows need not have the same ones. */
export function columnsOf(rows: readonly Row[]): string[] {
  const columns = new Set<string>()
  for (const row of rows) {
    for (const column of Object.keys(row)) columns.add(column)
    if (columns.size > COLUMNS_MAX) break
  }
  return [...columns]
}

/** The value of a row in a column, for rows that may lack it. */
export function cell(row: Row, column: string): unknown {
  return Object.hasOwn(row, column) ? row[column] : undefined
}

/**
 * The column that is meant: as written, else whatever the case, else with underscores or a plural ending aside.
 *
 * @throws ActionError naming the columns there are.
 */
export function columnNamed(columns: readonly string[], name: string): string {
  const found = findColumn(columns, name)
  if (found !== undefined) return found
  throw new ActionError(`There is no column "${name.trim()}". There ${areColumns(columns)}.`)
}

export function findColumn(columns: readonly string[], name: string): string | undefined {
  for (const alike of [(text: string) => text.trim(), lower, stem]) {
    const found = columns.find((column) => alike(column) === alike(name))
    if (found !== undefined) return found
  }
  return undefined
}

function lower(text: string): string {
  return text.trim().toLowerCase()
}

function stem(text: string): string {
  return lower(text)
    .replaceAll(/[_\s-]+/g, ' ')
    .replace(/^the /, '')
    .replace(/s$/, '')
}

function areColumns(columns: readonly string[]): string {
  if (columns.length === 0) return 'are none'
  return `${columns.length === 1 ? 'is' : 'are'} ${sayList(columns)}`
}

/** A number that a cell holds or spells, such as 7 or "1,234.50"; `undefined` for everything else. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  const bare = value.trim().replace(/^[$€£]\s?|\s?[€%]$/g, '')
  if (!/^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(bare) || !/\d/.test(bare))
    return undefined
  const number = Number(bare.replaceAll(',', ''))
  return Number.isFinite(number) ? number : undefined
}

/** A cell as words: for groups, labels and comparisons. */
export function wordsIn(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
