import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, errorOf } from './client.ts'
import type { Asked } from './client.ts'
import { openRig } from './rig.ts'

const rig = await openRig()
after(() => rig.close())

async function refused(path: string, asked: Asked = {}) {
  return errorOf(await ask(rig, path, asked))
}

async function issuesOf(path: string, asked: Asked = {}): Promise<unknown> {
  const { status, code, details } = await refused(path, asked)
  assert.deepEqual([status, code], [400, 'GENERAL_001'])
  const issues = details?.['issues'] as { path: string; message: string }[]
  return Object.fromEntries(issues.map(({ path: at, message }) => [at, message]))
}

const query = async (text: string) => (await ask(rig, `/api/things?${text}`)).body['data']
const put = (body: object): Asked => ({ method: 'PUT', body })
const keyed = (name: string): Asked => post({ name }, { 'idempotency-key': 'k-1' })
const post = (body: Asked['body'], headers: Asked['headers'] = {}): Asked => ({
  method: 'POST',
  body: body ?? '',
  headers,
})

test('a host that is not ours is refused before anything else, on every path', async () => {
  const names = [
    'attacker.test',
    `localhost.evil.test:${rig.port}`,
    '127.0.0.1.nip.io',
    'localhost:1',
    'localhost',
  ]
  for (const host of names) {
    for (const path of ['/api/things', '/api/none', '/']) {
      assert.equal((await refused(path, { headers: { host } })).status, 403, `${host} ${path}`)
    }
  }
  for (const host of [
    `127.0.0.1:${rig.port}`,
    `[::1]:${rig.port}`,
    `LOCALHOST:${rig.port}`,
    'paios.example',
  ]) {
    assert.equal((await ask(rig, '/api/things', { headers: { host } })).status, 200, host)
  }
})

test('a page of another origin or site is refused, our own is not', async () => {
  for (const origin of [
    'https://evil.test',
    'null',
    `http://localhost:${rig.port + 1}`,
    'http://paios.example',
  ]) {
    assert.equal((await refused('/api/things', { headers: { origin } })).status, 403, origin)
    assert.equal(
      (await refused('/api/things', { method: 'OPTIONS', headers: { origin } })).status,
      403,
      origin,
    )
  }
  for (const origin of [`http://localhost:${rig.port}`, 'https://paios.example']) {
    assert.equal((await ask(rig, '/api/things', { headers: { origin } })).status, 200, origin)
  }
  const foreign = { 'sec-fetch-site': 'cross-site' }
  assert.equal((await refused('/api/message', { method: 'POST', headers: foreign })).status, 403)
  assert.equal((await ask(rig, '/api/things', { headers: { 'sec-fetch-site': 'same-origin' } })).status, 200)
})

test('a forwarded host changes nothing', async () => {
  const headers = { 'x-forwarded-host': 'evil.test', 'x-forwarded-for': '9.9.9.9' }
  const { status, text } = await ask(rig, '/api/none', { headers })
  assert.equal(status, 404)
  assert.doesNotMatch(text, /evil|9\.9/)
})

test('the token comes once, as Bearer, and never in the address', async () => {
  for (const authorization of [
    'Basic YTpi',
    'Bearer',
    'Bearer  ',
    'Bearer a b',
    'alice',
    ['Bearer alice', 'Bearer alice'],
  ]) {
    const headers = { authorization }
    assert.equal((await refused('/api/things', { headers })).code, 'AUTH_001', String(authorization))
    assert.equal((await refused('/api/flat', { headers })).status, 401)
  }
  assert.equal((await ask(rig, '/api/things', { headers: { authorization: 'bEARER alice' } })).status, 200)
  for (const name of ['token', 'access_token', 'TOKEN', '%74oken']) {
    const { status, message } = await refused(`/api/things?${name}=alice`)
    assert.equal(status, 401)
    assert.doesNotMatch(message, /alice/)
  }
  assert.equal(
    (await ask(rig, '/api/things', { headers: { authorization: undefined } })).headers['www-authenticate'],
    'Bearer',
  )
})

test('only the one version answers', async () => {
  for (const accept of [
    'application/vnd.paios.v1+json',
    'application/json',
    '*/*',
    'text/html, */*;q=0.1',
    undefined,
  ]) {
    assert.equal((await ask(rig, '/api/things', { headers: { accept } })).status, 200, String(accept))
  }
  assert.equal(
    (await refused('/api/things', { headers: { accept: 'application/vnd.paios.v2+json' } })).status,
    406,
  )
  assert.equal(
    (await ask(rig, '/api/things', { headers: { 'api-version': 'v1' } })).headers['api-version'],
    'v1',
  )
  assert.equal((await refused('/api/things', { headers: { 'api-version': 'v2' } })).status, 400)
})

test('an unknown address is 404, a wrong method 405 with the right ones, a broken address 400', async () => {
  assert.equal((await refused('/api/nothing')).status, 404)
  assert.equal((await refused('/api/<svg onload=alert(1)>'.replaceAll(' ', '%20'))).status, 404)
  for (const method of ['PATCH', 'DELETE', 'PROPFIND', 'TRACE']) {
    const answered = await ask(rig, '/api/things', { method })
    assert.equal(errorOf(answered).status, 405)
    assert.equal(answered.headers['allow'], 'GET, HEAD, POST, OPTIONS')
  }
  assert.equal((await refused('/api/things/%zz')).status, 400)
  assert.equal((await refused('/%ff')).status, 400)
  assert.deepEqual(await issuesOf('/api/things?q=%ff'), {
    '': 'the query is not valid percent-encoded UTF-8',
  })
})

test('a body is JSON in UTF-8 and nothing else', async () => {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    undefined,
  ]
  const odd = [
    'application/json; charset=utf-7',
    'application/json; x=1',
    'application/json, text/plain',
    'text/json',
  ]
  for (const type of [...types, ...odd]) {
    assert.equal(
      (await refused('/api/things', post('{}', { 'content-type': type }))).status,
      415,
      String(type),
    )
  }
  for (const type of [
    'application/json',
    'Application/JSON;charset=UTF-8',
    'application/json; charset="utf-8"',
  ]) {
    assert.equal((await ask(rig, '/api/things', post('{}', { 'content-type': type }))).status, 201, type)
  }
  const packed = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  assert.equal((await refused('/api/things', post('{}', packed))).status, 415)
})

test('a body that is no strict JSON object is refused, an empty one is an empty object', async () => {
  const json = { 'content-type': 'application/json' }
  for (const body of [
    '{',
    '{"a":1,"a":2}',
    '{"name":1e999}',
    '{"__proto__":{}}',
    '['.repeat(20_000),
    '\ufeff{}',
  ]) {
    const { status, message } = await refused('/api/things', post(body, json))
    assert.equal(status, 400)
    assert.match(message, /line 1, column \d+/)
  }
  for (const body of ['[]', '"text"', '1', 'null']) {
    assert.deepEqual(await issuesOf('/api/things', post(body, json)), { '': 'must be an object' })
  }
  assert.equal((await ask(rig, '/api/things', { method: 'POST' })).status, 201)
  assert.deepEqual(await issuesOf('/api/things', post({ other: 1 })), { '/other': 'is not a known field' })
  const files = { files: { x: { filepath: '/etc/passwd' } } }
  assert.deepEqual(await issuesOf('/api/things', post(files)), { '/files': 'is not a known field' })
})

test('a body over the bound is refused, whether it says so or not, and the answer arrives', async () => {
  const json = { 'content-type': 'application/json' }
  const large = `"${'a'.repeat(1_048_577)}"`
  assert.equal((await refused('/api/things', post(large, json))).status, 413)
  const endless = { ...json, 'content-length': undefined, 'transfer-encoding': 'chunked' }
  assert.equal((await refused('/api/things', post(large, endless))).status, 413)
  assert.equal(
    (await refused('/api/things', post(large, { ...json, authorization: 'Bearer bob' }))).status,
    413,
  )
})

test('GET and DELETE take no body; where a proof is needed, one in a body or in the query counts as none', async () => {
  const headers = { 'content-type': 'application/json' }
  for (const method of ['GET', 'DELETE']) {
    const path = method === 'GET' ? '/api/things' : '/api/things/1'
    assert.equal((await refused(path, { method, body: '{}', headers })).status, 400)
  }
  const proof = { biometric_verification: { credential_id: 'x' } }
  assert.equal((await refused('/api/things/1', { body: proof })).code, 'AUTH_002')
  assert.equal((await refused('/api/things/1?biometric_verification=x')).code, 'AUTH_002')
  assert.equal((await refused('/api/things/1', { headers: { 'x-biometric-proof': 'x' } })).code, 'AUTH_002')
})

test('query values are typed by the schema and nothing is guessed', async () => {
  assert.deepEqual(await query('limit=5&active=true&ratio=0.5&q=a+b%20%C3%A4'), {
    limit: 5,
    active: true,
    ratio: 0.5,
    q: 'a b ä',
  })
  assert.deepEqual(await query('tags=a,b&numbers=1&maybe=2'), { tags: ['a', 'b'], numbers: [1], maybe: 2 })
  assert.deepEqual(await query('tags=a%2Cb&tags=c'), { tags: ['a,b', 'c'] })
  assert.deepEqual(await issuesOf('/api/things?limit=05&active=1&ratio=.5&numbers=1,x&maybe=null'), {
    '/limit': 'must be a whole number',
    '/active': 'must be true or false',
    '/ratio': 'must be a number',
    '/numbers': 'must be a whole number',
    '/maybe': 'must be a whole number',
  })
  assert.deepEqual(await issuesOf('/api/things?limit=1&limit=2&constructor=1'), {
    '/limit': 'is given more than once',
    '/constructor': 'is not a known field',
  })
  for (const limit of ['-1', '0', '501', '1e2', '10;%20drop', '9007199254740993', '']) {
    assert.ok(await issuesOf(`/api/things?limit=${limit}`), limit)
  }
  assert.deepEqual(await issuesOf('/api/things?__proto__=1'), { '/__proto__': 'is not a known field' })
})

test('a field has one place: path, query or body', async () => {
  assert.deepEqual(await issuesOf('/api/things/1', put({ id: '2' })), { '/id': 'is given in the path' })
  assert.deepEqual(await issuesOf('/api/things/1?id=2', put({})), { '/id': 'is given in the path' })
  assert.deepEqual(await issuesOf('/api/things/1?name=a', put({ name: 'a' })), {
    '/name': 'is given in the query, too',
  })
  assert.deepEqual(await issuesOf(`/api/things/${'9'.repeat(200)}`, put({})), {
    '/id': 'must not have more than 8 characters',
  })
})

test('an idempotency key is one header, and the same call has one effect', async () => {
  assert.equal((await ask(rig, '/api/things', keyed('a'))).status, 201)
  assert.equal((await ask(rig, '/api/things', keyed('a'))).status, 201)
  assert.equal((await refused('/api/things', keyed('b'))).status, 409)
  for (const key of ['', 'a b', 'x'.repeat(129), ['a', 'b']]) {
    const issues = await issuesOf('/api/things', post({}, { 'idempotency-key': key }))
    assert.deepEqual(Object.keys(issues as object), ['/Idempotency-Key'])
  }
})

test('a failure inside tells nothing, and a busy server says when to come back', async () => {
  const failed = await ask(rig, '/api/broken')
  assert.deepEqual([errorOf(failed).status, errorOf(failed).code], [500, 'GENERAL_003'])
  assert.doesNotMatch(failed.text, /secret of the inside/)
  const busy = await ask(rig, '/api/busy')
  assert.deepEqual([errorOf(busy).code, busy.headers['retry-after']], ['SYSTEM_001', '2'])
})
