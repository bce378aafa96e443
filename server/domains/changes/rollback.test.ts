import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Agent } from '../../../contract/agents.ts'
import type { Operations } from '../../../contract/index.ts'
import type { Input } from '../../../contract/operation.ts'
import { SystemModification } from '../../../contract/system.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

type Wanted = Input<Operations['system.rollback']>

/** What dispatch does once a passkey has opened it. */
const rollBack = ({ app, ann, write }: Server, wanted: Wanted = {}) =>
  write((tx) => app.changes.rollBack(tx, ann.user_id, wanted, ann.user_id))
const rename = ({ ask, ann }: Server, name: string, id = '20') =>
  ask(ann.token, 'agents.update', { id, name })
const get = ({ ask, ann }: Server, id = '20') => ask(ann.token, 'agents.get', { id })
const listed = async ({ ask, ann }: Server) =>
  (await ask(ann.token, 'system.modifications', {})).modifications
const without = (agent: Agent) => ({ ...agent, updated_at: '' })

test('a change of an agent is taken back by its id, exactly, and that is a change itself', async (context) => {
  const server = await openServer(context)
  const { ask, ann, own } = server
  const voice_commands = [{ phrase: 'sum it', action: 'count' }]
  const before = await own({ description: 'Old', config: { preferences: { tone: 'dry' }, voice_commands } })
  const config = { preferences: { skill: 'data' }, voice_commands: [] }
  await ask(ann.token, 'agents.update', {
    id: '20',
    name: 'New',
    description: '',
    is_active: false,
    voice_enabled: false,
    config,
  })
  const [change] = await listed(server)
  const made = await rollBack(server, { modification_id: change?.id ?? '', reason: 'It was better before.' })
  assert.deepEqual(without(await get(server)), without(before))
  assert.deepEqual(findIssues(SystemModification, made), [])
  assert.equal(made.description, 'Rolled back: Changed agent 20, Mine. Reason: It was better before.')
  assert.deepEqual([made.before_state, made.after_state], [change?.after_state, change?.before_state])
  assert.deepEqual([made.applied_by, made.target], [ann.user_id, { kind: 'agent', id: before.id }])
  assert.deepEqual((await listed(server))[0], made)
})

test('without an id the newest change goes, then the one before it, and never a rollback', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One' })
  await rename(server, 'Two')
  await rename(server, 'Three')
  await rollBack(server)
  assert.equal((await get(server)).name, 'Two')
  await rollBack(server)
  assert.equal((await get(server)).name, 'One')
  await rollBack(server)
  await assert.rejects(get(server), /AGENT_001/)
  await assert.rejects(rollBack(server), { code: 'GENERAL_001', status: 404 })
})

test('several steps go back at once, or not at all', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One' })
  for (const name of ['Two', 'Three']) await rename(server, name)
  await assert.rejects(rollBack(server, { steps: 4 }), { status: 404 })
  assert.deepEqual([(await get(server)).name, (await listed(server)).length], ['Three', 3])
  const last = await rollBack(server, { steps: 2 })
  assert.equal((await get(server)).name, 'One')
  assert.equal(last.description, 'Rolled back: Changed agent 20, One.')
  const modification_id = (await listed(server))[0]?.id ?? ''
  await assert.rejects(rollBack(server, { steps: 2, modification_id }), { code: 'GENERAL_001', status: 400 })
})

test('a deleted agent comes back, and goes again when its return is rolled back', async (context) => {
  const server = await openServer(context)
  const { ask, ann, own } = server
  const before = await own({ config: { preferences: { skill: 'data' } } })
  await ask(ann.token, 'agents.delete', { id: '20' })
  const back = await rollBack(server)
  assert.deepEqual(without(await get(server)), without(before))
  const gone = await rollBack(server, { modification_id: back.id })
  await assert.rejects(get(server), /AGENT_001/)
  await rollBack(server, { modification_id: gone.id })
  assert.deepEqual(without(await get(server)), without(before))
})

test('a creation is rolled back, and the rollback of that brings the agent back', async (context) => {
  const server = await openServer(context)
  const before = await server.own()
  const gone = await rollBack(server)
  assert.deepEqual(gone.after_state, {})
  await rollBack(server, { modification_id: gone.id })
  assert.deepEqual(without(await get(server)), without(before))
  await rollBack(server)
  await assert.rejects(get(server), /AGENT_001/)
})

test('a change whose rollback was rolled back can be rolled back again', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One' })
  await rename(server, 'Two')
  const [change] = await listed(server)
  const first = await rollBack(server, { modification_id: change?.id ?? '' })
  const second = await rollBack(server, { modification_id: first.id })
  assert.equal((await get(server)).name, 'Two')
  await assert.rejects(rollBack(server, { modification_id: first.id }), {
    code: 'SYSTEM_003',
    details: { conflicts: [{ id: second.id, description: second.description, paths: ['/name'] }] },
  })
  await rollBack(server)
  assert.equal((await get(server)).name, 'One')
})

test('a later change of the same agent stands in the way and is named, and nothing changes', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One' })
  for (const name of ['Two', 'Three', 'Four']) await rename(server, name)
  await rollBack(server)
  const [, , later, change] = await listed(server)
  const conflicts = [{ id: later?.id, description: later?.description, paths: ['/name'] }]
  const refusal = { code: 'SYSTEM_003', status: 409, details: { conflicts } }
  await assert.rejects(rollBack(server, { modification_id: change?.id ?? '' }), refusal)
  assert.equal((await get(server)).name, 'Three')
  assert.equal((await listed(server)).length, 5)
})

test('a later change of something else of the same agent stays when an earlier one is taken back', async (context) => {
  const server = await openServer(context)
  const { ask, ann, own } = server
  await own({ name: 'One', description: 'Old' })
  await rename(server, 'Two')
  const [change] = await listed(server)
  await ask(ann.token, 'agents.update', { id: '20', description: 'New' })
  const made = await rollBack(server, { modification_id: change?.id ?? '' })
  const { name, description } = await get(server)
  assert.deepEqual([name, description], ['One', 'New'])
  assert.deepEqual([made.before_state['name'], made.after_state['name']], ['Two', 'One'])
  assert.deepEqual([made.before_state['description'], made.after_state['description']], ['New', 'New'])
})

test('changes of other agents do not stand in the way', async (context) => {
  const server = await openServer(context)
  await rename(server, 'Numbers', '5')
  const [change] = await listed(server)
  await rename(server, 'Letters', '6')
  await rollBack(server, { modification_id: change?.id ?? '' })
  assert.deepEqual([(await get(server, '5')).name, (await get(server, '6')).name], ['Data', 'Letters'])
})

test('a change that was rolled back cannot be again, and says by what', async (context) => {
  const server = await openServer(context)
  await rename(server, 'Numbers', '5')
  const [change] = await listed(server)
  const { id, description } = await rollBack(server)
  const refusal = { code: 'SYSTEM_003', details: { conflicts: [{ id, description, paths: ['/name'] }] } }
  await assert.rejects(rollBack(server, { modification_id: change?.id ?? '' }), refusal)
})

test('an agent cannot return under a name or number that another one has by now', async (context) => {
  const server = await openServer(context)
  const { ask, ann, own } = server
  for (const [wanted, field] of [
    [{ name: 'Other', agent_number: 20 }, 'agent_number'],
    [{ name: 'MINE', agent_number: 30 }, 'name'],
  ] as const) {
    await own({ name: 'Mine', agent_number: 20 })
    await ask(ann.token, 'agents.delete', { id: '20' })
    const [deletion] = await listed(server)
    const { id, agent_number } = await own(wanted)
    const conflicts = [{ kind: 'agent', id, field }]
    const refusal = { code: 'SYSTEM_003', status: 409, details: { conflicts } }
    await assert.rejects(rollBack(server, { modification_id: deletion?.id ?? '' }), refusal)
    await ask(ann.token, 'agents.delete', { id: String(agent_number) })
  }
})

test('the name that a change gave up cannot be taken back once another agent has it', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'Old' })
  await rename(server, 'New')
  const [change] = await listed(server)
  await server.own({ name: 'old' })
  await assert.rejects(rollBack(server, { modification_id: change?.id ?? '' }), { code: 'SYSTEM_003' })
  assert.equal((await get(server)).name, 'New')
})

test('rolling back what switched an agent off is told as a change of its state', async (context) => {
  const server = await openServer(context)
  const { ask, ann, told } = server
  await ask(ann.token, 'agents.update', { id: '5', is_active: false })
  const before = (await told()).length
  await rollBack(server)
  const events = (await told()).slice(before)
  assert.deepEqual(
    events.map(({ name }) => name),
    ['agent:status_changed'],
  )
  assert.match(JSON.stringify(events[0]?.data), /"new_status":\{"state":"idle"/)
})

test('what others changed is not there to be rolled back', async (context) => {
  const server = await openServer(context)
  const { user_id } = await server.bob()
  await rename(server, 'Numbers', '5')
  const [change] = await listed(server)
  for (const wanted of [{}, { modification_id: change?.id ?? '' }])
    await assert.rejects(
      server.write((tx) => server.app.changes.rollBack(tx, user_id, wanted, user_id)),
      { code: 'GENERAL_001', status: 404 },
    )
})

test('a change is still rolled back after a restart', async (context) => {
  const server = await openServer(context)
  await rename(server, 'Numbers', '5')
  await server.restart()
  await rollBack(server)
  assert.equal((await get(server, '5')).name, 'Data')
})
