import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findPeriod, isPeriod, readPeriod } from './period.ts'

const BERLIN = 'Europe/Berlin'
/** Wednesday, 25 November 2026, 10:30 in Berlin. */
const NOW = Date.parse('2026-11-25T10:30:00+01:00')

/** From and to on the clock of the zone, and how it is said. */
function read(text: string, now = NOW, zone = BERLIN): string | undefined {
  const period = readPeriod(text, now, zone)
  if (period === undefined) return undefined
  const clock = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms)
      .toZonedDateTimeISO(zone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' })
      .slice(5)
  return `${clock(period.since)} ${clock(period.until)} ${period.said}`
}

test('stretches of time that lie behind begin and end on the user’s clock', () => {
  const table: [string, string][] = [
    ['today', '11-25T00:00 11-25T10:30 today'],
    ['so far today', '11-25T00:00 11-25T10:30 today'],
    ['Yesterday?', '11-24T00:00 11-25T00:00 yesterday'],
    ['from yesterday', '11-24T00:00 11-25T00:00 yesterday'],
    ['the day before yesterday', '11-23T00:00 11-24T00:00 the day before yesterday'],
    ['last night', '11-24T18:00 11-25T06:00 last night'],
    ['overnight', '11-24T18:00 11-25T06:00 last night'],
    ['this morning', '11-25T00:00 11-25T10:30 this morning'],
    ['yesterday evening', '11-24T18:00 11-25T00:00 yesterday evening'],
    ['this week', '11-23T00:00 11-25T10:30 this week'],
    ['last week', '11-16T00:00 11-23T00:00 last week'],
    ['this month', '11-01T00:00 11-25T10:30 this month'],
    ['last month', '10-01T00:00 11-01T00:00 last month'],
    ['on monday', '11-23T00:00 11-24T00:00 on Monday'],
    ['on Wednesday', '11-18T00:00 11-19T00:00 on Wednesday'],
    ['monday night', '11-23T18:00 11-24T06:00 on Monday night'],
    ['since friday', '11-20T00:00 11-25T10:30 since Friday'],
    ['since last night', '11-24T18:00 11-25T10:30 since last night'],
    ['since 9', '11-25T09:00 11-25T10:30 since 9'],
    ['since eleven', '11-24T23:00 11-25T10:30 since eleven'],
    ['since 11:15 am', '11-24T11:15 11-25T10:30 since 11:15 am'],
    ['since 3 pm', '11-24T15:00 11-25T10:30 since 3 pm'],
    ['since noon', '11-24T12:00 11-25T10:30 since noon'],
    ['between nine and ten', '11-25T09:00 11-25T10:00 between nine and ten'],
    ['in the last 3 hours', '11-25T07:30 11-25T10:30 in the last 3 hours'],
    ['in the past hour', '11-25T09:30 11-25T10:30 in the last hour'],
    ['over the last two days', '11-23T10:30 11-25T10:30 in the last 2 days'],
  ]
  for (const [text, expected] of table) assert.equal(read(text), expected, text)
})

test('what lies ahead begins and ends now, and so holds nothing', () => {
  for (const text of ['tonight', 'this evening']) {
    const { since = 0, until = 0 } = readPeriod(text, NOW, BERLIN) ?? {}
    assert.deepEqual([since, until <= NOW + 1], [NOW, true], text)
  }
})

test('soon after midnight last night is the one that goes on', () => {
  assert.equal(
    read('last night', Date.parse('2026-11-25T00:30:00+01:00')),
    '11-24T18:00 11-25T00:30 last night',
  )
})

/** How long yesterday was. */
function hours(now: string): number {
  const { since = 0, until = 0 } = readPeriod('yesterday', Date.parse(now), BERLIN) ?? {}
  return (until - since) / 3_600_000
}

test('a day on which the clock is changed is as long as it is', () => {
  assert.equal(hours('2026-10-26T08:00:00+01:00'), 25)
  assert.equal(hours('2026-03-30T08:00:00+02:00'), 23)
  assert.equal(
    read('today', Date.parse('2026-11-25T02:00:00Z'), 'America/New_York'),
    '11-24T00:00 11-24T21:00 today',
  )
})

test('other words are no stretch of time, nor is a number beyond any calendar', () => {
  for (const text of [
    '',
    'in the election',
    'tomorrow',
    'next week',
    'in the last 0 days',
    'in the last 9999 months',
    'in the last zillion days',
    'since the war',
    'x'.repeat(10_000),
    '\u0001',
  ])
    assert.equal(isPeriod(text), false, text)
  for (const text of ['today', 'LAST  NIGHT', 'on monday']) assert.equal(isPeriod(text), true, text)
})

const found = (text: string) => findPeriod(text, NOW, BERLIN)?.said

test('a stretch of time is found inside a sentence, the longest from where it begins', () => {
  assert.equal(found('did anything break last night or so'), 'last night')
  assert.equal(found('were there failed workflows in the last 3 days please'), 'in the last 3 days')
  assert.equal(found('yesterday evening was a mess'), 'yesterday evening')
  assert.equal(found('which workflows failed'), undefined)
  assert.equal(found(`${'word '.repeat(10_000)}today`), undefined)
})
