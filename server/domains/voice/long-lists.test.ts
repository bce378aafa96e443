import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { say, hear } = await openSpeaker()
const things = (count: number) => Array.from({ length: count }, (_, at) => `blue thing ${at}`).join(', ')

test('as many things as an action takes are put on a list in one sentence, whichever list it is', async () => {
  for (const [count, sentence, list] of [
    [40, `add ${things(40)} to the shopping list`, 'shopping'],
    [150, `put ${things(150)} on the party list`, 'party'],
    [200, `camping list: ${things(200)}`, 'camping'],
    [500, `add ${things(500)}`, 'to do'],
  ] as const) {
    const { intent, response } = await say(sentence, list)
    assert.deepEqual([intent.action, (intent.entities['items'] as string[]).length], ['add', count])
    assert.ok(response.text.endsWith(` and ${count - 5} more to your ${list} list.`), response.text)
  }
})

test('what is too long is told so and nothing of it is done', async () => {
  for (const [sentence, told] of [
    [`add ${things(501)} to the big list`, 'I cannot do that: more than 500 items at once are too many.'],
    [
      `add ${'x'.repeat(501)} to the big list`,
      'I cannot do that: each of the items must not have more than 500 characters.',
    ],
    [
      `hum ${'la '.repeat(7_000)}`,
      'I did not understand that. It is too long: I read 20,000 characters of a sentence.',
    ],
  ] as const)
    assert.equal((await say(sentence)).response.text, told)
  assert.match((await hear('what is on the big list'))[1], /^Your big list is empty/)
})
