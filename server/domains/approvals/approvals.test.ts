import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { PendingApproval } from '../../../contract/approvals.ts'
import type { OperationName, Operations } from '../../../contract/index.ts'
import type { Input } from '../../../contract/operation.ts'
import type { SoftwareKey } from '../../../sdk/authenticator.ts'
import { PASSWORD, openTestApp } from '../../../test/app.ts'
import type { TestApp } from '../../../test/app.ts'
import { dataOf, enrol, outcomeOf, prove } from '../../../test/passkeys.ts'

interface Scene {
  server: TestApp
  /** Of the session that can prove, and of one that cannot. */
  token: string
  asker: string
  key: SoftwareKey
}

async function open(context: TestContext): Promise<Scene> {
  const server = await openTestApp()
  context.after(() => server.remove())
  const { token } = await server.claim()
  const { key } = await enrol(server, token)
  const login = { email: 'ann@example.org', password: PASSWORD }
  const { access_token: asker } = await server.ask(undefined, 'auth.login', login)
  return { server, token, asker, key }
}

async function request<N extends OperationName>(
  { server, asker }: Scene,
  name: N,
  input: Input<Operations[N]>,
): Promise<string> {
  const reply = await server.call(asker, name, input, undefined, { approval: true })
  assert.equal(reply.status, 202)
  return dataOf<PendingApproval>(reply).approval_id
}

const approve = ({ server, token, key }: Scene, id: string) =>
  prove(server, token, key, 'approvals.approve', { id })

/** Approves, and follows the call to its end. */
async function run(scene: Scene, id: string): Promise<string> {
  const ended = Promise.withResolvers<string>()
  const stop = scene.server.app.kernel.events.hear(({ name, data }) => {
    const { approval_id, status } = data as { approval_id?: string; status?: string }
    if (name === 'approval:decided' && approval_id === id && status !== 'approved')
      ended.resolve(status ?? '')
  })
  assert.equal(outcomeOf(await approve(scene, id)), 'ok')
  return ended.promise.finally(stop)
}

const names = async ({ server, token }: Scene) =>
  (await server.ask(token, 'agents.list', {})).agents.map(({ name }) => name)

test('a call waits for the passkey, runs once, and tells its end to its asker once', async (t) => {
  const scene = await open(t)
  const { server, token, asker } = scene
  const id = await request(scene, 'agents.create', { name: 'Books' })
  assert.equal((await names(scene)).includes('Books'), false)
  const waiting = await server.ask(token, 'approvals.get', { id })
  assert.deepEqual([waiting.status, waiting.operation], ['pending', 'agents.create'])
  assert.match(waiting.impact_assessment, /Created agent 20, Books/)

  assert.equal(await run(scene, id), 'done')
  assert.equal((await names(scene)).filter((name) => name === 'Books').length, 1)
  assert.equal('result' in (await server.ask(token, 'approvals.get', { id })), false)
  const told = await server.ask(asker, 'approvals.get', { id })
  assert.equal((told.result as { name: string }).name, 'Books')
  assert.equal('result' in (await server.ask(asker, 'approvals.get', { id })), false)
  assert.equal(outcomeOf(await approve(scene, id)), 'GENERAL_001')
})

test('nobody approves without a passkey, and what is denied or expired never runs', async (t) => {
  const scene = await open(t)
  const { server, token, asker } = scene
  const id = await request(scene, 'agents.create', { name: 'Books' })
  assert.equal(outcomeOf(await server.call(asker, 'approvals.approve', { id })), 'AUTH_002 proof_missing')
  assert.equal(outcomeOf(await server.call(asker, 'approvals.deny', { id })), 'ok')
  assert.equal(outcomeOf(await approve(scene, id)), 'GENERAL_001')
  const late = await request(scene, 'agents.create', { name: 'Cooks' })
  server.clock.advance(600_000)
  assert.equal((await server.ask(token, 'approvals.get', { id: late })).status, 'expired')
  assert.equal(outcomeOf(await approve(scene, late)), 'GENERAL_001')
  assert.deepEqual(
    (await names(scene)).filter((name) => /Books|Cooks/.test(name)),
    [],
  )
})

test('a call that could not be done anyway does not wait, and one that has become impossible fails', async (t) => {
  const scene = await open(t)
  const { server, asker, token, key } = scene
  const taken = await server.call(asker, 'agents.create', { name: 'Text' }, undefined, { approval: true })
  assert.equal(outcomeOf(taken), 'AGENT_004')
  const { agents } = await server.ask(token, 'agents.list', {})
  const agent = agents.find(({ name }) => name === 'Text')?.id ?? ''
  const id = await request(scene, 'agents.update', { id: agent, description: 'one' })
  assert.equal(
    outcomeOf(await prove(server, token, key, 'agents.update', { id: agent, description: 'two' })),
    'ok',
  )
  assert.equal(await run(scene, id), 'failed')
  const told = await server.ask(asker, 'approvals.get', { id })
  assert.equal(told.error?.code, 'SYSTEM_002')
  assert.equal((await server.ask(token, 'agents.get', { id: agent })).description, 'two')
})

test('the same call is one approval, and five are the most of one session', async (t) => {
  const scene = await open(t)
  const first = await request(scene, 'agents.create', { name: 'A0' })
  assert.equal(await request(scene, 'agents.create', { name: 'A0' }), first)
  for (const name of ['A1', 'A2', 'A3', 'A4']) await request(scene, 'agents.create', { name })
  const more = await scene.server.call(scene.asker, 'agents.create', { name: 'A5' }, undefined, {
    approval: true,
  })
  assert.equal(outcomeOf(more), 'GENERAL_002')
  assert.equal(more.ok ? 0 : more.retry_after_s, 600)
  assert.match(more.ok ? '' : more.error.error.message, /account page or with "paios approvals"/)
})

test('whoever has signed out meanwhile gets nothing done', async (t) => {
  const scene = await open(t)
  const id = await request(scene, 'agents.create', { name: 'Books' })
  await scene.server.ask(scene.asker, 'auth.logout', {})
  assert.equal(await run(scene, id), 'failed')
  assert.equal((await names(scene)).includes('Books'), false)
})

test('secrets are not shown to the approver, nor kept readable', async (t) => {
  const scene = await open(t)
  const { server, token } = scene
  const secret = 'a sentence nobody shall read 5'
  const id = await request(scene, 'users.create', { email: 'bob@example.org', password: secret })
  const { input } = await server.ask(token, 'approvals.get', { id })
  assert.deepEqual(input, { email: 'bob@example.org', password: '****' })
  const rows = server.app.kernel.store.reader.connection.all('SELECT * FROM approvals', [])
  assert.equal(JSON.stringify(rows).includes(secret), false)
  assert.equal(await run(scene, id), 'done')
  assert.equal(
    outcomeOf(await server.call(undefined, 'auth.login', { email: 'bob@example.org', password: secret })),
    'ok',
  )
})

test('an approval of another user is not there', async (t) => {
  const scene = await open(t)
  const { server } = scene
  const id = await request(scene, 'agents.create', { name: 'Books' })
  await server.app.auth.addUser('bob@example.org', PASSWORD)
  const bob = await server.ask(undefined, 'auth.login', { email: 'bob@example.org', password: PASSWORD })
  const { key } = await enrol(server, bob.access_token)
  assert.deepEqual((await server.ask(bob.access_token, 'approvals.list', {})).approvals, [])
  for (const outcome of [
    await server.call(bob.access_token, 'approvals.get', { id }),
    await server.call(bob.access_token, 'approvals.deny', { id }),
    await prove(server, bob.access_token, key, 'approvals.approve', { id }),
  ])
    assert.equal(outcome.status, 404)
})
