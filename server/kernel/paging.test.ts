import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromCursor, toCursor, toPage } from './paging.ts'

test('a cursor comes back as the key that it was made of, and is safe in an address', () => {
  for (const key of ['', '2026-11-22T10:00:00.000Z', 'naïve 😀 "quoted"', 0, -1, 2 ** 53 - 1, 0.5]) {
    const cursor = toCursor(key)
    assert.match(cursor, /^[\w-]+$/)
    assert.equal(fromCursor(cursor), key)
  }
})

/** A cursor of something that no list is sorted by. */
const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('a text that was never given out is refused as the cursor', () => {
  for (const text of [
    '',
    'nonsense',
    '%%%',
    made(null),
    made([1]),
    made({ key: 1 }),
    made(true),
    toCursor('abc').slice(0, -2),
  ]) {
    assert.throws(
      () => fromCursor(text),
      {
        code: 'GENERAL_001',
        details: { issues: [{ path: '/cursor', message: 'is not a cursor of this list' }] },
      },
      text,
    )
  }
})

test('pages follow each other without a gap or a repetition, and the last one has no cursor', () => {
  const all = Array.from({ length: 7 }, (_, n) => n)
  for (const limit of [1, 2, 3, 6, 7, 8]) {
    const seen: number[] = []
    for (let cursor: string | undefined = toCursor(-1); cursor !== undefined;) {
      const after: number = Number(fromCursor(cursor))
      const page: ReturnType<typeof toPage<number>> = toPage(
        all.filter((n) => n > after).slice(0, limit + 1),
        limit,
        (n) => n,
      )
      assert.ok(page.rows.length <= limit)
      seen.push(...page.rows)
      cursor = page.next_cursor
    }
    assert.deepEqual(seen, all, `pages of ${limit}`)
  }
  assert.deepEqual(toPage([], 5, String), { rows: [] })
})
