import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, errorOf } from '../../server/transports/http/client.ts'
import type { Asked } from '../../server/transports/http/client.ts'
import type { Answer } from '../../server/transports/socket/rig.ts'
import { openWhole } from './rig.ts'

const whole = await openWhole()
const full = await openWhole({ limits: { executions_at_once: 0, executions_per_user_max: 2 } })
after(() => Promise.all([whole.remove(), full.remove()]))

const PATH = '/api/agents/2/memory'
const MEMORY = { memory_type: 'note', content: 'the key is under the mat' }
const BODY_BYTES_MAX = 1_048_576
const authorization = `Bearer ${whole.ann.token}`
const json = { authorization, 'content-type': 'application/json' }
const post = (body: string | Buffer, headers: Asked['headers'] = {}): Asked => ({
  method: 'POST',
  body,
  headers: { ...json, ...headers },
})
/** As a body, after the fields that are right. */
const beside = (rest: string): Asked => post(`{"memory_type": "note", "content": "x"${rest}`)
const padded = (size: number) => Buffer.from(JSON.stringify(MEMORY).padEnd(size, ' '))

test('what is refused below would be done if it were right, up to the last byte that is allowed', async () => {
  const before = whole.counts()['memories'] ?? 0
  assert.equal((await ask(whole, PATH, post(JSON.stringify(MEMORY)))).status, 201)
  assert.equal((await ask(whole, PATH, post(padded(BODY_BYTES_MAX)))).status, 201)
  // The same said twice is remembered once.
  assert.equal(whole.counts()['memories'], before + 1)
  assert.deepEqual(
    (await whole.audited()).map(({ operation, outcome }) => [operation, outcome]),
    [
      ['agents.memory_store', 'ok'],
      ['agents.memory_store', 'ok'],
    ],
  )
})

const whole_body = JSON.stringify(MEMORY)
const chunked = { 'content-length': undefined, 'transfer-encoding': 'chunked' }
const not_json = [415, /A body must be application\/json in UTF-8, not compressed\./] as const
const too_large = [413, /larger than 1048576 bytes/] as const
/** What is sent, the status, and what the sentence says. */
const BODIES: readonly (readonly [says: string, asked: Asked, status: number, sentence: RegExp])[] = [
  ['text', post(whole_body, { 'content-type': 'text/plain' }), ...not_json],
  ['a form', post('content=x', { 'content-type': 'application/x-www-form-urlencoded' }), ...not_json],
  ['no type', post(whole_body, { 'content-type': undefined }), ...not_json],
  ['two types', post(whole_body, { 'content-type': 'application/json, text/plain' }), ...not_json],
  ['another charset', post(whole_body, { 'content-type': 'application/json; charset=latin1' }), ...not_json],
  ['compressed', post(whole_body, { 'content-encoding': 'gzip' }), ...not_json],
  ['cut JSON', beside(','), 400, /not valid JSON: line 1, column \d+: the document ends too early/],
  [
    'two documents',
    post(`${whole_body} {}`),
    400,
    /not valid JSON: line 1, column \d+: "\{" is not expected/,
  ],
  ['a comment', beside(' /* */}'), 400, /not valid JSON: .*"\/" is not expected here/],
  ['a key twice', beside(', "content": "y"}'), 400, /the key "content" is there twice/],
  ['a key twice, escaped', beside(', "c\\u006fntent": "y"}'), 400, /the key "content" is there twice/],
  ['a key twice, deep', beside(', "tags": [{"a": 1, "a": 1}]}'), 400, /the key "a" is there twice/],
  ['a prototype', beside(', "__proto__": {"x": 1}}'), 400, /the key "__proto__" is not allowed/],
  ['a prototype, escaped', beside(', "\\u005f_proto__": {}}'), 400, /the key "__proto__" is not allowed/],
  ['no UTF-8', post(Buffer.from('{"content": "\u00e9"}', 'latin1')), 400, /the bytes are not UTF-8/],
  ['a byte order mark', post(`\ufeff${whole_body}`), 400, /a byte order mark is not allowed/],
  ['half a character', beside(', "tags": ["\\ud800"]}'), 400, /half a surrogate pair is no character/],
  ['a huge integer', beside(', "ttl": 9007199254740993}'), 400, /beyond 2\^53 - 1/],
  ['too many levels', beside(`, "tags": ${'['.repeat(33)}${']'.repeat(33)}}`), 400, /more than 32 levels/],
  ['a list', post('[]'), 400, /The body must be a JSON object/],
  ['nothing', post(''), 400, /\/memory_type is required, and \d more/],
  ['an unknown field', beside(', "foreign": 1}'), 400, /\/foreign is not a known field/],
  ['an owner', beside(`, "user_id": "${whole.bob.user_id}"}`), 400, /\/user_id is not a known field/],
  ['a wrong type', beside(', "tags": "a"}'), 400, /\/tags must be a list/],
  ['the path again', beside(', "id": "3"}'), 400, /\/id is given in the path/],
  ['too large', post(padded(BODY_BYTES_MAX + 1)), ...too_large],
  ['too large, unannounced', post(padded(BODY_BYTES_MAX + 1), chunked), ...too_large],
]

test('a body that is not in order is refused with its cause and changes nothing', async () => {
  const before = whole.counts()
  for (const [says, asked, status, sentence] of BODIES) {
    const error = errorOf(await ask(whole, PATH, asked))
    assert.deepEqual([error.status, error.code], [status, 'GENERAL_001'], says)
    assert.match(error.message, sentence, says)
    const [line, ...more] = await whole.audited()
    assert.deepEqual(
      [line?.operation, line?.outcome, line?.status],
      ['agents.memory_store', 'GENERAL_001', status],
    )
    assert.deepEqual([line?.actor, line?.transport, more], [whole.ann.user_id, 'http', []], says)
  }
  assert.deepEqual(whole.counts(), before)
})

const get = (headers: Asked['headers']): Asked => ({ headers: { authorization, ...headers } })
const HEADS: readonly (readonly [
  says: string,
  path: string,
  asked: Asked,
  told: [number, string],
  RegExp,
])[] = [
  ['no address', '/api/nothing', get({}), [404, 'GENERAL_001'], /nothing at this address/],
  [
    'another method',
    PATH,
    { ...get({}), method: 'PATCH' },
    [405, 'GENERAL_001'],
    /does not take that method/,
  ],
  ['a body to read with', PATH, { ...post('{}'), method: 'GET' }, [400, 'GENERAL_001'], /GET takes no body/],
  ['another host', PATH, get({ host: 'evil.test' }), [403, 'GENERAL_001'], /does not answer to that host/],
  [
    'another origin',
    PATH,
    get({ origin: 'https://evil.test' }),
    [403, 'GENERAL_001'],
    /Pages of that origin/,
  ],
  [
    'another version',
    PATH,
    get({ 'api-version': 'v9' }),
    [400, 'GENERAL_001'],
    /no such version; this is v1/,
  ],
  [
    'a token in sight',
    `${PATH}?token=x`,
    get({}),
    [401, 'AUTH_001'],
    /token in the address is never accepted/,
  ],
  ['no token', PATH, { headers: { authorization: undefined } }, [401, 'AUTH_001'], /Sign in first/],
  ['no bearer', PATH, { headers: { authorization: 'Basic YTpi' } }, [401, 'AUTH_001'], /"Bearer <token>"/],
  ['a page too long', `${PATH}?limit=501`, get({}), [400, 'GENERAL_001'], /\/limit must be at most 500/],
  [
    'a word for a number',
    `${PATH}?limit=ten`,
    get({}),
    [400, 'GENERAL_001'],
    /\/limit must be a whole number/,
  ],
  ['no such agent', '/api/agents/99/memory', get({}), [404, 'AGENT_001'], /no agent 99/],
]

test('a request whose head is not in order is refused with its cause and changes nothing', async () => {
  const before = whole.counts()
  for (const [says, path, asked, told, sentence] of HEADS) {
    const { status, code, message } = errorOf(await ask(whole, path, asked))
    assert.deepEqual([status, code], told, says)
    assert.match(message, sentence, says)
    const lines = await whole.audited()
    assert.deepEqual(
      lines.map((line) => [line.status, line.outcome]),
      [told],
      says,
    )
  }
  assert.deepEqual(whole.counts(), before)
})

const EVENTS: readonly (readonly [packet: string, sentence: RegExp])[] = [
  ['["voice:command",{"text_fallback":"undo","text_fallback":"undo"}]', /"text_fallback" is there twice/],
  ['["voice:command",{"text_fallback":"undo","__proto__":{}}]', /"__proto__" is not allowed/],
  ['["voice:command",{"text_fallback":"undo"}', /the document ends too early/],
  [
    '["voice:command",{"text_fallback":"undo","context":{"active_agent":9007199254740993}}]',
    /beyond 2\^53 - 1/,
  ],
  ['["voice:command",["undo"]]', /must be one object/],
  ['["voice:command",{"text_fallback":"undo"},{}]', /must be one object/],
  ['["voice:command",{"text_fallback":7}]', /\/text_fallback must be a text/],
  ['["voice:command",{"text_fallback":"undo","foreign":1}]', /\/foreign is not a known field/],
]

test('an event that is not in order is refused with its cause and changes nothing', async () => {
  const client = whole.open(whole.ann.token)
  await client.next('authenticated')
  const before = whole.counts()
  await whole.audited()
  for (const [packet, sentence] of EVENTS) {
    client.socket.io.engine.write(`2${packet}`)
    const [told] = (await client.next('error')) as [
      { event: string; message: string; error: Answer['error'] },
    ]
    assert.deepEqual([told.event, told.error?.code], ['voice:command', 'GENERAL_001'], packet)
    assert.match(told.message, sentence)
    const lines = await whole.audited()
    assert.deepEqual(
      lines.map(({ operation, transport, status }) => [operation, transport, status]),
      [['voice.process', 'socket', 400]],
    )
  }
  client.socket.emit('voice:command', { text_fallback: 'undo'.padEnd(BODY_BYTES_MAX) })
  await client.gone
  assert.deepEqual(whole.counts(), before)
})

test('a full queue refuses what it has no room for, over every way in, and keeps what it has', async () => {
  const { ann, bob } = full
  const client = full.open(ann.token)
  await client.next('authenticated')
  const say = (token: string) =>
    ask(full, '/api/voice/process', {
      method: 'POST',
      body: { text_fallback: 'put milk on the shopping list' },
      headers: { authorization: `Bearer ${token}` },
    })
  const command = (request_id: string, { user_id } = ann) => {
    const parameters = { expression: '2 + 2' }
    return { action: 'calculate', parameters, user_id, request_id, priority: 'high' }
  }
  for (const request_id of ['q-1', 'q-2']) {
    const { success } = await client.ask('agent:execute', { agent_id: '5', command: command(request_id) })
    assert.equal(success, true)
  }
  const before = full.counts()
  // Both executions, and the run of each person that waits.
  assert.equal(before['jobs'], 4)
  await full.audited()
  const spoken = await say(ann.token)
  assert.equal(spoken.headers['retry-after'], '1')
  const asked = await client.ask('agent:execute', { agent_id: '5', command: command('q-3') })
  const { status, code, message, details } = errorOf(spoken)
  assert.deepEqual([status, code, message], [503, 'SYSTEM_001', 'The queue is full.'])
  assert.deepEqual(details?.['per_user_max'], 2)
  assert.deepEqual([asked.error?.code, asked.error?.details], ['SYSTEM_001', details])
  assert.deepEqual(
    (await full.audited()).map((line) => [line.operation, line.status, line.outcome]),
    [
      ['voice.process', 503, 'SYSTEM_001'],
      ['agents.execute', 503, 'SYSTEM_001'],
    ],
  )
  assert.deepEqual(full.counts(), before)
  // The queue of one user is not that of another, and a request that was taken is still known.
  const other = { agent_id: '5', command: command('q-1', bob) }
  const bobs = full.open(bob.token)
  assert.equal((await bobs.ask('agent:execute', other)).success, true)
  const again = await client.ask('agent:execute', { agent_id: '5', command: command('q-2') })
  assert.deepEqual([again.success, full.counts()['jobs']], [true, 5])
})
