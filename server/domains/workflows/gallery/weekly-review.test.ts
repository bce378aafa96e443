import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openGallery } from './rig.ts'

test('the review of a week has what falls into it, and is kept as a note that the next one leaves out', async (t) => {
  const { add, act, fires } = await openGallery(t)
  const id = await add('weekly_review')
  await act(2, 'remember', { text: 'Karin prefers tea' })
  await act(4, 'add', { items: ['tax', 'bins'] })
  await act(3, 'remind', { text: 'dentist', at: '2026-11-29T17:59' })
  await act(3, 'remind', { text: 'too late', at: '2026-11-29T18:00' })
  const first = await fires(id, '2026-11-22T18:00+01:00')
  const text =
    'Your week up to Sunday, 22 November:\n1 thing noted: Karin prefers tea\n2 things are left to do: tax, bins\n1 reminder in the week to come: dentist (Sun 29 Nov 17:59)'
  assert.deepEqual([first.status, first.told], ['completed', [`info: ${text}`]])
  const { memories } = (await act(2, 'list', { tags: ['weekly-review'] })) as { memories: { text: string }[] }
  assert.deepEqual(
    memories.map((one) => one.text),
    [text],
  )
  await act(2, 'remember', { text: 'the gate closes at ten' })
  const second = await fires(id, '2026-11-29T18:00+01:00')
  assert.deepEqual(second.told, [
    'info: Your week up to Sunday, 29 November:\n1 thing noted: the gate closes at ten\n2 things are left to do: tax, bins\nNo reminders in the week to come.',
  ])
})

test('the morning after, the briefing does not repeat the review', async (t) => {
  const { add, fires } = await openGallery(t)
  const [review, briefing] = [await add('weekly_review'), await add('morning_briefing')]
  const { told } = await fires(review, '2026-11-22T18:00+01:00')
  assert.deepEqual(told, [
    'info: Your week up to Sunday, 22 November:\nNothing noted.\nNothing is left on your to do list.\nNo reminders in the week to come.',
  ])
  const morning = await fires(briefing, '2026-11-23T07:00+01:00')
  assert.match(morning.told[0] ?? '', /\nNothing noted since yesterday\.$/)
})

test('what cannot be read is said, and the rest is kept all the same', async (t) => {
  const { add, act, ask, start } = await openGallery(t)
  const id = await add('weekly_review')
  await ask('agents.update', { id: '4', is_active: false })
  const { status, told } = await start(id)
  const text =
    'Your week up to Sunday, 22 November:\nNothing noted.\nYour to do list could not be read.\nNo reminders in the week to come.'
  assert.deepEqual([status, told], ['failed', [`info: ${text}`]])
  const { memories } = (await act(2, 'list')) as { memories: unknown[] }
  assert.equal(memories.length, 1)
})
