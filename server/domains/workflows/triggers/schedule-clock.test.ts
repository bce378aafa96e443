import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextDue } from './schedule.ts'

/** The next due times after an instant, as the clock of the zone shows them, without the year. */
function dues(cron: string, zone: string, after: string, count: number): string[] {
  const found: string[] = []
  let from = Temporal.Instant.from(after).epochMilliseconds
  while (found.length < count) {
    const due = nextDue({ cron }, { zone, anchor: 0 }, from)
    if (due === undefined) break
    const shown = Temporal.Instant.fromEpochMilliseconds(due).toZonedDateTimeISO(zone)
    found.push(shown.toString({ timeZoneName: 'never', smallestUnit: 'second' }).slice(5))
    from = due
  }
  return found
}

const spring = (cron: string, count: number) => dues(cron, 'Europe/Berlin', '2026-03-28T02:00:00Z', count)
const autumn = (cron: string, count: number) => dues(cron, 'Europe/Berlin', '2026-10-24T12:00:00Z', count)

test('a time that does not exist in spring is due once, right after the gap, and never before it', () => {
  assert.deepEqual(spring('30 2 * * *', 2), ['03-29T03:00:00+02:00', '03-30T02:30:00+02:00'])
  assert.deepEqual(spring('15 30 2 * * *', 1), ['03-29T03:00:00+02:00'])
  assert.deepEqual(spring('*/10 2 * * *', 2), ['03-29T03:00:00+02:00', '03-30T02:00:00+02:00'])
  assert.deepEqual(spring('30 2,3 * * *', 3), [
    '03-28T03:30:00+01:00',
    '03-29T03:00:00+02:00',
    '03-29T03:30:00+02:00',
  ])
  // The time in the gap and the end of the gap are both listed: one instant, due once.
  assert.deepEqual(spring('0 2,3 29 3 *', 2), ['03-29T03:00:00+02:00', '03-29T02:00:00+02:00'])
  assert.deepEqual(spring('59 59 1 29 3 *', 1), ['03-29T01:59:59+01:00'])
})

test('a time that comes twice in autumn is due once, the first time', () => {
  assert.deepEqual(autumn('30 2 * * *', 2), ['10-25T02:30:00+02:00', '10-26T02:30:00+01:00'])
  assert.deepEqual(autumn('0 2,3 * * *', 3), [
    '10-25T02:00:00+02:00',
    '10-25T03:00:00+01:00',
    '10-26T02:00:00+01:00',
  ])
  assert.deepEqual(autumn('59 59 2 * * *', 2), ['10-25T02:59:59+02:00', '10-26T02:59:59+01:00'])
})

const quarterTo = (after: string) => dues('45 2 * * *', 'Europe/Berlin', after, 1)

test('asked within the hour that comes twice, the time that was due in the first is not due again', () => {
  assert.deepEqual(quarterTo('2026-10-25T00:44:59.999Z'), ['10-25T02:45:00+02:00'])
  for (const at of [
    '2026-10-25T00:45:00Z',
    '2026-10-25T01:00:00Z',
    '2026-10-25T01:30:00Z',
    '2026-10-25T01:45:00Z',
  ]) {
    assert.deepEqual(quarterTo(at), ['10-26T02:45:00+01:00'], at)
  }
})

const steps = (cron: string, zone: string, after: string, count: number): number[] => {
  const instants = dues(cron, zone, after, count).map((text) => Date.parse(`${after.slice(0, 4)}-${text}`))
  return instants.slice(1).map((due, index) => (due - (instants[index] ?? 0)) / 60_000)
}

test('what is due every so often goes by the time that passes, through both changes', () => {
  for (const after of ['2026-03-28T20:00:00Z', '2026-10-24T20:00:00Z']) {
    assert.deepEqual(steps('0 * * * *', 'Europe/Berlin', after, 10), Array(9).fill(60), after)
    assert.deepEqual(steps('*/15 * * * *', 'Europe/Berlin', after, 50), Array(49).fill(15), after)
    assert.deepEqual(steps('*/20 * * * * *', 'Europe/Berlin', after, 2000), Array(1999).fill(1 / 3), after)
  }
  assert.deepEqual(
    steps('*/10 * * * *', 'Australia/Lord_Howe', '2026-10-03T12:00:00Z', 40),
    Array(39).fill(10),
  )
  assert.deepEqual(
    steps('*/10 * * * *', 'Australia/Lord_Howe', '2026-04-04T12:00:00Z', 40),
    Array(39).fill(10),
  )
})

const lordHowe = (cron: string, after: string, count: number) =>
  dues(cron, 'Australia/Lord_Howe', after, count)

test('a clock that is changed by half an hour skips and repeats only that half', () => {
  assert.deepEqual(lordHowe('0,15,45 2 4 10 *', '2026-10-03T00:00:00Z', 2), [
    '10-04T02:30:00+11:00',
    '10-04T02:45:00+11:00',
  ])
  assert.deepEqual(lordHowe('15,45 1 * * *', '2026-04-04T12:00:00Z', 3), [
    '04-05T01:15:00+11:00',
    '04-05T01:45:00+11:00',
    '04-06T01:15:00+10:30',
  ])
  assert.deepEqual(lordHowe('45 * * * *', '2026-04-04T14:00:00Z', 3), [
    '04-05T01:45:00+11:00',
    '04-05T01:45:00+10:30',
    '04-05T02:45:00+10:30',
  ])
})

test('a clock that is changed at midnight moves no due time to another day', () => {
  const havana = (after: string) => dues('0 0 * * *', 'America/Havana', after, 2)
  assert.deepEqual(havana('2026-03-07T12:00:00Z'), ['03-08T01:00:00-04:00', '03-09T00:00:00-04:00'])
  assert.deepEqual(havana('2026-10-31T12:00:00Z'), ['11-01T00:00:00-04:00', '11-02T00:00:00-05:00'])
  // At a minute past midnight the clock goes back into the day before.
  const johns = dues('30 23 * * *', 'America/St_Johns', '2010-11-06T12:00:00Z', 2)
  assert.deepEqual(johns, ['11-06T23:30:00-02:30', '11-07T23:30:00-03:30'])
})

const apia = (cron: string, count: number) => dues(cron, 'Pacific/Apia', '2011-12-29T12:00:00Z', count)

test('a day that a zone leaves out has no due times, and the days around it have theirs', () => {
  assert.deepEqual(apia('0 9 * * *', 3), [
    '12-29T09:00:00-10:00',
    '12-31T09:00:00+14:00',
    '01-01T09:00:00+14:00',
  ])
  assert.deepEqual(apia('0 9 30 * *', 1), ['01-30T09:00:00+14:00'])
  assert.deepEqual(apia('0 0 30,31 12 *', 1), ['12-31T00:00:00+14:00'])
  assert.deepEqual(apia('0 */12 * * FRI', 1), ['01-06T00:00:00+14:00'])
  assert.deepEqual(apia('0 * 29-31 12 *', 24).slice(-3), [
    '12-31T00:00:00+14:00',
    '12-31T01:00:00+14:00',
    '12-31T02:00:00+14:00',
  ])
})

const at = (zone: string) => nextDue({ cron: '30 0 1 1 *' }, { zone, anchor: 0 }, Date.UTC(2026, 5))

test('the zone decides which instant a time of the day is, from one end of the world to the other', () => {
  const expected = [
    ['Pacific/Kiritimati', '2026-12-31T10:30:00Z'],
    ['Pacific/Apia', '2026-12-31T11:30:00Z'],
    ['Pacific/Chatham', '2026-12-31T10:45:00Z'],
    ['Asia/Kolkata', '2026-12-31T19:00:00Z'],
    ['Asia/Kathmandu', '2026-12-31T18:45:00Z'],
    ['UTC', '2027-01-01T00:30:00Z'],
    ['America/St_Johns', '2027-01-01T04:00:00Z'],
    ['Pacific/Pago_Pago', '2027-01-01T11:30:00Z'],
    ['Etc/GMT+12', '2027-01-01T12:30:00Z'],
  ] as const
  for (const [zone, instant] of expected) assert.equal(at(zone), Date.parse(instant), zone)
})

test('more zones and more years than are kept are answered as at first', () => {
  const zones = Intl.supportedValuesOf('timeZone').filter((_, index) => index % 3 === 0)
  const years = Array.from({ length: 20 }, (_, index) => Date.UTC(2020 + index, 6))
  const answers = (from: number) =>
    zones.map((zone) => nextDue({ cron: '0 9 * * *' }, { zone, anchor: 0 }, from))
  const first = years.map(answers)
  assert.ok(zones.length > 100 && new Set(first[0]).size > 20)
  assert.deepEqual(years.toReversed().map(answers).toReversed(), first)
})
