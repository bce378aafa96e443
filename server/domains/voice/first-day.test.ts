import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD } from '../../../test/app.ts'
import { openSpeaker } from './rig.ts'
import { talk } from './follow/rig.ts'

const opened = await openSpeaker()
const { ask, token, app, clock, hear, say } = opened

/** Sentences that mean the same in three languages, and the one answer to all of them. */
const SAME: readonly (readonly [action: string, answer: string, sentences: readonly string[]])[] = [
  [
    'time',
    'It is 11:00 on Sunday, 22 November.',
    [
      'what time is it',
      'Hey, could you tell me the time please?',
      'do you have the time',
      'wie spät ist es',
      'wie viel Uhr ist es',
      'qué hora es',
    ],
  ],
  [
    'time',
    'Today is Sunday, 22 November 2026.',
    [
      "what's the date",
      "what is today's date",
      'what day is it today',
      'which day of the week is it',
      'welches Datum haben wir heute',
      'der wievielte ist heute',
      'qué día es hoy',
      'a cuánto estamos hoy',
    ],
  ],
  [
    'time',
    '24 December 2026 is a Thursday.',
    [
      'what day is the 24th of December',
      'which weekday is 24 December',
      'welcher Tag ist der 24. Dezember',
      'qué día cae el 24 de diciembre',
    ],
  ],
  ['time', 'In Tokyo it is 19:00 on Sunday, 22 November.', ['what time is it in Tokyo', 'time in tokyo']],
  ['time', '1 November 2026 was a Sunday.', ['what day was 1 November', 'welcher Tag war der 1. November']],
  [
    'list',
    'There are no such notes.',
    [
      'what did I ask you to remember',
      'what have i told you to remember',
      'what do you know about me',
      'was solltest du dir merken',
      'qué te dije que recordaras',
    ],
  ],
  [
    'recall',
    'I have nothing noted about "Ann".',
    [
      'what do you know about Ann',
      'what did I tell you to remember about Ann',
      'was weißt du über Ann',
      'qué sabes de Ann',
    ],
  ],
  [
    'list',
    'No timer is running.',
    [
      'how long is left on the timer',
      'how much time is left',
      'which timers are running',
      'wie lange läuft der Timer noch',
      'cuánto queda del temporizador',
    ],
  ],
  [
    'cancel',
    'No timer is running.',
    [
      'cancel the timer',
      'stop the egg timer',
      'stopp den Timer',
      'brich den Timer ab',
      'cancela el temporizador',
    ],
  ],
  [
    'snooze',
    'No timer is running.',
    [
      'add five minutes to the timer',
      'verlängere den Timer um fünf Minuten',
      'añade 5 minutos al temporizador',
    ],
  ],
  [
    'remind',
    'The alarm will ring tomorrow at 06:30.',
    [
      'set an alarm for 6:30 am',
      'set my alarm clock to half past six tomorrow morning',
      'stell einen Wecker auf 6:30',
      'pon una alarma mañana a las 6:30',
    ],
  ],
  [
    'delete_agent',
    'Nothing is done: I take one agent at a time. Say which, by its number or its name.',
    [
      'delete all agents',
      'remove every agent',
      'get rid of my agents',
      'lösche alle Agenten',
      'borra todos los agentes',
    ],
  ],
]
for (const [action, answer, sentences] of SAME)
  test(`"${sentences[0]}" and its like are answered: ${answer}`, async () => {
    for (const text of sentences) assert.deepEqual(await hear(text), [action, answer], text)
  })

test('what is asked of another time, event or place is answered by whoever knows it', async () => {
  assert.deepEqual(await hear('what time is it in Atlantis'), [
    'time',
    'I know no time zone of "Atlantis": say a city or country.',
  ])
  assert.equal((await hear('what time is it in Tokyo when it is 3 pm in London'))[0], 'convert')
  assert.equal((await hear('what time is my dentist appointment'))[0], 'find_event')
  assert.equal((await hear('what is on my calendar today'))[0], 'agenda')
})

test('the zone that a client names is the one that is told', async () => {
  const context = { user_preferences: { timezone: 'America/New_York' } }
  const { response } = await ask(token, 'voice.process', { text_fallback: 'what time is it', context })
  assert.equal(response.text, 'It is 05:00 on Sunday, 22 November.')
})

test('two reminders in one sentence are none, and it is said how to make them', async () => {
  const before = (await hear('which reminders are set'))[1]
  for (const [text, first, second] of [
    ['remind me to call mum at 5 and to buy milk at 6', 'at 5', 'at 6'],
    ['erinnere mich um 5 an Mama und um 6 an Milch', 'um 5', 'um 6'],
    ['recuérdame llamar a mamá a las 5 y comprar leche a las 6', 'a las 5', 'a las 6'],
  ] as const) {
    const { response } = await say(text)
    const said = `Nothing is done: I take one time at once. Say it once for “${first}”, and once for “${second}”.`
    assert.deepEqual([response.text, response.requires_followup], [said, true])
  }
  assert.equal(
    (await say('set timers for 3, 5 and 7 minutes')).response.text,
    'Nothing is done: I take one time at once. Say it once for “3 minutes”, once for “5 minutes”, and once for “7 minutes”.',
  )
  assert.equal((await hear('which reminders are set'))[1], before)
})

test('a list is corrected by its name, and what is no thing of a list is not put on one', async () => {
  const heard = await talk(opened, [
    'add milk to the shopping list',
    'no, the to do list',
    'i meant the party list',
  ])
  assert.deepEqual(heard.slice(1), [
    ['4 add', 'Undone: Added milk to your shopping list. Added milk to your to do list.'],
    ['4 add', 'Undone: Added milk to your to do list. Added milk to your party list.'],
  ])
  await talk(opened, [
    'add milk to the shopping list',
    'no, delete everything',
    'and delete everything',
    'no, undefined',
  ])
  assert.equal((await hear('show me the shopping list'))[1], 'On your shopping list is milk.')
})

test('a correction that leaves nothing to do instead names nothing', async () => {
  const [, [, answer] = []] = await talk(opened, ['what is 2 plus 3', 'no, agent 5'])
  assert.equal(
    answer,
    'I did not understand that. It was for agent 5, Data, already. Say what it should do instead.',
  )
})

test('a number after no is a value, and nothing is undone for it', async () => {
  const heard = await talk(opened, ['set an alarm for 6:30', 'no, 4417'])
  assert.deepEqual(heard[0]?.[0], '3 remind')
  assert.doesNotMatch(heard[1]?.[1] ?? '', /Undone/)
  assert.match((await hear('which reminders are set'))[1] ?? '', /06:30/)
})

test('timers of somebody else are neither told nor cancelled', async () => {
  const { email } = await app.auth.addUser('bob@example.org', PASSWORD)
  await hear('set a timer for ten minutes')
  const { access_token } = await ask(undefined, 'auth.login', { email, password: PASSWORD })
  for (const text_fallback of ['which timers are running', 'cancel the timer'])
    assert.equal(
      (await ask(access_token, 'voice.process', { text_fallback })).response.text,
      'No timer is running.',
    )
  clock.advance(60_000)
  assert.equal((await hear('how much time is left'))[1], 'The 10 minute timer has 9 minutes left.')
})
