import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from './rig.ts'

const ann = await openPlanner()
const { say, text } = ann

test('a condition about a list of one’s own is looked at each time, and what hangs on it is done only then', async () => {
  for (const [sentence, condition] of [
    ['every day at 10pm, if my to do list is empty, tell me well done', /\.length === 0$/],
    ['every friday at 5, unless my shopping list is empty, say go shopping', /^!\(.*\.length === 0\)$/],
  ] as const) {
    const { proposal, response } = await say(sentence)
    const steps = proposal?.definition.steps ?? []
    assert.deepEqual(
      steps.map(({ action }) => action),
      ['list', 'notify'],
      response.text,
    )
    assert.equal(steps[0]?.condition, undefined)
    assert.match(steps[1]?.condition ?? '', condition)
    await say('no')
  }
})

test('a condition that is not understood is named, and nothing is done at once or without it', async () => {
  const { proposal, response } = await say('every day at 10pm, if it rains, tell me to take an umbrella')
  assert.equal(proposal, undefined)
  assert.match(response.text, /^I cannot make that yet\. I did not understand “if it rains”\./)
})

test('whoever calls the webhook starts it, and an agent must be named', async () => {
  const { proposal } = await say('when someone calls my webhook, list my tasks and tell me')
  assert.equal(proposal?.definition.trigger.type, 'webhook')
  await say('no')
  assert.match(
    await text('when an agent fails, tell me'),
    /Say which agent, such as "when agent 8 fails, tell me"\./,
  )
})

test('of two orders in one sentence neither becomes part of the other', async () => {
  assert.equal(
    await text('put foo, bar on the shopping list and remind me at 9 to buy them', 'two'),
    'That is two things, and I do one at a time: say “put foo, bar on the shopping list” first, and then “remind me at 9 to buy them”.',
  )
  assert.equal((await say('remind me at 9 to wash and iron the shirts', 'one')).intent.action, 'remind')
})
