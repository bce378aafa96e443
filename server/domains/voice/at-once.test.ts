import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const ann = await openSpeaker()
const { say, app, events, user_id } = ann
const CLOSED = 'That question is closed already.'

/** Says the same from two clients at the same moment. */
async function twice(sentence: string, conversation: string): Promise<string[]> {
  const answers = await Promise.all([say(sentence, conversation), say(sentence, conversation)])
  return answers.map(({ response }) => response.text).toSorted()
}

test('two that agree at once to a workflow make one', async () => {
  await say('make a workflow called tidy that lists my tasks', 'a')
  assert.deepEqual(await twice('yes', 'a'), ['I have made “Tidy”.', CLOSED])
  assert.deepEqual(
    (await app.workflows.shown(user_id)).map(({ name }) => name),
    ['Tidy'],
  )
})

test('two that agree at once to a deed have it done once', async () => {
  await say('add milk, bread and eggs to my list')
  await say('remove milk and bread from my list', 'b')
  assert.deepEqual(
    await twice('yes', 'b'),
    ['Removed milk and bread from your to do list.', CLOSED].toSorted(),
  )
})

test('two that give at once what was asked for are one answer', async () => {
  await say('set a timer', 'c')
  await events()
  const answers = await twice('ten minutes', 'c')
  assert.equal(answers.filter((text) => text === CLOSED).length, 1, answers.join())
  const begun = (await events()).filter(({ name }) => name === 'agent:execution_started')
  assert.equal(begun.length, 1)
})

test('a yes and a no at once are the one that comes first, and the other changes nothing', async () => {
  await say('add oats and rye to my list')
  await say('set a timer', 'd')
  await say('remove oats and rye from my list', 'e')
  const [no, yes] = await Promise.all([say('no', 'e'), say('yes', 'e')])
  assert.deepEqual(
    [no.response.text, yes.response.text, yes.execution_id],
    ['All right, I leave it.', CLOSED, undefined],
  )
  // It did not close what another conversation has open.
  assert.equal((await say('ten minutes', 'd')).intent.action, 'timer')
})

test('of two at once the later one leaves open what the first has led to', async () => {
  await say('remind me to', 'f')
  const answers = await twice('call the bank', 'f')
  assert.deepEqual(answers, [CLOSED, 'When should I remind you?'])
  assert.match((await say('tomorrow at nine', 'f')).response.text, /^I will remind you to call the bank/)
})
