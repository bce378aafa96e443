import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTime } from './time.ts'

const HERE = { now: new Date('2026-11-22T10:00:00+01:00'), time_zone: 'Europe/Berlin' }

test('that nothing but a time of the day was said is told, and whether its half was', async () => {
  for (const [text, wanted] of [
    ['at eight', 'either'],
    ['9:30', 'either'],
    ['8pm', 'exact'],
    ['17:30', 'exact'],
    ['tomorrow at 8', undefined],
    ['in two hours', undefined],
    ['every day at 8', undefined],
  ] as const)
    assert.equal((await parseTime(text, HERE))?.clock_alone, wanted, text)
})
