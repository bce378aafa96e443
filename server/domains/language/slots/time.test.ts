import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { findTime, isTime, parseTime } from './time.ts'

/** Sunday 2026-11-22, ten in the morning in Berlin. */
const HERE = { now: new Date('2026-11-22T10:00:00+01:00'), time_zone: 'Europe/Berlin' }

/** "2026-11-23 09:00" or, for a date alone, "2026-11-23": what the user's calendar and clock show. */
async function read(text: string, context = HERE): Promise<string | undefined> {
  const found = await parseTime(text, context)
  if (found === undefined) return undefined
  const shown = found.at.slice(0, found.date_only ? 10 : 16).replace('T', ' ')
  const more = [found.repeat, found.span && `to ${found.span.to.slice(0, 16).replace('T', ' ')}`]
  const rest = found.rest === '' ? undefined : `rest "${found.rest}"`
  return [shown, ...more, rest].filter((part) => part !== undefined).join(', ')
}

async function readsAll(table: string, context = HERE): Promise<void> {
  const rows = table.trim().split('\n')
  for (const row of rows) {
    const [text = '', expected] = row.split('=').map((part) => part.trim())
    assert.equal(await read(text, context), expected, text)
  }
}

test('a time of day is the next such time after now', () =>
  readsAll(`
    at six = 2026-11-22 18:00
    six = 2026-11-22 18:00
    at ten = 2026-11-22 22:00
    at eleven = 2026-11-22 11:00
    at twelve = 2026-11-22 12:00
    six am = 2026-11-23 06:00
    5 p.m. = 2026-11-22 17:00
    at 9am = 2026-11-23 09:00
    11:30 = 2026-11-22 11:30
    9:59 = 2026-11-22 21:59
    17:30 = 2026-11-22 17:30
    08:00 = 2026-11-23 08:00
    0800 = 2026-11-23 08:00
    eight hundred am = 2026-11-23 08:00
    seven hundred and thirty am = 2026-11-23 07:30
    one thousand three hundred = 2026-11-22 13:00
    twenty one thirty = 2026-11-22 21:30
    one oh two = 2026-11-22 13:02
    four thirty five pm = 2026-11-22 16:35
    eight o'clock = 2026-11-22 20:00
    half past seven = 2026-11-22 19:30
    half seven = 2026-11-22 19:30
    half past seven am = 2026-11-23 07:30
    quarter to nine = 2026-11-22 20:45
    a quarter past noon = 2026-11-22 12:15
    ten past seven = 2026-11-22 19:10
    five to six = 2026-11-22 17:55
    ten minutes before six = 2026-11-22 17:50
    twenty minutes to one = 2026-11-22 12:40
    noon = 2026-11-22 12:00
    midday = 2026-11-22 12:00
    midnight = 2026-11-23 00:00
    12 am = 2026-11-23 00:00
    12 pm = 2026-11-22 12:00
    at 7.45 = 2026-11-22 19:45
    in the morning = 2026-11-23 09:00
    in the evening = 2026-11-22 19:00
    morning at eight = 2026-11-23 08:00
    eight at night = 2026-11-22 20:00
    3 in the afternoon = 2026-11-22 15:00
    evening at five pm = 2026-11-22 17:00
    lunchtime = 2026-11-22 12:00
    10:00:30 = 2026-11-22 10:00
  `))

test('a length of time counts from now: hours exactly, days by the calendar', () =>
  readsAll(`
    in an hour and a half = 2026-11-22 11:30
    in ten minutes = 2026-11-22 10:10
    thirty minutes = 2026-11-22 10:30
    in half an hour = 2026-11-22 10:30
    in a quarter of an hour = 2026-11-22 10:15
    in two and a half hours = 2026-11-22 12:30
    in a couple of hours = 2026-11-22 12:00
    in a few minutes = 2026-11-22 10:03
    in 1h30 = 2026-11-22 11:30
    two hours from now = 2026-11-22 12:00
    after five minutes = 2026-11-22 10:05
    another hour = 2026-11-22 11:00
    five minutes ago = 2026-11-22 09:55
    24 hours = 2026-11-23 10:00
    in ten days = 2026-12-02
    in three weeks = 2026-12-13
    in a fortnight = 2026-12-06
    in two months = 2027-01-22
    a year from now = 2027-11-22
    two weeks ago = 2026-11-08
    two days later = 2026-11-24
    in two weeks time = 2026-12-06
    in two days at 5 = 2026-11-24 17:00
    twelve weeks from today = 2027-02-14
    two weeks from friday = 2026-12-11
    two days before christmas = 2026-12-23
    an hour before midnight = 2026-11-22 23:00
    the day after tomorrow = 2026-11-24
    now = 2026-11-22 10:00
    as soon as possible = 2026-11-22 10:00
  `))

test('days have names, and a time beside them is the likely half of the day', () =>
  readsAll(`
    today = 2026-11-22
    tomorrow = 2026-11-23
    tomorrow's = 2026-11-23
    yesterday = 2026-11-21
    the day before yesterday = 2026-11-20
    tomorrow morning = 2026-11-23 09:00
    first thing tomorrow = 2026-11-23 09:00
    tomorrow afternoon = 2026-11-23 15:00
    tonight = 2026-11-22 20:00
    tonight at eight = 2026-11-22 20:00
    tonight at 1 = 2026-11-23 01:00
    this evening at 7 = 2026-11-22 19:00
    last night = 2026-11-21 20:00
    tomorrow at 5 = 2026-11-23 17:00
    tomorrow at 8 = 2026-11-23 08:00
    tomorrow at noon = 2026-11-23 12:00
    tomorrow at midnight = 2026-11-24 00:00
    8 tomorrow evening = 2026-11-23 20:00
    half past three tomorrow = 2026-11-23 15:30
    today at 5 = 2026-11-22 17:00
    monday = 2026-11-23
    on friday = 2026-11-27
    sunday = 2026-11-29
    this sunday = 2026-11-22
    next friday at 3 = 2026-11-27 15:00
    next monday = 2026-11-23
    last friday = 2026-11-20
    last sunday = 2026-11-15
    coming saturday = 2026-11-28
    monday week = 2026-11-30
    friday next week = 2026-11-27
    next week on tuesday at 2 = 2026-11-24 14:00
    tuesday night = 2026-11-24 20:00
    on wed at 14:00 = 2026-11-25 14:00
    the end of the month = 2026-11-30
    by the end of the day = 2026-11-22 17:00
    christmas eve = 2026-12-24
    new year's day = 2027-01-01
    easter = 2027-03-28
    easter monday at noon = 2027-03-29 12:00
  `))

test('dates that have passed roll forward unless a year is given', () =>
  readsAll(`
    on 3 March = 2027-03-03
    march 3rd = 2027-03-03
    the third of march = 2027-03-03
    march twenty fifth = 2027-03-25
    feb four = 2027-02-04
    twenty third march = 2027-03-23
    november 22 = 2026-11-22
    november 22 at 8am = 2027-11-22 08:00
    november 21 = 2027-11-21
    25 december at half past four = 2026-12-25 16:30
    march 3 2026 = 2026-03-03
    tenth of march two thousand seventeen = 2017-03-10
    march twenty four two thousand and seventeen = 2017-03-24
    first of february twenty seventeen = 2017-02-01
    29 february = 2028-02-29
    on the 15th = 2026-12-15
    the thirty first = 2026-12-31
    fifteenth of this month = 2026-11-15
    the 3rd of next month = 2026-12-03
    the third monday of this month = 2026-11-16
    the first monday of the month = 2026-12-07
    last friday of the month = 2026-11-27
    first monday in may = 2027-05-03
    friday april fourteenth = 2027-04-14
    2026-03-03 = 2026-03-03
    2027-03-03T09:00 = 2027-03-03 09:00
    3/4/2027 at 5pm = 2027-04-03 17:00
    3/4/2027 at half past seven = 2027-04-03 07:30
    24.12.2026 = 2026-12-24
    on 24/12 = 2026-12-24
    2027/03/05 at noon = 2027-03-05 12:00
    the night before christmas = 2026-12-24 20:00
    the day after easter = 2027-03-29
  `))

test('a stretch of time has an end, and begins today when it is running', () =>
  readsAll(`
    this week = 2026-11-22, to 2026-11-23 00:00
    next week = 2026-11-23, to 2026-11-30 00:00
    last week = 2026-11-09, to 2026-11-16 00:00
    this weekend = 2026-11-22, to 2026-11-23 00:00
    next weekend = 2026-11-28, to 2026-11-30 00:00
    this month = 2026-11-22, to 2026-12-01 00:00
    next month = 2026-12-01, to 2027-01-01 00:00
    in march = 2027-03-01, to 2027-04-01 00:00
    last year = 2025-01-01, to 2026-01-01 00:00
    two thousand and fourteen = 2014-01-01, to 2015-01-01 00:00
    rest of the year = 2026-11-22, to 2027-01-01 00:00
    first week of march = 2027-03-01, to 2027-03-08 00:00
    tuesday to thursday = 2026-11-24, to 2026-11-27 00:00
    from monday to friday = 2026-11-23, weekdays, to 2026-11-28 00:00
    from tomorrow to sunday = 2026-11-23, to 2026-11-30 00:00
    today through monday = 2026-11-22, to 2026-11-24 00:00
    twenty to twenty five june = 2027-06-20, to 2027-06-26 00:00
    next two hours = 2026-11-22 10:00, to 2026-11-22 12:00
    last five minutes = 2026-11-22 09:55, to 2026-11-22 10:00
    from 3 to 5 = 2026-11-22 15:00, to 2026-11-22 17:00
    between three and four pm = 2026-11-22 15:00, to 2026-11-22 16:00
    eleven to one pm tomorrow = 2026-11-23 11:00, to 2026-11-23 13:00
    nine to five = 2026-11-23 09:00, to 2026-11-23 17:00
    ten to noon tomorrow = 2026-11-23 11:50
    10 am to 12 tomorrow = 2026-11-23 10:00, to 2026-11-23 12:00
    wednesday to friday = 2026-11-25, to 2026-11-28 00:00
    eight am to two pm = 2026-11-23 08:00, to 2026-11-23 14:00
  `))

test('what repeats says how often, and begins with the first time after now', () =>
  readsAll(`
    every day at 8 = 2026-11-23 08:00, daily
    every day at noon = 2026-11-22 12:00, daily
    daily = 2026-11-23, daily
    every weekday = 2026-11-23, weekdays
    weekdays at 7 = 2026-11-23 07:00, weekdays
    each monday = 2026-11-23, weekly
    on mondays at 9 = 2026-11-23 09:00, weekly
    every sunday at 9am = 2026-11-29 09:00, weekly
    every monday and thursday at 9 = 2026-11-23 09:00, weekly on MO,TH
    every morning = 2026-11-23 09:00, daily
    every night at ten = 2026-11-22 22:00, daily
    every weekend = 2026-11-28, weekends
    weekly = 2026-11-29, weekly
    every month on the 15th = 2026-12-15, monthly
    the first of every month = 2026-12-01, monthly
    june fifth every year = 2027-06-05, yearly
    every june 5th = 2027-06-05, yearly
    every 2 weeks on friday = 2026-11-27, every 2 weeks
    every other day = 2026-11-24, every 2 days
    every two hours = 2026-11-22 12:00, every 2 hours
    every two hours starting at 11 = 2026-11-22 11:00, every 2 hours
    once a week = 2026-11-29, weekly
    every third day = 2026-11-25, every 3 days
    every 15th = 2026-12-15, monthly
    every first monday of the month at 10 = 2026-12-07 10:00, monthly
    monday to friday at 9 = 2026-11-23 09:00, weekdays
    every day next week at 6 = 2026-11-23 18:00, daily
    hourly = 2026-11-22 11:00, hourly
    every half hour = 2026-11-22 10:30, every 30 minutes
  `))

async function when(text: string, now: string, time_zone: string): Promise<string | undefined> {
  return (await parseTime(text, { now: new Date(now), time_zone }))?.at
}

test('a wall-clock time keeps its hour across a change of the clocks, a length of time its hours', async () => {
  const before = '2027-03-27T12:00:00+01:00'
  assert.equal(await when('tomorrow at noon', before, 'Europe/Berlin'), '2027-03-28T12:00:00+02:00')
  assert.equal(await when('in 24 hours', before, 'Europe/Berlin'), '2027-03-28T13:00:00+02:00')
  assert.equal(await when('in one day at noon', before, 'Europe/Berlin'), '2027-03-28T12:00:00+02:00')
  // Half past two does not exist that night, and occurs twice in the night of the way back.
  assert.equal(
    await when('2:30 am', '2027-03-27T23:00:00+01:00', 'Europe/Berlin'),
    '2027-03-28T03:30:00+02:00',
  )
  const autumn = '2027-10-30T23:00:00+02:00'
  assert.equal(await when('2:30 am', autumn, 'Europe/Berlin'), '2027-10-31T02:30:00+02:00')
  assert.equal(await when('in 4 hours', autumn, 'Europe/Berlin'), '2027-10-31T02:00:00+01:00')
  assert.equal(
    await when('on 3 march at 9am', '2026-11-22T10:00:00Z', 'Europe/London'),
    '2027-03-03T09:00:00+00:00',
  )
  assert.equal(
    await when('1 july at 9am', '2026-11-22T10:00:00Z', 'Europe/London'),
    '2027-07-01T09:00:00+01:00',
  )
  // In Santiago the clocks go forward at midnight: the day begins at one.
  assert.equal(
    await when('5 september', '2027-09-01T12:00:00Z', 'America/Santiago'),
    '2027-09-05T01:00:00-03:00',
  )
})

test('today is the day of the user, not that of the server', async () => {
  const now = '2026-11-22T23:30:00Z'
  assert.equal(await when('tomorrow at noon', now, 'Asia/Tokyo'), '2026-11-24T12:00:00+09:00')
  assert.equal(await when('tomorrow at noon', now, 'America/New_York'), '2026-11-23T12:00:00-05:00')
  assert.equal(await when('tonight', now, 'Pacific/Kiritimati'), '2026-11-23T20:00:00+14:00')
  assert.equal(await when('at six', now, 'Asia/Kolkata'), '2026-11-23T06:00:00+05:30')
  assert.equal(await when('3/4/2027', now, 'America/New_York'), '2027-03-04T00:00:00-05:00')
  assert.equal(await when('3/4/2027', now, 'Australia/Sydney'), '2027-04-03T00:00:00+11:00')
  assert.equal(await when('5pm utc', now, 'Europe/Berlin'), '2026-11-23T18:00:00+01:00')
  assert.equal(await when('9 am est', now, 'Europe/Berlin'), '2026-11-23T15:00:00+01:00')
  assert.equal(await when('tomorrow 8:00 gmt+2', now, 'Europe/Berlin'), '2026-11-24T07:00:00+01:00')
  assert.equal(await when('2027-03-03T09:00:00Z', now, 'Europe/Berlin'), '2027-03-03T10:00:00+01:00')
})

test('late in the evening "tonight" is soon', () => {
  const late = { ...HERE, now: new Date('2026-11-22T21:10:30+01:00') }
  return readsAll('tonight = 2026-11-22 22:10', late)
})

test('the sentence says whether an hour is early or late', async () => {
  const hour = async (sentence: string): Promise<string | undefined> =>
    (await findTime(sentence, HERE))?.at.slice(5, 16)
  assert.equal(await hour('set an alarm for six tomorrow'), '11-23T06:00')
  assert.equal(await hour('wake me up at six'), '11-23T06:00')
  assert.equal(await hour('remind me at six to call home'), '11-22T18:00')
  assert.equal(await hour('dinner with ann on friday at 8'), '11-27T20:00')
  assert.equal(await hour('meeting with ann on friday at 8'), '11-27T08:00')
  const slot = await parseTime('six tomorrow', { ...HERE, sentence: 'set an alarm for six tomorrow' })
  assert.equal(slot?.at, '2026-11-23T06:00:00+01:00')
})

test('a time is found anywhere in a sentence, which goes on without it', async () => {
  const rows = `
    call mum tomorrow at 5 | 11-23T17:00 | call mum
    tomorrow, call mum | 11-23T00:00 | call mum
    remind me tomorrow to call bob at 6pm | 11-23T18:00 | remind me to call bob
    remind me in ten minutes to check the oven | 11-22T10:10 | remind me to check the oven
    remind me every day at 8 to take pills | 11-23T08:00 | remind me to take pills
    remind me at half past seven to feed the twenty five cats | 11-22T19:30 | remind me to feed the twenty five cats
    Move the Meeting to Monday at 3pm | 11-23T15:00 | Move the Meeting
    what is going on today in town | 11-22T00:00 | what is going on in town
    add "meet at 5" to my list tomorrow | 11-23T00:00 | add "meet at 5" to my list
    remind me to call mum, tomorrow at 5, about dad | 11-23T17:00 | remind me to call mum about dad
    book a table for 5 at 7pm | 11-22T19:00 | book a table for 5
    call bob on 3/4/2027 at half past seven | 04-03T07:30 | call bob
    turn the heating on at six | 11-22T18:00 | turn the heating on
    remind me to buy tickets for friday tomorrow | 11-27T00:00 | remind me to buy tickets tomorrow`
  for (const row of rows.trim().split('\n')) {
    const [sentence = '', at, rest] = row.split('|').map((part) => part.trim())
    const found = await findTime(sentence, HERE)
    assert.deepEqual([found?.at.slice(5, 16), found?.rest], [at, rest], sentence)
  }
})

test('numbers, names and verbs that only look like times are left alone', async () => {
  const sentences = `
    remind me to buy 5 eggs at the shop
    meet bob at 5 main street
    may i ask you something
    march to the shop
    remove the second item on the 3rd list
    walk for thirty minutes
    buy a table for 5
    the sun is out and i sat down
    ten divided by five
    increase the volume by one
    distance between sun and moon
    reply to @monday_team from 192.168.10.12
    play the midnight series`
  for (const sentence of sentences.trim().split('\n')) {
    assert.equal(await findTime(sentence.trim(), HERE), undefined, sentence)
  }
})

test('a slot is a time only as a whole, and unannounced only when it says so itself', () => {
  for (const text of ['five', 'half past seven', 'ten minutes', 'friday at 3', '2027-03-03', 'in march']) {
    assert.ok(isTime(text), text)
  }
  for (const text of ['', 'the café at five', 'five eggs', 'milk', '1.2.3']) assert.ok(!isTime(text), text)
  for (const text of ['tomorrow', 'at five', 'in ten minutes', 'on friday at 3'])
    assert.ok(isTime(text, true), text)
  for (const text of ['five', 'may', 'ten minutes', 'the third']) assert.ok(!isTime(text, true), text)
})

test('what is no time is not read as one, and what follows a time is left over', async () => {
  for (const text of ['', 'milk', 'sunrise', '25:00', 'february 30', 'when I get home']) {
    assert.equal(await parseTime(text, HERE), undefined, text)
  }
  assert.equal((await parseTime('tomorrow at 5 to call mum', HERE))?.rest, 'to call mum')
  assert.equal((await parseTime('thirty minutes before that', HERE))?.rest, 'before that')
})

test('no text makes the reader fail or invent words', async () => {
  const word = fc.constantFrom(
    ...'every at on in the next last half past quarter to five six 7 30 pm am : . , - / monday march 31 third of'.split(
      ' ',
    ),
    ...'week month year day minutes hours before after from now tomorrow night 2026 noon and a "'.split(' '),
  )
  const text = fc.oneof(
    fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(text, async (sentence) => {
      for (const found of [await findTime(sentence, HERE), await parseTime(sentence, HERE)]) {
        if (found === undefined) continue
        assert.ok(!Number.isNaN(Date.parse(found.at)))
        const words = new Set(sentence.split(/[\s,;:.!?]+/u))
        for (const kept of found.rest.split(/[\s,;:.!?]+/u))
          assert.ok(words.has(kept) || sentence.includes(kept))
      }
    }),
    { numRuns: 2_000, seed: 7 },
  )
})
