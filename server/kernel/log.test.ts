import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../test/clock.ts'
import { logOf, openLog } from './log.ts'
import type { Level } from './log.ts'
import { START } from './rig.ts'

function open(level: Level = 'debug') {
  const lines: string[] = []
  const log = openLog(level, fakeClock(START), (line) => lines.push(line))
  /** What a line with these details holds besides what the log itself says. */
  const details = (given: Record<string, unknown>): Record<string, unknown> => {
    log.info('it', given)
    const {
      time: _time,
      level: _level,
      message: _message,
      ...rest
    } = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>
    return rest
  }
  return { log, lines, details }
}

test('an entry is one line of JSON with its time, level and message first', () => {
  const { log, lines } = open()
  log.warn('two\nlines', { n: 1 })
  assert.deepEqual(lines, [
    `{"time":"2026-11-22T10:00:00.000Z","level":"warn","message":"two\\nlines","n":1}`,
  ])
  log.info('nothing else')
  assert.equal(lines[1], `{"time":"2026-11-22T10:00:00.000Z","level":"info","message":"nothing else"}`)
})

test('only entries from the level on are written', () => {
  for (const [level, count] of [
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ] as const) {
    const { log, lines } = open(level)
    for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name](name)
    assert.equal(lines.length, count, level)
    assert.match(lines[0] ?? '', new RegExp(`"level":"${level}"`))
  }
})

test('what is a secret by its name is not written, at any depth and however it is spelt', () => {
  const names = [
    'password',
    'PASSWORD',
    'new_password',
    'passwordHash',
    'pass',
    'token',
    'access_token',
    'refreshToken',
    'secret',
    'client_secret',
    'api_key',
    'apiKey',
    'apikeys',
    'private_key',
    'Authorization',
    'cookie',
    'set-cookie',
    'setup_code',
    'backup_codes',
    'challenge_response',
    'X-Biometric-Proof',
    'proof_token',
  ]
  const { lines, details } = open()
  for (const name of names) {
    assert.deepEqual(details({ [name]: 'hunter2' }), { [name]: '[redacted]' })
    assert.deepEqual(details({ list: [{ deep: { [name]: { value: 'hunter2' } } }] }), {
      list: [{ deep: { [name]: '[redacted]' } }],
    })
  }
  assert.equal(lines.join('\n').includes('hunter2'), false)
})

test('what only looks like a secret to nobody is written', () => {
  const plain = {
    key: 'job-1',
    code: 'AGENT_001',
    keyboard: 'de',
    request_id: 'r',
    user_id: 'u',
    status: 200,
    ok: true,
    none: null,
  }
  assert.deepEqual(open().details(plain), plain)
})

test('details cannot pass for the time, the level or the message of an entry', () => {
  const { log, lines } = open()
  log.error('the real one', { message: 'another', level: 'debug', time: 'never', other: 1 })
  assert.equal(
    lines[0],
    `{"time":"2026-11-22T10:00:00.000Z","level":"error","message":"the real one","other":1}`,
  )
})

test('an error is written with its causes, also when one is its own cause', () => {
  const { details } = open()
  const cause = Object.assign(new Error('the disk', { cause: 'cable' }), { token: 'hunter2' })
  const { error } = details({ error: new TypeError('the store', { cause }) }) as {
    error: { name: string; message: string; stack: string; cause: object }
  }
  assert.deepEqual([error.name, error.message], ['TypeError', 'the store'])
  assert.match(error.stack, /log\.test\.ts/)
  assert.partialDeepStrictEqual(error.cause, { name: 'Error', message: 'the disk', cause: 'cable' })
  assert.equal(JSON.stringify(error).includes('hunter2'), false)
  const circle = new Error('round')
  circle.cause = circle
  assert.match(JSON.stringify(details({ circle })), /\[deep\]/)
})

test('nothing that is logged makes the log fail: circles, depths, large integers, functions, bytes', () => {
  const { details } = open()
  const circle: Record<string, unknown> = {}
  circle['circle'] = circle
  assert.match(JSON.stringify(details(circle)), /\[deep\]/)
  assert.deepEqual(details({ n: 2n ** 60n, f: () => 1, u: undefined, s: Symbol('s') }), {
    n: '1152921504606846976',
  })
  assert.deepEqual(details({ bytes: new Uint8Array(70_000), view: new DataView(new ArrayBuffer(2)) }), {
    bytes: '[70000 bytes]',
    view: '[2 bytes]',
  })
  const wide = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`n${n}`, n]))
  const { list, map } = details({ list: Array.from({ length: 500 }, () => 1), map: wide }) as {
    list: object
    map: object
  }
  assert.deepEqual([Object.keys(list).length, Object.keys(map).length], [100, 100])
})

test('a line that would be too long is cut, and still is JSON with its time, level and message', () => {
  const { log, lines } = open()
  for (const text of [
    'x'.repeat(100_000),
    '"\\'.repeat(50_000),
    '\u202e'.repeat(50_000),
    '😀'.repeat(50_000),
  ]) {
    log.error('large', { text })
    log.error(text)
  }
  for (const line of lines) {
    assert.ok(line.length <= 16_384, `${line.length}`)
    const { level, message, cut } = JSON.parse(line) as Record<string, string>
    assert.equal(level, 'error')
    assert.ok((message ?? '').length > 4 && (cut ?? '').length === 6_000)
  }
})

test('controls that would make a line read as something else are written as escapes, and other text as it is', () => {
  const { log, lines } = open()
  const hidden = [
    '\u001b[31m',
    '\u007f',
    '\u009b',
    '\u061c',
    '\u200b',
    '\u200e',
    '\u2028',
    '\u202e',
    '\u2066',
    '\ufeff',
  ]
  log.info(hidden.join(''), { [hidden.join('')]: hidden })
  // Without its first character the sequence of a terminal is harmless text.
  for (const character of hidden.join('').replaceAll('[31m', ''))
    assert.equal(lines[0]?.includes(character), false)
  assert.equal((JSON.parse(lines[0] ?? '') as { message: string }).message, hidden.join(''))
  log.info('naïve 😀 привет')
  assert.match(lines[1] ?? '', /naïve 😀 привет/)
})

test('what is a secret by its form is not written, wherever it stands', () => {
  const { log, lines } = open()
  const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLWh1bnRlcjI'
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----'
  for (const [text, left] of [
    [`sent ${jwt} twice: ${jwt}`, 'sent [redacted] twice: [redacted]'],
    ['Authorization: Bearer hunter2hunter2', 'Authorization: Bearer [redacted]'],
    [`a ${key} b`, 'a [redacted] b'],
    ['-----BEGIN PRIVATE KEY-----hunter2', '[redacted]'],
    ['https://ann:hunter2@example.org/x', 'https://[redacted]@example.org/x'],
    ['/cb?code=hunter2&n=1', '/cb?code=[redacted]&n=1'],
    ['https://x.test/?access_token=hunter2#a', 'https://x.test/?access_token=[redacted]#a'],
    ['sk-hunter2hunter2 and ghp_hunter2hunter2', '[redacted] and [redacted]'],
  ] as const) {
    const error = new Error(text)
    log.warn(text, { list: [text], deep: { error } })
    const { message, list, deep } = JSON.parse(lines.at(-1) ?? '') as {
      message: string
      list: string[]
      deep: { error: { message: string } }
    }
    assert.deepEqual([message, list[0], deep.error.message], [left, left, left])
  }
  assert.equal(lines.join('\n').includes('hunter2'), false)
})

test('text that is no secret is written as it is, and looking for one takes no time', () => {
  for (const text of [
    'bearer of news',
    'https://example.org/a@b',
    'key=1',
    'sk-1',
    'basic income',
    'eyJ.a.b',
  ])
    assert.deepEqual(open().details({ text }), { text })
  const { log } = open()
  const began = process.cpuUsage()
  for (const piece of ['a', 'a:', '://', '?key', '-----BEGIN PRIVATE KEY-----', 'eyJaaaaaaaa.', 'bearer '])
    log.info('', { text: piece.repeat(20_000) })
  const { user } = process.cpuUsage(began)
  assert.ok(user < 2_000_000, `${user}`)
})

test('a log of a part names the part, unless the line names another', () => {
  const { log, lines } = open()
  const jobs = logOf(log, 'jobs')
  for (const level of ['debug', 'info', 'warn', 'error'] as const) jobs[level]('it', { n: 1 })
  jobs.info('it', { source: 'other' })
  const sources = lines.map((line) => (JSON.parse(line) as { source: string; level: string }).source)
  assert.deepEqual(sources, ['jobs', 'jobs', 'jobs', 'jobs', 'other'])
  assert.match(lines[3] ?? '', /"level":"error","message":"it","source":"jobs","n":1\}/)
})
