import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextDue, usualSeconds } from './schedule.ts'

const NOW = 1_795_000_000_000
const wait = (every_seconds: number, failures: number, key = 'a') =>
  (nextDue({ every_seconds }, { failures }, key, NOW) - NOW) / 1_000

test('a check is never early and at most a tenth late, and each failure in a row doubles the wait up to six hours', () => {
  for (const [every, failures, seconds] of [
    [10, 0, 10],
    [0, 0, 10],
    [-60, 3, 80],
    [60, 0, 60],
    [60, 1, 120],
    [60, 3, 480],
    [60, 30, 21_600],
    [300, 8, 21_600],
    [86_400, 0, 86_400],
    [86_400, 5, 86_400],
    [604_800, 2, 604_800],
  ] as const) {
    const waited = wait(every, failures)
    assert.ok(waited >= seconds && waited <= seconds * 1.1, `${every} ${failures}: ${waited}`)
  }
})

test('watches that were made together part ways', () => {
  const waits = Array.from({ length: 50 }, (_, at) => wait(300, 0, `watch-${at}`))
  assert.ok(new Set(waits).size > 45)
  assert.ok(Math.max(...waits) - Math.min(...waits) > 15)
})

test('what lies on this machine is looked at each minute, all else every five', () => {
  assert.deepEqual(
    (['file', 'folder', 'path', 'url', 'feed', 'port'] as const).map(usualSeconds),
    [60, 60, 60, 300, 300, 300],
  )
})
