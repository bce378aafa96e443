import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCron } from './schedule-cron.ts'

const START = Date.UTC(2026, 0, 1)

/** The first readings after the beginning of 2026. */
function readings(text: string, count: number, from = START - 1): string[] {
  const cron = readCron(text)
  assert.ok('timetable' in cron, `${text}: ${JSON.stringify(cron)}`)
  const found: string[] = []
  let reading = cron.timetable.next(from)
  while (reading !== undefined && found.length < count) {
    found.push(new Date(reading).toISOString().slice(0, 19))
    reading = cron.timetable.next(reading)
  }
  return found
}

const days = (text: string, count: number) => readings(text, count).map((reading) => reading.slice(0, 10))

function problem(text: string): string | undefined {
  const cron = readCron(text)
  return 'problem' in cron ? cron.problem : undefined
}

test('five fields begin with the minutes and six with the seconds', () => {
  assert.deepEqual(readings('5 4 * * *', 2), ['2026-01-01T04:05:00', '2026-01-02T04:05:00'])
  assert.deepEqual(readings('6 5 4 * * *', 2), ['2026-01-01T04:05:06', '2026-01-02T04:05:06'])
  assert.deepEqual(readings('*/25 59 23 31 12 ?', 3), [
    '2026-12-31T23:59:00',
    '2026-12-31T23:59:25',
    '2026-12-31T23:59:50',
  ])
})

const next = (text: string, from: string) => readings(text, 1, Date.parse(`${from}Z`))[0]

test('an expression goes on from its last time of a minute, an hour, a day, a month and a year to the next', () => {
  assert.equal(next('10,40 * * * * *', '2026-03-05T10:20:40'), '2026-03-05T10:21:10')
  assert.equal(next('0 10,40 * * * *', '2026-03-05T10:40:00'), '2026-03-05T11:10:00')
  assert.equal(next('0 0 6,18 * * *', '2026-03-05T18:00:00'), '2026-03-06T06:00:00')
  assert.equal(next('0 0 0 10 * *', '2026-03-10T00:00:00'), '2026-04-10T00:00:00')
  assert.equal(next('59 59 23 31 12 *', '2026-12-31T23:59:59'), '2027-12-31T23:59:59')
  assert.equal(next('59 59 23 31 12 *', '2026-12-31T23:59:58.999'), '2026-12-31T23:59:59')
})

test('names mean their numbers in any case, and a week ends with a Sunday that is 0 and 7', () => {
  for (const [names, numbers] of [
    ['0 0 * JAN,mar-May *', '0 0 * 1,3-5 *'],
    ['0 0 * * mon-FRI', '0 0 * * 1-5'],
    ['0 0 * * SAT-SUN', '0 0 * * 0,6'],
    ['0 0 * * 7', '0 0 * * 0'],
    ['@weekly', '0 0 * * 0'],
    ['@yearly', '0 0 1 1 *'],
    ['@Monthly', '0 0 1 * *'],
    ['@daily', '0 0 * * *'],
    [' @hourly ', '0 * * * *'],
    ['\t0  0 ?\n? * ', '0 0 * * *'],
  ] as const) {
    assert.deepEqual(readings(names, 40), readings(numbers, 40), names)
  }
})

test('a day of the month and a day of the week are alternatives, as in Vixie cron, unless one begins with a star', () => {
  assert.deepEqual(days('0 0 13 * FRI', 4), ['2026-01-02', '2026-01-09', '2026-01-13', '2026-01-16'])
  assert.deepEqual(days('0 0 13 * *', 2), ['2026-01-13', '2026-02-13'])
  assert.deepEqual(days('0 0 * * FRI', 2), ['2026-01-02', '2026-01-09'])
  assert.deepEqual(days('0 0 */2 * FRI', 3), ['2026-01-09', '2026-01-23', '2026-02-13'])
  assert.deepEqual(days('0 0 ?/2 * FRI', 3), ['2026-01-09', '2026-01-23', '2026-02-13'])
  assert.deepEqual(days('0 0 1-31/2 * FRI', 3), ['2026-01-01', '2026-01-02', '2026-01-03'])
  assert.deepEqual(days('0 0 1-9 * */6', 4), ['2026-01-03', '2026-01-04', '2026-02-01', '2026-02-07'])
  assert.deepEqual(days('0 0 13 * +FRI', 3), ['2026-02-13', '2026-03-13', '2026-11-13'])
  assert.deepEqual(days('0 0 L * MON#1', 3), ['2026-01-05', '2026-01-31', '2026-02-02'])
})

test('L is the last day, # counts the days of the week, and W is the nearest working day of the same month', () => {
  assert.deepEqual(days('0 0 L * *', 3), ['2026-01-31', '2026-02-28', '2026-03-31'])
  assert.deepEqual(days('0 0 L 2 *', 3), ['2026-02-28', '2027-02-28', '2028-02-29'])
  assert.deepEqual(days('0 0 15,L * *', 3), ['2026-01-15', '2026-01-31', '2026-02-15'])
  assert.deepEqual(days('0 0 * * 5L', 3), ['2026-01-30', '2026-02-27', '2026-03-27'])
  assert.deepEqual(days('0 0 * 7 5L', 1), ['2026-07-31'])
  assert.deepEqual(days('0 0 7 * +MON#1', 1), ['2026-09-07'])
  assert.deepEqual(days('0 0 * * FRI#L', 2), ['2026-01-30', '2026-02-27'])
  assert.deepEqual(days('0 0 * * 1#5', 3), ['2026-03-30', '2026-06-29', '2026-08-31'])
  assert.deepEqual(days('0 0 * * TUE#1,TUE#3', 3), ['2026-01-06', '2026-01-20', '2026-02-03'])
  assert.deepEqual(days('0 0 1W * *', 3), ['2026-01-01', '2026-02-02', '2026-03-02'])
  assert.deepEqual(days('0 0 1W 8 *', 1), ['2026-08-03'])
  assert.deepEqual(days('0 0 31W 5 *', 1), ['2026-05-29'])
  assert.deepEqual(days('0 0 LW * *', 3), ['2026-01-30', '2026-02-27', '2026-03-31'])
  assert.deepEqual(days('0 0 LW 2 *', 3), ['2026-02-27', '2027-02-26', '2028-02-29'])
})

test('the 29th of February comes every four years, but not in a year that a century ends with', () => {
  const leaps = readings('0 9 29 2 *', 4, Date.UTC(2091, 0))
  assert.deepEqual(leaps, [
    '2092-02-29T09:00:00',
    '2096-02-29T09:00:00',
    '2104-02-29T09:00:00',
    '2108-02-29T09:00:00',
  ])
  const mondays = readings('0 9 29 2 +MON', 3, Date.UTC(2052, 2))
  assert.deepEqual(mondays, ['2072-02-29T09:00:00', '2112-02-29T09:00:00', '2140-02-29T09:00:00'])
})

test('what no calendar has in 400 years is refused, and what is rare is not', () => {
  const never = [
    '0 0 30 2 *',
    '0 0 31 2,4,6,9,11 *',
    '0 0 31W 4 *',
    '0 0 30 2 +MON',
    '0 0 29 2 +MON#1',
    '0 0 1 * +1L',
  ]
  for (const text of never) assert.equal(problem(text), 'never happens', text)
  for (const text of ['0 0 29 2 +MON#5', '0 0 30 2 MON', '0 0 31 2-3 *', '0 0 * 2 1#5'])
    assert.equal(problem(text), undefined, text)
})

test('what cannot be read is refused with the field that is wrong', () => {
  const wrong: [string, RegExp][] = [
    ['', /^must have five fields, or six .*, and has 0$/],
    ['* * * *', /and has 4$/],
    ['0 0 0 1 1 * 2027', /and has 7$/],
    ['2026-12-24T18:00', /and has 1$/],
    ['60 * * * *', /^has "60" where the minute \(0 to 59\) belongs/],
    ['* 24 * * *', /"24" where the hour/],
    ['60 * * * * *', /"60" where the second/],
    ['0 0 0 * *', /"0" where the day of the month/],
    ['0 0 32 * *', /"32" where the day of the month/],
    ['0 0 L-3 * *', /"L-3" where the day of the month/],
    ['0 0 * 13 *', /"13" where the month/],
    ['0 0 * JANUARY *', /"JANUARY" where the month/],
    ['0 0 * * 8', /"8" where the day of the week/],
    ['0 0 * * MON#6', /"MON#6" where the day of the week/],
    ['0 0 * * FRI-MON', /"FRI-MON" where the day of the week/],
    ['0 22-2 * * *', /"22-2" where the hour/],
    ['*/0 * * * *', /"\*\/0" where the minute/],
    ['5/10 * * * *', /"5\/10" where the minute/],
    ['1,,2 * * * *', /"1,,2" where the minute/],
    ['-1 * * * *', /"-1" where the minute/],
    ['1.5 * * * *', /"1.5" where the minute/],
    ['１ * * * *', /"１" where the minute/],
    ['@reboot', /^is none of @hourly/],
    ['@constructor', /^is none of @hourly/],
    [`${'0,'.repeat(130)}0 * * * *`, /^is longer than 256 characters$/],
  ]
  for (const [text, message] of wrong) assert.match(problem(text) ?? 'none', message, text)
})

test('an expression is read once, and of more than 2,000 the oldest is read again with the same result', () => {
  const first = readCron('1 2 3 4 *')
  assert.equal(readCron('1 2 3 4 *'), first)
  const reading = 'timetable' in first ? first.timetable.next(START) : undefined
  for (let index = 0; index < 2_100; index += 1)
    readCron(`${index % 60} ${Math.floor(index / 60) % 24} L ${1 + Math.floor(index / 1440)} *`)
  const again = readCron('1 2 3 4 *')
  assert.notEqual(again, first)
  assert.equal('timetable' in again ? again.timetable.next(START) : undefined, reading)
})
