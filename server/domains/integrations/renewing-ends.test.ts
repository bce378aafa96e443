import assert from 'node:assert/strict'
import { test } from 'node:test'
import { performAs } from '../changes/fixture.ts'
import { openRenewing, settle } from './renewing-rig.ts'

test('who joins what is due is told where nobody can do it any more, and nobody where nobody has asked', async (t) => {
  for (const joins of [true, false]) {
    const it = await openRenewing(t, () => ({ status: 500, data: {} }))
    const { server, id } = it
    await it.begin()
    while (server.got.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const renew = () => performAs(server, server.ann, 'credentials.renew', { credential_id: id })
    if (joins) assert.equal((await renew()).joined, true)
    await server.ask(server.ann.token, 'agents.update', { id: '20', is_active: false })
    await settle(it)
    assert.equal(server.got.length, 1)
    const reason = 'No service can do that any more.'
    const { state, reason: told } = (await it.listed())?.renewal ?? {}
    assert.deepEqual([state, told], joins ? ['failed', reason] : [undefined, undefined])
    assert.equal(
      (await it.texts()).some((one) => one.includes(reason)),
      joins,
    )
  }
})

test('who asked for it is told where nobody can do it any more', async (t) => {
  const it = await openRenewing(t, () => ({ status: 500, data: {} }), { auto_rotate: false })
  await performAs(it.server, it.server.ann, 'credentials.renew', { credential_id: it.id })
  while (it.server.got.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await it.server.ask(it.server.ann.token, 'agents.update', { id: '20', is_active: false })
  await settle(it)
  const { state, reason } = (await it.listed())?.renewal ?? {}
  assert.deepEqual([it.server.got.length, state, reason], [1, 'failed', 'No service can do that any more.'])
})

test('a renewal of what was damaged ends, and is not under way for ever', async (t) => {
  const it = await openRenewing(t, (_got, response) => {
    const damage = 'UPDATE credentials SET about = envelope WHERE id = ?'
    const written = it.server.write((tx) => Promise.resolve(tx.connection.run(damage, [it.id])))
    void written.finally(() => response.destroy())
  })
  await it.begin()
  for (let tries = 0; tries < 6; tries += 1) await settle(it)
  const { connection } = it.server.app.kernel.store.reader
  assert.deepEqual(connection.all(`SELECT key FROM jobs WHERE kind = 'vault.renew'`, []), [])
  assert.match((await it.texts()).join(), /A credential that was damaged was not given another secret: /)
})
