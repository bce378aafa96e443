import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { raw } from '../../server/transports/http/client.ts'
import { ODD_JSON } from './corpus.ts'
import { every } from './inputs.ts'
import { dataOf, none, openTarget, outcomeOf } from './rig.ts'
import type { Answered, Asked } from './rig.ts'

const target = await openTarget()
after(() => target.remove())
const {
  port,
  ann: { token },
} = target
const MEMORY = 'POST /api/agents/2/memory'
const json = { 'content-type': 'application/json' }
const post = (body: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
  target.http(MEMORY, { token, body, headers: { ...json, ...headers } })

const signIn = (size: number, asked: Asked = {}) =>
  target.http('POST /api/auth/biometric/challenge', {
    ...asked,
    body: '{"purpose":"login"}'.padEnd(size, ' '),
    headers: { 'content-type': 'application/json' },
  })

/** The shortest of some tries in ms: how long something takes, whatever else the machine is doing. */
async function shortest(times: number, ask: () => Promise<unknown>): Promise<number> {
  const taken: number[] = []
  for (let count = 0; count < times; count += 1) {
    const started = performance.now()
    await ask()
    taken.push(performance.now() - started)
  }
  return Math.min(...taken)
}

test('D-015: a body of many levels is refused at once, at any depth', async (t) => {
  const times: string[] = []
  for (const depth of [33, 20_000, 100_000])
    for (const [opening, closing] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const body = `{"memory_type":"note","content":${opening.repeat(depth)}1${closing.repeat(depth)}}`
      assert.equal(outcomeOf(await post(body)), '400 GENERAL_001')
      const ms = await shortest(5, () => post(body))
      times.push(`${depth} ${opening}: ${ms.toFixed(1)} ms`)
      assert.ok(ms < 1_000, `${depth} ${opening} took ${ms} ms`)
    }
  assert.equal(
    outcomeOf(await post(`{"memory_type":"note","content":${'['.repeat(31)}${']'.repeat(31)}}`)),
    '201',
  )
  t.diagnostic(times.join(', '))
})

test('D-017: what parsers read differently is refused, and what is taken comes back exactly', async () => {
  const before = target.state()
  const wrong: string[] = []
  const note = (what: string, answered: Answered) => {
    if (outcomeOf(answered) !== '400 GENERAL_001')
      wrong.push(`${what}: ${outcomeOf(answered)} ${answered.text}`)
  }
  for (const [what, text] of ODD_JSON) note(what, await post(`{"memory_type":"note","content":${text}`))
  const body = '{"memory_type":"note","content":"x"}'
  note('a byte order mark', await post(`\ufeff${body}`))
  note('UTF-16', await post(Buffer.from(body, 'utf16le')))
  for (const bytes of [
    [0xff],
    [0xc3],
    [0xc0, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xe2, 0x82],
  ]) {
    const [start, end] = body.split('x') as [string, string]
    note(
      `the bytes ${bytes.join()}`,
      await post(Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from(end)])),
    )
  }
  none(wrong)
  assert.deepEqual(target.state(), before)
  const exact = [
    '9007199254740991',
    '-9007199254740991',
    '0.1',
    '1.5e-7',
    '1e21',
    '"\\ud83d\\ude00"',
    '"\u2028"',
    '"\\u0000"',
    '" a "',
    '"\u0301e\u0301"',
    '[]',
    'null',
    '{"constructor":{"prototype":{"a":1}}}',
    '{"2":1,"1":2}',
    '{"":0}',
  ]
  for (const text of exact) {
    const { content } = dataOf<{ content: unknown }>(await post(`{"memory_type":"note","content":${text}}`))
    assert.deepEqual(content, JSON.parse(text), text)
  }
  const zero = await post('{"memory_type":"note","content":-0}')
  if (zero.status < 300) assert.match(zero.text, /"content":-0[,.}]/)
})

test('D-018: a number, a time or a cursor that is none is refused, by every list', async () => {
  const lists = every.filter(
    ({ http, input }) => http.method === 'GET' && 'limit' in input.properties && !http.path.includes(':'),
  )
  const places = [
    ...lists.map(({ http }) => `/api${http.path}`),
    '/api/agents/2/memory',
    '/api/agents/2/logs',
  ]
  assert.ok(places.length >= 8)
  const queries = [
    'limit=-1',
    'limit=0',
    'limit=501',
    'limit=1e9',
    'limit=1000000000',
    'limit=10;drop',
    'limit=10%3B%20drop',
    'limit=1.5',
    'limit=NaN',
    'limit=',
    'limit=%201',
    'limit=0x10',
    'limit=1&limit=2',
    'limit[]=1',
    'limit[$gt]=1',
    'cursor=',
    'cursor=garbage',
    "cursor=' OR 1=1",
    `cursor=${'A'.repeat(513)}`,
    'cursor=e30',
    'cursor=bnVsbA',
    'unknown=1',
    '__proto__=1',
    'constructor=1',
    '%ff=1',
    'limit=%zz',
  ]
  const wrong: string[] = []
  for (const place of places)
    for (const query of queries) {
      const answered = await target.http(`GET ${place}?${query.replaceAll(' ', '%20')}`, { token })
      if (!/^400 GENERAL_001$|^503 .*not_built$/.test(outcomeOf(answered)))
        wrong.push(`${place}?${query}: ${outcomeOf(answered)}`)
    }
  for (const since of [
    'garbage',
    '2026',
    '2026-13-01T00:00:00Z',
    '-1',
    '2026-01-01',
    "' OR 1=1",
    '0000-00-00T00:00:00Z',
  ])
    for (const place of ['/api/agents/2/memory', '/api/agents/2/logs', '/api/notifications'])
      if ((await target.http(`GET ${place}?since=${encodeURIComponent(since)}`, { token })).status !== 400)
        wrong.push(`${place} since ${since}`)
  for (const ttl of [-1, 0, 1.5, 1e20, 315_360_001, '10', null, true])
    if ((await post(JSON.stringify({ memory_type: 'note', content: 'x', ttl }))).status !== 400)
      wrong.push(`ttl ${ttl}`)
  none(wrong)
})

test('D-019: a body that is too large, endless or compressed is cut off, and takes no memory', async () => {
  const fits = JSON.stringify({ memory_type: 'note', content: 'x' }).padEnd(1_048_576, ' ')
  assert.equal((await post(fits)).status, 201)
  assert.equal(outcomeOf(await post(`${fits} `)), '413 GENERAL_001')
  const bomb = gzipSync(Buffer.alloc(64 * 1_048_576, ' '))
  for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'GZIP', 'identity, gzip', 'x'])
    assert.equal(outcomeOf(await post(bomb, { 'content-encoding': encoding })), '415 GENERAL_001', encoding)
  const head = `POST /api/agents/2/memory HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
  assert.match(
    await raw(target, `${head}Content-Length: 1048577\r\nConnection: close\r\n\r\n`),
    /^HTTP\/1\.1 413 /,
  )
  assert.match(
    await raw(target, `${head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`),
    /^HTTP\/1\.1 400 |^$/,
  )
  const before = process.memoryUsage.rss()
  const { answer, sent } = await endless(`${head}Transfer-Encoding: chunked\r\n\r\n`)
  assert.match(answer, /^HTTP\/1\.1 413 /)
  assert.ok(sent < 64 * 1_048_576, `${sent} bytes were taken`)
  assert.ok(process.memoryUsage.rss() - before < 200 * 1_048_576)
})

test('D-019: a stranger sends no more than signing in takes', async () => {
  assert.equal((await signIn(65_536)).status, 200)
  assert.equal(outcomeOf(await signIn(65_537)), '413 GENERAL_001')
  // Whoever is signed in asks for a challenge for something as large as it is.
  assert.equal((await signIn(1_048_576, { token })).status, 200)
  assert.equal(outcomeOf(await signIn(1_048_577, { token })), '413 GENERAL_001')
})

/** Sends chunks until the connection ends. */
function endless(head: string): Promise<{ answer: string; sent: number }> {
  const { promise, resolve } = Promise.withResolvers<{ answer: string; sent: number }>()
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
  socket.on('error', () => {})
  socket.on('close', () => resolve({ answer, sent: socket.bytesWritten }))
  const more = () => {
    while (socket.writable && socket.write(chunk));
  }
  socket.on('drain', more)
  socket.write(head)
  more()
  return promise
}
