import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../../domains/agents/fixture.ts'
import type { Server } from '../../domains/agents/fixture.ts'
import { compileTemplate } from '../../domains/language/template.ts'
import { openGlobals } from '../../domains/voice/globals.ts'
import { openInMemory } from '../in-memory.ts'
import { system } from './index.ts'

/** Commands that are about the system as a whole, and not about one workflow. */
const WHOLE = 'list_agents stop undo redo explain_routing health what_changed'.split(' ')

const globals = ({ app }: Server) =>
  openGlobals({
    kernel: app.kernel,
    agents: app.agents,
    changes: app.changes,
    system: {
      health: () => Promise.reject(new Error('Nobody asked for health.')),
      stop: () => {
        throw new Error('Nobody asked to stop.')
      },
    },
  })

test('the system is agent 0, needs nothing, and has the commands of the design', () => {
  assert.deepEqual([system.agent.number, system.needs], [0, []])
  const agents = 'rename_agent switch_agent_on switch_agent_off delete_agent'.split(' ')
  const commands = [
    ...WHOLE,
    ...agents,
    ...'create_workflow run_workflow stop_workflow turn_on_workflow'.split(' '),
  ]
  const more =
    'turn_off_workflow rename_workflow reschedule_workflow switch_workflows delete_workflow explain_workflow next_run why_failed did_run list_runs coming_runs what_ran what_failed approve_run decline_run list_gallery take_workflow edit_workflow rest_workflow'
  assert.deepEqual(
    Object.keys(system.actions).toSorted(),
    ['status', 'list_workflows', ...commands, ...more.split(' ')].toSorted(),
  )
})

test('what changes something has an effect, and neither a yes to a workflow nor taking something back is guessed', () => {
  const effects = Map.groupBy(Object.entries(system.actions), ([, { effect }]) => effect)
  const names = (effect: 'write' | 'destructive') =>
    effects
      .get(effect)
      ?.map(([name]) => name)
      .join(' ')
  assert.equal(
    names('write'),
    'stop rename_agent switch_agent_on switch_agent_off run_workflow stop_workflow turn_on_workflow turn_off_workflow rename_workflow',
  )
  assert.equal(names('destructive'), 'undo redo approve_run decline_run')
})

test('only commands to workflows and agents take parameters, and each that needs one asks for it', () => {
  for (const name of WHOLE)
    assert.deepEqual(Object.keys(system.actions[name]?.parameters.properties ?? {}), [], name)
  for (const [name, { needsOne = [], questions = {}, slots = {}, parameters }] of Object.entries(
    system.actions,
  )) {
    assert.deepEqual(Object.keys(slots), Object.keys(parameters.properties), name)
    if (needsOne.length > 0) assert.ok(Object.hasOwn(questions, needsOne[0] ?? ''), name)
  }
})

test('every phrase is a template, and no phrase or example means two commands', () => {
  const seen = new Map<string, string>()
  for (const [name, { phrases, examples }] of Object.entries(system.actions)) {
    for (const phrase of phrases) compileTemplate(phrase)
    assert.ok(examples.length >= 5, name)
    for (const said of [...phrases, ...examples]) {
      assert.equal(seen.get(said), undefined, said)
      seen.set(said, name)
    }
  }
})

test('an agent cannot perform a command to the system', () => {
  const can = openInMemory(0, 'UTC')
  for (const { perform } of Object.values(system.actions))
    assert.throws(() => perform(can, {}), /not performed by an agent/)
})

const SAID = { text: '', now: Date.UTC(2026, 10, 22, 10), time_zone: 'UTC' }

test('the system performs every command that it declares, and no other', async (context) => {
  const server = await openServer(context)
  const { write, ann } = server
  const perform = (name: string) => write((tx) => globals(server).perform(tx, ann.user_id, name, SAID))
  for (const name of Object.keys(system.actions)) {
    const isAboutOne =
      server.app.workflows.spoken.knows(name) || name.endsWith('_agent') || name.startsWith('switch_agent')
    assert.equal(isAboutOne, !WHOLE.includes(name), name)
    if (isAboutOne) continue
    if (name === 'health' || name === 'stop')
      await assert.rejects(perform(name), /Nobody asked (?:for health|to stop)/)
    else assert.match(await perform(name), /\.$/, name)
  }
  for (const name of ['dance', 'constructor']) {
    await assert.rejects(perform(name), /No global command/)
    assert.equal(server.app.workflows.spoken.knows(name), false)
  }
})

test('undo, redo and what changed say what was done, and what stands in the way', async (context) => {
  const server = await openServer(context)
  const { write, ann, done, ask } = server
  const perform = (name: string) => write((tx) => globals(server).perform(tx, ann.user_id, name, SAID))
  assert.equal(await perform('undo'), 'There is nothing to undo.')
  await done(4, 'add', { items: ['milk'] })
  assert.equal(await perform('undo'), 'Undone: Added milk to your to do list.')
  assert.equal(await perform('redo'), 'Done again: Added milk to your to do list.')
  assert.equal(await perform('redo'), 'There is nothing to do again.')
  assert.equal(await perform('what_changed'), 'Nothing was changed yet.')
  await ask(ann.token, 'agents.update', { id: '5', name: 'Sums' })
  assert.equal(await perform('what_changed'), 'Last changes: agent 5: name Data -> Sums.')
})
