import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { SignedIn as SignedInSchema } from '../../../contract/auth.ts'
import type { Session, SignedIn, User } from '../../../contract/auth.ts'
import { findIssues } from '../../kernel/validate.ts'
import { OWNER, openClaimed, openTestAuth } from './fixture.ts'

const refused = { status: 401, code: 'AUTH_001' }

test('the setup code makes one owner and no second user, and its file is gone', async (context) => {
  const server = await openTestAuth()
  context.after(() => server.close())
  const setup_code = server.auth.setup_code()
  const file = join(server.kernel.settings.data_dir, 'setup-code')
  assert.equal(existsSync(file), true)
  const created: string[] = []
  server.auth.onUserCreated((_tx, user) => Promise.resolve(void created.push(user.email)))
  const owner = await server.ask<SignedIn>('auth.setup', {
    ...OWNER,
    email: ' Owner@Example.org',
    setup_code,
  })
  assert.deepEqual(findIssues(SignedInSchema, owner), [])
  const { role, tier } = server.auth.authenticate(owner.access_token)
  assert.deepEqual([role, tier, created], ['owner', 'enterprise', [OWNER.email]])
  const again = server.ask('auth.setup', { ...OWNER, email: 'second@example.org', setup_code })
  await assert.rejects(again, { status: 404, code: 'GENERAL_001' })
  assert.equal(existsSync(file), false)
  assert.equal(server.auth.setup_code(), undefined)
  assert.throws(() => server.auth.newSetupCode(), { status: 404 })
})

test('two who use the code at once make one user', async (context) => {
  const server = await openTestAuth()
  context.after(() => server.close())
  const setup_code = server.auth.setup_code()
  const tries = ['a@example.org', 'b@example.org'].map((email) =>
    server.ask('auth.setup', { ...OWNER, email, setup_code }),
  )
  const outcomes = (await Promise.allSettled(tries)).map(({ status }) => status)
  assert.deepEqual(outcomes.toSorted(), ['fulfilled', 'rejected'])
})

test('a hook that fails leaves no user behind', async (context) => {
  const server = await openTestAuth()
  context.after(() => server.close())
  server.auth.onUserCreated(() => Promise.reject(new Error('no room')))
  await assert.rejects(server.claim(), /no room/)
  assert.notEqual(server.auth.setup_code(), undefined)
  await assert.rejects(server.login(), { code: 'AUTH_004' })
})

test('the store holds neither a password nor a token', async (context) => {
  const { server, owner } = await openClaimed(context)
  const pair = await server.refresh(owner.refresh_token)
  const { connection } = server.kernel.store.reader
  const rows = ['users', 'sessions', 'refresh_tokens', 'signing_keys'].map((table) =>
    connection.all(`SELECT * FROM ${table}`, []),
  )
  for (const secret of [OWNER.password, owner.refresh_token, pair.refresh_token, owner.access_token]) {
    assert.equal(JSON.stringify(rows).includes(secret), false)
  }
})

test('signing out ends tokens at once, works with an expired one, and refuses a forged one', async (context) => {
  const { server, owner } = await openClaimed(context)
  const other = await server.login()
  await server.ask('auth.logout', {}, { token: owner.access_token })
  assert.throws(() => server.auth.authenticate(owner.access_token), refused)
  await assert.rejects(server.refresh(owner.refresh_token), refused)
  server.auth.authenticate(other.access_token)
  server.clock.advance(901_000)
  assert.throws(() => server.auth.authenticate(other.access_token), { status: 401, code: 'AUTH_003' })
  await assert.rejects(server.ask('auth.logout', {}, { token: `${other.access_token}x` }), refused)
  await assert.rejects(server.ask('auth.logout'), refused)
  await server.ask('auth.logout', {}, { token: other.access_token })
  await assert.rejects(server.refresh(other.refresh_token), refused)
})

test('a user lists and ends their own sessions, and those of nobody else', async (context) => {
  const { server, owner } = await openClaimed(context)
  const other = await server.login()
  await server.auth.addUser('bob@example.org', 'a quiet harbour at dawn')
  const bob = await server.login({ email: 'bob@example.org', password: 'a quiet harbour at dawn' })
  const from = { token: owner.access_token }
  const { sessions } = await server.ask<{ sessions: Session[] }>('auth.sessions', {}, from)
  assert.equal(sessions.filter(({ current }) => current).length, 1)
  assert.equal(sessions.length, 2)
  const id = sessions.find(({ current }) => !current)?.id
  const foreign = server.auth.authenticate(bob.access_token).session_id
  await server.ask('auth.session_end', { id }, from)
  assert.throws(() => server.auth.authenticate(other.access_token), refused)
  for (const unknown of [id, foreign]) {
    await assert.rejects(server.ask('auth.session_end', { id: unknown }, from), { status: 404 })
  }
  server.auth.authenticate(bob.access_token)
})

test('users are added below the owner, each address once, and never before the owner', async (context) => {
  const server = await openTestAuth()
  context.after(() => server.close())
  const add = (email: string): Promise<User> => server.auth.addUser(email, 'a quiet harbour at dawn')
  await assert.rejects(add('bob@example.org'), { status: 409 })
  await server.claim()
  const bob = await add(' Bob@example.org')
  assert.equal(bob.email, 'bob@example.org')
  await assert.rejects(add('ｂｏｂ@example.org'), { status: 409 })
  const { access_token } = await server.login({
    email: 'bob@example.org',
    password: 'a quiet harbour at dawn',
  })
  const { role, tier, has_passkey } = server.auth.authenticate(access_token)
  assert.deepEqual([role, tier, has_passkey], ['user', 'free', false])
  assert.deepEqual(await server.auth.user(bob.id), bob)
})

test('preferences are changed in part, and a refused change changes nothing', async (context) => {
  const { server, owner } = await openClaimed(context)
  const from = { token: owner.access_token }
  server.clock.advance(1_000)
  const user = await server.ask<User>('auth.preferences', { theme: 'dark', timezone: 'Europe/Lisbon' }, from)
  assert.deepEqual(user.preferences, { ...owner.user.preferences, theme: 'dark', timezone: 'Europe/Lisbon' })
  assert.deepEqual([user.created_at, user.updated_at], [owner.user.created_at, server.kernel.now()])
  const wrong = server.ask('auth.preferences', { theme: 'light', biometric_enabled: true }, from)
  await assert.rejects(wrong, { status: 400, code: 'GENERAL_001' })
  assert.deepEqual(await server.ask('auth.me', {}, from), user)
})
