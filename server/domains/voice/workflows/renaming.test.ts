import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from './rig.ts'

const ann = await openPlanner()
const { text, say, make, names } = ann
await make('Briefing')
await make('Long')

test('a workflow gets another name by every way to say it, and "undo" gives the old one back', async () => {
  for (const sentence of [
    'rename the briefing to morning paper',
    'rename my briefing workflow to morning paper',
    'rename workflow Briefing as morning paper',
    'change the name of the briefing to morning paper',
    'call the briefing "morning paper" from now on',
  ]) {
    assert.equal(await text(sentence), '“Briefing” is called “morning paper” now.', sentence)
    assert.deepEqual((await names()).toSorted(), ['Long', 'morning paper'], sentence)
    assert.equal(await text('undo'), 'Undone: Changed the workflow Briefing.')
  }
})

test('the new name is asked for when it was not said, and must be free', async () => {
  assert.equal(await text('rename the long workflow'), 'What should it be called?')
  assert.equal(await text('Slow one.'), '“Long” is called “Slow one” now.')
  assert.equal(await text('rename slow one'), 'What should it be called?')
  assert.match(await text('briefing'), /^I cannot do that: .*Briefing/i)
  assert.deepEqual((await names()).toSorted(), ['Briefing', 'Slow one'])
  assert.match(
    await text('rename the zeppelin to balloon'),
    /^You have no agent the zeppelin, and no workflow or list of that name\./,
  )
})

test('a list gets another name with all that is on it, unless another is called so, and "undo" gives it back', async () => {
  await say('add milk and tea to the groceries list')
  await say('add a saw to the tools list')
  const done = 'Your groceries list is called food now, with 2 items.'
  for (const sentence of [
    'rename the groceries list to food',
    'call my groceries list food from now on',
    'change the name of the groceries list to food',
  ]) {
    assert.equal(await text(sentence), done, sentence)
    assert.match(await text('what is on the food list'), /milk and tea/)
    assert.equal(await text('undo'), `Undone: ${done}`)
  }
  assert.equal(await text('rename the groceries list to tools'), 'You have a list called tools already.')
  assert.equal(await text('rename the party list to fun'), 'There is nothing on your party list.')
})

test('a reply that is an order of its own is no name, and the question is dropped', async () => {
  for (const [question, reply, action] of [
    ['rename agent 4', 'delete the tools list', 'remove'],
    ['rename the briefing', 'remind me to stretch', 'remind'],
    ['rename the briefing', 'did slow one run today', 'did_run'],
    ['delete a workflow', 'put milk on the shopping list', 'add'],
    ['rename the tools list', 'show me my notes', 'list'],
  ] as const) {
    assert.match(await text(question, 'dropped'), /\?$/, question)
    assert.equal((await say(reply, 'dropped')).intent.action, action, reply)
    await say('no', 'dropped')
  }
  assert.deepEqual((await names()).toSorted(), ['Briefing', 'Slow one'])
  await say('remind me', 'any')
  assert.equal(await text('delete the old photos', 'any'), 'When should I remind you?')
})
