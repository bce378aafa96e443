import assert from 'node:assert/strict'
import { test } from 'node:test'
import { voice } from '../../../../contract/voice.ts'
import { findIssues } from '../../../kernel/validate.ts'
import { openPlanner } from './rig.ts'

const ann = await openPlanner()
const { say, text, names, make } = ann
const BRIEFING = 'every weekday at 8 make a briefing from my notes and reminders'

test('a sentence that asks for a workflow is answered with what would be made, and nothing is made yet', async () => {
  const answer = await say(BRIEFING)
  const { response, proposal, intent, agent_routing } = answer
  assert.deepEqual(findIssues(voice.process.output, answer), [])
  assert.deepEqual(
    [intent.action, intent.confidence, agent_routing.global_command],
    ['create_workflow', 1, true],
  )
  assert.deepEqual([response.requires_followup, agent_routing.target_agent], [true, null])
  assert.match(
    response.text,
    /^Every weekday at 08:00 \(Europe\/Berlin\), it runs 3 steps\. .* Shall I make it, as “.*”\?$/,
  )
  assert.equal(proposal?.name, 'Make a briefing from my notes and reminders')
  assert.deepEqual(proposal.definition.trigger, {
    type: 'schedule',
    conditions: { timezone: 'Europe/Berlin', cron: '0 8 * * 1-5' },
  })
  assert.match(proposal.diagram, /^flowchart TD\n/)
  assert.deepEqual([proposal.impact, proposal.unclear, await names()], [[], [], []])
})

test('a yes makes exactly what was proposed, and says when it runs first; a second yes makes nothing', async () => {
  const { proposal } = await say(BRIEFING)
  const made = await say('yes')
  assert.equal(made.response.text, `I have made “${proposal?.name}”. It runs first tomorrow at 08:00.`)
  assert.equal(made.response.requires_followup, false)
  const workflow = await ann.ask(ann.token, 'workflows.get', { id: made.workflow_id ?? '' })
  assert.deepEqual([workflow.definition, workflow.name], [proposal?.definition, proposal?.name])
  assert.deepEqual([workflow.description, workflow.is_active], [BRIEFING, true])
  assert.equal(await text('yes'), 'I have asked you nothing, or too long ago: please say it again.')
  assert.equal((await names()).length, 1)
  const { modifications } = await ann.ask(ann.token, 'system.modifications', {})
  assert.match(modifications[0]?.description ?? '', /^Created the workflow Make a briefing/)
})

test('what changes something is said as impact before the yes', async () => {
  const { proposal, response } = await say('every friday at 5 pm add clean the kitchen to my list', 'impact')
  assert.deepEqual(proposal?.impact, [
    'Step 1 changes something (Tasks & Lists): add clean the kitchen to my list.',
  ])
  assert.ok(response.text.includes(proposal.impact[0] ?? '-'))
})

test('a no, a stop or two minutes leave it', async () => {
  const before = await names()
  await say(BRIEFING, 'no')
  assert.equal(await text('no', 'no'), 'All right, I leave it.')
  await say(BRIEFING, 'no')
  await say('stop', 'no')
  await say('yes', 'no')
  await say(BRIEFING, 'no')
  await say('yes', 'elsewhere')
  ann.clock.advance(120_000)
  assert.match(await text('yes', 'no'), /^I have asked you nothing/)
  assert.deepEqual(await names(), before)
})

test('a name that is taken gets a number, so that the yes is not in vain', async () => {
  await make('Tidy')
  await make('tidy 2')
  const { proposal } = await say('make a workflow called tidy that lists my tasks', 'name')
  assert.equal(proposal?.name, 'Tidy 3')
  assert.equal(await text('yes please', 'name'), 'I have made “Tidy 3”.')
})

test('a name that is taken between the proposal and the yes is refused in a sentence', async () => {
  await say('make a workflow called raced that lists my tasks', 'raced')
  await make('Raced')
  const refused = await say('yes', 'raced')
  assert.equal(refused.response.text, 'I cannot do that: Another workflow has the name Raced.')
  assert.deepEqual([refused.response.requires_followup, refused.workflow_id], [true, undefined])
  assert.equal((await names()).filter((name) => name === 'Raced').length, 1)
})

test('without anything to do it asks what, and takes the answer even when it is a command', async () => {
  assert.equal(await text('make a workflow', 'what'), 'What should it do, and when?')
  const { proposal } = await say('list my tasks', 'what')
  assert.deepEqual(
    [proposal?.definition.trigger.type, proposal?.definition.steps[0]?.action],
    ['manual', 'list'],
  )
  await say('no', 'what')
  await say('create an automation', 'what')
  const { proposal: timed } = await say('every monday at 7 list my tasks', 'what')
  assert.equal(timed?.definition.trigger.conditions['cron'], '0 7 * * 1')
  assert.equal(await text('stop', 'what'), 'Nothing was running.')
})

test('what is not clear is asked back and not guessed', async () => {
  const part = await say(
    'every day at 7 list my tasks and then list the gravitational constant of mars',
    'unclear',
  )
  assert.equal(part.proposal?.unclear.length, 1, part.response.text)
  assert.match(part.response.text, /^I did not understand “.*mars”\. .* Shall I make “.*” without that\?$/)
  const none = await say('every day at 7 list the gravitational constant of mars', 'unclear')
  assert.match(
    none.response.text,
    /^I leave “List my tasks” for now\. I cannot make that yet\. I did not understand “.*mars”\. Say it in other words/,
  )
  assert.deepEqual([none.response.requires_followup, none.proposal], [true, undefined])
  assert.match(await text('yes', 'unclear'), /^I have asked you nothing/)
})

test('what would be refused is not proposed: a phrase that is taken, an agent that is off', async () => {
  const taken = await say('when i say stop, list my tasks and then list my notes', 'refused')
  assert.equal(taken.response.text, '“stop” is a command already: choose other words for it.')
  await ann.ask(await ann.signed(), 'agents.update', { id: '4', is_active: false })
  const off = await say('every day at 7 list my tasks', 'refused')
  assert.equal(off.proposal, undefined, off.response.text)
  await ann.ask(await ann.signed(), 'agents.update', { id: '4', is_active: true })
})

test('a dry run shows what would be proposed and leaves no question open', async () => {
  const input = { text_fallback: BRIEFING, context: { conversation_id: 'dry' }, dry_run: true }
  const { proposal, response } = await ann.ask(await ann.signed(), 'voice.process', input)
  assert.equal(response.text, 'Nothing was done: this was a dry run.')
  assert.equal(proposal?.definition.steps.length, 3)
  assert.match(await text('yes', 'dry'), /^I have asked you nothing/)
})

test('reminders, watches and lessons are no workflows, nor is what is said to one agent alone', async () => {
  for (const sentence of [
    'remind me every day at 8 to stretch',
    'remember that every monday at 8 we list our tasks',
    'when i say bedtime, tell agent 3 to list',
  ])
    assert.notEqual((await say(sentence, 'not')).intent.action, 'create_workflow', sentence)
  const reply = await ann.call(await ann.signed(), 'agents.voice', { id: '4', text_input: BRIEFING })
  assert.doesNotMatch(JSON.stringify(reply), /Shall I make it/)
})
