import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuthToken } from '../../../contract/auth.ts'
import { openClaimed } from './fixture.ts'

const refused = { status: 401, code: 'AUTH_001' }

test('a refresh token gives the next pair, and its parent the same one again for 10 s, across a restart', async (context) => {
  const { server, owner } = await openClaimed(context)
  const second = await server.refresh(owner.refresh_token)
  assert.notEqual(second.refresh_token, owner.refresh_token)
  server.clock.advance(9_000)
  const restarted = await server.restart()
  assert.equal((await restarted.refresh(owner.refresh_token)).refresh_token, second.refresh_token)
  restarted.auth.authenticate(owner.access_token)
  const third = await restarted.refresh(second.refresh_token)
  assert.equal(new Set([owner, second, third].map(({ refresh_token }) => refresh_token)).size, 3)
})

test('two tabs that refresh at once get the same successor', async (context) => {
  const { server, owner } = await openClaimed(context)
  const pairs = await Promise.all([server.refresh(owner.refresh_token), server.refresh(owner.refresh_token)])
  assert.equal(pairs[0].refresh_token, pairs[1].refresh_token)
  await server.refresh(pairs[0].refresh_token)
})

test('a reused refresh token ends its family and the access tokens with it, at once', async (context) => {
  const { server, owner } = await openClaimed(context)
  const other = await server.login()
  const ended: string[] = []
  server.auth.onSessionEnd((session_id) => ended.push(session_id))
  const { session_id } = server.auth.authenticate(owner.access_token)
  const second = await server.refresh(owner.refresh_token)
  server.clock.advance(11_000)
  await assert.rejects(server.refresh(owner.refresh_token), refused)
  assert.deepEqual(ended, [session_id])
  for (const { access_token, refresh_token } of [owner, second]) {
    assert.throws(() => server.auth.authenticate(access_token), refused)
    await assert.rejects(server.refresh(refresh_token), refused)
  }
  server.auth.authenticate(other.access_token)
})

test('the grandparent of the current token is reuse even within 10 s', async (context) => {
  const { server, owner } = await openClaimed(context)
  const second = await server.refresh(owner.refresh_token)
  const third = await server.refresh(second.refresh_token)
  await assert.rejects(server.refresh(owner.refresh_token), refused)
  await assert.rejects(server.refresh(third.refresh_token), refused)
})

test('a token nobody made, a hash of one, and none at all are refused', async (context) => {
  const { server, owner } = await openClaimed(context)
  const hash = server.kernel.keys.mac('token-hash', owner.refresh_token)
  for (const token of ['x', hash, `successor of ${owner.refresh_token}`]) {
    await assert.rejects(server.refresh(token), { status: 401, code: 'AUTH_004' })
  }
  await assert.rejects(server.ask('auth.refresh'), refused)
  await server.refresh(owner.refresh_token)
})

test('a session expires after 30 days without use and after 90 days in any case', async (context) => {
  const { server, owner } = await openClaimed(context)
  const day_ms = 86_400_000
  let pair: AuthToken = await server.login()
  server.clock.advance(30 * day_ms)
  await assert.rejects(server.refresh(owner.refresh_token), { status: 401, code: 'AUTH_003' })
  await assert.rejects(server.refresh(pair.refresh_token), { code: 'AUTH_003' })
  pair = await server.login()
  for (let day = 0; day < 80; day += 20) {
    server.clock.advance(20 * day_ms)
    pair = await server.refresh(pair.refresh_token)
  }
  server.clock.advance(10 * day_ms)
  await assert.rejects(server.refresh(pair.refresh_token), { code: 'AUTH_003' })
})

test('an end of a session survives a restart, and so do the sessions that go on', async (context) => {
  const { server, owner } = await openClaimed(context)
  const other = await server.login()
  await server.ask('auth.logout', {}, { token: owner.access_token })
  const restarted = await server.restart()
  assert.throws(() => restarted.auth.authenticate(owner.access_token), refused)
  const { password_at } = restarted.auth.authenticate(other.access_token)
  assert.equal(password_at, server.clock.now())
})

test('the password window of a session ends with its first refresh', async (context) => {
  const { server, owner } = await openClaimed(context)
  assert.equal(server.auth.authenticate(owner.access_token).password_at, server.clock.now())
  const { access_token } = await server.refresh(owner.refresh_token)
  assert.equal(server.auth.authenticate(access_token).password_at, undefined)
  assert.equal(server.auth.authenticate(owner.access_token).password_at, undefined)
})

test('the hundred and first session ends the one that was not used for longest', async (context) => {
  const { server, owner } = await openClaimed(context)
  const { user_id } = owner
  const { store, clock } = server.kernel
  await store.write(async ({ connection }) => {
    for (let count = 0; count < 98; count += 1) {
      const at = new Date(clock.now() + 1_000).toISOString()
      connection.run(`INSERT INTO sessions VALUES (?, ?, 1, 0, NULL, NULL, 0, '', '', ?, ?, NULL)`, [
        `s${count}`,
        user_id,
        at,
        at,
      ])
    }
    return Promise.resolve()
  })
  server.clock.advance(2_000)
  await server.login()
  server.auth.authenticate(owner.access_token)
  await server.login()
  assert.throws(() => server.auth.authenticate(owner.access_token), refused)
})
