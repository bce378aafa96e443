import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quietUntil } from './quiet.ts'

const MINUTE = 60_000
const at = (time: string) => Temporal.Instant.from(time).epochMilliseconds
const until = (start: string, end: string, timezone: string, now: string) => {
  const found = quietUntil({ start, end, timezone }, 'UTC', at(now))
  return found === undefined ? undefined : new Date(found).toISOString()
}

test('quiet hours begin with their start and end before their end, also across midnight', () => {
  const cases: [string, string, string, string | undefined][] = [
    ['09:00', '17:00', '2026-11-22T08:59:59.999Z', undefined],
    ['09:00', '17:00', '2026-11-22T09:00:00Z', '2026-11-22T17:00:00.000Z'],
    ['09:00', '17:00', '2026-11-22T16:59:59.999Z', '2026-11-22T17:00:00.000Z'],
    ['09:00', '17:00', '2026-11-22T17:00:00Z', undefined],
    ['22:00', '07:00', '2026-11-22T21:59:59.999Z', undefined],
    ['22:00', '07:00', '2026-11-22T22:00:00Z', '2026-11-23T07:00:00.000Z'],
    ['22:00', '07:00', '2026-12-31T23:59:59.999Z', '2027-01-01T07:00:00.000Z'],
    ['22:00', '07:00', '2026-11-22T00:00:00Z', '2026-11-22T07:00:00.000Z'],
    ['22:00', '07:00', '2026-11-22T07:00:00Z', undefined],
    ['00:00', '23:59', '2026-11-22T23:59:00Z', undefined],
    ['00:00', '00:00', '2026-11-22T12:00:00Z', undefined],
    ['08:00', '08:00', '2026-11-22T08:00:00Z', undefined],
  ]
  for (const [start, end, now, expected] of cases)
    assert.equal(until(start, end, 'UTC', now), expected, `${start} to ${end} at ${now}`)
})

test('hours are those of their own zone, and without one of the user’s', () => {
  assert.equal(until('22:00', '07:00', 'Asia/Kolkata', '2026-11-22T16:30:00Z'), '2026-11-23T01:30:00.000Z')
  assert.equal(until('22:00', '07:00', 'Asia/Kolkata', '2026-11-22T16:29:00Z'), undefined)
  const ownZone = quietUntil({ start: '22:00', end: '07:00' }, 'Asia/Tokyo', at('2026-11-22T13:00:00Z'))
  assert.equal(ownZone, at('2026-11-22T22:00:00Z'))
})

test('an end that the clocks leap over is where they leap, and one that comes twice ends twice', () => {
  const zone = 'Europe/Berlin'
  assert.equal(until('22:00', '02:30', zone, '2026-03-28T23:00:00Z'), '2026-03-29T01:00:00.000Z')
  assert.equal(until('22:00', '02:30', zone, '2026-03-29T01:00:00Z'), undefined)
  assert.equal(until('22:00', '02:30', zone, '2026-10-24T23:59:00Z'), '2026-10-25T00:30:00.000Z')
  assert.equal(until('22:00', '02:30', zone, '2026-10-25T00:45:00Z'), undefined)
  // The clock shows 02:10 for the second time.
  assert.equal(until('22:00', '02:30', zone, '2026-10-25T01:10:00Z'), '2026-10-25T01:30:00.000Z')
})

test('the end is the first minute at which the clock on the wall is not quiet, on every day of change', () => {
  const zones: [string, string][] = [
    ['Europe/Berlin', '2026-03-28T20:00:00Z'],
    ['Europe/Berlin', '2026-10-24T20:00:00Z'],
    ['America/New_York', '2026-03-08T03:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T10:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T10:00:00Z'],
    ['America/Sao_Paulo', '2018-11-03T22:00:00Z'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z'],
  ]
  for (const [timezone, from] of zones) {
    for (const [start, end] of [
      ['22:00', '02:30'],
      ['02:15', '02:45'],
      ['23:30', '00:30'],
      ['01:15', '07:00'],
    ] as const) {
      const isQuiet = (now: number) => quietUntil({ start, end, timezone }, 'UTC', now) !== undefined
      for (let now = at(from); now < at(from) + 720 * MINUTE; now += 19 * MINUTE) {
        const found = quietUntil({ start, end, timezone }, 'UTC', now)
        if (found === undefined) continue
        let expected = now - (now % MINUTE) + MINUTE
        while (isQuiet(expected)) expected += MINUTE
        assert.equal(found, expected, `${timezone} ${start} to ${end} at ${new Date(now).toISOString()}`)
      }
    }
  }
})
