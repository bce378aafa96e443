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

/** Characters of a page, and rows that are read at once while it is filled: a page of large rows is a short one. */
const PAGE_CHARACTERS_MAX = 1_048_576
const BATCH = 25

/** Reads rows in batches until there is one more than a page has, or the page is large enough. */
export async function readPage<T>(
  limit: number,
  sizeOf: (row: T) => number,
  read: (after: T | undefined, count: number) => Promise<T[]>,
): Promise<{ rows: T[]; isFull: boolean }> {
  const rows: T[] = []
  let characters = 0
  while (rows.length <= limit) {
    const count = Math.min(BATCH, limit + 1 - rows.length)
    const batch = await read(rows.at(-1), count)
    for (const row of batch) {
      characters += sizeOf(row)
      if (rows.length > 0 && characters > PAGE_CHARACTERS_MAX) return { rows, isFull: true }
      rows.push(row)
    }
    if (batch.length < count) break
  }
  return { rows, isFull: false }
}

/** Cuts a list that was read with one entry too many into a page and the cursor of the next. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  key: (row: T) => string | number,
  hasMore = rows.length > limit,
): { rows: T[]; next_cursor?: string } {
  const last = rows[limit - 1]
  if (!hasMore || last === undefined) return { rows: [...rows] }
  return { rows: rows.slice(0, limit), next_cursor: toCursor(key(last)) }
}
