import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENGLISH, findBounds } from './bounds.ts'
import { withoutCorrected, withoutDenied } from './taken-back.ts'

/** Sunday 2026-11-22, ten in the morning in Berlin. */
const HERE = { now: new Date('2026-11-22T10:00:00+01:00'), time_zone: 'Europe/Berlin' }

/** What bounds a repetition, in short, and the sentence without it. */
async function read(text: string): Promise<string | undefined> {
  const found = await findBounds(text, HERE, ENGLISH)
  if (found === undefined) return undefined
  const { from, until, length, except, weekdays, unread, rest } = found
  const parts = [
    from && `from ${String(from)}`,
    until && `until ${String(until)}`,
    length && `for ${length.months} months ${length.days} days`,
    except.length > 0 && `not ${except.join(' ')}`,
    weekdays.length > 0 && `not on ${weekdays.join(' ')}`,
    unread && `unread ${unread}`,
  ]
  return `${parts.filter(Boolean).join(', ')} | ${rest}`
}

test('the first and the last day of what repeats are read wherever they stand', async () => {
  for (const [text, expected] of [
    ['swim every day at 7 until Friday', 'until 2026-11-27 | swim every day at 7'],
    ['every day until Friday at 7 swim', 'until 2026-11-27 | every day at 7 swim'],
    ['swim every day until March', 'until 2027-02-28 | swim every day'],
    ['swim every day through March', 'until 2027-03-31 | swim every day'],
    ['swim every Monday for the next three weeks', 'for 0 months 21 days | swim every Monday'],
    ['swim every day for two months', 'for 2 months 0 days | swim every day'],
    ['swim every Monday starting 7 December', 'from 2026-12-07 | swim every Monday'],
    ['swim every Monday, beginning in January', 'from 2027-01-01 | swim every Monday'],
    ['swim every Monday from January onwards', 'from 2027-01-01 | swim every Monday'],
    ['only in December swim every day', 'from 2026-12-01, until 2026-12-31 | swim every day'],
    ['swim every day next week at 7', 'from 2026-11-23, until 2026-11-29 | swim every day at 7'],
    ['swim every day from 1 December until Christmas', 'from 2026-12-01, until 2026-12-25 | swim every day'],
  ] as const)
    assert.equal(await read(text), expected, text)
})

test('from one day to another is a stretch of dates, or the days of each week', async () => {
  for (const [text, expected] of [
    ['swim every day from 1 to 5 December at 9', 'from 2026-12-01, until 2026-12-05 | swim every day at 9'],
    ['from tomorrow until Sunday swim every day', 'from 2026-11-23, until 2026-11-29 | swim every day'],
    ['swim every day from Monday to Friday at 8', 'not on 6 7 | swim every day at 8'],
    ['swim every day from Tuesday to Thursday', 'not on 1 5 6 7 | swim every day'],
    ['swim every day between Christmas and the weekend', 'unread Christmas | swim every day and the weekend'],
    ['swim every week until Easter on Friday at 5', 'until 2027-03-28 | swim every week on Friday at 5'],
    ['swim every night at 10 except tonight', 'not 2026-11-22 | swim every night at 10'],
  ] as const)
    assert.equal(await read(text), expected, text)
})

test('days on which it does not happen are dates or days of the week', async () => {
  for (const [text, expected] of [
    ['swim every day at 7, but not on 30 November', 'not 2026-11-30 | swim every day at 7'],
    ['swim every day except on 24 and 25 December', 'not 2026-12-24 2026-12-25 | swim every day'],
    ['swim every day, skipping Fridays', 'not on 5 | swim every day'],
    ['swim every day but Sunday at 7', 'not on 7 | swim every day at 7'],
    ['swim every day, Sundays excepted', 'not on 7 | swim every day'],
    ['swim every day except Mondays and Tuesdays', 'not on 1 2 | swim every day'],
    ['swim every day, but not on weekends', 'not on 6 7 | swim every day'],
    ['swim every day except on public holidays', 'unread public holidays | swim every day'],
    ['swim every Monday in summer at 8', 'unread summer | swim every Monday at 8'],
  ] as const)
    assert.equal(await read(text), expected, text)
})

test('what bounds nothing is left as it is', async () => {
  for (const text of [
    'swim until Friday',
    'every day at 8 stretch for 10 minutes',
    'every 2 hours until 5 pm drink',
    'every Monday at 8 read the mail from Sunday',
    'every Friday at 4 ask what is on next week',
    'every day at 7 do not skip breakfast',
    'every day write “until Friday” on the board',
    'every day from 9 to 17 drink',
    `every day ${'until Friday '.repeat(2_000)}`,
  ])
    assert.equal(await read(text), undefined, text.slice(0, 60))
})

test('times that are denied are left out where another stands beside them', () => {
  for (const [text, expected] of [
    ['swim not on Monday but on Tuesday at 9', 'swim on Tuesday at 9'],
    ['neither on Monday nor Tuesday but on Friday swim', 'on Friday swim'],
    ['swim at 6 am and not at 7', 'swim at 6 am'],
    ['swim tomorrow, not today', 'swim tomorrow'],
    ['swim not on Monday', undefined],
    ['tomorrow ask whether to go or not', undefined],
    ['do not swim on Monday', undefined],
  ] as const)
    assert.equal(withoutDenied(text, ENGLISH), expected, text)
})

test('a time that is corrected at once is left out, and what is only said so is not', () => {
  for (const [text, expected] of [
    ['call Bo tomorrow at 9, no, at 10', 'call Bo tomorrow at 10'],
    ['pick up Leo at 4, sorry, I mean half past 4', 'pick up Leo half past 4'],
    ['call Bo on Friday, no, Saturday at 9', 'call Bo Saturday at 9'],
    ['tomorrow say no, I mean it', undefined],
    ['say sorry at 9', undefined],
    [`${'no, '.repeat(2_000)}at 9`, undefined],
  ] as const)
    assert.equal(withoutCorrected(text, ENGLISH), expected, text.slice(0, 60))
})
