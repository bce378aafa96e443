import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../../contract/operation.ts'
import type { system } from '../../../contract/system.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { performAs } from '../changes/fixture.ts'

type State = Input<typeof system.modify>['after_state']

function move(server: Server, id: string, after_state: State, user = server.ann) {
  const target = { kind: 'architecture', id } as const
  const wanted = { type: 'architecture_change', description: 'Moved.', target, after_state } as const
  return performAs(server, user, 'system.modify', wanted)
}

async function nodeOf({ ask, ann }: Server, id: string) {
  const { agents } = await ask(ann.token, 'system.architecture', {})
  return agents.find((one) => one.id === id)
}

test('a node stays where it was moved to, across a restart, until that is taken back', async (context) => {
  const server = await openServer(context)
  const laid = (await nodeOf(server, 'service:memory'))?.position
  const made = await move(server, 'service:memory', { x: -1_000.5, y: 2_000 })
  assert.deepEqual(
    [made.type, made.before_state, made.after_state],
    ['architecture_change', {}, { x: -1_000.5, y: 2_000 }],
  )
  assert.deepEqual((await nodeOf(server, 'service:memory'))?.position, { x: -1_000.5, y: 2_000 })
  await server.restart()
  const node = await nodeOf(server, 'service:memory')
  assert.deepEqual(
    [node?.position, node?.metadata['moved']],
    [
      { x: -1_000.5, y: 2_000 },
      { x: -1_000.5, y: 2_000 },
    ],
  )
  const { app, ann, write } = server
  await write((tx) => app.changes.rollBack(tx, ann.user_id, { modification_id: made.id }, ann.user_id))
  const back = await nodeOf(server, 'service:memory')
  assert.deepEqual([back?.position, back?.metadata['moved']], [laid, undefined])
})

test('one coordinate alone is changed once there are two, and null for both lets go of the node', async (context) => {
  const server = await openServer(context)
  await assert.rejects(move(server, 'service:memory', { x: 1 }), { name: 'VALIDATION_ERROR', status: 400 })
  await move(server, 'service:memory', { x: 1, y: 2 })
  await move(server, 'service:memory', { y: -3 })
  assert.deepEqual((await nodeOf(server, 'service:memory'))?.position, { x: 1, y: -3 })
  await move(server, 'service:memory', { x: null, y: null })
  assert.equal((await nodeOf(server, 'service:memory'))?.metadata['moved'], undefined)
})

test('what is no position is refused, and leaves none behind', async (context) => {
  const server = await openServer(context)
  for (const state of [
    { x: 1_000_001, y: 0 },
    { x: 0, y: -1_000_000.5 },
    { x: '1', y: 2 },
    { x: Number.NaN, y: 0 },
    { x: 1, y: 2, z: 3 },
    { x: [1], y: 2 },
  ])
    await assert.rejects(
      move(server, 'service:memory', state),
      { name: 'VALIDATION_ERROR' },
      JSON.stringify(state),
    )
  await move(server, 'service:memory', { x: 1_000_000, y: -1_000_000 })
  const { connection } = server.app.kernel.store.reader
  assert.equal(connection.all('SELECT * FROM node_positions', []).length, 1)
})

test('a node that is not there cannot be moved, nor one of another user', async (context) => {
  const server = await openServer(context)
  const bob = await server.bob()
  const { agents } = await server.ask(bob.token, 'system.architecture', {})
  for (const id of ['service:nothing', 'host:example.org', 'x', agents[0]?.id ?? ''])
    await assert.rejects(move(server, id, { x: 1, y: 2 }), { name: 'VALIDATION_ERROR', status: 404 }, id)
  await move(server, 'service:memory', { x: 7, y: 7 })
  const theirs = await server.ask(bob.token, 'system.architecture', {})
  assert.ok(theirs.agents.every(({ metadata }) => metadata['moved'] === undefined))
})

test('the hash of the state counts a moved node, and one that was never moved like one that was let go', async (context) => {
  const hashes: string[] = []
  for (const isAnew of [false, true]) {
    const server = await openServer(context)
    await move(server, 'service:memory', { x: 1, y: 2 })
    // Without what is known of it, the hash is that of everything there is.
    if (isAnew) await server.write((tx) => Promise.resolve(tx.connection.run('DELETE FROM state_hashes', [])))
    hashes.push((await move(server, 'service:audit', { x: 3, y: 4 })).state_hash)
    const let_go = await move(server, 'service:audit', { x: null, y: null })
    hashes.push(let_go.state_hash)
  }
  assert.equal(new Set(hashes).size, 2)
  assert.deepEqual(hashes.slice(2), hashes.slice(0, 2))
})

test('an agent that comes back is where it was moved to', async (context) => {
  const server = await openServer(context)
  const { ask, ann, app, write } = server
  const { id } = await server.own()
  await move(server, id, { x: 50, y: 60 })
  await ask(ann.token, 'agents.delete', { id })
  assert.equal(await nodeOf(server, id), undefined)
  await write((tx) => app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  assert.deepEqual((await nodeOf(server, id))?.position, { x: 50, y: 60 })
})
