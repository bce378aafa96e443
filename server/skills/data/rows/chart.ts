import { ActionError } from '../../skill.ts'
import { cell, columnNamed, columnsOf, numberIn, wordsIn } from './rows.ts'
import type { Row } from './rows.ts'

export interface Point {
  x: number | string
  y: number
}

export interface Chart {
  x: string
  y: string
  /** Lines for what runs along numbers or dates, bars for what stands side by side. */
  kind: 'line' | 'bar'
  points: Point[]
  /** Rows without a number in `y`. */
  skipped: number
}

/**
 * Points of two columns, in the order of the rows.
 *
 * @throws ActionError when a column is unknown or `y` has no numbers.
 */
export function chartRows(rows: readonly Row[], asked: { x: string; y: string }): Chart {
  const columns = columnsOf(rows)
  const [x, y] = [columnNamed(columns, asked.x), columnNamed(columns, asked.y)]
  const points = rows.flatMap((row): Point[] => {
    const height = numberIn(cell(row, y))
    const label = cell(row, x)
    return height === undefined ? [] : [{ x: typeof label === 'number' ? label : wordsIn(label), y: height }]
  })
  if (points.length === 0) throw new ActionError(`The column "${y}" has no numbers to draw.`)
  const runs = points.every((point) => typeof point.x === 'number' || /^\d{4}-\d\d(?:-\d\d)?/.test(point.x))
  return { x, y, kind: runs ? 'line' : 'bar', points, skipped: rows.length - points.length }
}
