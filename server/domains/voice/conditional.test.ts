import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { hear } = await openSpeaker()

test('what was to be done under a condition only is not done without it, and the condition is no text of it', async () => {
  for (const [sentence, condition] of [
    ['if it rains tomorrow remind me at 8 to take the umbrella', 'if it rains tomorrow'],
    ["remind me on weekdays unless it's a holiday at 7 to get up", "unless it's a holiday"],
    ['if there is no milk on the shopping list add it', 'if there is no milk on the shopping list'],
    ['remind me when I get home to feed the cat', 'when I get home'],
    ['wenn es regnet erinnere mich um 8 an den Schirm', 'wenn es regnet'],
    ['recuérdame a las 8 si llueve llevar el paraguas', 'si llueve'],
  ] as const) {
    const [, text] = await hear(sentence, sentence)
    assert.ok(text.startsWith(`Nothing is done: I cannot watch for “${condition}`), `${sentence}: ${text}`)
  }
  assert.match((await hear('list my reminders'))[1], /no reminders|nothing/iu)
})

test('a condition that is part of what is to be done, kept or listed is words like any other', async () => {
  for (const [sentence, said] of [
    ['remind me tomorrow at 9 to ask if the shop is open', /^I will remind you to ask if the shop is open /],
    ['remember that if the boiler drips I call Tom', /^I will remember: if the boiler drips you call Tom\.$/],
    [
      'remind me tomorrow at 9 to look before the door is locked',
      /^I will remind you to look before the door /,
    ],
    [
      'remind me about the day before the wedding on Friday at 5',
      /^I will remind you about the day before the /,
    ],
    ['add If I Stay to my to do list', /Shall I make it, with “If I Stay” on it\?$/],
  ] as const)
    assert.match((await hear(sentence, sentence))[1], said)
})

test('what is only polite is no condition, and no text of what is done', async () => {
  for (const [sentence, said] of [
    ['if you can, remind me at 5 to call Tom', /^I will remind you to call Tom at 17:00\.$/],
    ['if possible add eggs to my to do list', /^Added eggs to your to do list\.$/],
    ['When you have a moment, remind me tomorrow to eat', /^I will remind you to eat tomorrow/],
  ] as const)
    assert.match((await hear(sentence, sentence))[1], said)
})

test('a list that is to be made with nothing on it is no entry of another list', async () => {
  for (const sentence of [
    'create a shopping list',
    'make me a new packing list',
    'create a list for the party with cake on it',
  ])
    assert.match(
      (await hear(sentence, sentence))[1],
      /^Nothing is done: a list is made with what is put on it/,
    )
})

test('what is tied to the calendar, to a clock elsewhere or to a second order is told, and nothing is done', async () => {
  for (const [sentence, why] of [
    [
      'remind me 10 minutes before my next appointment',
      /I cannot tie a reminder to what is in your calendar/,
    ],
    ['remind me an hour before the meeting with Tom to print it', /I cannot tie a reminder to what is in/],
    ['remind me at 17:00 in Berlin to call Hans', /I did not understand “in Berlin” there/],
    ['remind me at 5 in the garden to water the roses', /I did not understand “in the garden” there/],
    ['add eggs, milk and flour to my shopping list and remind me at 5 to go shopping', /that is two things/],
    ['remember that I parked on level 3 and remind me of it at 7pm', /that is two things/],
  ] as const) {
    const [, text] = await hear(sentence, sentence)
    assert.match(text, /^Nothing is done: /, sentence)
    assert.match(text, why, sentence)
  }
  for (const sentence of [
    'remind me at 5 in the afternoon to call Hans',
    'remind me at noon in two days to call',
  ])
    assert.match((await hear(sentence, sentence))[1], /^I will remind you to call/, sentence)
})
