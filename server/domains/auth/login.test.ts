import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OWNER, openClaimed, openTestAuth } from './fixture.ts'

test('an unknown address and a wrong password are answered alike', async (context) => {
  const { server } = await openClaimed(context)
  const answers = []
  for (const given of [{ password: 'rainy tuesday in porto' }, { email: 'nobody@example.org' }]) {
    const fault = await server.login(given).catch((error: unknown) => error)
    answers.push(JSON.stringify(fault, ['name', 'code', 'status', 'message', 'details', 'retry_after_s']))
  }
  assert.equal(answers[0], answers[1])
  assert.match(answers[0] ?? '', /"AUTH_004","status":401/)
})

test('after five failures from one address the right password is refused there and taken elsewhere', async (context) => {
  const { server } = await openClaimed(context)
  for (let failure = 0; failure < 5; failure += 1) {
    await assert.rejects(server.login({ password: 'wrong' }), { status: 401 })
  }
  await assert.rejects(server.login(), { status: 429, code: 'GENERAL_002', retry_after_s: 30 })
  const { user } = await server.login({}, { ip: '10.0.0.7' })
  assert.equal(user.email, OWNER.email)
})

test('a sign-in with nothing is malformed, a passkey that is none as wrong as a password', async (context) => {
  const server = await openTestAuth()
  context.after(() => server.close())
  await assert.rejects(server.login({ password: undefined }), { status: 400, code: 'GENERAL_001' })
  const biometric_credential = { credential_id: 'a', challenge_response: 'b' }
  await assert.rejects(server.login({ biometric_credential }), {
    status: 401,
    code: 'AUTH_004',
  })
  await assert.rejects(server.login({ email: 'a\0@b.c' }), { status: 400 })
})

test('with one hash running and none allowed to wait the next sign-in is refused', async (context) => {
  const server = await openTestAuth({ password_hashes_at_once: 1, password_queue_max: 0 })
  context.after(() => server.close())
  const first = server.login()
  await assert.rejects(server.login(), { status: 503, code: 'SYSTEM_001', retry_after_s: 2 })
  await assert.rejects(first, { status: 401 })
})
