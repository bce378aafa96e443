import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { reminders } from './index.ts'

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
/** A quarter past two at night in Berlin, and the day before in New York. */
const NOW = '2026-03-29T00:15:00Z'

const told = (parameters: object = {}, now = NOW, zone = 'Europe/Berlin') =>
  ask(reminders, 'time', openInMemory(at(now), zone), parameters)

test('the time is that of the zone, with its day, in 24 hours, on both sides of a change of its clocks', async () => {
  for (const [now, zone, text] of [
    ['2026-03-29T00:59:59Z', 'Europe/Berlin', 'It is 01:59 on Sunday, 29 March.'],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', 'It is 03:00 on Sunday, 29 March.'],
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', 'It is 02:30 on Sunday, 25 October.'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', 'It is 02:30 on Sunday, 25 October.'],
    ['2026-12-31T23:30:00Z', 'UTC', 'It is 23:30 on Thursday, 31 December.'],
    ['2026-12-31T23:30:00Z', 'Asia/Kathmandu', 'It is 05:15 on Friday, 1 January.'],
  ] as const)
    assert.equal((await told({}, now, zone)).text, text)
})

test('elsewhere it may be another day, and a place is a city, a country or a zone', async () => {
  for (const [place, text] of [
    ['tokyo', 'In Tokyo it is 09:15 on Sunday, 29 March.'],
    ['Tokyo right now exactly', 'In Tokyo it is 09:15 on Sunday, 29 March.'],
    ['New York', 'In New York it is 20:15 on Saturday, 28 March.'],
    ['the UK', 'In the UK it is 00:15 on Sunday, 29 March.'],
    ['America/Argentina/Buenos_Aires', 'In Buenos Aires it is 21:15 on Saturday, 28 March.'],
    ['munich', 'It is 01:15 on Sunday, 29 March.'],
    ['here', 'It is 01:15 on Sunday, 29 March.'],
  ] as const)
    assert.equal((await told({ place })).text, text)
  const { data } = await told({ place: 'Tokyo' })
  assert.deepEqual(data, { date: '2026-03-29', time: '2026-03-29T09:15:00+09:00', time_zone: 'Asia/Tokyo' })
})

test('a place that nobody knows is refused by its name', async () => {
  for (const place of ['Atlantis', '20 minutes', 'constructor', '🏝'])
    await assert.rejects(
      told({ place }),
      new ActionError(`I know no time zone of "${place}": say a city or country.`),
    )
})

test('a day that was is the last one: of its name a week ago, of its date a year, of 29 February the leap year', async () => {
  const thursday = '2026-11-26T10:00:00Z'
  for (const [day, about, text, now] of [
    ['2026-11-30', 'past', '23 November 2026 was a Monday.', thursday],
    ['2026-11-23', 'past', '23 November 2026 was a Monday.', thursday],
    ['2026-12-24', 'past', '24 December 2025 was a Wednesday.', thursday],
    ['2028-02-29', 'past', '29 February 2028 is a Tuesday.', thursday],
    ['2028-02-29', 'past', '29 February 2024 was a Thursday.', '2027-03-01T10:00:00Z'],
  ] as const)
    assert.equal((await told({ day, about }, now)).text, text, `${day} ${about}`)
})

test('the date has its year, and a day is told with its weekday', async () => {
  assert.equal((await told({ about: 'date' })).text, 'Today is Sunday, 29 March 2026.')
  for (const [day, text] of [
    ['2026-03-29', 'Today is Sunday, 29 March 2026.'],
    ['2026-03-30', 'Tomorrow is Monday, 30 March 2026.'],
    ['2026-03-28', 'Yesterday was Saturday, 28 March 2026.'],
    ['2026-12-24', '24 December 2026 is a Thursday.'],
    ['2000-02-29', '29 February 2000 was a Tuesday.'],
  ] as const)
    assert.equal((await told({ day })).text, text)
  assert.deepEqual((await told({ day: '2026-12-24' })).data, {
    date: '2026-12-24',
    time_zone: 'Europe/Berlin',
  })
  await assert.rejects(told({ day: 'soon' }), ActionError)
})

test('what a day was is asked of the last one of it, and of no other when its year was said', async () => {
  assert.equal((await told({ day: '2026-11-01', about: 'past' })).text, '1 November 2025 was a Saturday.')
  assert.equal((await told({ day: '2026-01-01', about: 'past' })).text, '1 January 2026 was a Thursday.')
  assert.equal((await told({ day: '2030-01-01', about: 'past' })).text, '1 January 2030 is a Tuesday.')
})
