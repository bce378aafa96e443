import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { hear, say } = await openSpeaker()

test('a phrase is learnt for what is to be done, without saying which agent does it', async () => {
  await hear('add milk to my shopping list')
  for (const [lesson, phrase, action, said] of [
    [
      'when I say groceries, show me the shopping list',
      'groceries',
      'list',
      'On your shopping list is milk.',
    ],
    [
      'if I say "dinner" put pasta on the shopping list',
      'dinner',
      'add',
      'Added pasta to your shopping list.',
    ],
    ['every time I say “sum”, what is 2 + 3', 'sum', 'calculate', '2 + 3 is 5.'],
    ['when I say "what\'s the sum", what is 2 + 4', "what's the sum", 'calculate', '2 + 4 is 6.'],
  ] as const) {
    assert.equal((await hear(lesson))[0], 'teach_command', lesson)
    assert.deepEqual(await hear(phrase), [action, said])
  }
})

test('a phrase needs no sign behind it, means what was said last, and is no answer', async () => {
  assert.match(
    (await hear('when I say evening paper tell me my reminders'))[1] ?? '',
    /^When you say "evening paper", /u,
  )
  assert.equal((await hear('evening paper'))[0], 'list')
  await hear('when I say "purple  rain!", add milk to my list')
  await hear('when I say "purple rain", add rice to my list')
  assert.deepEqual(await hear('purple rain'), ['add', 'Added rice to your to do list.'])
  for (const answer of [
    'no',
    'yes',
    'yes do it',
    'of course',
    'ok',
    'never mind',
    'call it off',
    'don’t',
    'no thanks',
  ])
    assert.equal(
      (await hear(`when I say "${answer}", add milk to my list`))[1],
      `"${answer}" is an answer already, to whatever is asked.`,
    )
  assert.equal((await hear('if I say lights out then stop everything'))[0], 'teach_command')
})

test('where a phrase without signs may end in two places it is asked for', async () => {
  for (const sentence of [
    'when I say what should I watch list my notes',
    'when I say please add it show my list',
  ])
    assert.deepEqual(await hear(sentence, sentence), ['teach_command', 'Which agent is it for?'])
})

test('nothing is learnt of an order that is not understood, nor of a time that would stay the same', async () => {
  for (const sentence of [
    'when I say tea, polish the silver',
    'when I say "stop it now", stop everything',
    'if I say "help me", what can you do',
  ]) {
    const { response } = await say(sentence)
    assert.doesNotMatch(response.text, /^When you say/u, sentence)
  }
  const [action, text] = await hear('when I say "good night" tell me tomorrow’s reminders')
  assert.equal(action, 'create_workflow')
  assert.match(text ?? '', /^When you say "good night", it runs 2 steps/u)
})
