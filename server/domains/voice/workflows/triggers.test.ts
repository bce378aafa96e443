import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD } from '../../../../test/app.ts'
import { SET, openPlanner } from './rig.ts'

const ann = await openPlanner()
const { say, text, make, look, runs } = ann
const bob = await ann.app.auth.addUser('bob@example.org', PASSWORD)
const voice = (phrase: string) => ({ trigger: { type: 'voice_command' as const, conditions: { phrase } } })
const bedtime = await make('Bedtime', voice('good night [everybody]'))

test('the phrase of a workflow starts it, with the sentence as its trigger', async () => {
  const answer = await say('Good night, everybody!')
  assert.deepEqual(
    [answer.response.text, answer.intent.action, answer.agent_routing.global_command, answer.workflow_id],
    ['Started “Bedtime”.', 'run_workflow', true, bedtime.id],
  )
  const run = await look(answer.workflow_execution_id)
  assert.deepEqual([run.status, run.trigger_source], ['completed', 'voice'])
  assert.deepEqual(run.trigger, { type: 'voice_command', source: 'voice', text: 'Good night, everybody!' })
  assert.notEqual((await say('good night moon')).intent.action, 'run_workflow')
})

test('slots of the phrase are under the trigger by their names, as their types say', async () => {
  await make('Water', voice('water {what} for {long:duration} [starting {at:time}]'))
  const { workflow_execution_id, intent } = await say(
    'water the Roses for ten minutes starting tomorrow at noon',
  )
  const slots = { what: 'the Roses', long: 600, at: '2026-11-23T12:00:00+01:00' }
  assert.deepEqual(intent.entities, slots)
  assert.deepEqual((await look(workflow_execution_id)).trigger, {
    ...slots,
    type: 'voice_command',
    source: 'voice',
    text: 'water the Roses for ten minutes starting tomorrow at noon',
  })
  const { steps } = await look((await say('water it for an hour')).workflow_execution_id)
  assert.match(JSON.stringify(steps[0]?.result), /"long":3600[,}]/)
})

test('slots that are named as the trigger’s own fields do not take their place', async () => {
  await make('Forged', voice('forge {type} by {source} with {text}'))
  const sentence = 'forge manual by somebody with hammers'
  const { trigger } = await look((await say(sentence)).workflow_execution_id)
  assert.deepEqual(trigger, { type: 'voice_command', source: 'voice', text: sentence })
})

test('a phrase that is the system’s or an agent’s own stays theirs', async () => {
  for (const phrase of ['stop', 'status', 'list agents', 'add {items} to my list'])
    await make(`Takes ${phrase}`, voice(phrase))
  const before = (await runs()).length
  assert.equal(await text('stop'), 'Nothing was running.')
  for (const sentence of ['status', 'list agents', 'add milk to my list'])
    assert.notEqual((await say(sentence)).intent.action, 'run_workflow', sentence)
  assert.equal((await runs()).length, before)
})

const is = async (sentence: string) => (await say(sentence)).intent.action === 'run_workflow'

test('a phrase begins with its workflow and ends with it: changed, off, on, deleted, brought back', async () => {
  const { id, definition } = await make('Tea time', voice('make tea'))
  const token = await ann.signed()
  assert.equal(await is('make tea'), true)
  await ann.ask(token, 'workflows.update', { id, definition: { ...definition, ...voice('brew tea') } })
  assert.deepEqual([await is('make tea'), await is('brew tea')], [false, true])
  await ann.ask(token, 'workflows.update', { id, is_active: false })
  assert.equal(await is('brew tea'), false)
  await ann.ask(token, 'workflows.update', { id, is_active: true })
  assert.equal(await is('brew tea'), true)
  await ann.ask(token, 'workflows.delete', { id })
  assert.equal(await is('brew tea'), false)
  const { modifications } = await ann.ask(token, 'system.modifications', {})
  await ann.app.kernel.store.write((tx) =>
    ann.app.changes.rollBack(tx, ann.user_id, { modification_id: modifications[0]?.id ?? '' }, ann.user_id),
  )
  assert.equal(await is('brew tea'), true)
})

test('an agent’s own trigger of this kind starts its workflow too', async () => {
  const { id } = await make('Sorting', { steps: [SET] })
  const conditions = { workflow_id: id, phrase: 'sort {what} out' }
  const config = { workflow_triggers: [{ type: 'voice_command' as const, conditions }] }
  await ann.ask(await ann.signed(), 'agents.update', { id: '4', config })
  const answer = await say('sort the drawers out')
  assert.deepEqual([answer.response.text, answer.workflow_id], ['Started “Sorting”.', id])
  assert.equal((await look(answer.workflow_execution_id)).trigger['what'], 'the drawers')
})

test('the phrase of another user means nothing', async () => {
  await make('Bobs', voice('open sesame'), bob.id)
  const { intent, workflow_execution_id } = await say('open sesame')
  assert.deepEqual([intent.action === 'run_workflow', workflow_execution_id], [false, undefined])
})

test('a proposal for a phrase is made, and from then on the phrase starts it', async () => {
  const { proposal } = await say('when I say movie night, list my tasks and then list my notes', 'made')
  assert.equal(proposal?.definition.trigger.type, 'voice_command')
  await say('yes', 'made')
  const { workflow_execution_id } = await say('movie night', 'made')
  assert.equal((await look(workflow_execution_id)).status, 'completed')
})

test('a phrase that is no template harms no other phrase', async () => {
  const { id } = await make('Later', voice('later phrase'))
  await ann.app.kernel.store.write((tx) => {
    const broken = JSON.stringify({ phrase: 'broken {phrase' })
    tx.connection.exec(`UPDATE workflow_triggers SET conditions = '${broken}' WHERE key = '${id}'`)
    return Promise.resolve()
  })
  assert.equal((await say('good night')).response.text, 'Started “Bedtime”.')
})
