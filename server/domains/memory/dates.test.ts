import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fits, readDates } from './dates.ts'
import { plainWords } from './words.ts'

const wish = (text: string) => {
  const found = readDates(plainWords(text))
  return (
    found && Object.fromEntries(Object.entries(found).map(([key, set]) => [key, [...(set as Set<number>)]]))
  )
}
const empty = { months: [], weekdays: [], years: [], days: [] }

test('months, weekdays, days and years are read in three languages', () => {
  const cases: [string, object][] = [
    ['what happened in November', { ...empty, months: [11] }],
    ['6 June 2026', { ...empty, months: [6], days: [6], years: [2026] }],
    ['on December 24th', { ...empty, months: [12], days: [24] }],
    ['am Samstag im März', { ...empty, weekdays: [6], months: [3] }],
    ['el miércoles de febrero', { ...empty, weekdays: [3], months: [2] }],
    ['last Sunday', { ...empty, weekdays: [0] }],
    ['in May', { ...empty, months: [5] }],
    ['May 7', { ...empty, months: [5], days: [7] }],
  ]
  for (const [text, expected] of cases) assert.deepEqual(wish(text), expected, text)
})

test('words that only look like times are none', () => {
  for (const text of ['may I', 'they march home', 'room 2', '', 'number 1812', '20260101', 'sundays'])
    assert.equal(wish(text), undefined, text)
})

const on = (text: string) => readDates(plainWords(text)) ?? assert.fail(text)

test('every part that is named must fit', () => {
  const saturday = '2026-06-06T23:59:59.999Z'
  for (const text of ['6 June 2026', 'Saturday', 'in June', '2026', '2025 2026', 'Saturday in June'])
    assert.equal(fits(on(text), saturday), true, text)
  for (const text of ['7 June 2026', 'Sunday', 'in July', '2025', 'Saturday in July'])
    assert.equal(fits(on(text), saturday), false, text)
})
