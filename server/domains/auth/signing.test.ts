import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { openClaimed } from './fixture.ts'

const refused = { status: 401, code: 'AUTH_001' }
const expired = { status: 401, code: 'AUTH_003' }

test('keys survive a restart, a retired one only as long as it is believed', async (context) => {
  const { server, owner } = await openClaimed(context)
  const token = owner.access_token
  await server.auth.rotateSigning()
  const { access_token } = await server.login()
  const restarted = await server.restart()
  restarted.auth.authenticate(token)
  restarted.auth.authenticate(access_token)
  restarted.clock.advance(930_000)
  assert.throws(() => restarted.auth.authenticate(token), refused)
  assert.throws(() => restarted.auth.authenticate(access_token), expired)
  await restarted.auth.rotateSigning()
  const kept = restarted.kernel.store.reader.connection.all('SELECT kid FROM signing_keys', [])
  assert.equal(kept.length, 2)
})

test('a key of more than 90 days is replaced at the next start', async (context) => {
  const { server, owner } = await openClaimed(context)
  const token = owner.access_token
  server.clock.advance(91 * 86_400_000)
  const restarted = await server.restart()
  const { access_token } = await restarted.login()
  assert.notEqual(access_token.split('.')[0], token.split('.')[0])
})

test('under another root key the signing keys stay closed and the start says so', async (context) => {
  const { server } = await openClaimed(context)
  writeFileSync(server.kernel.settings.key_file, Buffer.alloc(32, 7).toString('base64url'))
  await assert.rejects(server.restart(), /not the one that this data folder was made with/)
})
