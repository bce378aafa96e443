import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { raw } from '../../server/transports/http/client.ts'
import { every } from './inputs.ts'
import { faultOf, none, openTarget, outcomeOf } from './rig.ts'
import type { Asked } from './rig.ts'

const target = await openTarget()
after(() => target.remove())
const { ann, port } = target
const HANDSHAKE = 'GET /socket.io/?EIO=4&transport=polling'
const PLACES = [
  'GET /api/auth/me',
  'GET /api/system/health',
  'GET /',
  'GET /docs',
  'GET /api/openapi.json',
  'POST /api/mcp',
  HANDSHAKE,
]

/** Asks everywhere with these headers; answers where it was not refused so. */
async function letIn(headers: Asked['headers'], expected: RegExp, places = PLACES): Promise<string[]> {
  const wrong: string[] = []
  for (const place of places) {
    const answered = await target.http(place, {
      token: ann.token,
      ...(headers === undefined ? {} : { headers }),
    })
    if (!expected.test(outcomeOf(answered))) wrong.push(`${place}: ${outcomeOf(answered)}`)
  }
  return wrong
}

test('B-001, B-012, B-013: no page of another origin asks anything, and no answer lets it read one', async () => {
  const origins = [
    'https://evil.test',
    'null',
    'http://localhost',
    'http://localhost:1',
    `http://localhost.evil.test:${port}`,
    `https://localhost:${port}`,
    `http://localhost:${port}/`,
    '',
  ]
  for (const origin of origins)
    none((await letIn({ origin }, /^403 GENERAL_001$/)).map((one) => `${origin} ${one}`))
  for (const origin of ['https://evil.test', 'null'])
    for (const place of ['OPTIONS /api/agents', 'GET /api/agents', 'OPTIONS *']) {
      const asked = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      }
      const { status, headers } = await target.http(place, { headers: asked })
      assert.equal(status, 403)
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith('access-control')),
        [],
      )
    }
  none(await letIn({ origin: target.origin }, /^(?!403)/))
})

test('B-001: a socket of another origin is refused before it hears anything, on both transports', async () => {
  for (const transport of ['polling', 'websocket'] as const) {
    const { socket, next, heard } = target.open(ann.token)
    socket.disconnect()
    socket.io.opts.transports = [transport]
    socket.io.opts.extraHeaders = { origin: 'https://evil.test' }
    socket.connect()
    await next('connect_error')
    assert.deepEqual(
      heard.map(([name]) => name),
      ['connect_error'],
    )
    socket.disconnect()
  }
})

test('B-004: a token in the address is refused everywhere and kept nowhere', async () => {
  for (const name of [
    'token',
    'access_token',
    'ACCESS_TOKEN',
    'auth_token',
    'jwt',
    'authorization',
    'refresh_token',
  ])
    for (const place of [`GET /api/auth/me?${name}=`, `GET /socket.io/?EIO=4&transport=polling&${name}=`])
      assert.equal(outcomeOf(await target.http(place + ann.token)), '401 AUTH_001', place)
  const client = target.open(undefined)
  client.socket.disconnect()
  client.socket.io.opts.query = { token: ann.token }
  client.socket.connect()
  await client.next('connect_error')
  await target.app.kernel.audit.flush()
  const kept = [
    ...target.logged,
    ...target.app.kernel.audit.lines(0, 10_000).map((line) => JSON.stringify(line)),
  ]
  assert.deepEqual(
    kept.filter((line) => line.includes(ann.token) || line.includes(ann.token.slice(-40))),
    [],
  )
})

test('B-014: a page of another site sends nothing, as the browser itself says', async () => {
  none(
    await letIn(
      { 'sec-fetch-site': 'cross-site' },
      /^403 GENERAL_001$/,
      PLACES.filter((one) => /api|socket/.test(one)),
    ),
  )
  const writing = every
    .filter(({ http }) => http.method === 'POST' && !http.path.includes(':'))
    .map(({ http }) => `POST /api${http.path}`)
  assert.ok(writing.length > 15)
  none(
    await letIn(
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      /^403 GENERAL_001$/,
      writing,
    ),
  )
  none(await letIn({ 'sec-fetch-site': 'same-origin' }, /^(?!403)/, PLACES))
})

test('B-015: a body that a form could send is not read, whatever it says', async () => {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    undefined,
    '',
    'application/json; charset=utf-7',
    'application/json; charset=utf-16',
    'text/json',
    'application/jsonp',
    'application/json, text/plain',
    'application/json;',
    'application/ld+json',
    'application/json; boundary=x',
  ]
  const body = JSON.stringify({ memory_type: 'note', content: 'x' })
  const before = target.state()
  const wrong: string[] = []
  for (const type of types)
    for (const place of ['POST /api/agents/2/memory', 'POST /api/auth/login', 'PUT /api/auth/preferences']) {
      const answered = await target.http(place, { token: ann.token, body, headers: { 'content-type': type } })
      if (outcomeOf(answered) !== '415 GENERAL_001') wrong.push(`${type} ${place}: ${outcomeOf(answered)}`)
    }
  none(wrong)
  assert.deepEqual(target.state(), before)
})

test('B-017: every answer of every kind carries the headers that keep browsers from guessing, framing and keeping it', async () => {
  const places = [
    ...PLACES,
    'GET /page/client.js',
    'GET /nothing',
    'GET /api/nothing',
    'PATCH /api/agents',
    'OPTIONS /api/agents',
    'GET /api/%ff',
    'HEAD /api/auth/me',
    'DELETE /',
    'GET /docs/style.css',
  ]
  const wrong: string[] = []
  for (const place of places) {
    const { headers, status } = await target.http(place, { token: ann.token })
    const policy = String(headers['content-security-policy'])
    const checks: Readonly<Record<string, boolean>> = {
      'no frames': policy.includes("frame-ancestors 'none'") && headers['x-frame-options'] === 'DENY',
      'trusted types':
        policy.includes("require-trusted-types-for 'script'") && policy.includes('trusted-types '),
      'no inline script': policy.includes("default-src 'none'") && !/unsafe|\*/.test(policy),
      'no guessing': headers['x-content-type-options'] === 'nosniff',
      'no referrer': headers['referrer-policy'] === 'no-referrer',
      'not kept':
        !place.includes('/api') || headers['cache-control'] === 'no-store' || place.includes('openapi'),
      'no name of the server': headers['server'] === undefined && headers['x-powered-by'] === undefined,
    }
    for (const [what, holds] of Object.entries(checks))
      if (!holds) wrong.push(`${place} (${status}): ${what}`)
  }
  none(wrong)
})

test('B-021: markup in an address comes back as JSON at most', async () => {
  for (const path of [
    '<svg onload=alert(1)>',
    '%3Csvg%20onload=alert(1)%3E',
    'agents/%3Cimg%20src=x%20onerror=alert(1)%3E',
    'agents?%3Cscript%3E=1',
    'agents?limit=%3Cscript%3E',
    'agents/%22%3E%3Cscript%3E',
  ]) {
    const text = await raw(
      target,
      `GET /api/${path.replaceAll(' ', '%20')} HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${ann.token}\r\nConnection: close\r\n\r\n`,
    )
    assert.match(text, /^HTTP\/1\.1 40[04] /, path)
    assert.match(text, /\r\ncontent-type: application\/json; charset=utf-8\r\n/i, path)
    const body = text.slice(text.indexOf('\r\n\r\n') + 4)
    assert.equal(faultOf(JSON.parse(body)).code === undefined, false)
  }
})
