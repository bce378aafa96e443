import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextDue } from '../triggers/schedule.ts'
import { ZONE } from './rig.ts'
import { findSchedule } from './schedule.ts'

/** The cron expression of a schedule before "list my tasks", its minutes, or `undefined` when it is refused. */
function read(said: string): unknown {
  const found = findSchedule(`${said} list my tasks`)
  if (found === undefined || found.problem !== undefined) return undefined
  assert.equal(found.after, 'list my tasks', said)
  assert.notEqual(nextDue(found.conditions, { zone: ZONE, anchor: 0 }, 0), undefined, said)
  const { cron, every_ms } = found.conditions
  return cron ?? Number(every_ms) / 60_000
}

test('times of the day are read as people say them', () => {
  const table: readonly (readonly [time: string, cron: string])[] = [
    ['at 8', '0 8'],
    ['at 8 am', '0 8'],
    ['at 8pm', '0 20'],
    ['at 8 p.m.', '0 20'],
    ['at 12 am', '0 0'],
    ['at 12 pm', '0 12'],
    ['at 12', '0 12'],
    ['at 12:30 am', '30 0'],
    ['at noon', '0 12'],
    ['at midnight', '0 0'],
    ['at 24:00', '0 0'],
    ['at 22:05', '5 22'],
    ['at 07.15', '15 7'],
    ['at 2130', '30 21'],
    ['at twenty two thirty', '30 22'],
    ['at half past seven', '30 7'],
    ['at quarter to nine', '45 8'],
    ['at ten past midnight', '10 0'],
    ['at quarter to midnight', '45 23'],
    ["at eight o'clock", '0 8'],
    ['at 3 in the morning', '0 3'],
    ['at 9 in the evening', '0 21'],
    ['at 11 at night', '0 23'],
    // A bare hour up to six is the afternoon's, as in reminders; one with a zero before it is not.
    ['at 5', '0 17'],
    ['at 05:00', '0 5'],
    ['in the evening', '0 18'],
  ]
  for (const [time, cron] of table) assert.equal(read(`every day ${time}`), `${cron} * * *`, time)
})

test('days, parts of the day and intervals are read in any order', () => {
  const table: readonly (readonly [said: string, wanted: unknown])[] = [
    ['every morning', '0 8 * * *'],
    ['every afternoon', '0 15 * * *'],
    ['every evening', '0 18 * * *'],
    ['every night', '0 22 * * *'],
    ['every night at 2', '0 2 * * *'],
    ['every evening at 8', '0 20 * * *'],
    ['every weekday morning at 6', '0 6 * * 1-5'],
    ['every saturday, sunday and monday at 10', '0 10 * * 1,6,0'],
    ['monday to friday at 9', '0 9 * * 1-5'],
    ['weekly on friday at 10', '0 10 * * 5'],
    ['every week', '0 8 * * 1'],
    ['every month on the 15th at 9', '0 9 15 * *'],
    ['monthly', '0 8 1 * *'],
    ['on the last friday of every month at 9', '0 9 * * 5#L'],
    ['every year on the 29th of february at 9', '0 9 29 2 *'],
    ['every 3 months', '0 8 1 */3 *'],
    ['at 9 on mondays', '0 9 * * 1'],
    ['every minute', 1],
    ['every fifteen minutes', 15],
    ['every quarter of an hour', 15],
    ['every half hour', 30],
    ['every other day', 2880],
    ['every 2 weeks', 20_160],
    ['every 2 hours on weekdays from 9 to 5', '0 9-17/2 * * 1-5'],
    ['every 15 minutes between 9 and 17 on mondays', '*/15 9-16 * * 1'],
    ['every 2 hours in the morning', '0 6-11/2 * * *'],
    ['every hour in the afternoon on mondays', '0 12-17 * * 1'],
    ['every 30 minutes on weekday evenings', '*/30 18-21 * * 1-5'],
    ['every 2 hours at night', '0 0,2,4,22 * * *'],
    ['every 15 minutes in the night', '*/15 22-23,0-5 * * *'],
    ['every 2 hours in the morning from 9 to 11', '0 9-11/2 * * *'],
    ['in the mornings', '0 8 * * *'],
    ['every monday in the mornings', '0 8 * * 1'],
    ['on sunday evenings at 7', '0 19 * * 0'],
    ['every 3 months at 9', '0 9 1 */3 *'],
  ]
  for (const [said, wanted] of table) assert.equal(read(said), wanted, said)
})

test('what no workflow can keep to is refused and not bent', () => {
  const refused = [
    'every 30 seconds',
    'every 0 minutes',
    'every other monday',
    'every 2 weeks on friday',
    'every other week on monday',
    'every hour except sunday',
    'every saturday at 8 except saturday',
    'every day at 8 in atlantis time',
    'every 45 minutes on mondays',
    'every 5 months',
    'every day at 8:15 and 9:30',
    'every hour between 22 and 6',
    'every month on the 32th',
    'every year on the 31st of june',
    'every 99999999 weeks',
    'every 6 hours in the morning',
    'every hour at night on mondays',
    'every 2 hours at 9',
    'every 2 days in the morning',
  ]
  for (const said of refused) {
    assert.notEqual(findSchedule(`${said} list my tasks`)?.problem, undefined, said)
  }
})

test('a time that comes once is no schedule', () => {
  for (const said of [
    'at 9',
    'tomorrow at 9',
    'on monday at 9',
    'in 5 minutes',
    'every',
    'on the first of may',
  ])
    assert.equal(findSchedule(`${said} list my tasks`), undefined, said)
})

const parts = (sentence: string) => {
  const { before, after } = findSchedule(sentence) ?? {}
  return [before, after]
}

test('a schedule stands at the beginning, at the end, or after the first order', () => {
  assert.deepEqual(parts('every day at 8, list my tasks'), ['', 'list my tasks'])
  assert.deepEqual(parts('list my tasks, every day at 8'), ['list my tasks', ''])
  assert.deepEqual(parts('check https://a.org/every/day every hour and tell me'), [
    'check https://a.org/every/day',
    'and tell me',
  ])
  assert.deepEqual(parts('list my every day at 8 tasks'), [undefined, undefined])
})
