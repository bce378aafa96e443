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
    ['erinnere mich um 8 sobald es regnet an den Schirm', 'sobald es regnet'],
    ['erinnere mich um 8, falls es regnet, an den Schirm', 'falls es regnet'],
    ['erinnere mich um 8 es sei denn es regnet an den Schirm', 'es sei denn es regnet'],
    ['recuérdame a las 8 cuando llueva llevar el paraguas', 'cuando llueva'],
    ['recuérdame a las 8 en caso de que llueva llevar el paraguas', 'en caso de que llueva'],
    ['recuérdame a las 8 a menos que llueva llevar el paraguas', 'a menos que llueva'],
    ['whenever it rains remind me at 8 to take the umbrella', 'whenever it rains'],
    ['as soon as it rains add an umbrella to my to do list', 'as soon as it rains'],
    ['in case it rains remind me at 8 to take the umbrella', 'in case it rains'],
    ['only if it rains remind me at 8 to take the umbrella', 'if it rains'],
    ["if you can't find it add milk to my to do list", "if you can't find it"],
    ['if you have no reminders add milk to my to do list', 'if you have no reminders'],
    ['hey paios, please, if it rains, remind me at 8 to go', 'if it rains'],
  ] as const) {
    const [, text] = await hear(sentence, sentence)
    assert.ok(text.startsWith(`Nothing is done: I cannot watch for “${condition}`), `${sentence}: ${text}`)
  }
  assert.match((await hear('list my reminders'))[1], /^(?:No reminders are set|You have no reminders)/u)
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
    ['remind me tomorrow at 9 about SI units', /^I will remind you (?:to|about) SI units /],
    ['remind me tomorrow at 9 about Falls Church', /^I will remind you (?:to|about) Falls Church /],
    [
      'remind me tomorrow at 9: if the bus is late, walk',
      /^I will remind you about “if the bus is late, walk” /,
    ],
    ['remind me tomorrow at 9 when to phone Lea', /^I will remind you about “when to phone Lea” /],
    ['create an event When Doves Cry concert tomorrow at 8', /When Doves Cry concert/],
    ['add If I Stay to my to do list', /Shall I make it, with “If I Stay” on it\?$/],
  ] as const)
    assert.match((await hear(sentence, sentence))[1], said)
})

test('what is only polite is no condition, and no text of what is done', async () => {
  for (const [sentence, said] of [
    ['if you can, remind me at 5 to call Tom', /^I will remind you to call Tom at 17:00\.$/],
    ['if possible add eggs to my to do list', /^Added eggs to your to do list\.$/],
    ['if you can remind me at 5 to call Tom', /^I will remind you to call Tom at 17:00\.$/],
    ["remind me, if you don't mind, at 5 to call Tom", /^I will remind you to call Tom at 17:00\.$/],
    [
      "if it's not too much trouble, remind me at 5 to call Tom",
      /^I will remind you to call Tom at 17:00\.$/,
    ],
    ['before I forget: add eggs to my to do list', /^Added eggs to your to do list\.$|already/],
    ['wenn möglich, erinnere mich um 5 an Lea', /^I will remind you to Lea /],
    ['si puedes, recuérdame a las 5 llamar a Lea', /^I will remind you to llamar a Lea /],
    ['When you have a moment, remind me tomorrow to eat', /^I will remind you to eat tomorrow/],
  ] as const)
    assert.match((await hear(sentence, sentence))[1], said)
})

test('a list that is to be made with nothing on it is no entry of another list', async () => {
  for (const sentence of [
    'create a shopping list',
    'hey PAIOS, could you create a shopping list',
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
    'remind me the day before the 24th to call',
  ])
    assert.match((await hear(sentence, sentence))[1], /^I will remind you to call/, sentence)
  for (const [sentence, said] of [
    [
      'remind me on Friday to look at flats in London to rent',
      /^I will remind you to look at flats in London to rent /,
    ],
    ['remind me at 5 in time to catch the train', /^I will remind you /],
    [
      'remind me at 9 in May to renew the passport',
      /^I will remind you to renew the passport on 1 May 2027 at 09:00/,
    ],
  ] as const)
    assert.match((await hear(sentence, sentence))[1], said, sentence)
})
