import { Fault } from './fault.ts'

/** Entries of a list that is asked for without a `limit`. */
export const LIMIT_DEFAULT = 50

/** Makes the opaque cursor that continues after an entry with this sort key. */
export function toCursor(key: string | number): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** @throws Fault `VALIDATION_ERROR` when the text was not made by `toCursor`. */
export function fromCursor(cursor: string): string | number {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (typeof key === 'string' || typeof key === 'number') return key
  } catch {
    // Not JSON: the same refusal as for any other text that is not a cursor.
  }
  throw new Fault('VALIDATION_ERROR', 'The cursor is not one that was given out.', {
    issues: [{ path: '/cursor', message: 'is not a cursor of this list' }],
  })
}

/** Cuts a list that was read with one entry too many into a page and the cursor of the next. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  key: (row: T) => string | number,
): { rows: T[]; next_cursor?: string } {
  const last = rows[limit - 1]
  if (rows.length <= limit || last === undefined) return { rows: [...rows] }
  return { rows: rows.slice(0, limit), next_cursor: toCursor(key(last)) }
}
