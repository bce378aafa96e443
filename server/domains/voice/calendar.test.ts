import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { say, hear } = await openSpeaker()

test('questions about a day go to the calendar, in every way to ask', async () => {
  await say('remind me tomorrow at 19:00 to sing in the choir')
  for (const sentence of [
    "what's on tomorrow",
    'what happens tomorrow',
    'what do I have on tomorrow',
    'what is on my calendar tomorrow',
    'anything planned for tomorrow',
    'what does tomorrow look like',
  ])
    assert.deepEqual(
      await hear(sentence),
      ['agenda', 'Tomorrow: the reminder to sing in the choir at 19:00.'],
      sentence,
    )
  assert.deepEqual(await hear("what's on tonight"), ['agenda', 'Nothing is in your calendar tonight.'])
  assert.deepEqual(await hear('what happens on 10 December'), [
    'agenda',
    'Nothing is in your calendar on 10 December.',
  ])
  assert.deepEqual(await hear('when is choir practice'), [
    'find_event',
    'The reminder to sing in the choir tomorrow at 19:00.',
  ])
  assert.equal((await hear("what's on the shopping list"))[0], 'list')
})

test('days that are left out, and reminders of a day or a week, are understood as they are said', async () => {
  const [action, text] = await hear('every day except sunday at 7 wake me')
  assert.equal(action, 'remind')
  assert.match(text ?? '', /^I will remind you to wake up every Monday, .* and Saturday at 07:00/)
  for (const [sentence, said] of [
    ['what are my reminders for tomorrow', /^You have 2 reminders tomorrow: /],
    ['do I have any reminders today', /^No reminders are set today\.$/],
    ['what reminders do I have next week', /^You have 2 reminders next week: /],
  ] as const)
    assert.match((await hear(sentence))[1] ?? '', said, sentence)
})
