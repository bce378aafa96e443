import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOUNDS } from './bounds.ts'
import { isLater, nextTry } from './retry.ts'

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0)

function wait(tries: number, chance: number, retry_after?: string, left_ms = 20_000): number | undefined {
  return nextTry({ tries, status: 503, retry_after }, BOUNDS, { chance, left_ms, now: NOW })
}

test('pauses double, are spread over their whole length, and end after three tries', () => {
  assert.deepEqual(
    [0, 0.5, 0.999].map((chance) => wait(1, chance)),
    [0, 500, 999],
  )
  assert.deepEqual(
    [0, 0.5, 0.999].map((chance) => wait(2, chance)),
    [0, 1_000, 1_998],
  )
  assert.equal(wait(3, 0), undefined)
})

test('Retry-After is waited for in both of its forms, and nothing is tried that would come too late', () => {
  assert.equal(wait(1, 0.5, '7'), 7_500)
  assert.equal(wait(1, 0, 'Sun, 22 Nov 2026 10:00:09 GMT'), 9_000)
  assert.equal(wait(1, 0, 'Sun, 22 Nov 2026 09:00:00 GMT'), 0)
  assert.equal(wait(1, 0, '19', 19_001), 19_000)
  assert.equal(wait(1, 0, '19', 19_000), undefined)
  assert.equal(wait(1, 0, '999999999'), undefined)
  for (const nonsense of ['', '-1', '1.5', 'soon', '1e3', '9999999999999', 'Tuesday', '2026-01-01'])
    assert.equal(wait(1, 0, nonsense), 0, nonsense)
})

test('only the statuses that say "not now" are tried again', () => {
  const statuses = [200, 301, 400, 404, 408, 425, 429, 500, 501, 502, 503, 504, 505]
  assert.deepEqual(statuses.filter(isLater), [429, 502, 503, 504])
})
