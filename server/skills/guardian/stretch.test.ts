import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../skill.ts'
import { stretch } from './stretch.ts'

/** Wednesday, ten in Berlin, four days before the clocks change there. */
const NOW = Temporal.Instant.from('2026-03-25T10:00:00+01:00').epochMilliseconds

const iso = (at?: number) =>
  at === undefined ? undefined : Temporal.Instant.fromEpochMilliseconds(at).toString()

function read(since?: string, until?: string, now = NOW) {
  const { from, to } = stretch({ since, until }, now, 'Europe/Berlin')
  return [iso(from), iso(to)]
}

test('a day counts from its beginning to its end, also when it has 23 or 25 hours', () => {
  const later = Temporal.Instant.from('2026-12-01T10:00:00+01:00').epochMilliseconds
  assert.deepEqual(read('2026-03-24', '2026-03-24'), ['2026-03-23T23:00:00Z', '2026-03-24T23:00:00Z'])
  assert.deepEqual(read('2026-03-29', '2026-03-29', later), ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'])
  assert.deepEqual(read('2026-10-25', '2026-10-25', later), ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'])
})

test('what was said is taken as it is when it lies behind, and nothing when nothing was said', () => {
  assert.deepEqual(read(), [undefined, undefined])
  assert.deepEqual(read('2026-03-25'), ['2026-03-24T23:00:00Z', undefined])
  assert.deepEqual(read('2026-03-25T10:00:00+01:00'), ['2026-03-25T09:00:00Z', undefined])
  assert.deepEqual(read(undefined, '2027-01-01'), [undefined, '2027-01-01T23:00:00Z'])
  assert.deepEqual(read('2026-03-24', '2026-03-26'), ['2026-03-23T23:00:00Z', '2026-03-26T23:00:00Z'])
})

test('what is yet to come began the last time: a time of day yesterday, a weekday last week, a date last year', () => {
  assert.deepEqual(read('2026-03-26T09:00:00+01:00'), ['2026-03-25T08:00:00Z', undefined])
  assert.deepEqual(read('2026-03-25T15:00:00+01:00'), ['2026-03-24T14:00:00Z', undefined])
  // The Monday ahead is behind the change of the clocks, the one that is meant before it.
  assert.deepEqual(read('2026-03-30'), ['2026-03-22T23:00:00Z', undefined])
  assert.deepEqual(read('2027-03-03'), ['2026-03-02T23:00:00Z', undefined])
  const [from, to] = read('2026-03-25T21:00:00+01:00', '2026-03-25T22:00:00+01:00')
  assert.deepEqual([from, to], ['2026-03-24T20:00:00Z', '2026-03-24T21:00:00Z'])
})

test('an end that is not after its beginning is refused, and a text that is no time', () => {
  for (const [since, until] of [
    ['2026-03-25', '2026-03-24'],
    ['2026-03-25T10:00', '2026-03-25T10:00'],
    ['the other day', undefined],
    ['2026-03-25', 'soon'],
    ['2026-02-30', undefined],
  ] as const)
    assert.throws(() => read(since, until), ActionError, since)
})
