import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { openCanary, openTestEgress, refusal, until } from './rig.ts'

const to = (port: number, path = '/'): string => `http://127.0.0.1:${port}${path}`

test('a request goes out as it was asked for, with our own name and no fragment, and nothing stays open', async (t) => {
  const canary = await openCanary(t, (_request, response) => {
    response.writeHead(201, { 'X-Two': ['a', 'b'], 'content-type': 'text/x' }).end('grüße')
  })
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`] })
  const answer = await ask(to(canary.port, '/a%20b?c=d#e'))
  assert.deepEqual([answer.status, Buffer.from(answer.body).toString()], [201, 'grüße'])
  assert.equal(answer.url, to(canary.port, '/a%20b?c=d'))
  assert.deepEqual([answer.headers['x-two'], answer.headers['content-type']], ['a, b', 'text/x'])
  const [asked] = canary.requests
  assert.equal(asked?.url, '/a%20b?c=d')
  assert.deepEqual(asked.headers, {
    host: `127.0.0.1:${canary.port}`,
    connection: 'close',
    accept: '*/*',
    'user-agent': 'PAIOS/1.2.3',
    'accept-encoding': 'gzip, br',
  })
  await until(() => canary.open() === 0)
})

test('method, headers and body arrive, and what was sent and received is measured on the wire', async (t) => {
  const bodies: string[] = []
  const canary = await openCanary(t, async (request, response) => {
    bodies.push(await textOf(request))
    response.end('x'.repeat(1_000))
  })
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`] })
  const measured: number[] = []
  for (const [method, body] of [
    ['POST', 'é'],
    ['PUT', Buffer.from([0xc3, 0xa9])],
    ['DELETE', undefined],
  ] as const) {
    const headers = { 'User-Agent': 'me', 'X-A': 'b' }
    const request = { url: to(canary.port), method, headers, ...(body === undefined ? {} : { body }) }
    await ask(request, { measured: (bytes) => measured.push(bytes) })
  }
  assert.deepEqual(bodies, ['é', 'é', ''])
  assert.deepEqual(
    canary.requests.map(({ method }) => method),
    ['POST', 'PUT', 'DELETE'],
  )
  const [asked] = canary.requests
  assert.deepEqual(
    [asked?.headers['x-a'], asked?.headers['user-agent'], asked?.headers['content-length']],
    ['b', 'me', '2'],
  )
  assert.ok(
    measured.length === 3 && measured.every((bytes) => bytes > 1_200 && bytes < 1_700),
    String(measured),
  )
})

test('what was measured names the host of each hop', async (t) => {
  const last = await openCanary(t)
  const first = await openCanary(t, (_request, response) => {
    response.writeHead(302, { location: to(last.port) }).end()
  })
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${first.port}`, `127.0.0.1:${last.port}`] })
  const hosts: string[] = []
  await ask(to(first.port), { measured: (_bytes, host) => hosts.push(host) })
  assert.deepEqual(hosts, [`127.0.0.1:${first.port}`, `127.0.0.1:${last.port}`])
})

test('a name is looked up once, and the connection goes where that answer led', async (t) => {
  const canary = await openCanary(t)
  const looked_up: string[] = []
  const { ask } = openTestEgress(t, {
    lan: [`nas.home:${canary.port}`],
    resolve: async (host) => [looked_up.push(host) === 1 ? '127.0.0.1' : '192.0.2.1'],
  })
  const { status } = await ask(`http://nas.home:${canary.port}/`)
  assert.deepEqual([status, looked_up, canary.hits()], [200, ['nas.home'], 1])
  assert.equal(canary.requests[0]?.headers.host, `nas.home:${canary.port}`)
})

test('where one address takes no connections the next one is tried', async (t) => {
  const canary = await openCanary(t, undefined, '127.0.0.3')
  const names = { 'nas.home': ['127.0.0.1', '127.0.0.2', '127.0.0.3'] }
  const { ask } = openTestEgress(t, { lan: [`nas.home:${canary.port}`], names })
  assert.equal((await ask(`http://nas.home:${canary.port}/`)).status, 200)
})

test('redirects are followed up to a bound, each announced before it is made; with none they are answered', async (t) => {
  const canary = await openCanary(t, (request, response) => {
    const left = Number(request.url?.slice(1))
    if (left === 0) response.end('there')
    else response.writeHead(302, { location: `/${left - 1}` }).end('a body that nobody reads')
  })
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`] })
  const hops: string[] = []
  const before = ({ method, host }: { method: string; host: string }) => hops.push(`${method} ${host}`)
  const answer = await ask({ url: to(canary.port, '/5') }, { before })
  assert.equal(answer.url, to(canary.port, '/0'))
  assert.deepEqual(hops, Array(6).fill(`GET 127.0.0.1:${canary.port}`))
  assert.match(
    await refusal(ask(to(canary.port, '/6'))),
    /^AGENT_EXECUTION_FAILED 502: .* sends on more than 5 times\.$/,
  )
  assert.match(await refusal(ask({ url: to(canary.port, '/2'), redirects_max: 1 })), /more than 1 times/)
  const first = await ask({ url: to(canary.port, '/2'), redirects_max: 0 })
  assert.deepEqual([first.status, first.headers['location'], first.body.length], [302, '/1', 24])
})

test('what may not go out is refused before a hop, also the second one, and the refusal is passed on as it is', async (t) => {
  const canary = await openCanary(t, (_request, response) => response.writeHead(302, { location: '/' }).end())
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`] })
  let left = 1
  const before = (): void => {
    if (left === 0) throw new RangeError('The budget is used up.')
    left -= 1
  }
  assert.equal(await refusal(ask(to(canary.port), { before })), 'RangeError: The budget is used up.')
  assert.equal(canary.hits(), 1)
})

test('Authorization reaches the origin that it was meant for, and no other port of the same machine', async (t) => {
  const other = await openCanary(t)
  const canary = await openCanary(t, (_request, response) =>
    response.writeHead(307, { location: to(other.port) }).end(),
  )
  const { ask } = openTestEgress(t, { lan: [canary, other].map(({ port }) => `127.0.0.1:${port}`) })
  const headers = { authorization: 'Bearer s', 'x-key': 's', accept: 'a/b' }
  await ask({ url: to(canary.port), headers })
  assert.equal(canary.requests[0]?.headers.authorization, 'Bearer s')
  const seen = other.requests[0]?.headers
  assert.deepEqual([seen?.authorization, seen?.['x-key'], seen?.accept], [undefined, undefined, 'a/b'])
})

/** Takes SECRET out once all has come. */
function redact() {
  const parts: Uint8Array[] = []
  const chunk = (bytes: Uint8Array): Uint8Array => (parts.push(bytes), new Uint8Array(0))
  return { chunk, end: () => Buffer.from(Buffer.concat(parts).toString().replaceAll('SECRET', '***')) }
}

test('what comes back is redacted in body, headers and address, across the edges of chunks', async (t) => {
  const canary = await openCanary(t, (_request, response) => {
    response.setHeader('x-echo', 'my SECRET')
    response.write('a SEC')
    setImmediate(() => response.end('RET b'))
  })
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`] })
  const answer = await ask({ url: to(canary.port, '/?key=SECRET') }, { redact })
  assert.equal(Buffer.from(answer.body).toString(), 'a *** b')
  assert.equal(answer.headers['x-echo'], 'my ***')
  assert.equal(answer.url, to(canary.port, '/?key=***'))
})

test('close breaks off what runs, says why, and leaves no connection; nothing goes out after it', async (t) => {
  const hanging = await openCanary(t, () => {})
  const { ask, egress } = openTestEgress(t, { lan: [`127.0.0.1:${hanging.port}`] })
  const asked = [1, 2, 3].map(() => refusal(ask(to(hanging.port))))
  await until(() => hanging.requests.length === 3)
  await egress.close()
  const stopping = 'SERVICE_UNAVAILABLE 503: The server is stopping.'
  assert.deepEqual(await Promise.all(asked), [stopping, stopping, stopping])
  await until(() => hanging.open() === 0)
  assert.equal(await refusal(ask(to(hanging.port))), stopping)
  assert.equal(hanging.hits(), 3)
})

test('whoever asked may break it off at any moment, and hears their own reason', async (t) => {
  const hanging = await openCanary(t, (_request: IncomingMessage, response: ServerResponse) => {
    response.write('half')
  })
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${hanging.port}`] })
  const stop = new AbortController()
  const asked = refusal(ask(to(hanging.port), { signal: stop.signal }))
  await until(() => hanging.requests.length === 1)
  stop.abort(new Error('stopped by Ann'))
  assert.equal(await asked, 'Error: stopped by Ann')
  await until(() => hanging.open() === 0)
  assert.equal(await refusal(ask(to(hanging.port), { signal: stop.signal })), 'Error: stopped by Ann')
  assert.equal(hanging.hits(), 1)
})

test('a proxy of the environment is not asked', async (t) => {
  const [canary, proxy] = [await openCanary(t), await openCanary(t)]
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) process.env[name] = to(proxy.port)
  process.env['NODE_USE_ENV_PROXY'] = '1'
  t.after(() => {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'])
      delete process.env[name]
  })
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`] })
  await ask(to(canary.port))
  assert.deepEqual([canary.hits(), proxy.hits()], [1, 0])
})

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
