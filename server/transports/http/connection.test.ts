import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { ask, raw } from './client.ts'
import { openRig } from './rig.ts'
import type { Rig, RigOptions } from './rig.ts'

const bounds = { headers_timeout_ms: 150, request_timeout_ms: 300, keep_alive_ms: 100, check_interval_ms: 20 }
const rig = await openRig({ bounds })
after(() => rig.close())

/** A request with only what is needed, and then these lines. */
const head = (start: string, ...lines: string[]) =>
  [start, `Host: localhost:${rig.port}`, 'Authorization: Bearer alice', ...lines, '', ''].join('\r\n')

function errorIn(text: string): { status: number; code: string; keys: string[] } {
  const [top = '', body = ''] = text.split('\r\n\r\n')
  const { error, success } = JSON.parse(body) as { success: boolean; error: { code: string } }
  assert.equal(success, false)
  assert.match(top, /\r\nX-Content-Type-Options: nosniff\r\n/)
  assert.match(top, /\r\nContent-Type: application\/json; charset=utf-8\r\n/)
  return { status: Number(top.split(' ')[1]), code: error.code, keys: Object.keys(error) }
}

test('what is no HTTP is answered as every mistake is, and the server lives on', async () => {
  const garbage = [
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01',
    head('GET /api/things HTTP/1.1', 'A b: c'),
  ]
  for (const bytes of garbage) {
    const { status, code, keys } = errorIn(await raw(rig, bytes))
    assert.deepEqual([status, code], [400, 'GENERAL_001'], bytes)
    assert.deepEqual(keys, ['code', 'message', 'timestamp', 'request_id'])
  }
  assert.equal((await ask(rig, '/api/things')).status, 200)
})

test('a request that could be read in two ways is refused', async () => {
  const both = head(
    'POST /api/things HTTP/1.1',
    'Content-Length: 5',
    'Transfer-Encoding: chunked',
    'Connection: close',
  )
  assert.equal(errorIn(await raw(rig, both, '0\r\n\r\n')).status, 400)
  const twice = head(
    'POST /api/things HTTP/1.1',
    'Content-Length: 2',
    'Content-Length: 3',
    'Connection: close',
  )
  assert.equal(errorIn(await raw(rig, twice, '{}')).status, 400)
})

test('a host that is missing, empty or there twice is refused, and so is one in the request line', async () => {
  const closing = 'Connection: close\r\n\r\n'
  assert.equal(errorIn(await raw(rig, `GET /api/things HTTP/1.1\r\n${closing}`)).status, 403)
  assert.equal(errorIn(await raw(rig, `GET /api/things HTTP/1.1\r\nHost: \r\n${closing}`)).status, 403)
  const twice = head('GET /api/things HTTP/1.1', `Host: localhost:${rig.port}`, 'Connection: close')
  assert.equal(errorIn(await raw(rig, twice)).status, 403)
  const absolute = head('GET http://evil.test/api/things HTTP/1.1', 'Connection: close')
  assert.equal(errorIn(await raw(rig, absolute)).status, 400)
})

test('headers that are too large are 431', async () => {
  const answer = await raw(rig, head('GET /api/things HTTP/1.1', `X-Large: ${'a'.repeat(40_000)}`))
  assert.equal(errorIn(answer).status, 431)
})

test('headers and bodies that do not arrive in time are 408, a silent connection is just ended', async () => {
  assert.equal(errorIn(await raw(rig, 'GET /api/things HTTP/1.1\r\nHost:')).status, 408)
  const slow = head('POST /api/things HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 10')
  assert.equal(errorIn(await raw(rig, slow, '{"a')).status, 408)
  assert.equal(await raw(rig), '')
})

test('a body in broken chunks is refused with its own answer', async () => {
  const chunked = head(
    'POST /api/things HTTP/1.1',
    'Content-Type: application/json',
    'Transfer-Encoding: chunked',
  )
  assert.equal(errorIn(await raw(rig, chunked, '2\r\n{}\r\nzz\r\n')).status, 400)
})

test('an endless body is answered and then cut', async () => {
  const endless = connect(rig.port, '127.0.0.1')
  endless.on('error', () => {})
  const closed = new Promise((resolve) => {
    endless.once('close', resolve)
  })
  const answered = new Promise<string>((resolve) => {
    endless.once('data', (data) => resolve(data.toString()))
  })
  endless.write(
    head('POST /api/things HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked'),
  )
  const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`
  const pump = (): void => {
    while (!endless.destroyed && endless.write(chunk));
  }
  endless.on('drain', pump)
  pump()
  assert.match(await answered, /^HTTP\/1\.1 413 /)
  await closed
})

test('an unusual expectation is ignored, the usual one is met', async () => {
  const body = ['Content-Type: application/json', 'Content-Length: 2', 'Connection: close']
  const usual = await raw(rig, head('POST /api/things HTTP/1.1', ...body, 'Expect: 100-continue'), '{}')
  assert.match(usual, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /)
  assert.match(
    await raw(rig, head('POST /api/things HTTP/1.1', ...body, 'Expect: x'), '{}'),
    /^HTTP\/1\.1 201 /,
  )
})

test('two requests on one connection get their answers in order', async () => {
  const both =
    head('GET /api/things?limit=1 HTTP/1.1') + head('GET /api/things?limit=2 HTTP/1.1', 'Connection: close')
  const answer = await raw(rig, both)
  assert.deepEqual(
    [...answer.matchAll(/"limit":(\d)/g)].map(([, limit]) => limit),
    ['1', '2'],
  )
})

async function withOwn(options: RigOptions, use: (own: Rig) => Promise<void>): Promise<void> {
  const own = await openRig(options)
  try {
    await use(own)
  } finally {
    await own.close()
  }
}

test('closing answers what runs, ends what is idle at once, and takes nothing new', async () => {
  await withOwn({}, async (own) => {
    const idle = raw(own)
    const kept = raw(own, `GET /api/things HTTP/1.1\r\nHost: localhost:${own.port}\r\n\r\n`)
    const waiting = ask(own, '/api/things/wait', { method: 'POST', headers: { connection: 'keep-alive' } })
    await new Promise((resolve) => own.http.server.once('request', resolve))
    await new Promise((resolve) => own.http.server.once('request', resolve))
    const closed = own.http.close(60_000)
    assert.equal(await idle, '')
    assert.match(await kept, /^HTTP\/1\.1 401/)
    await assert.rejects(ask(own, '/api/things'))
    own.release()
    const { status, headers } = await waiting
    assert.deepEqual([status, headers['connection']], [200, 'close'])
    await closed
  })
})

test('closing cuts what does not end in time', async () => {
  await withOwn({}, async (own) => {
    const lines = [
      'POST /api/things HTTP/1.1',
      `Host: localhost:${own.port}`,
      'Content-Type: application/json',
    ]
    const stalled = raw(own, [...lines, 'Content-Length: 9', '', '{'].join('\r\n'))
    await new Promise((resolve) => own.http.server.once('request', resolve))
    await own.http.close(10)
    assert.equal(await stalled, '')
  })
})

test('while the server drains, a request is refused as one', async () => {
  await withOwn({}, async (own) => {
    own.dispatch.close()
    const { status, headers, body } = await ask(own, '/api/flat')
    assert.deepEqual([status, headers['retry-after']], [503, '1'])
    assert.equal((body['error'] as { code: string }).code, 'GENERAL_004')
  })
})

/** Descriptors of the process, the bound that was asked for, and the connections that are taken. */
const ROOM: readonly (readonly [descriptors_max: number, connections_max: number, taken: number])[] = [
  [Infinity, 2_000, 2_000],
  [2_160, 2_000, 2_000],
  [2_159, 2_000, 1_999],
  [256, 2_000, 96],
  [256, 10, 10],
  [214, 2_000, 54],
  [212, 2_000, 53],
  [64, 2_000, 16],
]

test('as many connections are taken as leave the process the descriptors that it needs itself', async () => {
  for (const [descriptors_max, connections_max, taken] of ROOM)
    await withOwn({ descriptors_max, bounds: { connections_max } }, async ({ http }) => {
      assert.equal(http.server.maxConnections, taken, String(descriptors_max))
    })
  await withOwn({ descriptors_max: 8 }, async (own) => {
    const first = [raw(own), raw(own)]
    assert.equal(await raw(own), '')
    await own.http.close(0)
    assert.deepEqual(await Promise.all(first), ['', ''])
  })
})
