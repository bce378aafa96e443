import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../../domains/agents/fixture.ts'
import type { Server } from '../../domains/agents/fixture.ts'
import { compileTemplate } from '../../domains/language/template.ts'
import { openGlobals } from '../../domains/voice/globals.ts'
import { openInMemory } from '../in-memory.ts'
import { system } from './index.ts'

const globals = ({ app }: Server) =>
  openGlobals({
    kernel: app.kernel,
    agents: app.agents,
    changes: app.changes,
    workflows: app.workflows,
    system: {
      health: () => Promise.reject(new Error('Nobody asked for health.')),
      stop: () => {
        throw new Error('Nobody asked to stop.')
      },
    },
  })

test('the system is agent 0, needs nothing, and has the commands of the design', () => {
  assert.deepEqual([system.agent.number, system.needs], [0, []])
  const commands =
    'status list_agents list_workflows stop undo redo explain_routing health what_changed'.split(' ')
  assert.deepEqual(Object.keys(system.actions), commands)
})

test('only what changes something has an effect, and no command takes parameters', () => {
  for (const [name, { effect, parameters }] of Object.entries(system.actions)) {
    assert.equal(effect, ['stop', 'undo', 'redo'].includes(name) ? 'write' : 'read', name)
    assert.deepEqual(Object.keys(parameters.properties), [], name)
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

test('the system performs every command that it declares, and no other', async (context) => {
  const server = await openServer(context)
  const { write, ann } = server
  const perform = (name: string) => write((tx) => globals(server).perform(tx, ann.user_id, name))
  for (const name of Object.keys(system.actions)) {
    if (name === 'health') await assert.rejects(perform(name), /Nobody asked for health/)
    else assert.match(await perform(name), /\.$/, name)
  }
  for (const name of ['dance', 'constructor']) await assert.rejects(perform(name), /No global command/)
})

test('undo, redo and what changed say what was done, and what stands in the way', async (context) => {
  const server = await openServer(context)
  const { write, ann, done, ask } = server
  const perform = (name: string) => write((tx) => globals(server).perform(tx, ann.user_id, name))
  assert.equal(await perform('undo'), 'There is nothing to undo.')
  await done(4, 'add', { items: ['milk'] })
  assert.equal(await perform('undo'), 'Undone: Added milk to your to do list.')
  assert.equal(await perform('redo'), 'Done again: Added milk to your to do list.')
  assert.equal(await perform('redo'), 'There is nothing to do again.')
  assert.equal(await perform('what_changed'), 'Nothing was changed yet.')
  await ask(ann.token, 'agents.update', { id: '5', name: 'Sums' })
  assert.equal(await perform('what_changed'), 'Last changes: Changed agent 5, Data.')
})
