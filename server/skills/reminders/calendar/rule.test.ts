import assert from 'node:assert/strict'
import { test } from 'node:test'
import ICAL from 'ical.js'
import { ActionError } from '../../skill.ts'
import { recurrences } from './rule.ts'

const wall = (text: string) => Temporal.PlainDateTime.from(text)

/** Recurrences of a rule as days, or as days and times when they are not at nine. */
function days(start: string, rule: string, from: string, to: string, steps = 1_000_000): string[] {
  const first = wall(start.includes('T') ? start : `${start}T09:00`)
  const read = ICAL.Recur.fromString(rule)
  const window = { from: wall(from), to: wall(`${to}T23:59:59`) }
  return [...recurrences(read, first, undefined, window, { steps })].map((one) =>
    String(one).replace('T09:00:00', '').replace(':00:00', ':00'),
  )
}
const tooMuch = new ActionError('The calendar repeats more than I can work out at once.')

test('rules mean the days that the standard says, whenever one looks', () => {
  const cases: readonly [start: string, rule: string, from: string, to: string, expected: string][] = [
    ['2026-01-30', 'FREQ=DAILY;INTERVAL=10', '2026-03-01', '2026-03-20', '2026-03-01 2026-03-11'],
    ['2026-01-31', 'FREQ=DAILY;BYMONTHDAY=-1', '2026-02-01', '2026-03-31', '2026-02-28 2026-03-31'],
    ['2026-01-01', 'FREQ=DAILY;BYMONTH=1;BYDAY=SU', '2026-12-01', '2027-01-10', '2027-01-03 2027-01-10'],
    [
      '2026-01-05',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR',
      '2026-02-01',
      '2026-02-22',
      '2026-02-02 2026-02-06 2026-02-16 2026-02-20',
    ],
    // The example of the standard for what the first day of a week is good for.
    [
      '1997-08-05',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
      '1997-08-01',
      '1997-12-31',
      '1997-08-05 1997-08-10 1997-08-19 1997-08-24',
    ],
    [
      '1997-08-05',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
      '1997-08-01',
      '1997-12-31',
      '1997-08-05 1997-08-17 1997-08-19 1997-08-31',
    ],
    ['2026-01-31', 'FREQ=MONTHLY', '2026-02-01', '2026-06-30', '2026-03-31 2026-05-31'],
    [
      '2026-01-31',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      '2026-02-01',
      '2026-04-30',
      '2026-02-28 2026-03-31 2026-04-30',
    ],
    ['2026-01-27', 'FREQ=MONTHLY;BYDAY=-1TU', '2026-02-01', '2026-03-31', '2026-02-24 2026-03-31'],
    ['2026-01-30', 'FREQ=MONTHLY;BYDAY=5FR', '2026-02-01', '2026-07-31', '2026-05-29 2026-07-31'],
    [
      '2026-01-30',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-02-01',
      '2026-03-31',
      '2026-02-27 2026-03-31',
    ],
    [
      '2026-02-13',
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
      '2026-02-14',
      '2027-08-31',
      '2026-03-13 2026-11-13 2027-08-13',
    ],
    [
      '1999-03-02',
      'FREQ=MONTHLY;BYMONTHDAY=2;BYMONTH=3,4,6',
      '2000-02-05',
      '2000-06-30',
      '2000-03-02 2000-04-02 2000-06-02',
    ],
    [
      '2026-01-13',
      'FREQ=MONTHLY;BYDAY=2TU;BYHOUR=9,17',
      '2026-02-01',
      '2026-03-01',
      '2026-02-10 2026-02-10T17:00',
    ],
    ['2024-02-29', 'FREQ=YEARLY', '2024-03-01', '2032-12-31', '2028-02-29 2032-02-29'],
    ['2026-05-18', 'FREQ=YEARLY;BYDAY=20MO', '2026-05-19', '2028-12-31', '2027-05-17 2028-05-15'],
    ['2026-05-10', 'FREQ=YEARLY;BYMONTH=5;BYDAY=2SU', '2026-06-01', '2028-12-31', '2027-05-09 2028-05-14'],
    ['2026-05-11', 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '2026-06-01', '2028-12-31', '2027-05-17 2028-05-15'],
    ['2026-12-28', 'FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO', '2027-01-01', '2028-12-31', '2027-12-27 2028-12-25'],
    [
      '2026-12-31',
      'FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH,FR',
      '2027-01-01',
      '2033-01-01',
      '2027-01-01 2032-12-30 2032-12-31',
    ],
    [
      '2026-12-29',
      'FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO',
      '2024-01-01',
      '2031-01-01',
      '2027-01-04 2028-01-03 2029-01-01 2029-12-31 2030-12-30',
    ],
    [
      '2026-06-30',
      'FREQ=YEARLY;BYMONTH=6,2;BYMONTHDAY=-1',
      '2027-01-01',
      '2028-12-31',
      '2027-02-28 2027-06-30 2028-02-29 2028-06-30',
    ],
    [
      '2026-04-10',
      'FREQ=YEARLY;BYYEARDAY=100,-1',
      '2026-05-01',
      '2028-12-31',
      '2026-12-31 2027-04-10 2027-12-31 2028-04-09 2028-12-31',
    ],
    [
      '2026-11-03',
      'FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      '2026-12-01',
      '2030-12-31',
      '2028-11-07 2030-11-05',
    ],
  ]
  for (const [start, rule, from, to, expected] of cases)
    assert.equal(days(start, rule, from, to).join(' '), expected, rule)
})

test('a counted rule is counted from its start, and what lies before the start never counts', () => {
  assert.deepEqual(days('2026-01-01', 'FREQ=DAILY;COUNT=60', '2026-02-28', '2026-12-31'), [
    '2026-02-28',
    '2026-03-01',
  ])
  assert.deepEqual(days('2026-01-07', 'FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3', '2026-01-01', '2026-12-31'), [
    '2026-01-07',
    '2026-01-12',
    '2026-01-14',
  ])
  assert.deepEqual(
    days('2026-06-01', 'FREQ=YEARLY;BYMONTH=1,6;BYMONTHDAY=1;COUNT=2', '2026-01-01', '2027-12-31'),
    ['2026-06-01', '2027-01-01'],
  )
})

test('a rule from long ago is looked at where one looks, and costs no more than one of today', () => {
  const steps = 500
  assert.deepEqual(days('1901-01-01', 'FREQ=DAILY', '2026-03-01', '2026-03-03', steps), [
    '2026-03-01',
    '2026-03-02',
    '2026-03-03',
  ])
  assert.deepEqual(days('1901-01-31', 'FREQ=MONTHLY;INTERVAL=7', '2026-03-01', '2027-12-31', steps), [
    '2027-01-31',
    '2027-08-31',
  ])
})

test('what repeats more often than daily, never, or more than the budget allows, ends at once', () => {
  for (const freq of ['SECONDLY', 'MINUTELY', 'HOURLY'])
    assert.throws(() => days('2026-01-01', `FREQ=${freq}`, '2026-01-01', '2026-01-02'), ActionError, freq)
  for (const rule of [
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;INTERVAL=48;BYDAY=5MO;BYMONTH=2',
    'FREQ=YEARLY;BYMONTH=4;BYDAY=1MO;BYMONTHDAY=15',
    'FREQ=YEARLY;BYSETPOS=300',
    'FREQ=DAILY;BYSETPOS=2',
    'FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,6,12,18,24,30,36,42,48',
    'FREQ=DAILY;COUNT=1000000000',
  ])
    assert.throws(() => days('2026-02-02', rule, '2150-01-01', '2999-12-31', 300_000), tooMuch, rule)
  // Only the 29th of February that is a Saturday, which comes every 28 years.
  const rare = 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SA'
  assert.deepEqual(days('2020-02-29', rare, '2021-01-01', '2050-01-01'), ['2048-02-29'])
})
