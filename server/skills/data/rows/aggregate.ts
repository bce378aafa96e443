import { ActionError } from '../../skill.ts'
import { cell, columnNamed, columnsOf, numberIn, wordsIn } from './rows.ts'
import type { Row } from './rows.ts'

export type Aggregation = 'sum' | 'average' | 'median' | 'min' | 'max' | 'count'

/** The ways in which people name an aggregation. */
const NAMES: Readonly<Record<string, Aggregation>> = {
  sum: 'sum',
  total: 'sum',
  'add up': 'sum',
  'sum up': 'sum',
  'total up': 'sum',
  'tot up': 'sum',
  average: 'average',
  mean: 'average',
  avg: 'average',
  median: 'median',
  min: 'min',
  minimum: 'min',
  smallest: 'min',
  lowest: 'min',
  max: 'max',
  maximum: 'max',
  largest: 'max',
  biggest: 'max',
  highest: 'max',
  count: 'count',
  number: 'count',
}

/** The aggregation that a word names, in any case: "Sum", "mean", "highest". */
export function aggregationNamed(word: string): Aggregation | undefined {
  const name = word.trim().toLowerCase()
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
}

export interface Group {
  group: string
  value: number
  /** Rows that went into the value. */
  count: number
}

export interface Aggregated {
  column: string
  by?: string
  function: Aggregation
  /** Over all rows. */
  value: number
  groups?: Group[]
}

/**
 * One number for a column, and one for each group of rows if `by` names a column.
 *
 * @throws ActionError when a column is unknown or has no numbers.
 */
export function aggregateRows(
  rows: readonly Row[],
  asked: { column: string; by?: string | undefined; function: Aggregation },
): Aggregated {
  const columns = columnsOf(rows)
  const column = columnNamed(columns, asked.column)
  const values = (some: readonly Row[]) => valuesOf(some, column, asked.function)
  const all = values(rows)
  if (all.length === 0 && asked.function !== 'count')
    throw new ActionError(`The column "${column}" has no numbers.`)
  const total = { column, function: asked.function, value: reduce(asked.function, all) }
  if (asked.by === undefined) return total
  const by = columnNamed(columns, asked.by)
  const groups = [...Map.groupBy(rows, (row) => wordsIn(cell(row, by)))].map(([group, some]) => ({
    group,
    value: reduce(asked.function, values(some)),
    count: values(some).length,
  }))
  return { ...total, by, groups: groups.filter(({ count }) => count > 0) }
}

/** The numbers of a column; for counting, every row that has anything in it. */
function valuesOf(rows: readonly Row[], column: string, name: Aggregation): number[] {
  return rows.flatMap((row) => {
    const value = cell(row, column)
    if (name === 'count') return wordsIn(value) === '' ? [] : [1]
    return numberIn(value) ?? []
  })
}

function reduce(name: Aggregation, values: readonly number[]): number {
  if (values.length === 0) return 0
  if (name === 'count') return values.length
  if (name === 'min') return values.reduce((a, b) => Math.min(a, b))
  if (name === 'max') return values.reduce((a, b) => Math.max(a, b))
  if (name === 'median') return medianOf(values)
  const total = sumOf(values)
  return name === 'sum' ? total : decimal(total / values.length)
}

/** Sums decimals as people do: the binary error of each step is carried along and dropped at the end (Neumaier). */
function sumOf(values: readonly number[]): number {
  let sum = 0
  let error = 0
  for (const value of values) {
    const next = sum + value
    error += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return decimal(sum + error)
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : decimal(((sorted[middle - 1] ?? 0) + upper) / 2)
}

/** Drops what is beyond the digits that a double can vouch for. */
function decimal(value: number): number {
  return Number(value.toPrecision(15))
}
