import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findOnce, momentOf } from './once.ts'

/** Wednesday, 10:00 in Berlin. */
const HERE = { now: Date.parse('2026-11-25T10:00:00+01:00'), time_zone: 'Europe/Berlin' }

/** The moment that is meant and what is left of the sentence. */
function read(sentence: string): string | undefined {
  const found = findOnce(sentence)
  if (found === undefined) return undefined
  const rest = [found.before, found.after].filter((part) => part !== '').join(' … ')
  return `${momentOf(found.once, sentence, HERE) ?? 'none'} ${rest}`
}

test('one time that lies ahead is found where a sentence begins or ends', () => {
  for (const [sentence, wanted] of [
    ['tomorrow at 9 list my tasks', '2026-11-26T09:00 list my tasks'],
    ['at 9 tomorrow, list my tasks', '2026-11-26T09:00 list my tasks'],
    ['on monday at 18:30 list my tasks', '2026-11-30T18:30 list my tasks'],
    ['next wednesday at 11 list my tasks', '2026-12-02T11:00 list my tasks'],
    ['on wednesday at 11 list my tasks', '2026-11-25T11:00 list my tasks'],
    ['on wednesday at 9 list my tasks', '2026-12-02T09:00 list my tasks'],
    ['at 5pm list my tasks', '2026-11-25T17:00 list my tasks'],
    ['at 9 list my tasks', '2026-11-26T09:00 list my tasks'],
    ['at 6pm today tell me my reminders', '2026-11-25T18:00 tell me my reminders'],
    ['in ten minutes run the backup', '2026-11-25T10:10 run the backup'],
    ['run the backup in half an hour', '2026-11-25T10:30 run the backup'],
    ['run the backup tomorrow evening at 7', '2026-11-26T19:00 run the backup'],
    ['in 2 days at 9 run the backup', '2026-11-27T09:00 run the backup'],
    ['on sunday at 9:30 list my tasks', '2026-11-29T09:30 list my tasks'],
    ['tomorrow at 9 utc list my tasks', 'none list my tasks'],
    ['today at 9 list my tasks', 'none list my tasks'],
  ] as const)
    assert.equal(read(sentence), wanted, sentence)
})

test('a day without a time, a time amid a sentence and one that comes again are none', () => {
  for (const sentence of [
    'tomorrow list my tasks',
    'what is on monday',
    'remind me at 9 to list my tasks',
    'list my notes since monday',
    'in the morning list my tasks',
    'in 2 days list my tasks',
    'in ten minutes at 9 list my tasks',
  ])
    assert.equal(read(sentence), undefined, sentence)
})
