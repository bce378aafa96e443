import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTime } from './time.ts'

/** What a text means at a moment in a zone: the time, or the day alone, and where a stretch of time ends. */
async function read(text: string, now: string, time_zone: string): Promise<string | undefined> {
  const found = await parseTime(text, { now: new Date(now), time_zone })
  if (found === undefined) return undefined
  const until = found.span === undefined ? '' : ` until ${found.span.to}`
  return `${found.date_only ? found.at.slice(0, 10) : found.at}${until}${found.rest && ` (${found.rest})`}`
}

async function readsAll(now: string, time_zone: string, table: string): Promise<void> {
  for (const row of table.trim().split('\n')) {
    const [text = '', expected] = row.split('=').map((part) => part.trim())
    assert.equal(await read(text, now, time_zone), expected, `${text} at ${now} in ${time_zone}`)
  }
}

test('on the eve of a night that lacks an hour, a time in the gap is an hour later and lengths are exact', () =>
  readsAll(
    '2027-03-27T20:00:00+01:00',
    'Europe/Berlin',
    `
    at 2 am = 2027-03-28T03:00:00+02:00
    tomorrow at 2:30 am = 2027-03-28T03:30:00+02:00
    tomorrow at 3 am = 2027-03-28T03:00:00+02:00
    every day at 2:30 am = 2027-03-28T03:30:00+02:00
    tomorrow morning = 2027-03-28T09:00:00+02:00
    in 6 and a half hours = 2027-03-28T03:30:00+02:00
    in 12 hours = 2027-03-28T09:00:00+02:00
    in 24 hours = 2027-03-28T21:00:00+02:00
    in one day = 2027-03-28
    an hour before 3 am = 2027-03-28T01:00:00+01:00
    tomorrow from 1 am to 4 am = 2027-03-28T01:00:00+01:00 until 2027-03-28T04:00:00+02:00
    the next 24 hours = 2027-03-27T20:00:00+01:00 until 2027-03-28T21:00:00+02:00
    2027-03-28T02:30 = 2027-03-28T03:30:00+02:00`,
  ))

test('on the eve of a night with an hour twice, a time in it is the first and lengths are exact', () =>
  readsAll(
    '2027-10-30T20:00:00+02:00',
    'Europe/Berlin',
    `
    at 2 am = 2027-10-31T02:00:00+02:00
    tomorrow at 2:30 am = 2027-10-31T02:30:00+02:00
    tomorrow at 3 am = 2027-10-31T03:00:00+01:00
    in 6 and a half hours = 2027-10-31T02:30:00+02:00
    in 7 hours = 2027-10-31T02:00:00+01:00
    in 24 hours = 2027-10-31T19:00:00+01:00
    an hour before 3 am = 2027-10-31T02:00:00+01:00
    tomorrow from 1 am to 4 am = 2027-10-31T01:00:00+02:00 until 2027-10-31T04:00:00+01:00`,
  ))

test('within the doubled hour lengths count on, and a time that has passed once is tomorrow’s', async () => {
  await readsAll(
    '2027-10-31T02:15:00+02:00',
    'Europe/Berlin',
    `
    in one hour = 2027-10-31T02:15:00+01:00
    in 30 minutes = 2027-10-31T02:45:00+02:00
    at 2:30 am = 2027-10-31T02:30:00+02:00`,
  )
  await readsAll(
    '2027-10-31T02:15:00+01:00',
    'Europe/Berlin',
    `
    in one hour = 2027-10-31T03:15:00+01:00
    in 30 minutes = 2027-10-31T02:45:00+01:00
    at 2:30 am = 2027-11-01T02:30:00+01:00
    half past two = 2027-10-31T14:30:00+01:00`,
  )
})

test('other zones change their clocks at other times, at midnight too, and skip whole days', async () => {
  await readsAll(
    '2027-03-13T20:00:00-05:00',
    'America/New_York',
    'tomorrow at 2:30 am = 2027-03-14T03:30:00-04:00',
  )
  await readsAll(
    '2027-11-06T20:00:00-04:00',
    'America/New_York',
    'tomorrow at 1:30 am = 2027-11-07T01:30:00-04:00',
  )
  await readsAll('2027-09-04T20:00:00-04:00', 'America/Santiago', 'midnight = 2027-09-05T01:00:00-03:00')
  await readsAll('2011-12-29T12:00:00-10:00', 'Pacific/Apia', 'tomorrow at 9am = 2011-12-31T09:00:00+14:00')
  await readsAll('2026-11-22T10:00:00Z', 'Asia/Kathmandu', 'at 9 = 2026-11-22T21:00:00+05:45')
  await readsAll('2026-11-22T10:00:00Z', '+05:30', 'at 9 = 2026-11-22T21:00:00+05:30')
})

test('a zone that is named holds for the hour and the day, and the answer is on the user’s clock', () =>
  readsAll(
    '2026-11-22T21:00:00+01:00',
    'Europe/Berlin',
    `
    today at 9 am jst = 2026-11-23T01:00:00+01:00
    tomorrow at 9 am est = 2026-11-23T15:00:00+01:00
    9 am gmt+14 = 2026-11-23T20:00:00+01:00
    2:30 pm gmt-5 = 2026-11-23T20:30:00+01:00
    at 11 pm utc = 2026-11-23T00:00:00+01:00
    2027-01-01T00:00:00+05:00 = 2026-12-31T20:00:00+01:00`,
  ))

test('late on the last day of a year what comes next is in the next', () =>
  readsAll(
    '2026-12-31T22:00:00+01:00',
    'Europe/Berlin',
    `
    tomorrow = 2027-01-01
    in two hours = 2027-01-01T00:00:00+01:00
    midnight = 2027-01-01T00:00:00+01:00
    tonight = 2026-12-31T23:00:00+01:00
    noon = 2027-01-01T12:00:00+01:00
    monday = 2027-01-04
    next week = 2027-01-04 until 2027-01-11T00:00:00+01:00
    next month = 2027-01-01 until 2027-02-01T00:00:00+01:00
    this year = 2026-12-31 until 2027-01-01T00:00:00+01:00
    next year = 2027-01-01 until 2028-01-01T00:00:00+01:00
    end of next month = 2027-01-31
    on the 31st = 2026-12-31
    on the 1st = 2027-01-01
    christmas = 2027-12-25
    new years day = 2027-01-01
    31 december at 9 pm = 2027-12-31T21:00:00+01:00
    31 december at 11 pm = 2026-12-31T23:00:00+01:00
    first monday of the month = 2027-01-04
    last monday of the year = 2027-12-27`,
  ))

test('in a leap year February has a day more, and months end where they end', async () => {
  await readsAll(
    '2028-02-28T10:00:00+01:00',
    'Europe/Berlin',
    `
    tomorrow = 2028-02-29
    the day after tomorrow = 2028-03-01
    29 february = 2028-02-29
    last day of the month = 2028-02-29
    end of february = 2028-02-29
    on the 29th = 2028-02-29
    on the 30th = 2028-03-30
    in a year = 2029-02-28
    every february 29th = 2028-02-29`,
  )
  await readsAll('2028-02-29T10:00:00+01:00', 'Europe/Berlin', 'in a year = 2029-02-28')
  await readsAll('2028-03-01T10:00:00+01:00', 'Europe/Berlin', '29 february = 2032-02-29')
  await readsAll('2097-03-01T10:00:00+01:00', 'Europe/Berlin', '29 february = 2104-02-29')
  await readsAll('2027-01-31T10:00:00+01:00', 'Europe/Berlin', 'in a month = 2027-02-28')
  await readsAll('2027-03-31T10:00:00+02:00', 'Europe/Berlin', 'a month ago = 2027-02-28')
})

test('around midnight "tonight" is the night that is meant', async () => {
  const late = `
    tonight = 2026-11-23T00:30:00+01:00
    tonight at 1 = 2026-11-23T01:00:00+01:00
    tonight at 11 = 2026-11-22T23:00:00+01:00
    every night = 2026-11-23T20:00:00+01:00
    at midnight = 2026-11-23T00:00:00+01:00
    at 11 = 2026-11-23T11:00:00+01:00`
  await readsAll('2026-11-22T23:30:00+01:00', 'Europe/Berlin', late)
  const early = `
    tonight = 2026-11-22T20:00:00+01:00
    at 2 = 2026-11-22T02:00:00+01:00
    at 1 = 2026-11-22T13:00:00+01:00
    tomorrow morning = 2026-11-23T09:00:00+01:00`
  await readsAll('2026-11-22T01:30:00+01:00', 'Europe/Berlin', early)
})
