import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD } from '../../../../test/app.ts'
import { FAILS, QUESTION, SET, WAITS, openPlanner } from './rig.ts'

const ann = await openPlanner()
const { say, text, make, look, runs } = ann
const bob = await ann.app.auth.addUser('bob@example.org', PASSWORD)
const morning = await make('Morning briefing', {
  trigger: { type: 'schedule', conditions: { cron: '0 8 * * 1-5' } },
})
await make('Evening summary', { steps: [WAITS] })
await make('Shopping', { steps: [QUESTION] })
await make('Secret plan', {}, bob.id)

test('a workflow is started by every way to say it, and the answer has its run', async () => {
  for (const sentence of [
    'run the morning briefing',
    'start the morning briefing workflow',
    'execute workflow morning briefing',
    'please run my briefing',
    'start the weekday workflow',
    'run the mornign breifing',
    'agent 0, run the briefing',
  ]) {
    const answer = await say(sentence)
    assert.equal(answer.response.text, 'Started “Morning briefing”.', sentence)
    assert.deepEqual([answer.intent.action, answer.agent_routing.target_agent], ['run_workflow', null])
    assert.deepEqual([answer.workflow_id, answer.execution_id], [morning.id, undefined])
    const run = await look(answer.workflow_execution_id)
    assert.deepEqual([run.status, run.trigger_source], ['completed', 'voice'])
    assert.deepEqual(run.trigger, { type: 'voice_command', source: 'voice', text: sentence })
  }
})

test('a workflow that is not there is said to be none, with those that are, and nothing is started', async () => {
  const before = (await runs()).length
  const yours = 'Yours: “Evening summary”, “Morning briefing” and “Shopping”.'
  assert.equal(await text('run the backup workflow'), `You have no workflow called “backup”. ${yours}`)
  assert.equal(await text('stop the backup workflow'), `You have no workflow called “backup”. ${yours}`)
  assert.equal(await text('turn off the backup workflow'), `You have no workflow called “backup”. ${yours}`)
  assert.equal((await runs()).length, before)
})

test('what another user has is never found, started, explained, switched or told', async () => {
  for (const sentence of [
    'run the secret plan workflow',
    'what does the secret plan workflow do',
    'turn off the secret plan workflow',
    'did the secret plan workflow run',
    'approve the secret plan workflow',
  ])
    assert.match(await text(sentence), /^You have no workflow called “secret plan”\./, sentence)
  for (const sentence of ['run the secret plan', 'stop the secret plan', 'list workflows'])
    assert.doesNotMatch(await text(sentence), /Secret plan/, sentence)
})

test('of two that fit it asks which, and the answer decides', async () => {
  await make('Backup of photos')
  await make('Backup of letters')
  const asked = await say('run the backup workflow', 'which')
  assert.equal(asked.response.text, 'Which one: “Backup of letters” or “Backup of photos”?')
  assert.deepEqual([asked.response.requires_followup, asked.workflow_execution_id], [true, undefined])
  assert.equal(await text('the photos', 'which'), 'Started “Backup of photos”.')
  await say('run the backup workflow', 'which')
  assert.equal(await text('no', 'which'), 'All right, I leave it.')
  await say('run the backup workflow', 'which')
  assert.match(await text('purple', 'which'), /^You have no workflow called “purple”/)
})

test('without a name it asks for one', async () => {
  assert.equal(await text('run a workflow', 'name'), 'Which workflow?')
  assert.equal(await text('the morning briefing', 'name'), 'Started “Morning briefing”.')
})

test('one workflow is stopped by its name and the others go on; "stop" stops them all', async () => {
  const first = await say('run the evening summary')
  const second = await say('run shopping')
  assert.equal((await look(first.workflow_execution_id)).status, 'executing')
  assert.equal(await text('stop the evening summary'), 'Stopped “Evening summary”.')
  assert.equal((await look(first.workflow_execution_id)).status, 'stopped')
  assert.equal((await look(second.workflow_execution_id)).status, 'executing')
  assert.equal(await text('stop the evening workflow'), '“Evening summary” is not running.')
  assert.equal(await text('stop the workflow'), 'Stopped “Shopping”.')
  assert.equal(await text('stop that workflow'), 'No workflow is running.')
  await say('run the evening summary')
  await say('run the evening summary')
  assert.equal(await text('stop the evening summary'), 'Stopped 2 runs of “Evening summary”.')
  await say('run shopping')
  assert.match(await text('stop'), /Shopping/)
})

test('a run that waits for approval is approved or declined by what is said, and only that one', async () => {
  assert.equal(await text('approve it'), 'No workflow waits for your approval.')
  for (const [sentence, said, approved] of [
    ['approve it', 'Approved: “Shopping” goes on.', true],
    ['yes, go on', 'Approved: “Shopping” goes on.', true],
    ['approve the shopping', 'Approved: “Shopping” goes on.', true],
    ['decline the shopping workflow', 'Declined: “Shopping” goes on without it.', false],
    ["don't approve it", 'Declined: “Shopping” goes on without it.', false],
  ] as const) {
    const { workflow_execution_id } = await say('run shopping')
    await look(workflow_execution_id)
    const answer = await say(sentence)
    assert.equal(answer.response.text, `${said} It had asked: Shall I go on?`, sentence)
    assert.equal(answer.workflow_execution_id, workflow_execution_id)
    ann.clock.advance(0)
    const { steps } = await look(workflow_execution_id)
    assert.deepEqual(steps[0]?.result, { approved })
  }
  assert.equal(await text('approve the briefing'), '“Morning briefing” does not wait for your approval.')
})

test('which of several that wait is meant is asked, and of two runs of one workflow none is guessed', async () => {
  await make('Garden', { steps: [QUESTION] })
  for (const sentence of ['run shopping', 'run the garden'])
    await look((await say(sentence)).workflow_execution_id)
  assert.equal(await text('approve it', 'two'), 'Which one: “Garden” or “Shopping”?')
  assert.match(await text('garden', 'two'), /^Approved: “Garden” goes on\./)
  await look((await say('run shopping')).workflow_execution_id)
  assert.equal(
    await text('approve the shopping'),
    '2 steps of “Shopping” wait for your approval: answer them one by one with: paios workflows resume',
  )
  await say('stop')
})

test('a yes is never guessed: what only resembles an approval is asked about first', async () => {
  const { workflow_execution_id } = await say('run shopping', 'guess')
  await look(workflow_execution_id)
  for (const sentence of ['yes', 'I approve the waiting workflow', 'ok', 'sure thing', 'it may go on'])
    await say(sentence, `guess ${sentence}`)
  assert.equal((await look(workflow_execution_id)).steps[0]?.status, 'waiting')
  await say('stop')
})

test('what a workflow does is explained, and whether it is off', async () => {
  const said = await text('what does the morning workflow do')
  assert.match(
    said,
    /^“Morning briefing”: Every weekday at 08:00, it runs one step\. That is to: work something out\./,
  )
  assert.equal(await text('explain the morning briefing'), said)
  await say('turn off the morning briefing')
  assert.equal(await text('explain the morning briefing'), `${said} It is switched off.`)
  assert.equal(await text('run the morning briefing'), 'Started “Morning briefing”.')
  await say('turn on the morning briefing')
})

test('a sentence over the quota of the day starts nothing and says so', async () => {
  const { openTestApp, UNLIMITED } = await import('../../../../test/app.ts')
  const tiers = {
    ...UNLIMITED.tiers,
    enterprise: { ...UNLIMITED.tiers.enterprise, workflow_executions_per_day: 1 },
  }
  const server = await openTestApp({ limits: { tiers } })
  const { token, user_id } = await server.claim()
  const definition = { ...morning.definition, steps: [SET, FAILS] }
  await server.app.kernel.store.write((tx) =>
    server.app.workflows.create(tx, user_id, { name: 'Tea', definition }),
  )
  const said = async () => server.ask(token, 'voice.process', { text_fallback: 'run tea' })
  assert.equal((await said()).response.text, 'Started “Tea”.')
  const { response, workflow_execution_id } = await said()
  assert.match(response.text, /^I did not start “Tea”\. Too many calls: 1 workflow executions per day\./)
  assert.equal(workflow_execution_id, undefined)
  await server.remove()
})
