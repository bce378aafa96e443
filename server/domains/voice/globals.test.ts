import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openGlobals } from './globals.ts'
import { openSpeaker } from './rig.ts'

const ann = await openSpeaker()
const { app, hear, say } = ann

/** What can be said to the system as a whole, in several ways each. */
const TABLE = `
  status: status | Status, please! | what is going on | what's happening right now | paios, what are you doing
  list_agents: list agents | list all my agents | show me the agents | which agents are there | list_agents
  list_workflows: which workflows are off | list the active workflows | list workflows | show me all the workflows | what workflows do i have | list_workflows
  stop: stop | STOP! | stop it | stop everything | halt | abort | cancel everything | stop all agents | enough
  undo: undo | undo that | take it back | undo the last step | revert
  redo: redo | do it again | redo the last change | undo the undo
  explain_routing: explain routing | explain your routing | why did that go to agent 4 | why that agent
  health: health | system health check | are you ok | is everything working | how are you
  what_changed: what changed | what has changed | what changed today | what_changed
  rename_agent: rename agent 97 to x | rename the agent 97 to x
  switch_agent_on: turn agent 97 on | switch on agent 97 | enable agent 97
  switch_agent_off: turn agent 97 off | switch off agent 97 | disable agent 97
  delete_agent: delete agent 97 | remove the agent 97
  create_workflow: make a workflow | create a new automation | i want another routine | every day at 9 list my tasks
  run_workflow: run the tidy workflow | start workflow tidy | please trigger my tidy automation | run a workflow
  stop_workflow: stop the tidy workflow | cancel workflow tidy | stop that workflow | abort my routine
  turn_on_workflow: turn on the tidy workflow | switch the tidy workflow on | enable workflow tidy
  turn_off_workflow: turn off the tidy workflow | switch the tidy workflow off | disable workflow tidy
  rename_workflow: rename workflow tidy to neat | rename the tidy workflow to neat | rename my tidy routine neat
  reschedule_workflow: change the tidy workflow to 9 | reschedule workflow tidy | let my tidy routine run at 9
  switch_workflows: turn all workflows off | switch off all my workflows | pause all workflows
  delete_workflow: delete the tidy workflow | remove workflow tidy | get rid of my tidy routine | delete a workflow
  explain_workflow: what does the tidy workflow do | explain workflow tidy | how does my tidy automation work | show me workflow tidy
  next_run: when does the tidy workflow run next | when is workflow tidy due | when will my tidy routine run again
  why_failed: why did the tidy workflow fail | why did workflow tidy not run yesterday | what went wrong with the tidy routine
  did_run: did the tidy workflow run | has my tidy routine run today | when did the tidy workflow last run
  list_runs: show me the last runs of the tidy workflow | list the history of workflow tidy
  coming_runs: what runs tomorrow | which workflows run tonight | what will run next | when do my workflows run
  what_ran: what ran today | which workflows ran this week | what did you run yesterday | what has run
  what_failed: which workflows failed last night | did any of my workflows fail | did any workflows fail yesterday
  approve_run: approve it | approve that | yes, go on | approve the tidy workflow | go on with the workflow tidy
  decline_run: decline it | do not approve it | don't approve that | reject the tidy workflow
  list_gallery: what is in the gallery | show me the workflow gallery | what workflows can I install
  take_workflow: install the habit reminder | add the link checker from the gallery
  edit_workflow: add a step to the tidy workflow | change the steps of my tidy workflow
  rest_workflow: pause the tidy workflow until monday | pause my tidy workflow for two weeks`

test('every global command is understood in each of its ways, by the table and with certainty', async () => {
  for (const line of TABLE.trim().split('\n')) {
    const [action, sentences = ''] = line.trim().split(': ')
    for (const sentence of sentences.split(' | ')) {
      const { intent, agent_routing, execution_id } = await say(sentence, sentence)
      assert.deepEqual([intent.action, intent.confidence], [action, 1], sentence)
      assert.deepEqual([agent_routing.global_command, agent_routing.target_agent], [true, null], sentence)
      assert.equal(execution_id, undefined)
    }
  }
})

test('the table has every command that the system skill declares, and no other is performed', async () => {
  const globals = openGlobals({
    kernel: app.kernel,
    agents: app.agents,
    changes: app.changes,
    system: {
      health: () => Promise.reject(new Error('not asked here')),
      stop: () => {
        throw new Error('not asked here')
      },
    },
  })
  const { system } = await import('../../skills/system/index.ts')
  const named = TABLE.trim()
    .split('\n')
    .map((line) => line.trim().split(':')[0])
  assert.deepEqual(named, Object.keys(system.actions))
  const said = { text: '', now: 0, time_zone: 'UTC' }
  await app.kernel.store.write(async (tx) => {
    for (const action of ['toString', 'constructor', '', 'delete_all']) {
      assert.throws(() => globals.perform(tx, ann.user_id, action, said), /No global command/, action)
    }
  })
})

test('the words of a global command inside another sentence are not the command', async () => {
  for (const sentence of ['what is stop in french', 'add undo to my list', 'remember the status']) {
    assert.equal((await say(sentence)).agent_routing.global_command, false, sentence)
  }
  // What is forbidden is not even asked about.
  for (const sentence of [
    'do not stop',
    'do not undo that',
    "don't cancel my alarm",
    'do not delete agent 7',
  ])
    assert.match((await say(sentence, 'no')).response.text, /^I did not understand that/, sentence)
})

test('the status counts agents, the list names them by number, and switched off ones are said', async () => {
  assert.equal((await hear('status'))[1], 'Nothing is running. 9 of 9 agents are active.')
  ann.clock.advance(1)
  await ann.ask(ann.token, 'agents.update', { id: '6', is_active: false })
  assert.equal((await hear('status'))[1], 'Nothing is running. 8 of 9 agents are active.')
  ann.clock.advance(1)
  await ann.ask(ann.token, 'agents.update', { id: '6', is_active: true })
  await say('remove plutonium from my list')
  assert.match((await hear('status'))[1], / 1 failed last time\.$/)
  assert.equal(
    (await hear('list agents'))[1],
    'Your agents: 1 Concierge, 2 Notes & Memory, 3 Reminders & Calendar, 4 Tasks & Lists, 5 Data, 6 Text, 7 Watcher, 8 Fetcher, 9 Guardian.',
  )
})

test('agent 0 is the system, by its number and by its name', async () => {
  for (const sentence of [
    'agent 0, status',
    'agent zero status',
    'system, status',
    'ask agent zero to stop',
  ]) {
    assert.equal((await say(sentence)).agent_routing.global_command, true, sentence)
  }
  assert.notEqual((await say('agent 0, add milk to my list')).agent_routing.target_agent, 4)
})

test('undo takes back the last thing done, redo does it again, and with nothing left both say so', async () => {
  await say('add saffron to my list')
  assert.match((await hear('undo'))[1], /^Undone: .*saffron/)
  assert.doesNotMatch((await hear('what is on my to do list'))[1], /saffron/)
  assert.match((await hear('redo'))[1], /saffron/)
  assert.match((await hear('what is on my to do list'))[1], /saffron/)
  for (let step = 0; step < 50; step += 1) {
    if (!(await hear('undo'))[1].startsWith('Undone')) break
  }
  const { command_understood, response } = await say('undo')
  assert.ok(command_understood)
  // What was set up otherwise before is asked about: nothing of this conversation is left.
  assert.match(response.text, /nothing|^That would take back: Changed agent 6, Text\. Shall I\?$/i)
  await say('no')
})

test('health is told in a sentence, and stop with nothing to stop says so', async () => {
  assert.match(
    (await hear('health'))[1],
    /^The system is \w+\. Up for \d+ (?:seconds|minutes|hours|days), memory [\d.]+ %, disk [\d.]+ %\.$/,
  )
  assert.equal((await hear('stop'))[1], 'Nothing was running.')
})

async function up(): Promise<string | undefined> {
  return /Up for (.*?),/.exec((await hear('health'))[1])?.[1]
}

test('the time that the system is up is said in the unit that fits', async () => {
  ann.clock.advance(119_000 - ann.clock.elapsed())
  assert.equal(await up(), '119 seconds')
  ann.clock.advance(1_000)
  assert.equal(await up(), '2 minutes')
  ann.clock.advance(570_000)
  assert.equal(await up(), '12 minutes')
})
