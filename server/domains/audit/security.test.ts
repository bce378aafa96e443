import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestApp } from '../../../test/app.ts'
import { enrol } from '../../../test/passkeys.ts'
import { openScene } from './fixture.ts'
import { openAudit } from './index.ts'

const DAY = 86_400_000

test('failures of the last seven days are counted by why, the own ones alone', async (t) => {
  const { guard, ann, add, write, server } = await openScene(t)
  const bob = await add('bob@example.org')
  const failures = [
    { status: 404, outcome: 'AGENT_001' },
    { status: 500, outcome: 'GENERAL_003' },
    { status: 403, outcome: 'AUTH_002' },
    { status: 429, outcome: 'GENERAL_002' },
    { status: 200, outcome: 'ok' },
  ]
  await write(failures.map((line) => ({ ...line, actor: bob })))
  server.clock.advance(7 * DAY)
  const counts = async (user_id: string) => {
    const { failed_calls, refused_proofs, limited_calls } = await guard(user_id).security()
    return [failed_calls, refused_proofs, limited_calls]
  }
  assert.deepEqual(await counts(bob), [2, 1, 1])
  assert.deepEqual(await counts(ann.user_id), [0, 0, 0])
  server.clock.advance(1)
  assert.deepEqual(await counts(bob), [0, 0, 0])
})

test('of more calls than are looked at the newest are counted, and that there are more is handed on', async (t) => {
  const { guard, add, write, server } = await openScene(t)
  const bob = await add('bob@example.org')
  const lines = (count: number, outcome: string) =>
    Array.from({ length: count }, () => ({ actor: bob, outcome }))
  const counts = async () => {
    const { failed_calls, calls_complete } = await guard(bob).security()
    return [failed_calls, calls_complete]
  }
  await write(lines(1_000, 'AGENT_001'))
  await write(lines(48_999, 'ok'))
  assert.deepEqual(await counts(), [1_000, true])
  await write(lines(500, 'ok'))
  assert.deepEqual(await counts(), [501, false])
  // What lies before the week is not missed.
  server.clock.advance(9 * DAY)
  assert.deepEqual(await counts(), [0, true])
  await write(lines(50_000, 'ok'))
  assert.deepEqual(await counts(), [0, false])
})

test('an account without passkeys says so, and its sessions and remote agents are counted', async (t) => {
  const remoteAgents = (user_id: string) => Promise.resolve(user_id === ann.user_id ? 3 : 0)
  const { guard, ann, add } = await openScene(t, { remoteAgents })
  const bob = await add('bob@example.org')
  const safe = { passkeys: 0, software_passkeys: 0, backup_codes_left: 0, wants_passkey: false }
  const quiet = { failed_calls: 0, refused_proofs: 0, limited_calls: 0, calls_complete: true, exposed: false }
  assert.deepEqual(await guard(ann.user_id).security(), { ...safe, ...quiet, sessions: 1, agents_remote: 3 })
  assert.deepEqual(await guard(bob).security(), { ...safe, ...quiet, sessions: 0, agents_remote: 0 })
})

test('passkeys, those in files, and the backup codes that are left are those of the account', async (t) => {
  const server = await openTestApp()
  const reader = openAudit(server.app.kernel, { auth: server.app.auth })
  t.after(async () => {
    await reader.close()
    await server.remove()
  })
  const { token, user_id } = await server.claim()
  const facts = async () => {
    const bound = reader.bindGuard({ owner: { user_id }, now: server.clock.now() })
    const { passkeys, software_passkeys, backup_codes_left, wants_passkey, sessions } = await bound.security()
    return [passkeys, software_passkeys, backup_codes_left, wants_passkey, sessions]
  }
  assert.deepEqual(await facts(), [0, 0, 0, false, 1])
  const { backup_codes } = await enrol(server, token)
  assert.deepEqual(await facts(), [1, 1, 10, true, 1])
  const biometric_credential = { credential_id: 'backup_code', challenge_response: backup_codes[0] ?? '' }
  await server.ask(undefined, 'auth.login', { email: 'ann@example.org', biometric_credential })
  assert.deepEqual(await facts(), [1, 1, 9, true, 2])
  await server.app.auth.recover('ann@example.org')
  assert.deepEqual(await facts(), [1, 1, 9, true, 0])
})
