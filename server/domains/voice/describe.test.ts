import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { action, shape } from '../../skills/skill.ts'
import { describe } from './describe.ts'

/** Sunday, 22 November 2026, 11:00 in Berlin. */
const AROUND = { now: Date.parse('2026-11-22T11:00:00+01:00'), time_zone: 'Europe/Berlin' }

function said(summary: string, parameters: object, agent_number = 3): string {
  const declared = action({
    summary,
    effect: 'write',
    parameters: shape({ text: Type.String() }),
    result: shape({}),
    phrases: [],
    examples: [],
    perform: () => ({ data: {}, text: '' }),
  })
  const meaning = { agent_number, agent_name: 'Reminders', name: 'mark_read', action: declared, preset: {} }
  return describe(meaning, { ...parameters }, AROUND)
}

test('what would be done is the summary as an order, by whom unless it is the system', () => {
  for (const [summary, order] of [
    ['Puts things on a list: your to do list unless you say which.', 'put things on a list'],
    ['Switches an agent on.', 'switch an agent on'],
    ['Fetches a page.', 'fetch a page'],
    ['Does again what was undone.', 'do again what was undone'],
    ['Hello.', 'mark read'],
    ['', 'mark read'],
  ] as const) {
    assert.equal(said(summary, {}), `ask Reminders to ${order}`)
    assert.equal(said(summary, {}, 0), order)
  }
})

test('times, lengths and lists are said in words, and what is no word not at all', () => {
  for (const [parameters, words] of [
    [
      { at: '2026-11-27T06:00:00+00:00', text: 'summarise my notes' },
      ': on Friday at 07:00, summarise my notes',
    ],
    [{ at: '2026-11-23' }, ': tomorrow'],
    [{ at: '2026-12-24' }, ': on 24 December'],
    [{ in_seconds: 600 }, ': in 10 minutes'],
    [{ in_seconds: 3_600 }, ': in 1 hour'],
    [{ items: ['milk', 'eggs'], everything: true }, ': milk, eggs, everything'],
    [{ rows: { a: 1 } }, ''],
    [{ text: 'x'.repeat(300) }, `: ${'x'.repeat(200)}`],
  ] as const)
    assert.equal(
      said('Reminds you of something.', parameters),
      `ask Reminders to remind you of something${words}`,
    )
})
