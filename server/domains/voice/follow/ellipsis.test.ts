import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from '../rig.ts'
import { talk } from './rig.ts'

const opened = await openSpeaker()
const { ask, token, clock } = opened

const process = (text_fallback: string, dry_run: boolean) =>
  ask(token, 'voice.process', { text_fallback, dry_run, context: { conversation_id: 'dry' } })

const TALKS: Readonly<Record<string, [said: string, place: string, answer: string][]>> = {
  'another time in place of the first, whose day or clock time stays': [
    [
      'remind me tomorrow at 6 pm to call mum',
      '3 remind',
      'I will remind you to call mum tomorrow at 18:00.',
    ],
    [
      'no, at seven',
      '3 remind',
      'Undone: I will remind you to call mum tomorrow at 18:00. I will remind you to call mum tomorrow at 19:00.',
    ],
    [
      'make it eight',
      '3 remind',
      'Undone: I will remind you to call mum tomorrow at 19:00. I will remind you to call mum tomorrow at 20:00.',
    ],
    ['and on Friday', '3 remind', 'I will remind you to call mum on Friday at 20:00.'],
    [
      'what reminders do I have',
      '3 list',
      'You have 2 reminders: call mum tomorrow at 20:00 and call mum on Friday at 20:00.',
    ],
  ],
  'a number is of the unit that was said': [
    ['set a timer for five minutes', '3 timer', 'Timer set for 5 minutes. It will be up at 11:05.'],
    [
      'make it six',
      '3 timer',
      'Undone: Timer set for 5 minutes. It will be up at 11:05. Timer set for 6 minutes. It will be up at 11:06.',
    ],
    [
      'no, two hours',
      '3 timer',
      'Undone: Timer set for 6 minutes. It will be up at 11:06. Timer set for 2 hours. It will be up at 13:00.',
    ],
  ],
  'more of the same, and what is only looked at': [
    ['add milk to my shopping list', '4 add', 'Added milk to your shopping list.'],
    ['and eggs', '4 add', 'Added eggs to your shopping list.'],
    ['what is on my shopping list', '4 list', 'On your shopping list are milk and eggs.'],
    ['and the party list?', '4 list', 'Your party list is empty. There is also shopping with 2 items.'],
  ],
  'another day of the calendar': [
    ['what is on my calendar on Tuesday', '3 agenda', 'Nothing is in your calendar on Tuesday.'],
    ['and Wednesday?', '3 agenda', 'Nothing is in your calendar on Wednesday.'],
  ],
  'a whole command after no takes the place of the last one': [
    ['add bread to my list', '4 add', 'Added bread to your to do list.'],
    [
      'no, add butter to my list',
      '4 add',
      'Undone: Added bread to your to do list. Added butter to your to do list.',
    ],
    ['no, undo', '0 undo', 'Undone: Added butter to your to do list.'],
  ],
}
for (const [what, turns] of Object.entries(TALKS)) {
  test(what, async () => {
    const heard = await talk(
      opened,
      turns.map(([said]) => said),
    )
    assert.deepEqual(
      heard,
      turns.map(([, place, answer]) => [place, answer]),
    )
  })
}

test('what only sounds like a going on takes nothing back', async () => {
  const said = ['add tea to my list', 'no, that is wrong', 'no thanks', 'and why is that?', 'no, stop']
  const heard = await talk(opened, said)
  assert.ok(
    heard.slice(1).every(([place, answer]) => place !== '4 add' && !answer.startsWith('Undone')),
    JSON.stringify(heard),
  )
  assert.match((await opened.say('what is on my to do list')).response.text, /tea/)
})

test('a question about something with an effect is asked back, and done when agreed', async () => {
  const heard = await talk(opened, ['remind me at 9 pm to lock up', 'and tomorrow?', 'yes'])
  assert.match(heard[1]?.[1] ?? '', /^Shall I ask Reminders & Calendar to .*tomorrow at 21:00.*\?$/)
  assert.deepEqual(heard[2], ['3 remind', 'I will remind you to lock up tomorrow at 21:00.'])
})

test('after two minutes there is nothing to go on from, and in another conversation never', async () => {
  await opened.say('set a timer for seven minutes', 'a')
  assert.notEqual((await opened.say('make it nine', 'b')).intent.action, 'timer')
  clock.advance(120_000)
  assert.notEqual((await opened.say('make it nine', 'a')).intent.action, 'timer')
})

test('a dry run takes nothing back and is nothing to go on from', async () => {
  await process('set a timer for 20 minutes', false)
  const tried = await process('make it 30', true)
  assert.deepEqual(tried.intent.entities, { seconds: 1_800 })
  assert.equal(tried.response.text, 'Nothing was done: this was a dry run.')
  const real = await process('make it 40', false)
  assert.match(real.response.text, /^Undone: Timer set for 20 minutes.* Timer set for 40 minutes/)
})

test('a client without a conversation here sends what was said before', async () => {
  const context = {
    conversation_id: 'stateless',
    conversation_history: ['hello', 'what is on my calendar on Monday'],
  }
  const { intent, response } = await ask(token, 'voice.process', { text_fallback: 'and Saturday?', context })
  assert.deepEqual([intent.action, response.text], ['agenda', 'Nothing is in your calendar on Saturday.'])
})
