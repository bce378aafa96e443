import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneDay } from './calendar.ts'
import type { Draft } from './draft.ts'
import { merge, readRules, rule } from './draft.ts'

const noon = { hour: 12, minute: 0, second: 0, fixed: true }
const shift = { length: { months: 0, days: 0, seconds: 60 }, sign: 1 } as const
const days: Draft = { days: (_from, today) => oneDay(today) }

test('a day and a time of it join, in either order', () => {
  for (const merged of [merge(days, { clock: noon }), merge({ clock: noon }, days)]) {
    assert.equal(merged?.days, days.days)
    assert.deepEqual(merged?.clock, noon)
  }
})

test('two of a kind contradict each other, and so does a step from now with a day or a time', () => {
  const pairs: [Draft, Draft][] = [
    [{ clock: noon }, { clock: noon }],
    [{ repeat: 'daily' }, { repeat: 'daily' }],
    [{ offset: shift }, { offset: shift }],
    [{ part: 'morning' }, { part: 'night' }],
    [days, days],
    [{ shift }, { shift }],
    [{ shift }, { clock: noon }],
    [{ shift }, days],
    [{ shift }, { part: 'night' }],
  ]
  for (const [a, b] of pairs) {
    assert.equal(merge(a, b), undefined)
    assert.equal(merge(b, a), undefined)
  }
  assert.deepEqual(merge({ part: 'night' }, { part: 'night' }), { part: 'night' })
})

test('a date makes a weekday beside it precise, whichever is said first', () => {
  const friday: Draft = { days: (_from, today) => oneDay(today), weekday: true }
  const date: Draft = { days: (_from, today) => oneDay(today.add({ days: 5 })), cycle: 'yearly' }
  assert.equal(merge(friday, date)?.days, date.days)
  assert.equal(merge(date, friday)?.days, date.days)
  assert.equal(merge(friday, friday), undefined)
})

test('of what repeats by steps a time says when the first of them is, and takes the place of the step', () => {
  assert.deepEqual(merge({ shift, repeat: 'every 2 hours' }, { clock: noon }), {
    repeat: 'every 2 hours',
    clock: noon,
  })
  assert.deepEqual(merge({ shift }, { repeat: 'daily' }), { shift, repeat: 'daily' })
})

test('the longest rule reads, of equals the first, and one that reads nothing is passed over', () => {
  const rules = [
    rule('one', () => ({ zone: 'first' })),
    rule('one', () => ({ zone: 'second' })),
    rule('one two', () => ({ zone: 'long' }), ['at'], true),
    rule('one two three', () => undefined),
  ]
  assert.deepEqual(readRules(rules, 'one', 0), { draft: { zone: 'first' }, next: 4 })
  assert.deepEqual(readRules(rules, 'one two three', 0), {
    draft: { zone: 'long' },
    next: 8,
    needs: ['at'],
    bare: true,
  })
  assert.equal(readRules(rules, 'ones', 0), undefined)
  assert.equal(readRules(rules, 'one', 1), undefined)
  assert.equal(readRules([], 'one', 0), undefined)
})
