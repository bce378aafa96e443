import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTime } from './time.ts'

/** Sunday 2026-11-22, ten in the morning in Berlin. */
const HERE = { now: new Date('2026-11-22T10:00:00+01:00'), time_zone: 'Europe/Berlin' }

/** The day, with the time when one is known, and how often. */
async function read(text: string): Promise<string | undefined> {
  const found = await parseTime(text, HERE)
  if (found === undefined) return undefined
  const shown = found.at.slice(0, found.date_only ? 10 : 16).replace('T', ' ')
  return [shown, found.repeat, found.rest === '' ? undefined : `(${found.rest})`]
    .filter((part) => part !== undefined)
    .join(' ')
}

async function readsAll(table: string): Promise<void> {
  for (const row of table.trim().split('\n')) {
    const [text = '', expected = ''] = row.split('=').map((part) => part.trim())
    assert.equal(await read(text), expected === 'none' ? undefined : expected, text)
  }
}

test('a day that its month does not have is none, rather than the month or another day', () =>
  readsAll(`
    30 february = none
    february 30 = none
    29 february 2027 = none
    29th of february 2027 = none
    30th of february = none
    31 april 2027 = none
    31st of june = none
    june 31 = none
    32 march = none
    march 0 = none
    the 32nd = none
    29 february 2028 = 2028-02-29
    30 april 2027 = 2027-04-30
    31st of may = 2027-05-31
  `))

test('holidays are those of the year that is named, or the next ones', () =>
  readsAll(`
    christmas = 2026-12-25
    christmas 2027 = 2027-12-25
    christmas eve 2028 at 6 pm = 2028-12-24 18:00
    boxing day 2026 = 2026-12-26
    new years eve = 2026-12-31
    new years eve 2030 = 2030-12-31
    valentines day = 2027-02-14
    halloween = 2027-10-31
    halloween 2026 = 2026-10-31
    easter = 2027-03-28
    easter 2028 = 2028-04-16
    easter monday 2028 = 2028-04-17
    the day before easter 2028 = 2028-04-15
  `))

test('"next" of the month that is running is that of next year, and of another the one that comes', () =>
  readsAll(`
    next november = 2027-11-01
    this november = 2026-11-22
    november 2026 = 2026-11-22
    last november = 2025-11-01
    next december = 2026-12-01
    next june = 2027-06-01
    last june = 2026-06-01
  `))

test('a date in figures is read as it is written, and one that is none is none', () =>
  readsAll(`
    2027-12-31 = 2027-12-31
    2027-1-5 = 2027-01-05
    1.1.2027 = 2027-01-01
    1/1 = 2027-01-01
    on 24/12 at noon = 2026-12-24 12:00
    2026-13-01 = none
    2026-02-30 = none
    31/02/2027 = none
  `))

test('weekends, weeks and fortnights are counted from the running one', () =>
  readsAll(`
    weekend = 2026-11-22
    this weekend = 2026-11-22
    next weekend = 2026-11-28
    weekend after next = 2026-12-05
    week after next = 2026-11-30
    every fortnight = 2026-12-06 every 2 weeks
    fortnightly = 2026-12-06 every 2 weeks
    in a fortnight = 2026-12-06
  `))

test('what repeats has an interval in its largest whole unit, and none of nothing', () =>
  readsAll(`
    every 1.5 hours = 2026-11-22 11:30 every 90 minutes
    every 120 minutes = 2026-11-22 12:00 every 2 hours
    every half day = 2026-11-22 22:00 every 12 hours
    every 45 seconds = 2026-11-22 10:00 every 45 seconds
    every 7 days = 2026-11-29 weekly
    every 14 days = 2026-12-06 every 2 weeks
    every 12 months = 2027-11-22 yearly
    every 6 months = 2027-05-22 every 6 months
    every 0 days = none
    every 0 hours = none
    every mon wed fri at 7 = 2026-11-23 07:00 weekly on MO,WE,FR
    every friday and monday = 2026-11-23 weekly on MO,FR
    every 29 february = 2028-02-29 yearly
    every last day of the month = 2026-11-30 monthly
    every month on the 31st = 2026-12-31 monthly
  `))

test('an hour that no clock shows is none', () =>
  readsAll(`
    24:00 = 2026-11-23 00:00
    24:30 = none
    25:00 = none
    12:60 = none
    0 am = 2026-11-23 00:00
    13 pm = 2026-11-22 13:00
    quarter past = none
    half past = none
  `))

test('lengths beyond a thousand years are no time, and those within are', () =>
  readsAll(`
    in 1000 years = 3026-11-22
    in 99999 years = none
    in 999999999 hours = none
    in 0 minutes = 2026-11-22 10:00
  `))

test('days can be left out of every day and every weekday, and of nothing else', () =>
  readsAll(`
    every day except sunday at 7 = 2026-11-23 07:00 weekly on MO,TU,WE,TH,FR,SA
    at 7 every day except sunday = 2026-11-23 07:00 weekly on MO,TU,WE,TH,FR,SA
    every day at 7 except sundays = 2026-11-23 07:00 weekly on MO,TU,WE,TH,FR,SA
    every day except on sunday and monday at 19:00 = 2026-11-24 19:00 weekly on TU,WE,TH,FR,SA
    every day, except for mondays, at 8:00 = 2026-11-24 08:00 weekly on TU,WE,TH,FR,SA,SU
    daily at 8:30 but not at weekends = 2026-11-23 08:30 weekly on MO,TU,WE,TH,FR
    every weekday except friday = 2026-11-23 weekly on MO,TU,WE,TH
    every weekday at nine apart from wednesday = 2026-11-23 09:00 weekly on MO,TU,TH,FR
    every day except monday tuesday wednesday thursday friday saturday = 2026-11-29 weekly
    every hour except sunday = none
    every weekday except monday tuesday wednesday thursday friday = none
  `))
