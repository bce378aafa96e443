import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, test } from 'node:test'
import { operations } from '../../contract/index.ts'
import type { Operation } from '../../contract/operation.ts'
import { openLog } from '../../server/kernel/log.ts'
import { START } from '../app.ts'
import { fakeClock } from '../clock.ts'
import { FULL_TEXT, HOSTILE, SQL } from './corpus.ts'
import { every, sampleOf } from './inputs.ts'
import { NEEDLE, everythingOf } from './possessions.ts'
import { dataOf, none, openTarget, outcomeOf, skipped } from './rig.ts'
import type { Fields } from './rig.ts'

const logged: string[] = []
const log = openLog('debug', fakeClock(START), (line) => logged.push(line))
const target = await openTarget({ app: { log } })
after(() => target.remove())
const { bob } = target
// What is measured is what texts cost, not the first use of the model.
await target.app.language.warmUp()
await target.enrol(target.ann)
const things = await everythingOf(target, target.ann)
const token = bob.token
const remember = (given: Fields) =>
  target.perform(
    operations['agents.memory_store'],
    { id: '2', memory_type: 'note', content: 'x', ...given },
    { token },
  )

test('D-010: what looks like a reference to a secret stays what it is', async () => {
  const references = [
    { $secret: 'cred_U1' },
    { $ref: 'cred:1' },
    'cred:018f0000-0000-7000-8000-00000000dead',
    '{{ secrets.github }}',
    '${env.HOME}',
    { $env: 'PATH' },
  ]
  for (const content of references) {
    assert.deepEqual(dataOf(await remember({ content }))['content'], content)
    const parameters = { text: JSON.stringify(content) }
    const command = {
      action: 'remember',
      parameters,
      user_id: bob.user_id,
      request_id: JSON.stringify(content),
      priority: 'normal',
    }
    const input = { id: '2', command, wait_for_completion: true }
    const answered = await target.perform(operations['agents.execute'], input, { token })
    assert.equal(answered.status, 200)
    assert.equal(answered.text.includes(process.env['HOME'] ?? 'nowhere at home'), false)
  }
})

test('D-012: names of prototypes are refused as keys or kept as data, and change nothing for anybody', async () => {
  for (const name of ['constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty']) {
    const content = { [name]: { [name]: { polluted: 'yes' } } }
    const { memory_type, tags, ...stored } = dataOf<Fields>(
      await remember({ content, tags: [name], memory_type: name }),
    )
    assert.deepEqual([stored['content'], tags, memory_type], [content, [name], name])
    for (const path of [
      `agents/${name}`,
      `agents/2/memory?memory_type=${name}&tags=${name}&q=${name}`,
      `agents/${name}/status`,
      name,
    ])
      assert.match(outcomeOf(await target.http(`GET /api/${path}`, { token })), /^200|^40[04] /, path)
  }
  const body = '{"memory_type":"note","content":{"a":[{"__proto__":{"polluted":"yes"}}]}}'
  const headers = { 'content-type': 'application/json' }
  assert.equal(
    outcomeOf(await target.http('POST /api/agents/2/memory', { token, body, headers })),
    '400 GENERAL_001',
  )
  for (const path of ['__proto__', 'agents/__proto__', 'agents?__proto__=1', 'agents?__proto__[polluted]=1'])
    assert.match(outcomeOf(await target.http(`GET /api/${path}`, { token })), /^40[04] /, path)
  assert.equal((await remember({ tags: ['__proto__'], memory_type: '__proto__' })).status, 201)
  assert.equal(Reflect.get({}, 'polluted'), undefined)
})

/** Inputs of an operation in which one text is the payload. */
function* withPayload(
  operation: Operation,
  payload: string,
): Generator<readonly [field: string, input: Fields]> {
  // An own agent, so that the search itself is reached.
  const own = /^agents\.(?:memory|logs)$/.test(operation.name) ? { id: '2' } : {}
  const input: Fields = { ...sampleOf(operation), ...own }
  for (const [name, schema] of Object.entries(operation.input.properties)) {
    const { type, items } = schema as { type?: string; items?: { type?: string } }
    if (type === 'string') yield [name, { ...input, [name]: payload }]
    if (type === 'array' && items?.type === 'string') yield [name, { ...input, [name]: [payload] }]
    if (type === 'object')
      yield [name, { ...input, [name]: { ...(input[name] as Fields | undefined), [payload]: payload } }]
  }
}

test('D-013: no SQL in any text of any operation fails the server, reaches foreign rows or holds it up', async (t) => {
  const wrong: string[] = []
  let asked = 0
  const answered = every.filter(
    ({ name }) => !/^auth\.(?:setup|login|password|logout)$|^users\.create$/.test(name),
  )
  for (const [turn, operation] of answered.entries()) {
    // What searches, sorts or pages gets every payload in every text, the others each a fifth of them.
    const isSearching = operation.http.method === 'GET'
    const payloads = isSearching ? SQL : SQL.filter((_one, index) => index % 5 === turn % 5)
    for (const payload of payloads)
      for (const [field, input] of withPayload(operation, payload)) {
        const started = performance.now()
        const reply = await target.perform(operation, input, { token }).catch((error: unknown) => {
          // An empty or dotted parameter makes no address, which the client notices itself.
          if (error instanceof TypeError) return undefined
          throw error
        })
        if (reply === undefined) continue
        asked += 1
        const ms = performance.now() - started
        if (reply.status === 500 || reply.text.includes(NEEDLE) || ms > 10_000)
          wrong.push(
            `${operation.name} ${field} = ${JSON.stringify(payload)}: ${reply.status} in ${Math.round(ms)} ms ${reply.text.slice(0, 200)}`,
          )
      }
  }
  none(wrong)
  for (const canary of ['/tmp/paios-canary', '/tmp/paios-canary.db']) assert.equal(existsSync(canary), false)
  assert.equal((await target.signIn(target.ann.email)).agents.size > 5, true)
  assert.equal(things.length > 5, true)
  t.diagnostic(`${asked} calls`)
})

test('D-014: full-text search takes words and nothing else for what it is asked, at once', async (t) => {
  await remember({ content: 'a plain sentence about a near star' })
  const times: number[] = []
  const search = async (q: string) => {
    const started = performance.now()
    const reply = await target.perform(operations['agents.memory'], { id: '2', q }, { token })
    times.push(performance.now() - started)
    return reply
  }
  for (const q of [
    ...FULL_TEXT,
    ...FULL_TEXT.map((one) => `star ${one}`),
    'a '.repeat(500),
    '('.repeat(1_000),
    '"'.repeat(999),
  ]) {
    const reply = await search(q)
    assert.match(outcomeOf(reply), /^200$|^400 GENERAL_001$/, q)
    assert.equal(reply.text.includes(NEEDLE), false, q)
  }
  assert.equal(outcomeOf(await search('x'.repeat(10_240))), '400 GENERAL_001')
  assert.match((await search('NEAR(star')).text, /plain sentence|"memories":\[\]/)
  const median = times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0
  assert.ok(median < 2_000)
  t.diagnostic(`${median.toFixed(1)} ms at the median, ${Math.max(...times).toFixed(1)} ms at most`)
})

test('D-021: texts that make patterns run for ever hold nobody up', async (t) => {
  const length = 50_000
  const texts = [
    'a'.repeat(length),
    `${'a'.repeat(length)}!`,
    '[a|'.repeat(length / 3),
    '('.repeat(length),
    ' '.repeat(length),
    'a@'.repeat(length / 2),
    `${'1,'.repeat(length / 2)}x`,
    'every '.repeat(length / 6),
    'one hundred '.repeat(length / 12),
    '-'.repeat(length),
    'x '.repeat(length / 2),
    `convert ${'1'.repeat(length - 20)} km to miles`,
    `remind me in ${'1'.repeat(length - 30)} minutes to go`,
    `calculate ${'('.repeat(length / 2 - 10)}${')'.repeat(length / 2 - 10)}`,
    `remember ${'['.repeat(length - 10)}`,
    `remind me to ${'x '.repeat(length / 2 - 30)}and at 6 to buy milk`,
    `cada día ${'\u200b, “, ich meine'.repeat(length / 20)}`,
    `rename ${' '.repeat(length)} to the list`,
    `remind me to ${'3pm'.repeat(length / 3 - 20)} at 5`,
    `erinnere mich ${'.'.repeat(length)} tomorrow at 5`,
    `run ${'é'.repeat(length - 20)}`,
    `${'wait '.repeat(length / 5 - 5)}x`,
    `add ${'{('.repeat(length / 4)} to ${'[)'.repeat(length / 4 - 10)}`,
  ]
  const slow: string[] = []
  let slowest = 0
  const time = async (what: string, ask: () => Promise<{ status: number }>) => {
    let ms = Infinity
    for (let count = 0; count < 3 && ms > 1_000; count += 1) {
      const started = performance.now()
      const { status } = await ask()
      ms = Math.min(ms, performance.now() - started)
      if (status === 500) slow.push(`${what}: 500`)
    }
    slowest = Math.max(slowest, ms)
    if (ms > 1_000) slow.push(`${what}: ${Math.round(ms)} ms`)
  }
  for (const text of texts) {
    const what = text.slice(0, 12)
    await time(`e-mail ${what}`, () =>
      target.http('POST /api/auth/login', { body: { email: text, password: 'x' } }),
    )
    await time(`e-mail of 254, ${what}`, () =>
      target.http('POST /api/auth/login', { body: { email: text.slice(0, 254) } }),
    )
    await time(`tag ${what}`, () => remember({ tags: [text.slice(0, 64)] }))
    await time(`long tag ${what}`, () => remember({ tags: [text] }))
    await time(`wake word ${what}`, () =>
      target.http('POST /api/voice/settings', { token, body: { wake_words: [text] } }),
    )
    await time(`sentence ${what}`, () =>
      target.http('POST /api/voice/process', { token, body: { text_input: text, dry_run: true } }),
    )
  }
  none(slow)
  t.diagnostic(`${slowest.toFixed(1)} ms at most`)
})

test('D-018: the largest page of the largest memories is bounded, and others are served while it is made', async (t) => {
  const content = 'memory '.repeat(8_000)
  const agent = '5'
  for (let count = 0; count < 60; count += 1)
    assert.equal((await remember({ id: agent, content: `${count} ${content}` })).status, 201)
  const started = performance.now()
  const [page, other] = await Promise.all([
    target.http(`GET /api/agents/${agent}/memory?limit=500`, { token }),
    target.http('GET /api/auth/me', { token: target.ann.token }),
  ])
  const ms = performance.now() - started
  const { memories, next_cursor } = dataOf<{ memories: unknown[]; next_cursor?: string }>(page)
  assert.equal(other.status, 200)
  assert.ok(memories.length === 60 || next_cursor !== undefined)
  assert.ok(ms < 5_000, `${ms} ms`)
  t.diagnostic(`${memories.length} memories, ${page.text.length} characters, ${Math.round(ms)} ms`)
})

const step = (id: string, ...depends_on: string[]) => ({
  id,
  agent_number: 2,
  action: 'remember',
  parameters: {},
  depends_on,
})
const definition = (steps: object[]) => ({
  trigger: { type: 'manual', conditions: {} },
  steps,
  error_handling: { strategy: 'fail_fast', notification_on_error: false },
  timeout_ms: 1_000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
})

test('D-022: a workflow that cannot run is refused, with the reason', async (t) => {
  const create = operations['workflows.create']
  const make = async (steps: object[]) => {
    const input = { name: 'x', definition: definition(steps) }
    return target.perform(create, input, {
      token: target.ann.token,
      proof: await target.proof(target.ann, create, input),
    })
  }
  if (skipped(t, create, (await make([step('a')])).body)) return
  const many = Array.from({ length: 201 }, (_, index) => step(`s${index}`))
  for (const steps of [
    [step('a', 'b'), step('b', 'a')],
    [step('a', 'a')],
    many,
    [step('a'), step('a')],
    [step('a', 'z')],
    [],
  ])
    assert.equal(outcomeOf(await make(steps)), '422 WORKFLOW_003')
})

test('D-023: whatever is sent, the log has one whole line an event, with nothing in it that a terminal obeys', async () => {
  const hostile = [...HOSTILE, 'a\r\n{"level":"error","message":"forged"}']
  for (const text of hostile) {
    await remember({ content: text, tags: [text.slice(0, 64)] })
    await target.http('POST /api/auth/login', { body: { email: `${text}@example.org`, password: text } })
    await target.http('POST /api/auth/refresh', { body: { refresh_token: text } })
    await target.http('GET /api/auth/me', {
      token,
      headers: { 'x-request-id': encodeURIComponent(text), 'user-agent': encodeURIComponent(text) },
    })
    const proof = {
      credential_id: text,
      challenge_response: text,
      authenticator_data: text,
      client_data_json: text,
    }
    await target.perform(
      operations['agents.create'],
      { name: text.slice(0, 80) },
      { token: target.ann.token, proof },
    )
    // Signed for a real challenge with a name that is not in order, which is logged.
    const challenge = await target.challenge(target.ann, operations['agents.create'], { name: 'x' })
    const client_data_json = Buffer.from(
      JSON.stringify({ type: text, challenge: challenge.challenge, origin: text }),
    ).toString('base64url')
    await target.perform(
      operations['agents.create'],
      { name: 'x' },
      { token: target.ann.token, proof: { ...proof, client_data_json } },
    )
  }
  assert.ok(logged.length >= hostile.length, `${logged.length} lines`)
  for (const line of logged) {
    const entry = JSON.parse(line) as Fields
    assert.notEqual(entry['message'], 'forged')
    assert.equal(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u.test(line), false, line)
  }
})
