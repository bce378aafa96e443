import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Execution } from '../../contract/agents.ts'
import type { Destination } from '../../contract/credentials.ts'
import { openCanary } from '../../server/domains/egress/rig.ts'
import { callOf } from '../../server/domains/changes/fixture.ts'
import { openTestApp } from '../app.ts'
import { fakeClock, seededRandom } from '../clock.ts'

const NEEDLE = 'sk-live-Zq7+/v8RtY2mX4pL9wK3bN6cD1'
const CASES: readonly [
  what: string,
  answer: (request: IncomingMessage, response: ServerResponse, other: string) => void,
][] = [
  ['all headers are echoed', ({ headers }, response) => void response.end(JSON.stringify(headers))],
  [
    'it comes back in a header',
    ({ headers }, response) => {
      response.setHeader('x-echo', String(headers.authorization))
      response.end('ok')
    },
  ],
  [
    'it comes back as base64, in hexadecimal and reversed',
    ({ headers }, response) => {
      const bytes = Buffer.from(String(headers.authorization))
      response.end(
        [bytes.toString('base64'), bytes.toString('hex'), Array.from(NEEDLE).toReversed().join('')].join(' '),
      )
    },
  ],
  [
    'it comes back byte by byte',
    async ({ headers }, response) => {
      for (const character of String(headers.authorization)) {
        response.write(character)
        await new Promise((resolve) => setImmediate(resolve))
      }
      response.end()
    },
  ],
  [
    'it comes back packed',
    ({ headers }, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(gzipSync(JSON.stringify(headers)))
    },
  ],
  [
    'it comes back with an error page',
    ({ headers }, response) => {
      response.statusCode = 500
      response.end(`<pre>Authorization: ${headers.authorization}</pre>`)
    },
  ],
  [
    'it is sent on to another place',
    (_request, response, other) => {
      response.statusCode = 307
      response.setHeader('location', other)
      response.end()
    },
  ],
  [
    'it is sent on in the address',
    ({ headers }, response, other) => {
      response.statusCode = 302
      response.setHeader('location', `${other}?k=${encodeURIComponent(String(headers.authorization))}`)
      response.end()
    },
  ],
  [
    'it is sent on in the address, as base64',
    ({ headers }, response, other) => {
      response.statusCode = 302
      response.setHeader(
        'location',
        `${other}?k=${Buffer.from(String(headers.authorization)).toString('base64url')}`,
      )
      response.end()
    },
  ],
]

/** A server with a secret that agent 8 may send to one place of this machine. */
async function open(
  context: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse, other: string) => void,
) {
  const stranger = await openCanary(context)
  const other = `http://127.0.0.1:${stranger.port}/stolen`
  const service = await openCanary(context, (request, response) => answer(request, response, other))
  const origin = `http://127.0.0.1:${service.port}`
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-attack-'))
  const lan = [`127.0.0.1:${service.port}`, `127.0.0.1:${stranger.port}`]
  const clock = fakeClock(Date.UTC(2026, 10, 22, 10))
  const server = await openTestApp({ data_dir, clock, random: seededRandom(1), lan })
  context.after(async () => {
    await server.close()
    rmSync(data_dir, { recursive: true, force: true })
  })
  const { app } = server
  const ann = await server.claim()
  const perform = async <T>(name: 'credentials.store' | 'credentials.grant', input: unknown): Promise<T> => {
    const operation = app.answers[name]
    assert.ok(operation !== undefined && 'commit' in operation)
    const call = callOf({ clock, ann }, ann)
    const prepared = await operation.prepare?.(call, input as never)
    return (await app.kernel.store.write((tx) => operation.commit(tx, call, input as never, prepared))) as T
  }
  const { id: credential_id } = await perform<{ id: string }>('credentials.store', {
    service_name: 'Service',
    credential_type: 'api_key',
    credential_data: { value: NEEDLE },
  })
  const grant = (more: Partial<Destination> = {}) =>
    perform('credentials.grant', {
      credential_id,
      agent_number: 8,
      destinations: [{ origin, in: 'header', name: 'authorization', ...more }],
    })
  let requests = 0
  const get = async (parameters: Record<string, unknown>, action = 'get'): Promise<Execution> => {
    requests += 1
    const command = {
      action,
      parameters,
      user_id: ann.user_id,
      request_id: `r${requests}`,
      priority: 'normal' as const,
    }
    return server.ask(ann.token, 'agents.execute', { id: '8', command, wait_for_completion: true })
  }
  /** Everything that anybody could read of what happened. */
  const seen = async (): Promise<Buffer[]> => {
    await app.kernel.store.settled()
    const told = JSON.stringify(await app.kernel.events.since(ann.user_id, 0))
    return [Buffer.from(told), Buffer.from(server.logged.join('\n')), ...filesIn(data_dir)]
  }
  return { ...server, credential_id, grant, get, seen, service, stranger, origin }
}

function filesIn(folder: string): Buffer[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [readFileSync(path)]
  })
}

const PIECES = [
  NEEDLE,
  NEEDLE.slice(4, 24),
  Buffer.from(NEEDLE).toString('base64').slice(2, 30),
  Buffer.from(` ${NEEDLE}`).toString('base64').slice(4, 32),
  Buffer.from(`  ${NEEDLE}`).toString('base64').slice(4, 32),
  Buffer.from(NEEDLE).toString('hex').slice(0, 40),
  encodeURIComponent(NEEDLE),
  Array.from(NEEDLE).toReversed().join(''),
]

for (const [what, answer] of CASES)
  test(`a service gets what it was granted and nobody sees it again: ${what}`, async (context) => {
    const { grant, get, seen, service, stranger, origin, credential_id } = await open(context, answer)
    await grant()
    const execution = await get({ url: `${origin}/x`, credential_id })
    assert.equal(service.requests[0]?.headers.authorization, `Bearer ${NEEDLE}`)
    for (const request of stranger.requests) {
      assert.equal(request.headers.authorization, undefined)
      for (const piece of PIECES) assert.equal(`${request.url}`.includes(piece), false, piece)
    }
    const places = [Buffer.from(JSON.stringify(execution)), ...(await seen())]
    for (const piece of PIECES) for (const place of places) assert.equal(place.includes(piece), false, piece)
  })

test('without a grant, or for another place, nothing is sent at all', async (context) => {
  const { grant, get, service, stranger, origin, credential_id } = await open(
    context,
    (_, response) => void response.end('ok'),
  )
  const asked = async (url: string, id = credential_id): Promise<string> => {
    const { result } = await get({ url, credential_id: id })
    return String(result?.error)
  }
  assert.match(await asked(`${origin}/x`), /was not given this credential/)
  assert.match(
    await asked(`${origin}/x`, '018f0000-0000-7000-8000-000000000000'),
    /was not given this credential/,
  )
  await grant()
  assert.match(await asked(`http://127.0.0.1:${stranger.port}/`), /may not be sent to http:\/\/127\.0\.0\.1/)
  assert.equal(service.hits() + stranger.hits(), 0)
  assert.equal((await get({ url: `${origin}/x`, credential_id })).status, 'completed')
  assert.equal(service.hits(), 1)
})

test('it goes into the query or a JSON body where the grant says so, and not into any other body', async (context) => {
  const bodies: string[] = []
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()))
    request.on('end', () => response.end(`${request.url} ${bodies.at(-1) ?? ''}`))
  }
  const { grant, get, seen, service, origin, credential_id } = await open(context, answer)
  await grant({ in: 'query', name: 'key' })
  await get({ url: `${origin}/x?a=1`, credential_id })
  assert.equal(
    service.requests[0]?.url,
    `/x?a=1&key=${new URLSearchParams({ k: NEEDLE }).toString().slice(2)}`,
  )
  await grant({ in: 'body', name: 'token' })
  const { result } = await get({ url: `${origin}/y`, body: { a: 1 }, credential_id }, 'post')
  assert.equal(result?.success, true)
  assert.deepEqual(JSON.parse(bodies.at(-1) ?? '') as unknown, { a: 1, token: NEEDLE })
  const refused = await get({ url: `${origin}/y`, body: 'text', credential_id }, 'post')
  assert.match(String(refused.result?.error), /belongs into a JSON object/)
  for (const piece of PIECES)
    for (const place of await seen()) assert.equal(place.includes(piece), false, piece)
})
