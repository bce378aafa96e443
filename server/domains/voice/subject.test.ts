import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from './workflows/rig.ts'

const ann = await openPlanner()
const { text, say, make, names } = ann
await make('Briefing')
await make('Tidy')
const agent = async (id: string) => {
  const { name, is_active } = await ann.ask(await ann.signed(), 'agents.get', { id })
  return is_active ? name : `(${name})`
}

test('"it" is the agent that was spoken of last, on or off, in every way to set it up', async () => {
  await text('turn off agent 7')
  for (const [sentence, said, is] of [
    ['turn it on again', 'Watcher is on again.', 'Watcher'],
    ['switch that off', 'Watcher is off.', '(Watcher)'],
    ['switch it back on', 'Watcher is on again.', 'Watcher'],
    ['rename it to lookout', 'Agent 7 is called lookout now.', 'lookout'],
    ['call it sentry from now on', 'Agent 7 is called sentry now.', 'sentry'],
    ['undo', 'Undone: Changed agent 7, lookout.', 'lookout'],
    ['disable it', 'lookout is off.', '(lookout)'],
    ['delete it', 'That deletes agent 7, lookout. Shall I?', '(lookout)'],
  ] as const) {
    assert.equal(await text(sentence), said, sentence)
    assert.equal(await agent('7'), is, sentence)
  }
  await text('no')
})

test('"it" is the workflow that was spoken of last, and what was just made', async () => {
  for (const [sentence, said] of [
    ['what does the briefing do', /^“Briefing”: /],
    ['turn it off', /^“Briefing” is switched off\.$/],
    ['turn it on again', /^“Briefing” is switched on\.$/],
    ['rename it to paper', /^“Briefing” is called “paper” now\.$/],
    ['run it', /^Started “paper”\.$/],
    ['make it run at 18:00', /^Shall “paper” run every day at 18:00/],
    ['no', /leave it/],
    ['delete it', /^Shall I delete “paper”\?/],
    ['no', /leave it/],
    ['make a workflow called press that lists my tasks', /Shall I make it/],
    ['yes', /^I have made “Press”/],
    ['turn it off', /^“Press” is switched off\.$/],
  ] as const)
    assert.match(await text(sentence), said, sentence)
  assert.deepEqual((await names()).toSorted(), ['(Press)', 'Tidy', 'paper'])
})

test('without anything spoken of, after other things and in another conversation "it" is asked about', async () => {
  await text('turn off tidy', 'a')
  assert.match(await text('rename it to x', 'b'), /^Which one\?/)
  await say('add milk to my list', 'a')
  assert.match(await text('rename it to x', 'a'), /^Which one\?/)
  assert.ok((await names()).includes('(Tidy)'))
})
