import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Destination } from '../../../contract/credentials.ts'
import type { ExternalIntegration } from '../../../contract/integrations.ts'
import { performAs } from '../changes/fixture.ts'
import { agentWith, declared, http, openWithService, text } from './rig.ts'
import type { Answering, Rig } from './rig.ts'

const SECRET = 'sk-live-Zq7+/v8RtY2mX4pL9wK3bN6cD1'

interface Keeper extends Rig {
  credential_id: string
  grant(...places: Omit<Destination, 'origin'>[]): Promise<unknown>
}

/** A service, and a secret that an agent may be given for it. */
async function open(t: TestContext, answer?: Answering): Promise<Keeper> {
  const server = await openWithService(t, answer)
  const { id: credential_id } = await performAs(server, server.ann, 'credentials.store', {
    service_name: 'Shop key',
    credential_type: 'api_key',
    credential_data: { value: SECRET },
  })
  const grant: Keeper['grant'] = (...places) => {
    const destinations = places.map((place) => ({ origin: server.origin, ...place }))
    return performAs(server, server.ann, 'credentials.grant', {
      credential_id,
      agent_number: 20,
      destinations,
    })
  }
  return Object.assign(server, { credential_id, grant })
}

const look = declared({ name: 'look', method: 'GET', path: '/look' })
const send = declared({ name: 'order', method: 'POST', path: '/order' }, { item: text })
const HEADER = { in: 'header', name: 'authorization' } as const

const shop = ({ origin, credential_id }: Keeper, more: Partial<ExternalIntegration> = {}) =>
  http(origin, { actions: [look, send], credential_id, ...more })

test('without a grant nothing is sent, and the agent says that its user has to let it', async (t) => {
  const server = await open(t)
  await agentWith(server, shop(server, { auth: HEADER }))
  const { result, status } = await server.act(20, 'look')
  assert.equal(status, 'failed')
  assert.equal(result?.error, 'AGENT_004: The agent was not given this credential.')
  assert.deepEqual([server.got, result?.metadata.resources_used], [[], [`http:127.0.0.1:${server.port}`]])
})

test('a secret goes along in the header, the query or the body, comes back in nothing, and is told by its name', async (t) => {
  const server = await open(t, ({ url, headers, body }) => ({ data: { url, headers, body } }))
  await agentWith(server, shop(server))
  await server.grant(HEADER, { in: 'query', name: 'key' }, { in: 'body', name: 'token' })
  const seen = await server.act(20, 'look')
  const ordered = await server.act(20, 'order', { item: 'tea' })
  const [first, second] = server.got
  assert.equal(first?.headers.authorization, `Bearer ${SECRET}`)
  assert.equal(new URL(first.url, server.origin).searchParams.get('key'), SECRET)
  assert.equal(second?.body, JSON.stringify({ item: 'tea', token: SECRET }))
  assert.deepEqual(seen.result?.metadata.resources_used, [
    `credential:Shop key`,
    `http:127.0.0.1:${server.port}`,
  ])
  for (const { result } of [seen, ordered]) {
    assert.equal(result?.success, true)
    assert.equal(JSON.stringify(result).includes(SECRET.slice(0, 12)), false)
  }
})

test('where the place is said, the secret goes there alone, and not at all when it was granted for another', async (t) => {
  const server = await open(t)
  await agentWith(server, shop(server, { auth: { in: 'header', name: 'X-Key' } }))
  await server.grant(HEADER)
  const { result } = await server.act(20, 'look')
  assert.match(
    result?.error ?? '',
    /^AGENT_004: The credential was not granted for the header X-Key of http:/,
  )
  assert.equal(server.got.length, 0)
  await server.grant({ in: 'header', name: 'x-key' })
  await server.done(20, 'look')
  const got = server.got.at(0)
  assert.deepEqual([got?.headers['x-key'], got?.headers.authorization], [SECRET, undefined])
})

test('a secret for the body alone makes one where there is none', async (t) => {
  const server = await open(t)
  const ping = declared({ name: 'ping', method: 'POST', path: '/ping' })
  await agentWith(server, shop(server, { actions: [ping], auth: { in: 'body', name: 'token' } }))
  await server.grant({ in: 'body', name: 'token' })
  await server.done(20, 'ping')
  const got = server.got.at(0)
  assert.deepEqual(
    [got?.body, got?.headers['content-type']],
    [JSON.stringify({ token: SECRET }), 'application/json'],
  )
})

test('a secret in an answer that is an error is taken out of what is said of it', async (t) => {
  const server = await open(t, ({ headers }) => ({
    status: 403,
    data: { message: `no: ${headers.authorization}` },
  }))
  await agentWith(server, shop(server))
  await server.grant(HEADER)
  const { result } = await server.act(20, 'look')
  assert.match(result?.error ?? '', /^AGENT_002: Shop answered with status 403: no: Bearer \[secret:/)
  assert.equal(JSON.stringify(result).includes(SECRET), false)
})
