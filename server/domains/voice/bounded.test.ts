import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

// Sunday, 22 November 2026, 10:00 UTC.
const { hear } = await openSpeaker()

test('what repeats keeps its first and last day and what is left out, in each language', async () => {
  for (const [sentence, said] of [
    [
      'remind me about the bins every Monday at 8 for the next three weeks',
      'about the bins every Monday at 08:00, starting tomorrow, until 13 December.',
    ],
    [
      'remind me to stretch every day at 7 pm for a week',
      'to stretch every day at 19:00, starting today, until Saturday.',
    ],
    [
      'every day until Friday at 8 remind me to stretch',
      'to stretch every day at 08:00, starting tomorrow, until Friday.',
    ],
    [
      'remind me about the bins every Tuesday at 8 from January',
      'about the bins every Tuesday at 08:00, starting on 5 January 2027.',
    ],
    [
      'remind me every Monday at 8 about the bins, however not on 23 November',
      'about the bins every Monday at 08:00, starting on 30 November, but not tomorrow.',
    ],
    [
      'remind me every day at 7 to swim, Sundays excepted',
      'to swim every Monday, Tuesday, Wednesday, Thursday, Friday and Saturday at 07:00, starting tomorrow.',
    ],
    [
      'erinnere mich von Montag bis Freitag jeden Tag um 8 an die Arbeit',
      'to die Arbeit every weekday at 08:00, starting tomorrow.',
    ],
    [
      'recuérdame todos los días de lunes a viernes a las 8 trabajar',
      'to trabajar every weekday at 08:00, starting tomorrow.',
    ],
    [
      'remind me for the next 5 days at 9 to take the drops',
      'to take the drops every day at 09:00, starting tomorrow, until Friday.',
    ],
    [
      'remind me from monday to wednesday at 9 to feed the cat',
      'to feed the cat every day at 09:00, starting tomorrow, until Wednesday.',
    ],
    [
      'erinner mich jeden montag um acht an die tonnen, die nächsten drei wochen',
      'to die tonnen every Monday at 08:00, starting tomorrow, until 13 December.',
    ],
    [
      'recuérdame los próximos cinco días a las 9 el antibiótico',
      'to el antibiótico every day at 09:00, starting tomorrow, until Friday.',
    ],
    [
      'remind me every other day at 7pm starting tomorrow to water the plants',
      'to water the plants every 2 days at 19:00, starting tomorrow.',
    ],
    [
      'remind me every morning except in August at 7 to run',
      'to run every day at 07:00, starting tomorrow, but not from 1 August 2027 to 31 August 2027.',
    ],
    [
      'erinnere mich jeden Tag um 8 bis Freitag an die Pillen',
      'to die Pillen every day at 08:00, starting tomorrow, until Friday.',
    ],
    [
      'recuérdame cada noche a las 7 hasta el viernes regar las plantas',
      'to regar las plantas every day at 19:00, starting today, until Friday.',
    ],
  ] as const)
    assert.equal((await hear(sentence, sentence))[1], `I will remind you ${said}`, sentence)
})

test('what nobody here knows the days of is named, and nothing is done', async () => {
  for (const [sentence, words] of [
    ['every Monday in summer at 8 remind me to mow', 'in summer'],
    ['remind me every day at 8 except on public holidays to log in', 'except on public holidays'],
    ['put swimming in my calendar every Monday at 8 until March', 'until March'],
    ['remind me to take the pills three times a day until friday', 'three times a day'],
    ['remind me every thursday at 5pm to do the till, except for thanksgiving', 'except for thanksgiving'],
    [
      'erinnere mich jeden freitag um 16 uhr an den bericht, aber diesen freitag nicht',
      'aber diesen freitag nicht',
    ],
  ] as const) {
    const [, text] = await hear(sentence, sentence)
    assert.equal(
      text,
      `Nothing is done: I cannot keep to “${words}” there. Say it without that, or with a day or a date.`,
    )
  }
})

test('of times that are denied and of a choice nothing becomes another time or words of it', async () => {
  for (const [sentence, said] of [
    [
      'remind me not on Monday but on Tuesday at 9 to call Ed',
      /^I will remind you to call Ed on Tuesday at 09:00\.$/,
    ],
    ['remind me tomorrow at 9, no, at 10, to call Bo', /^I will remind you to call Bo tomorrow at 10:00\.$/],
    [
      'remind me to pick up leo at 4, sorry, I mean half past 4',
      /^I will remind you to pick up leo at 16:30\.$/,
    ],
    ['erinnere mich morgen um 5, ach nein, um 6 an Lea', /^I will remind you to Lea tomorrow at 18:00\.$/],
    ['remind me tomorrow to say no, I mean it', /^I will remind you to say no, you mean it tomorrow/],
    ['set an alarm for 7 tomorrow, not today', /^The alarm will ring tomorrow at 07:00\.$/],
    [
      'erinnere mich nicht am Montag sondern am Dienstag um 9 an Lea',
      /^I will remind you to Lea on Tuesday at 09:00\.$/,
    ],
    ['remind me on Monday or Tuesday at 9 to call the bank', /^Nothing is done: I take one time at once\./],
    ['remind me at noon, or better at 1, to call Tom', /^Nothing is done: I take one time at once\./],
    ['erinnere mich am Montag oder Dienstag um 9 an Lea', /^Nothing is done: I take one time at once\./],
    [
      'remind me on Friday the 13th at 9 to stay in',
      /^I will remind you to stay in on 13 August 2027 at 09:00\.$/,
    ],
  ] as const)
    assert.match((await hear(sentence, sentence))[1], said, sentence)
})

test('what is left over of a time is no word of the reminder, and a number in what it is about is', async () => {
  for (const [sentence, words] of [
    ['remind me at 9 on the dot to call Bo', 'the dot'],
    ['remind me no later than 9 tomorrow to call Bo', 'no later than 9'],
    ['remind me in an hour or two to call Bo', 'or two'],
  ] as const)
    assert.match(
      (await hear(sentence, sentence))[1],
      new RegExp(`I did not understand “${words}” there`),
      sentence,
    )
  for (const [sentence, said] of [
    ['remind me tomorrow to buy 3 tickets to Rome', 'to buy 3 tickets to Rome tomorrow at 09:00.'],
    ['remind me in 2 hours about the 3 tickets to Rome', 'about the 3 tickets to Rome at 13:00.'],
    ['remind me on Tuesday the trip to Rome starts', 'about the trip to Rome starts on Tuesday at 09:00.'],
  ] as const)
    assert.equal((await hear(sentence, sentence))[1], `I will remind you ${said}`, sentence)
  assert.match(
    (await hear('remind my wife to call Tom tomorrow at 9'))[1],
    /I can remind you, and not “my wife”/,
  )
  assert.match(
    (await hear('remind me to remind Bob to swim tomorrow at 9'))[1],
    /^I will remind you to remind Bob/,
  )
  const twice = await hear('remind me to lock up every night at 10 and on Sundays at 9')
  assert.match(twice[1], /^I did not understand when: /)
})

test('in what is only kept no time is left out', async () => {
  const sentence = 'remember that the shop is open on Monday and not on Tuesday'
  assert.equal((await hear(sentence))[1], 'I will remember: the shop is open on Monday and not on Tuesday.')
})

test('a question about a stretch of time is about that stretch', async () => {
  await hear('remind me tomorrow at 7 to run')
  await hear('remind me tomorrow at 15:30 to call Tom')
  for (const [sentence, said] of [
    ['what do I have before noon tomorrow', /^Tomorrow before noon: (?!.*call Tom).*run at 07:00/],
    [
      'what do I have tomorrow between 3 and 4 pm',
      /^Tomorrow from 15:00 to 16:00: the reminder to call Tom at 15:30\.$/,
    ],
    ['what is on tomorrow afternoon', /^Tomorrow in the afternoon: .*call Tom/],
    ['what do I have tomorrow at three in the afternoon', /^Tomorrow from 15:00 on: .*call Tom/],
  ] as const)
    assert.match((await hear(sentence))[1], said, sentence)
})
