import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { ExternalIntegration } from '../../../contract/integrations.ts'
import { performAs } from '../changes/fixture.ts'
import { agentWith, openWithService } from './rig.ts'
import type { Answering, Got } from './rig.ts'

const KEY = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

async function open(
  t: TestContext,
  value: string,
  answer?: Answering,
  more: Partial<ExternalIntegration> = {},
) {
  const server = await openWithService(t, answer)
  const { ann } = server
  const { id: credential_id } = await performAs(server, ann, 'credentials.store', {
    service_name: 'Bell',
    credential_type: 'api_key',
    credential_data: { value },
  })
  const bell = { id: 'bell', name: 'Bell', type: 'webhook' as const, allowed_hosts: [], enabled: true }
  await agentWith(server, { ...bell, base_url: `${server.origin}/hook?room=1`, credential_id, ...more })
  const grant = () =>
    performAs(server, ann, 'credentials.grant', {
      credential_id,
      agent_number: 20,
      destinations: [{ origin: server.origin, in: 'header', name: 'Webhook-Signature' }],
    })
  return { server, credential_id, grant }
}

/** The signature as a receiver works it out. */
function expected(key: string | Buffer, { headers, body }: Got): string {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}

test('what a webhook is told is signed, at the last moment, by a secret that does not go along', async (t) => {
  const { server, grant } = await open(t, `whsec_${KEY}`, ({ headers }) => ({ data: headers }))
  await grant()
  const { result } = await server.act(20, 'send', { payload: { door: 'front', n: 1 } })
  assert.deepEqual([result?.data, result?.text], [{ status: 200 }, 'Bell has it.'])
  assert.deepEqual(result?.metadata.resources_used, ['credential:Bell', `http:127.0.0.1:${server.port}`])
  const [got] = server.got
  assert.ok(got !== undefined)
  assert.deepEqual([got.method, got.url, got.body], ['POST', '/hook?room=1', '{"door":"front","n":1}'])
  assert.match(String(got.headers['webhook-id']), /^msg_[0-9a-f]{32}$/)
  assert.equal(got.headers['webhook-timestamp'], String(Math.floor(server.clock.now() / 1_000)))
  assert.equal(got.headers['webhook-signature'], expected(Buffer.from(KEY, 'base64'), got))
  assert.equal(JSON.stringify(got).includes(KEY), false)
})

test('a secret that is no base64 signs as it is, each message has an id of its own, and a text is JSON, too', async (t) => {
  const { server, grant } = await open(t, 'correct horse battery', undefined, { action: 'ring' })
  await grant()
  for (const payload of ['hello', '{"a":1}', null]) await server.done(20, 'ring', { payload })
  assert.deepEqual(
    server.got.map(({ body }) => body),
    ['"hello"', '{"a":1}', 'null'],
  )
  for (const got of server.got)
    assert.equal(got.headers['webhook-signature'], expected('correct horse battery', got))
  assert.equal(new Set(server.got.map(({ headers }) => headers['webhook-id'])).size, 3)
})

test('without a grant for its signature nothing is sent, also with one for another header', async (t) => {
  const { server, credential_id } = await open(t, KEY)
  const error = async () => (await server.act(20, 'send', { payload: 1 })).result?.error
  assert.equal(await error(), 'AGENT_004: The agent was not given this credential.')
  await performAs(server, server.ann, 'credentials.grant', {
    credential_id,
    agent_number: 20,
    destinations: [{ origin: server.origin, in: 'header', name: 'authorization' }],
  })
  assert.match(
    (await error()) ?? '',
    /^AGENT_004: The credential was not granted for the header webhook-signature /,
  )
  assert.deepEqual(server.got, [])
})

test('a secret of a signature that comes back all the same is taken out, with and without what it begins with', async (t) => {
  const { server, grant } = await open(t, `whsec_${KEY}`, () => ({
    status: 400,
    data: { message: `bad ${KEY} whsec_${KEY}` },
  }))
  await grant()
  const { result } = await server.act(20, 'send', { payload: 1 })
  assert.match(
    result?.error ?? '',
    /^AGENT_002: Bell answered with status 400: bad \[secret:.*\] whsec_\[secret:/,
  )
})

test('what signs is granted without a form, and a step of a workflow that is repeated has the same id', async (t) => {
  const { server, grant, credential_id } = await open(t, KEY)
  const destination = {
    origin: server.origin,
    in: 'header',
    name: 'webhook-signature',
    format: 'x {}',
  } as const
  const wrong = performAs(server, server.ann, 'credentials.grant', {
    credential_id,
    agent_number: 20,
    destinations: [destination],
  })
  await assert.rejects(wrong, { code: 'GENERAL_001', message: /format cannot be given for what signs/ })
  await grant()
  const context = { workflow: { workflow_id: 'w', execution_id: 'e', step_id: 's' } }
  for (const request_id of ['e/s', 'e/t']) {
    const command = {
      action: 'send',
      parameters: { payload: 1 },
      context,
      user_id: server.ann.user_id,
      request_id,
      priority: 'normal' as const,
    }
    await server.ask(server.ann.token, 'agents.execute', { id: '20', command, wait_for_completion: true })
  }
  const ids = server.got.map(({ headers }) => headers['webhook-id'])
  assert.deepEqual(ids, ['e/s', 'e/t'])
})
