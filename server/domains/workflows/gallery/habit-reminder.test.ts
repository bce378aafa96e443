import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openGallery } from './rig.ts'

const HOUR_MS = 3_600_000
const told = (days: number) => [
  `info: Not done yet today: read for 20 minutes. You did it on ${days} of the last 7 days. When it is done, say: save a note tagged habit that I read for 20 minutes.`,
]

test('a habit is called for on the days on which it is not noted, with those of the last week', async (t) => {
  const { add, act, clock, fires } = await openGallery(t)
  const id = await add('habit_reminder')
  const note = () => act(2, 'remember', { text: `I read at ${clock.now()}`, tags: ['Habit'] })
  const evening = async (day: number) => (await fires(id, `2026-11-${day}T20:00+01:00`)).told
  await act(2, 'remember', { text: 'something else' })
  assert.deepEqual(await evening(22), told(0))
  await note()
  assert.deepEqual(await evening(23), told(1))
  clock.advance(12 * HOUR_MS)
  await note()
  clock.advance(HOUR_MS)
  await note()
  assert.deepEqual(await evening(24), [])
  for (const day of [25, 26, 27, 28]) assert.deepEqual(await evening(day), told(2), String(day))
  assert.deepEqual(await evening(29), told(1))
})

test('what it asks for can be said as it asks for it', async (t) => {
  const { add, ask, start } = await openGallery(t)
  const id = await add('habit_reminder')
  const [text = ''] = (await start(id)).told
  const text_input = /say: (.+)\.$/.exec(text)?.[1] ?? ''
  const { command_understood } = await ask('voice.process', { text_input })
  assert.equal(command_understood, true)
  const { status, told: said } = await start(id)
  assert.deepEqual([status, said], ['completed', []])
})
