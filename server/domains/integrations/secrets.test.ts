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

/** The characters of a secret, every other one as a code. */
const coded = (write: (one: string) => string) =>
  Array.from(SECRET, (one, at) => (at % 2 === 0 ? one : write(one))).join('')
const hex = (one: string, width: number) => one.charCodeAt(0).toString(16).padStart(width, '0')
const HALVES: readonly string[] = [
  coded((one) => `\\u${hex(one, 4)}`),
  coded((one) => `&#x${hex(one, 2)};`),
  coded((one) => `%${hex(one, 2)}`),
  coded((one) => JSON.stringify(`\\u${hex(one, 4)}`).slice(1, -1)),
  coded((one) => (one < 'a' ? `&#${one.charCodeAt(0)};` : `\\u${hex(one, 4)}`)),
]
/** A text once all codes in it have been read. */
const read = (said: string): string =>
  said
    .replaceAll(/\\+u(....)/g, (_, code: string) => from(code, 16))
    .replaceAll(/&#x(\w+);/g, (_, code: string) => from(code, 16))
    .replaceAll(/&#(\d+);/g, (_, code: string) => from(code, 10))
    .replaceAll(/%(\w\w)/g, (_, code: string) => from(code, 16))
const from = (code: string, radix: number) => String.fromCharCode(Number.parseInt(code, radix))

test('a secret that is answered half in codes, as a value, a field, a text of JSON or a reason, is plain to nobody', async (t) => {
  let body = ''
  let status = 200
  const server = await open(t, (_got, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-half': body.slice(0, 200) }).end(body)
  })
  await agentWith(server, shop(server))
  await server.grant(HEADER)
  for (const half of HALVES) {
    assert.ok(read(half).includes(SECRET), half)
    for (const [code, said] of [
      [200, `{"value":"${half}"}`],
      [200, `{"a":{"${half}":1,"x${half}y":[{"${half}":"${half}"}]}}`],
      // Codes in codes in codes are not read.
      [200, `{"text":${JSON.stringify(half.includes('\\\\') ? SECRET : `{"value":"${half}"}`)}}`],
      [200, `no json: ${half}`],
      [403, `{"message":"no: ${half}"}`],
    ] as const) {
      ;[status, body] = [code, said]
      const { result } = await server.act(20, 'look')
      assert.equal(result?.success, code === 200, said)
      const known = JSON.stringify(result)
      assert.ok(known.includes(`[secret:${server.credential_id}]`), known)
      assert.equal(read(known).includes(SECRET), false, known)
    }
  }
})

test('a page that breaks a secret up with tags is read without it', async (t) => {
  const server = await open(t, (_got, response) => {
    const halves = `${SECRET.slice(0, 9)}<b>${SECRET.slice(9)}</b>`
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<html><body><p>It is ${halves}.</p></body></html>`)
  })
  const destinations = [{ origin: server.origin, ...HEADER }]
  await performAs(server, server.ann, 'credentials.grant', {
    credential_id: server.credential_id,
    agent_number: 8,
    destinations,
  })
  const parameters = { url: `${server.origin}/page`, credential_id: server.credential_id }
  const { result } = await server.act(8, 'get', parameters)
  assert.equal(result?.success, true, JSON.stringify(result))
  assert.equal(
    JSON.stringify(result)
      .replaceAll(/<[^>]*>/g, '')
      .includes(SECRET),
    false,
  )
})
