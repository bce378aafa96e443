import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRepeat } from './repeat.ts'
import { spokenRepeat, spokenTime } from './spoken.ts'

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
/** Wednesday. */
const NOW = at('2026-03-25T10:00:00+01:00')
const spoken = (text: string) => spokenTime(at(text), NOW, 'Europe/Berlin')

test('a time is said as people would: its day only when it is not today, its year only when it is another', () => {
  assert.equal(spoken('2026-03-25T10:31:00+01:00'), 'at 10:31')
  assert.equal(spoken('2026-03-26T09:00:00+01:00'), 'tomorrow at 09:00')
  assert.equal(spoken('2026-03-24T09:00:00+01:00'), 'yesterday at 09:00')
  assert.equal(spoken('2026-03-31T18:00:00+02:00'), 'on Tuesday at 18:00')
  assert.equal(spoken('2026-04-01T18:00:00+02:00'), 'on 1 April at 18:00')
  assert.equal(spoken('2027-03-03T18:00:00+01:00'), 'on 3 March 2027 at 18:00')
})

test('the day and the hour are those of the zone, on both sides of a change of its clocks', () => {
  assert.equal(spoken('2026-03-25T23:30:00Z'), 'tomorrow at 00:30')
  assert.equal(spoken('2026-03-29T00:59:00Z'), 'on Sunday at 01:59')
  assert.equal(spoken('2026-03-29T01:00:00Z'), 'on Sunday at 03:00')
})

test('a repetition is named by what stays the same', () => {
  const first = Temporal.PlainDateTime.from('2026-03-31T08:00')
  const said = (repeat: string) => spokenRepeat(readRepeat(repeat), first)
  assert.equal(said('hourly'), 'every hour')
  assert.equal(said('daily'), 'every day')
  assert.equal(said('weekdays'), 'every weekday')
  assert.equal(said('weekends'), 'every Saturday and Sunday')
  assert.equal(said('weekly on MO,TH'), 'every Monday and Thursday')
  assert.equal(said('weekly'), 'every Tuesday')
  assert.equal(said('monthly'), 'every month on the 31st')
  assert.equal(spokenRepeat(readRepeat('monthly'), first.with({ day: 13 })), 'every month on the 13th')
  assert.equal(said('yearly'), 'every year on 31 March')
  assert.equal(said('every 2 weeks'), 'every 2 weeks')
})
