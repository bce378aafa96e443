import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { PASSWORD, openTestApp } from '../../../test/app.ts'
import type { TestApp } from '../../../test/app.ts'
import { outcomeOf } from '../../../test/passkeys.ts'

interface Scene {
  server: TestApp
  owner: string
  bob: { id: string; token: string }
}

const BOB = { email: 'bob@example.org', password: PASSWORD }

async function open(context: TestContext): Promise<Scene> {
  const server = await openTestApp()
  context.after(() => server.remove())
  const { token: owner } = await server.claim()
  const { id } = await server.ask(owner, 'users.create', BOB)
  const { access_token: token } = await server.ask(undefined, 'auth.login', BOB)
  return { server, owner, bob: { id, token } }
}

/** Rows of every table that hold this text anywhere. */
function rowsWith({ server }: Scene, text: string): string[] {
  const { connection } = server.app.kernel.store.reader
  const tables = connection
    .all(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'memory_words%'`, [])
    .map(({ name }) => String(name))
  return tables.filter((name) => JSON.stringify(connection.all(`SELECT * FROM "${name}"`, [])).includes(text))
}

test('users are the affair of the owner alone', async (t) => {
  const { server, owner, bob } = await open(t)
  const { id } = bob
  for (const reply of [
    await server.call(bob.token, 'users.list', {}),
    await server.call(bob.token, 'users.create', { ...BOB, email: 'eve@example.org' }),
    await server.call(bob.token, 'users.update', { id, tier: 'enterprise' }),
    await server.call(bob.token, 'users.delete', { id }),
  ])
    assert.deepEqual([reply.status, outcomeOf(reply)], [403, 'AUTH_001'])
  const { users } = await server.ask(owner, 'users.list', {})
  assert.deepEqual(
    users.map(({ email, tier, owner: isOwner }) => [email, tier, isOwner]),
    [
      ['ann@example.org', 'enterprise', true],
      ['bob@example.org', 'free', false],
    ],
  )
})

test('an address is one account, in whatever case it is written', async (t) => {
  const { server, owner, bob } = await open(t)
  const again = await server.call(owner, 'users.create', { ...BOB, email: 'BOB@Example.org ' })
  assert.equal(again.status, 409)
  const taken = await server.call(owner, 'users.update', { id: bob.id, email: 'ann@example.org' })
  assert.equal(taken.status, 409)
})

test('another tier counts from the next call, another address ends the sessions', async (t) => {
  const { server, owner, bob } = await open(t)
  await server.ask(owner, 'users.update', { id: bob.id, tier: 'pro' })
  assert.equal(server.app.auth.tierOf(bob.id), 'pro')
  assert.equal(outcomeOf(await server.call(bob.token, 'auth.me', {})), 'ok')
  await server.ask(owner, 'users.update', { id: bob.id, email: 'robert@example.org' })
  assert.equal(outcomeOf(await server.call(bob.token, 'auth.me', {})), 'AUTH_001')
  assert.equal(outcomeOf(await server.call(undefined, 'auth.login', BOB)), 'AUTH_004')
})

test('of a user who is removed nothing remains but the audit, and nothing of theirs happens any more', async (t) => {
  const scene = await open(t)
  const { server, owner, bob } = scene
  const execute = (agent: string, action: string, parameters: Record<string, unknown>) =>
    server.ask(bob.token, 'agents.execute', {
      id: agent,
      command: { action, parameters, user_id: bob.id, request_id: action, priority: 'normal' },
      wait_for_completion: true,
    })
  await execute('2', 'remember', { text: 'the boiler is on the left' })
  await execute('3', 'remind', { text: 'water', in_seconds: 60 })
  await server.ask(bob.token, 'voice.process', { text_fallback: 'put milk on the list', language: 'en' })
  await server.ask(bob.token, 'agents.create', { name: 'Books' })
  assert.ok(rowsWith(scene, bob.id).length > 8)

  assert.equal(outcomeOf(await server.call(owner, 'users.delete', { id: bob.id })), 'ok')
  await server.app.kernel.audit.flush()
  assert.deepEqual(rowsWith(scene, bob.id), ['audit'])
  assert.equal(outcomeOf(await server.call(bob.token, 'auth.me', {})), 'AUTH_001')
  assert.equal(outcomeOf(await server.call(undefined, 'auth.login', BOB)), 'AUTH_004')
  const { connection } = server.app.kernel.store.reader
  assert.deepEqual(connection.all(`SELECT rowid FROM memory_words WHERE memory_words MATCH 'boiler'`, []), [])
  server.clock.advance(120_000)
  await server.app.kernel.store.write(() => Promise.resolve())
  assert.deepEqual(connection.all('SELECT * FROM notifications', []), [])
})

test('the owner cannot be removed, and who is not there is not found', async (t) => {
  const { server, owner } = await open(t)
  const me = await server.ask(owner, 'auth.me', {})
  assert.equal((await server.call(owner, 'users.delete', { id: me.id })).status, 409)
  const id = '018f0000-0000-7000-8000-000000000000'
  assert.equal((await server.call(owner, 'users.delete', { id })).status, 404)
  assert.equal((await server.call(owner, 'users.update', { id, tier: 'pro' })).status, 404)
})
