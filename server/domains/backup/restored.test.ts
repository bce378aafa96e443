import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Challenge } from '../../../contract/auth.ts'
import { signChallenge } from '../../../sdk/authenticator.ts'
import { ORIGIN, dataOf, enrol, outcomeOf, prove, proofFor } from '../../../test/passkeys.ts'
import { openScene } from './fixture.ts'

test('after a restore every session, refresh token and access token from before is dead', async (context) => {
  const scene = await openScene(context)
  const { ann } = scene
  const later = await scene.signIn()
  const { name } = await scene.running.app.backup.make('asked')
  const ended = await scene.signIn()
  await scene.restore(name)
  const { call } = scene.running
  for (const token of [ann.token, later, ended]) {
    const reply = await call(token, 'auth.me', {})
    assert.deepEqual([reply.status, outcomeOf(reply)], [401, 'AUTH_001'])
  }
  const refreshed = await call(undefined, 'auth.refresh', { refresh_token: ann.refresh_token })
  assert.deepEqual([refreshed.status, outcomeOf(refreshed)], [401, 'AUTH_001'])
  assert.equal((await call(await scene.signIn(), 'auth.me', {})).status, 200)
})

test('a proof and a sign-in from before a restore do not count again', async (context) => {
  const scene = await openScene(context)
  const { key } = await enrol(scene.running, scene.ann.token)
  const { name } = await scene.running.app.backup.make('asked')
  const operation = 'agents.create'
  const input = { name: 'Mine' }
  const proof = await proofFor(scene.running, scene.ann.token, key, operation, input)
  const given = { proof, origin: ORIGIN }
  assert.equal((await scene.running.call(scene.ann.token, operation, input, undefined, given)).status, 201)
  const asked = await scene.running.call(
    undefined,
    'auth.biometric_challenge',
    { purpose: 'login' },
    undefined,
    { origin: ORIGIN },
  )
  const biometric_credential = signChallenge(key, dataOf<Challenge>(asked))
  const login = { email: 'ann@example.org', biometric_credential }
  const more = { origin: ORIGIN }
  assert.equal((await scene.running.call(undefined, 'auth.login', login, undefined, more)).status, 200)
  scene.clock.advance(1)
  await scene.restore(name)
  const { call } = scene.running
  assert.equal((await call(scene.ann.token, operation, input, undefined, given)).status, 401)
  assert.equal(outcomeOf(await call(undefined, 'auth.login', login, undefined, more)), 'AUTH_004')
  const token = await scene.signIn()
  assert.match(outcomeOf(await call(token, operation, input, undefined, given)), /^AUTH_002/)
  assert.equal(outcomeOf(await prove(scene.running, token, key, operation, input)), 'ok')
})

test('a sign-in from before a restore does not count again after one more start, and new ones do', async (context) => {
  const scene = await openScene(context)
  const { key } = await enrol(scene.running, scene.ann.token)
  const { name } = await scene.running.app.backup.make('asked')
  const more = { origin: ORIGIN }
  const ask = { purpose: 'login' as const }
  const answered = async () => {
    const asked = await scene.running.call(undefined, 'auth.biometric_challenge', ask, undefined, more)
    const biometric_credential = signChallenge(key, dataOf<Challenge>(asked))
    return { email: 'ann@example.org', biometric_credential }
  }
  const login = (given: Awaited<ReturnType<typeof answered>>) =>
    scene.running.call(undefined, 'auth.login', given, undefined, more)
  const old = await answered()
  assert.equal((await login(old)).status, 200)
  scene.clock.advance(1)
  await scene.restore(name)
  await scene.restart()
  scene.clock.advance(60_000)
  assert.equal(outcomeOf(await login(old)), 'AUTH_004')
  const fresh = await answered()
  await scene.restart()
  assert.equal((await login(fresh)).status, 200)
})

test('the token of an agent from outside ends with a restore, and its user is told to register it anew', async (context) => {
  const scene = await openScene(context)
  const robot = {
    agent_number: 40,
    name: 'Robot',
    capabilities: ['echo'],
    voice_commands: [],
    config_schema: { type: 'object' },
  }
  const { token = '' } = await scene.running.ask(scene.ann.token, 'messages.register', robot)
  await scene.running.ask(token, 'messages.next', {})
  const { name } = await scene.running.app.backup.make('asked')
  await scene.restore(name)
  const refused = await scene.running.call(token, 'messages.next', {})
  assert.deepEqual([refused.status, outcomeOf(refused)], [401, 'AUTH_001'])
  const from = 'a backup of 2026-11-22T10:00:00.000Z was restored at '
  const [agents = '', everybody = ''] = await scene.told()
  assert.ok(
    agents.startsWith(`warning: Your agents from outside must be registered anew, because ${from}`),
    agents,
  )
  assert.ok(everybody.startsWith(`warning: Everybody must sign in again, because ${from}`), everybody)
  const again = await scene.running.ask(await scene.signIn(), 'messages.register', robot)
  assert.equal((await scene.running.call(again.token, 'messages.next', {})).status, 200)
})

test('an approval from before a restore runs nothing', async (context) => {
  const scene = await openScene(context)
  const { key } = await enrol(scene.running, scene.ann.token)
  const asker = await scene.signIn()
  const pending = await scene.running.call(asker, 'agents.create', { name: 'Late' }, undefined, {
    approval: true,
  })
  const { approval_id: id } = dataOf<{ approval_id: string }>(pending)
  const { name } = await scene.running.app.backup.make('asked')
  await scene.restore(name)
  const token = await scene.signIn()
  await prove(scene.running, token, key, 'approvals.approve', { id })
  await scene.until(async () => {
    const { status } = await scene.running.ask(token, 'approvals.get', { id })
    return status !== 'approved' && status !== 'running'
  })
  assert.equal((await scene.running.ask(token, 'approvals.get', { id })).status, 'failed')
  const { agents } = await scene.running.ask(token, 'agents.list', {})
  assert.equal(
    agents.some((agent) => agent.name === 'Late'),
    false,
  )
})

test('a restore is finished once, stands in the audit, and no client takes new events for old ones', async (context) => {
  const scene = await openScene(context)
  const { user_id } = scene.ann
  const { name } = await scene.running.app.backup.make('asked')
  const tell = (error: string) =>
    scene.running.app.kernel.store.write(async (tx) =>
      scene.running.app.kernel.events.tell(tx, 'agent:error', user_id, { agent_id: '7', error }),
    )
  for (const error of ['a', 'b', 'c']) await tell(error)
  const seen = (await scene.running.app.kernel.events.since(user_id, 0)).events.at(-1)?.seq ?? 0
  assert.equal(seen, 3)
  await scene.restore(name)
  const { kernel } = scene.running.app
  assert.equal(existsSync(join(scene.data_dir, 'restored.json')), false)
  const lines = kernel.audit.lines(undefined, 100).filter(({ operation }) => operation === 'control.restore')
  assert.deepEqual(
    lines.map(({ target, outcome, transport }) => [target, outcome, transport]),
    [['2026-11-22T10:00:00.000Z', 'ok', 'control']],
  )
  await tell('after')
  const { events, gap } = await kernel.events.since(user_id, seen)
  assert.deepEqual([events.length > 0, gap], [true, true])
  assert.equal((await kernel.audit.verify()).ok, true)
})
