import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { hear } = await openSpeaker()

test('for a reminder at a time that no day has the time is asked for, and the rest is kept', async () => {
  for (const [sentence, none, answer] of [
    [
      'every day at 25:00 remind me to sleep',
      '25:00',
      'I will remind you to sleep every day at 22:00, starting today.',
    ],
    [
      'remind me every day to sleep at 8:75',
      '8:75',
      'I will remind you to sleep every day at 22:00, starting today.',
    ],
    ['remind me at 25:00 to sleep', '25:00', 'I will remind you to sleep at 22:00.'],
    ["remind me at 30 o'clock to sleep", "30 o'clock", 'I will remind you to sleep at 22:00.'],
  ] as const) {
    assert.deepEqual(await hear(sentence, sentence), [
      'remind',
      `${none} is no time of the day. When should I remind you?`,
    ])
    assert.deepEqual(await hear('22:00', sentence), ['remind', answer])
  }
})

test('a workflow at such a time is not made, and nothing is done at once instead', async () => {
  for (const [sentence, none] of [
    ['every day at 25:00 list my notes', '25:00'],
    ['list my notes every weekday at 24:30', '24:30'],
    ["every monday at 30 o'clock list my tasks", '30 oclock'],
  ] as const) {
    const [action, text] = await hear(sentence)
    assert.equal(action, 'create_workflow')
    assert.match(
      text,
      new RegExp(`^I cannot make that yet\\. This is not clear: ${none} is no time of the day\\.`),
    )
  }
})

test('of two times none is lost: it is said that they are taken one by one, and nothing is done', async () => {
  assert.deepEqual(await hear('remind me tomorrow and on friday to call mum', 'two'), [
    'remind',
    'Nothing is done: I take one time at once. Say it once for “tomorrow”, and once for “on friday”.',
  ])
  assert.match(
    (await hear('remind me every monday and friday at 9 to run', 'two'))[1],
    /every Monday and Friday/,
  )
  for (const [sentence, second] of [
    ['remind me in 20 minutes to take out the pizza and tomorrow at 8 to pay rent', 'tomorrow at 8'],
    ['erinnere mich in 20 Minuten an den Ofen und morgen um 8 an die Miete', 'morgen um 8'],
  ] as const)
    assert.match((await hear(sentence, sentence))[1], new RegExp(`^Nothing is done: .*“${second}”`))
  assert.doesNotMatch((await hear('list my reminders', 'two'))[1], /mum/)
})

test('of two timers none is lost, and one that has two parts is one', async () => {
  for (const [sentence, first, second] of [
    ['set a timer for five minutes and another one for ten minutes', 'for five minutes', 'for ten minutes'],
    ['set a tea timer for 5 minutes and an egg timer for 7 minutes', 'for 5 minutes', 'for 7 minutes'],
    ['set a timer for 5 and 10 minutes', '5 minutes', '10 minutes'],
    ['set a timer for 5 minutes and 10 minutes', 'for 5 minutes', '10 minutes'],
    ['set a 20 minute timer and a 5 minute timer', 'a 20 minute timer', 'a 5 minute timer'],
  ] as const)
    assert.match(
      (await hear(sentence, 'timers'))[1],
      new RegExp(`^Nothing is done: .*“${first}”.*“${second}”`),
    )
  assert.match((await hear('are any timers running', 'timers'))[1], /^No timer is running\.$/)
  assert.match(
    (await hear('set a timer for 5 minutes and 30 seconds', 'timers'))[1],
    /^Timer set for 5 minutes and 30/,
  )
  assert.match(
    (await hear('set a timer for an hour and a half', 'timers'))[1],
    /^Timer set for 1 hour and 30/,
  )
  for (const one of [
    'Stelle einen Timer für eine Stunde und zehn Minuten',
    'pon un temporizador de una hora y diez minutos',
  ])
    assert.match((await hear(one, 'timers'))[1], /^Timer set for 1 hour and 10/)
})

test('what somebody tells or asks about timers, reminders and lists is done by nobody unasked', async () => {
  for (const sentence of [
    'what does it mean to set a timer for 5 minutes',
    'should I set a timer for 5 minutes?',
    'I set a timer for ten minutes yesterday',
    'the recipe says to set a timer for 20 minutes',
    'there is a timer for 10 minutes in this game',
    'Mark said set a timer for 5 minutes',
    'an alarm woke me at 5',
    'he set a reminder for tomorrow at 9',
    'my boss told me to set an alarm for 6',
    'Tom said add milk to the list',
    'she asked me to add milk to the list',
  ]) {
    const [, text] = await hear(sentence, sentence)
    assert.doesNotMatch(text, /^(?:Timer set|I will remind|The alarm will|Added)/, sentence)
  }
})
