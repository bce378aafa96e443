import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTestApp } from '../../../../test/app.ts'
import { enrol, outcomeOf, prove } from '../../../../test/passkeys.ts'
import { openConnection } from '../../../kernel/store/connection.ts'

/** A server whose owner has a passkey, and whose passkeys so far are none that lie in files. */
async function open(t: { after(work: () => Promise<void>): void }, isHardware: boolean) {
  const first = await openTestApp()
  const { token } = await first.claim()
  const { key } = await enrol(first, token)
  await first.close()
  const { data_dir } = first
  if (isHardware) {
    const connection = openConnection(join(data_dir, 'paios.sqlite'), { synchronous: 'FULL' })
    connection.exec('UPDATE passkeys SET software = 0')
    connection.close()
  }
  const server = await openTestApp({ data_dir })
  t.after(() => server.remove())
  const bar = () => prove(server, token, key, 'system.config', { software_passkeys: false })
  return { server, token, key, bar }
}

test('an owner whose passkeys all lie in files cannot have them count for nothing', async (t) => {
  const { server, token, bar } = await open(t, false)
  assert.equal(outcomeOf(await bar()), 'SYSTEM_002')
  assert.equal((await server.ask(token, 'system.settings', {})).software_passkeys, true)
})

test('a passkey in a file proves nothing once the owner says so, but that its holder may enrol another', async (t) => {
  const { server, token, key, bar } = await open(t, true)
  const { key: file } = await enrol(server, token, { by: key })
  const rename = { id: '2', name: 'Diary' }
  assert.equal((await prove(server, token, file, 'agents.update', rename)).ok, true)
  assert.equal((await bar()).ok, true)
  const refused = await prove(server, token, file, 'agents.update', { id: '2', name: 'Other' })
  assert.equal(outcomeOf(refused), 'AUTH_002 software_passkey')
  assert.equal((await server.ask(token, 'agents.get', { id: '2' })).name, 'Diary')
  const asked = { purpose: 'operation' as const, operation: 'agents.update', input: rename }
  const challenge = await server.call(token, 'auth.biometric_challenge', asked, undefined, {
    origin: key.origin,
  })
  const { allow_credentials } = (challenge.ok ? challenge.data : {}) as { allow_credentials?: string[] }
  assert.equal(allow_credentials?.length, 1)
  await assert.rejects(enrol(server, token, { by: file }), /lets no passkey count that is kept in a file/)
  const back = await prove(server, token, key, 'system.rollback', {})
  assert.equal(back.ok, true)
  assert.equal((await prove(server, token, file, 'agents.update', { id: '2', name: 'Third' })).ok, true)
})
