import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachDamage, run } from '../../../test/damage.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

const listed = async ({ ask, ann }: Server) =>
  (await ask(ann.token, 'system.modifications', {})).modifications

/** Two changes of different agents. */
async function two(server: Server) {
  const { token } = server.ann
  await server.ask(token, 'agents.update', { id: '5', description: 'First.' })
  const [whole] = await listed(server)
  await server.ask(token, 'agents.update', { id: '6', description: 'Second.' })
  const [damaged] = await listed(server)
  return { whole: whole?.id ?? '', damaged: damaged?.id ?? '' }
}

test('whatever is damaged in one change, the others are shown, and the picture of the system as it was', async (t) => {
  const server = await openServer(t)
  const { whole, damaged } = await two(server)
  const from = new Date(server.clock.now() - 1_000).toISOString()
  await eachDamage(
    server,
    { table: 'modifications', where: { id: damaged }, except: ['user_id'] },
    async (damage) => {
      assert.ok(
        (await listed(server)).some(({ id }) => id === whole),
        damage,
      )
      await server.ask(server.ann.token, 'system.architecture_diff', { from })
    },
  )
})

for (const state of ['before_state', 'after_state'])
  test(`a change whose ${state} is damaged says so, is not taken back, and keeps no other from that`, async (t) => {
    const server = await openServer(t)
    const { token, user_id } = server.ann
    const { damaged } = await two(server)
    await run(server, `UPDATE modifications SET ${state} = '{bad' WHERE id = ?`, [damaged])
    const shown = (await listed(server)).find(({ id }) => id === damaged)
    assert.deepEqual([shown?.summary, shown?.rollback_available], ['a change whose record is damaged', false])
    const take = (wanted: { modification_id?: string }) =>
      server.write((tx) => server.app.changes.rollBack(tx, user_id, wanted, user_id))
    await assert.rejects(take({ modification_id: damaged }), { name: 'ROLLBACK_FAILED' })
    assert.equal((await server.ask(token, 'agents.get', { id: '6' })).description, 'Second.')
    await take({})
    assert.notEqual((await server.ask(token, 'agents.get', { id: '5' })).description, 'First.')
  })
