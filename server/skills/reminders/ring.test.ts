import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ring } from './ring.ts'
import type { Reminder } from './record.ts'

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const DUE = at('2026-03-28T08:00:00+01:00')

function record(changes: Partial<Reminder> = {}) {
  const body: Reminder = {
    kind: 'reminder',
    text: 'take my pills',
    status: 'waiting',
    first: '2026-03-01T08:00:00',
    time_zone: 'Europe/Berlin',
    ...changes,
  }
  return { id: 'r1', group: 'waiting', at: DUE, body, created_at: '2026-03-01T00:00:00Z' }
}

test('a reminder that rings has rung for good and says what it is about', () => {
  const rung = ring(record(), DUE + 5)
  assert.equal(rung.text, 'Reminder: Take your pills.')
  assert.equal(rung.next_due, undefined)
  assert.deepEqual(rung.record, {
    id: 'r1',
    group: 'rung',
    at: DUE + 5,
    body: { ...record().body, status: 'rung', rang_at: DUE + 5 },
  })
})

test('one that repeats waits for the next time at the same local hour', () => {
  const rung = ring(record({ repeat: 'daily' }), DUE)
  assert.equal(rung.next_due, at('2026-03-29T08:00:00+02:00'))
  assert.equal(rung.record.at, rung.next_due)
  assert.equal(rung.record.group, 'waiting')
  assert.deepEqual(rung.record.body, { ...record({ repeat: 'daily' }).body, rang_at: DUE })
})

test('after days without a server it rings once, and next at its first time after now', () => {
  const rung = ring(record({ repeat: 'daily' }), at('2026-04-03T12:00:00+02:00'))
  assert.equal(rung.next_due, at('2026-04-04T08:00:00+02:00'))
})

test('a timer says that it is up', () => {
  assert.equal(ring(record({ kind: 'timer', text: 'pasta timer' }), DUE).text, 'Your pasta timer is up.')
})
