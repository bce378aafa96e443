import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { reminders } from './index.ts'

/** Wednesday, 10:00 in Berlin. */
const NOW = Temporal.Instant.from('2026-03-25T10:00:00+01:00').epochMilliseconds

function open() {
  const can = openInMemory(NOW, 'Europe/Berlin')
  const tell = (name: string, parameters: object = {}) => ask(reminders, name, can, parameters)
  return { tell, text: async (name: string, parameters: object) => (await tell(name, parameters)).text }
}

test('a reminder is moved to another time, keeps its own on another day, and goes nowhere in the past', async () => {
  const { tell, text } = open()
  await tell('remind', { text: 'call the dentist', at: '2026-03-26T09:30' })
  await tell('remind', { text: 'water the ferns', at: '2026-03-26T18:00' })
  assert.equal(
    await text('move', { text: 'dentist', at: '2026-03-27' }),
    'I will remind you to call the dentist on Friday at 09:30.',
  )
  assert.equal(
    await text('move', { text: 'ferns', at: '2026-03-26T07:00' }),
    'I will remind you to water the ferns tomorrow at 07:00.',
  )
  assert.equal(
    await text('list', {}),
    'You have 2 reminders: water the ferns tomorrow at 07:00 and call the dentist on Friday at 09:30.',
  )
  for (const [at, clock_alone, wanted] of [
    ['2026-03-25T20:00', 'either', '08:00'],
    ['2026-03-25T20:00', 'exact', '20:00'],
    ['2026-03-26T07:00', 'either', '19:00'],
  ] as const)
    assert.equal(
      await text('move', { text: 'dentist', at, clock_alone }),
      `I will remind you to call the dentist on Friday at ${wanted}.`,
    )
  await text('move', { text: 'dentist', at: '2026-03-27T09:30' })
  await tell('remind', { text: 'sing', at: '2026-03-26T09:30', repeat: 'weekly' })
  for (const [parameters, why] of [
    [
      { text: 'sing', at: '2026-03-27' },
      'That one comes again and again: cancel it, and set another one for other times.',
    ],
    [{ text: 'ferns', at: '2126-03-25T09:00' }, 'That is more than ten years away.'],
    [{ text: 'piano', at: '2026-03-27' }, 'There is no reminder or appointment like "piano".'],
    [{ text: 'ferns', at: '2026-03-25T09:00' }, 'I cannot remind you at 09:00: that is past.'],
  ] as const)
    await assert.rejects(tell('move', parameters), new ActionError(why))
})
