import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Operations } from '../../contract/index.ts'
import type { Input } from '../../contract/operation.ts'
import { openServer, refused } from '../../server/domains/agents/fixture.ts'
import type { Server } from '../../server/domains/agents/fixture.ts'
import { performAs } from '../../server/domains/changes/fixture.ts'
import { defined, openStage, step } from '../../server/domains/workflows/rig.ts'
import { Fault } from '../../server/kernel/fault.ts'

const rollBack = (server: Server, wanted: Input<Operations['system.rollback']> = {}) =>
  performAs(server, server.ann, 'system.rollback', wanted)
const update = ({ ask, ann }: Server, change: object, id = '20') =>
  ask(ann.token, 'agents.update', { id, ...change })
const get = ({ ask, ann }: Server, id = '20') => ask(ann.token, 'agents.get', { id })
const list = async ({ ask, ann }: Server) => (await ask(ann.token, 'system.modifications', {})).modifications
const newest = async (server: Server) => (await list(server))[0]?.id ?? ''
const prefer = (server: Server, preferences: Record<string, unknown>) =>
  update(server, { config: { preferences } })
const preferred = async (server: Server) => (await get(server)).config.preferences

async function modify(server: Server, after_state: Record<string, unknown>): Promise<string> {
  const target = { kind: 'agent', id: '20' } as const
  const wanted = { type: 'agent_config', description: 'A merge.', target, after_state } as const
  return (await performAs(server, server.ann, 'system.modify', wanted)).id
}

const scheduled = (conditions: object) =>
  defined({ trigger: { type: 'schedule', conditions: { ...conditions } }, steps: [step('a')] })

/** Code and conflicts of a refused rollback, each as `id paths`. */
async function refusalOf(rollback: Promise<unknown>): Promise<string[]> {
  const problem = await rollback.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(problem instanceof Fault, 'It was not refused.')
  const { conflicts = [] } = (problem.details ?? {}) as { conflicts?: { id: string; paths?: string[] }[] }
  return [problem.code, ...conflicts.map(({ id, paths = [] }) => `${id} ${paths.join()}`)]
}

test('what cannot come back, because another has its number or name, is not on offer and is not what undo takes', async (context) => {
  const server = await openServer(context)
  const { ask, ann, own } = server
  await own({ name: 'First', description: 'Old' })
  const other = await own({ name: 'Other', agent_number: 30 })
  await update(server, { description: 'New' }, other.id)
  await ask(ann.token, 'agents.delete', { id: '20' })
  const deletion = await newest(server)
  await own({ name: 'Second', agent_number: 20 })
  const offered = (await list(server)).find(({ id }) => id === deletion)?.rollback_available
  assert.equal((await refusalOf(rollBack(server, { modification_id: deletion })))[0], 'SYSTEM_003')
  assert.equal(offered, false)
})

test('undo goes past what cannot come back, to the newest change that can be taken back', async (context) => {
  const server = await openServer(context)
  const { ask, ann, own } = server
  await own({ name: 'Zero' })
  await ask(ann.token, 'agents.delete', { id: '20' })
  const first = await newest(server)
  await own({ name: 'First', agent_number: 20 })
  await own({ name: 'Other', agent_number: 30 })
  await update(server, { description: 'New' }, '30')
  await ask(ann.token, 'agents.delete', { id: '20' })
  // The number is taken by a rollback, which undo passes over.
  await rollBack(server, { modification_id: first })
  await rollBack(server)
  assert.deepEqual([(await get(server)).name, (await get(server, '30')).description], ['Zero', ''])
})

test('a change that stands again because its rollback was taken back is named as in the way', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One' })
  await update(server, { name: 'Two' })
  const first = await newest(server)
  await update(server, { name: 'Three' })
  const second = await newest(server)
  const undone = await rollBack(server, { modification_id: second })
  await rollBack(server, { modification_id: undone.id })
  assert.equal((await get(server)).name, 'Three')
  const [code, ...conflicts] = await refusalOf(rollBack(server, { modification_id: first }))
  assert.deepEqual([code, conflicts], ['SYSTEM_003', [`${second} /name`]])
})

test('the rollback of something older is named when it is what is in the way', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One', description: 'One' })
  await update(server, { description: 'Two' })
  const oldest = await newest(server)
  await update(server, { description: 'Three' })
  const change = await newest(server)
  await update(server, { description: 'Two' })
  const back = await newest(server)
  const older = await rollBack(server, { modification_id: oldest })
  assert.equal((await get(server)).description, 'One')
  const [code, ...conflicts] = await refusalOf(rollBack(server, { modification_id: change }))
  assert.deepEqual(
    [code, conflicts],
    ['SYSTEM_003', [`${back} /description`, `${older.id} /description`].toSorted()],
  )
})

test('a refusal never names nothing: a rollback of something older alone is in the way', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One', description: 'One' })
  await update(server, { description: 'Two' })
  const oldest = await newest(server)
  await update(server, { description: 'One' })
  const change = await newest(server)
  await update(server, { description: 'Two' })
  const by_hand = await newest(server)
  await rollBack(server, { modification_id: by_hand })
  await rollBack(server, { modification_id: change })
  const older = await rollBack(server, { modification_id: oldest })
  const again = await refusalOf(rollBack(server, { modification_id: by_hand }))
  assert.equal(again.length > 1, true, `${older.id}: ${again.join(' | ')}`)
})

test('undo said again and again goes further back, and never does again what it has taken back', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One', description: 'A' })
  await update(server, { description: 'B' })
  await update(server, { description: 'A' })
  const seen: string[] = []
  for (let turn = 0; turn < 3; turn += 1) {
    await rollBack(server)
    const reply = await server.call(server.ann.token, 'agents.get', { id: '20' })
    seen.push(reply.ok ? (reply.data as { description: string }).description : 'gone')
  }
  assert.deepEqual(seen, ['B', 'A', 'gone'])
})

test('a key that was added later inside an object stays when the addition of the object is taken back', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One' })
  const added = await modify(server, { config: { preferences: { deep: { x: 1 } } } })
  await modify(server, { config: { preferences: { deep: { y: 2 } } } })
  await rollBack(server, { modification_id: added })
  assert.deepEqual(await preferred(server), { deep: { y: 2 } })
})

test('null is a value that comes back as null, and nothing comes back as nothing', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One', config: { preferences: { a: null, b: { c: null, d: 1 } } } })
  const before = (await list(server))[0]
  await modify(server, { config: { preferences: { a: 1, b: { c: 2, e: 3 } } } })
  const back = await rollBack(server)
  assert.deepEqual(await preferred(server), { a: null, b: { c: null, d: 1 } })
  assert.equal(back.state_hash, before?.state_hash)
})

test('a value does not come back over an object that has grown in its place', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One', config: { preferences: { a: 1 } } })
  await prefer(server, { a: { x: 1 } })
  const change = await newest(server)
  await prefer(server, { a: { x: 1, y: 2 } })
  const [code] = await refusalOf(rollBack(server, { modification_id: change }))
  assert.equal(code, 'SYSTEM_003')
  assert.deepEqual(await preferred(server), { a: { x: 1, y: 2 } })
})

test('keys that look like paths, numbers or prototypes come back like any others', async (context) => {
  const server = await openServer(context)
  const odd = JSON.parse('{"a/b":1,"~1":2,"":3,"0":4,"constructor":5,"ü \\u202e":{"a/b":6}}') as Record<
    string,
    unknown
  >
  await server.own({ name: 'One', config: { preferences: odd } })
  await prefer(server, { ...odd, 'a/b': 7, 'ü \u202e': { 'a/b': 8 }, a: { b: 9 } })
  const change = await newest(server)
  await prefer(server, { ...(await preferred(server)), '~1': 10 })
  await rollBack(server, { modification_id: change })
  assert.deepEqual(await preferred(server), { ...odd, '~1': 10 })
})

test('an empty list and none at all read the same, and are one state with one hash', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One' })
  const before = (await list(server))[0]
  const read = await get(server)
  await update(server, { config: { voice_commands: [{ phrase: 'sum it', action: 'count' }] } })
  await update(server, { config: { voice_commands: [] } })
  assert.deepEqual((await get(server)).config, read.config)
  assert.equal((await list(server))[0]?.state_hash, before?.state_hash)
})

test('settings that would contradict each other do not come back, and all stays as it is', async (context) => {
  const server = await openServer(context)
  const set = (warning: number, critical: number) =>
    performAs(server, server.ann, 'system.config', { alerts: { cpu_percent: { warning, critical } } })
  await set(30, 95)
  const change = await newest(server)
  await set(30, 60)
  const before = await server.ask(server.ann.token, 'system.settings', {})
  const [code] = await refusalOf(rollBack(server, { modification_id: change }))
  assert.equal(code, 'SYSTEM_003')
  assert.deepEqual(await server.ask(server.ann.token, 'system.settings', {}), before)
  assert.notEqual(await newest(server), change)
})

test('a workflow does not come back as one that could not have been saved', async (context) => {
  const stage = await openStage(context)
  const { ask, ann } = stage
  const { id } = await stage.create({ steps: [step('a')] }, 'One')
  const cron = { cron: '0 * * * *', timezone: 'UTC' }
  await ask(ann.token, 'workflows.update', { id, definition: scheduled(cron) })
  const change = await newest(stage)
  await ask(ann.token, 'workflows.update', { id, definition: scheduled({ ...cron, catch_up: 'one' }) })
  const [code] = await refusalOf(rollBack(stage, { modification_id: change }))
  assert.equal(code, 'SYSTEM_003')
  const { definition } = await ask(ann.token, 'workflows.get', { id })
  assert.deepEqual(definition, scheduled({ ...cron, catch_up: 'one' }))
})

test('undo after a deletion brings back, then takes back the making, and then has nothing left', async (context) => {
  const server = await openServer(context)
  await server.own({ name: 'One' })
  await server.ask(server.ann.token, 'agents.delete', { id: '20' })
  await assert.rejects(rollBack(server, { steps: 3 }), { status: 404 })
  assert.equal((await list(server)).length, 2)
  await rollBack(server, { steps: 2 })
  await assert.rejects(rollBack(server), { status: 404 })
  assert.equal(refused(await server.call(server.ann.token, 'agents.get', { id: '20' })), '404 AGENT_001')
})
