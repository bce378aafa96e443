import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { openPast } from './past.ts'

/** Renames agent 2 so often, a second apart; answers the ids of the changes, oldest first. */
async function rename(server: Server, names: readonly string[]): Promise<string[]> {
  const { ask, ann, clock } = server
  for (const name of names) {
    clock.advance(1_000)
    await ask(ann.token, 'agents.update', { id: '2', name })
  }
  const { modifications } = await ask(ann.token, 'system.modifications', {})
  return modifications.map(({ id }) => id).toReversed()
}

test('a state of earlier is what the first change since then found, right up to the moment', async (context) => {
  const server = await openServer(context)
  const { ann, app, clock } = server
  const { id = '' } = (await app.agents.refer(ann.user_id, '2')) ?? {}
  const start = clock.now()
  const [first = '', second = ''] = await rename(server, ['One', 'Two', 'Three'])
  const past = openPast(app.kernel)
  const nameAt = async (moment: Awaited<ReturnType<typeof past.ofChange>>) =>
    (await past.statesAt(ann.user_id, 'agent', [id], moment)).get(id)?.['name']
  assert.equal(await nameAt(past.ofTime(start)), 'Notes & Memory')
  assert.equal(await nameAt(past.ofTime(start + 999)), 'Notes & Memory')
  assert.equal(await nameAt(past.ofTime(start + 1_000)), 'One')
  assert.equal(await nameAt(await past.ofChange(ann.user_id, first, 'before')), 'Notes & Memory')
  assert.equal(await nameAt(await past.ofChange(ann.user_id, first, 'after')), 'One')
  assert.equal(await nameAt(await past.ofChange(ann.user_id, second, 'after')), 'Two')
})

test('what was not changed since is not told, and what was not there is told as nothing', async (context) => {
  const server = await openServer(context)
  const { ann, app, clock } = server
  const start = clock.now()
  clock.advance(1_000)
  const { id } = await server.own()
  const past = openPast(app.kernel)
  const states = await past.statesAt(ann.user_id, 'agent', [id, 'never'], past.ofTime(start))
  assert.deepEqual([...states], [[id, undefined]])
  assert.deepEqual([...(await past.statesAt(ann.user_id, 'agent', [id], past.ofTime(clock.now())))], [])
  assert.deepEqual([...(await past.statesAt(ann.user_id, 'workflow', [id], past.ofTime(start)))], [])
  assert.deepEqual([...(await past.statesAt('somebody else', 'agent', [id], past.ofTime(start)))], [])
})

test('a change of another user is not found', async (context) => {
  const server = await openServer(context)
  const bob = await server.bob()
  const [id = ''] = await rename(server, ['One'])
  const past = openPast(server.app.kernel)
  await assert.rejects(past.ofChange(bob.user_id, id, 'after'), { name: 'VALIDATION_ERROR', status: 404 })
})

test('changes are heard of as they are made, rollbacks too, and found by their ids for their user alone', async (context) => {
  const server = await openServer(context)
  const { ann, app, write } = server
  const heard: string[] = []
  app.changes.onRecorded((_tx, { id, user_id }) => heard.push(`${user_id} ${id}`))
  const made = await rename(server, ['One', 'Two'])
  await write((tx) => app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  assert.equal(heard.length, 3)
  assert.deepEqual(
    heard.slice(0, 2),
    made.map((id) => `${ann.user_id} ${id}`),
  )
  const found = await app.changes.find(ann.user_id, made.toReversed())
  assert.deepEqual(
    found.map(({ id, rollback_available }) => [id, rollback_available]),
    [
      [made[0], true],
      [made[1], false],
    ],
  )
  assert.deepEqual(await app.changes.find((await server.bob()).user_id, made), [])
  assert.deepEqual(await app.changes.find(ann.user_id, ['gone']), [])
})
