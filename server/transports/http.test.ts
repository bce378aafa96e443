import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, errorOf } from './http/client.ts'
import { openRig } from './http/rig.ts'
import { openHttp } from './http.ts'
import { PortTakenError } from './http/listener.ts'

const made: string[] = []
const pages = {
  '/api/openapi.json': () => {
    made.push('openapi')
    return { type: 'application/json; charset=utf-8', body: '{"openapi":"3.1.0"}' }
  },
  '/docs': () => ({ type: 'text/html; charset=utf-8', body: '<!doctype html>' }),
}
const file = { body: Buffer.from('shell'), type: 'text/html; charset=utf-8', etag: '"1"', immutable: false }
const files = { find: (path: string) => (path === '/' || path === '/agents' ? file : undefined) }
const rig = await openRig({ pages, files })
after(() => rig.close())

test('an operation answers below both prefixes, with a slash at the end or without', async () => {
  for (const path of ['/api/things', '/api/v1/things', '/api/things/', '/api/v1/things/?']) {
    const { status, body } = await ask(rig, path)
    assert.deepEqual([status, body], [200, { success: true, data: {} }], path)
  }
  assert.equal((await ask(rig, '/api/Things')).status, 404)
  assert.equal((await ask(rig, '/api/v2/things')).status, 404)
})

test('each envelope has its own form', async () => {
  assert.deepEqual((await ask(rig, '/api/flat')).body['one'], 1)
  const { body } = await ask(rig, '/api/message', { method: 'POST' })
  assert.deepEqual(body, { success: true, data: { one: 1 }, message: 'Done.' })
  assert.deepEqual((await ask(rig, '/api/document', { method: 'POST' })).body, { one: 1 })
  assert.deepEqual((await ask(rig, '/api/things/1', { method: 'DELETE' })).body, { success: true, data: {} })
})

test('an operation that will be removed says so in headers and in the answer', async () => {
  const { headers, body } = await ask(rig, '/api/flat')
  assert.equal(headers['deprecation'], `@${Date.UTC(2026, 0, 1) / 1000}`)
  assert.equal(headers['sunset'], 'Fri, 01 Jan 2027 00:00:00 GMT')
  assert.match(String((body['warnings'] as string[])[0]), /use GET \/things/)
  assert.equal((await ask(rig, '/api/things')).headers['deprecation'], undefined)
})

test('every answer of the API has the headers that keep it from being guessed, framed or kept', async () => {
  const answers = [
    ask(rig, '/api/things'),
    ask(rig, '/api/none'),
    ask(rig, '/api/openapi.json'),
    ask(rig, '/nowhere'),
  ]
  for (const { headers } of await Promise.all(answers)) {
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['api-version'], 'v1')
    assert.match(
      String(headers['content-security-policy']),
      /^default-src 'none';.*frame-ancestors 'none'.*trusted-types/,
    )
    assert.match(String(headers['content-type']), /^application\/json/)
    for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'set-cookie']) {
      assert.equal(headers[name], undefined)
    }
  }
})

test('a sane request id comes back in the header and the error, any other is replaced', async () => {
  const sane = await ask(rig, '/api/none', { headers: { 'x-request-id': 'mine-1' } })
  assert.equal(sane.headers['x-request-id'], 'mine-1')
  assert.equal(errorOf(sane).code, 'GENERAL_001')
  const insane = await ask(rig, '/api/none', { headers: { 'x-request-id': '<b>' } })
  assert.match(String(insane.headers['x-request-id']), /^[0-9a-f-]{36}$/)
})

test('HEAD answers as GET does, without a body', async () => {
  const { status, headers, text } = await ask(rig, '/api/things?limit=3', { method: 'HEAD' })
  assert.deepEqual([status, text], [200, ''])
  assert.equal(headers['content-length'], String('{"success":true,"data":{"limit":3}}'.length))
  assert.equal(
    (await ask(rig, '/api/things', { method: 'HEAD', headers: { authorization: undefined } })).status,
    401,
  )
})

test('OPTIONS names the methods of an address and allows no other site', async () => {
  const allowed = async (path: string) => {
    const { status, headers, text } = await ask(rig, path, {
      method: 'OPTIONS',
      headers: { authorization: undefined },
    })
    assert.deepEqual([status, text, headers['access-control-allow-methods']], [204, '', undefined])
    return headers['allow']
  }
  assert.equal(await allowed('/api/things'), 'GET, HEAD, POST, OPTIONS')
  assert.equal(await allowed('/api/v1/things/9/'), 'DELETE, GET, HEAD, PUT, OPTIONS')
  assert.equal(await allowed('/api/openapi.json'), 'GET, HEAD, OPTIONS')
  assert.equal((await ask(rig, '/api/none', { method: 'OPTIONS' })).status, 404)
})

test('documents are made once, when they are asked for, and only sent when they are new', async () => {
  const first = await ask(rig, '/api/openapi.json', { headers: { authorization: undefined } })
  assert.deepEqual([first.status, first.text], [200, '{"openapi":"3.1.0"}'])
  const etag = String(first.headers['etag'])
  const second = await ask(rig, '/api/openapi.json', { headers: { 'if-none-match': `W/${etag}` } })
  assert.deepEqual([second.status, second.text], [304, ''])
  assert.deepEqual(made, ['openapi'])
  const page = await ask(rig, '/docs')
  assert.deepEqual([page.headers['content-type'], page.text], ['text/html; charset=utf-8', '<!doctype html>'])
  assert.match(String(page.headers['content-security-policy']), /script-src 'self';/)
  assert.deepEqual([errorOf(await ask(rig, '/docs', { method: 'POST' })).status], [405])
})

test('files are served beside the API and never below it', async () => {
  assert.equal((await ask(rig, '/agents')).text, 'shell')
  assert.equal((await ask(rig, '/', { headers: { 'if-none-match': '"1"' } })).status, 304)
  assert.equal(errorOf(await ask(rig, '/api')).status, 404)
  assert.equal(errorOf(await ask(rig, '/assets/gone.js')).status, 404)
  assert.equal(errorOf(await ask(rig, '/agents', { method: 'POST' })).status, 405)
})

test('waiting for an answer ends when the client goes away', async () => {
  const arrived = () => new Promise((resolve) => rig.http.server.once('request', resolve))
  const first = arrived()
  const waiting = ask(rig, '/api/things/wait', { method: 'POST', headers: { connection: 'close' } })
  await first
  const second = arrived()
  const controller = new AbortController()
  const leaving = fetch(`http://localhost:${rig.port}/api/things/wait`, {
    method: 'POST',
    headers: { authorization: 'Bearer alice' },
    signal: controller.signal,
  })
  await second
  controller.abort()
  await assert.rejects(leaving)
  await rig.left
  rig.release()
  const { status, body } = await waiting
  assert.deepEqual([status, body['data']], [200, { status: 'completed' }])
})

test('a port that is taken is named', async () => {
  const settings = {
    host: '127.0.0.1',
    port: rig.port,
    public_url: 'http://localhost:1',
    behind_proxy: false,
    trusted_proxies: [],
    allowed_origins: [],
    egress_hosts: undefined,
    egress_lan: [],
    watch_folders: [],
    tls: undefined,
  }
  const { dispatch, kernel } = rig
  const second = await openHttp({ dispatch, operations: {}, settings, log: kernel.log })
  await assert.rejects(second.listen(), (error: Error) => {
    assert.ok(error instanceof PortTakenError)
    assert.match(error.message, new RegExp(`${rig.port} of 127.0.0.1 is taken`))
    return true
  })
})

test('every request has its audit line, whatever became of it', async () => {
  const sent = ['/api/things', '/api/none', '/docs', '/api/things?limit=x']
  for (const [index, path] of sent.entries())
    await ask(rig, path, { headers: { 'x-request-id': `audit-${index}` } })
  await rig.kernel.audit.flush()
  await rig.kernel.audit.flush()
  const { connection } = rig.kernel.store.reader
  const lines = connection.all(
    "SELECT operation || ' ' || status AS line FROM audit WHERE request_id LIKE 'audit-%' ORDER BY request_id",
    [],
  )
  assert.deepEqual(
    lines.map(({ line }) => line),
    ['things.list 200', 'unknown 404', 'http.document 200', 'things.list 400'],
  )
})
