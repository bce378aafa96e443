import Papa from 'papaparse'
import { ActionError } from '../skill.ts'
import { cleanText } from './items.ts'
import type { Item } from './items.ts'

/** Names that the columns of task lists have. A first row with none of them is an item already. */
const COLUMNS = new Set(
  'item items task tasks title name text todo subject description priority list due date done status qty quantity amount price notes'.split(
    ' ',
  ),
)
const PRIORITIES: Readonly<Record<string, Item['priority']>> = {
  high: 'high',
  urgent: 'high',
  '1': 'high',
  low: 'low',
  '3': 'low',
}

export interface Row {
  text: string
  priority: Item['priority']
}

/**
 * Reads items from comma-separated values: the column `item`, or else the first one. The separator is guessed; a
 * column `priority` is heeded.
 *
 * @throws ActionError when the text is not such a table, or has no items.
 */
export function readRows(csv: string): Row[] {
  const { data, errors } = Papa.parse<string[]>(csv.trim(), { skipEmptyLines: 'greedy' })
  const broken = errors.find(({ type }) => type === 'Quotes')
  if (broken !== undefined) throw new ActionError(`This table is damaged: ${broken.message}.`)
  const header = (data[0] ?? []).map((cell) =>
    cell
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase(),
  )
  const has_header = header.some((cell) => COLUMNS.has(cell))
  const item = Math.max(0, has_header ? header.indexOf('item') : 0)
  const priority = has_header ? header.indexOf('priority') : -1
  const rows = data.slice(has_header ? 1 : 0).map((cells) => ({
    text: cleanText((cells[item] ?? '').slice(0, 500)),
    priority: PRIORITIES[(cells[priority] ?? '').trim().toLowerCase()] ?? ('normal' as const),
  }))
  const filled = rows.filter(({ text }) => text !== '')
  if (filled.length === 0) throw new ActionError('There are no items in this table.')
  return filled
}
