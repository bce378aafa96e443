import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operations } from '../../contract/index.ts'
import type { Operation } from '../../contract/operation.ts'
import { systemRandom } from '../../server/kernel/ids.ts'
import { every, isFree, sampleOf } from './inputs.ts'
import { NEEDLE, everythingOf } from './possessions.ts'
import { dataOf, none, openTarget, outcomeOf, skipped } from './rig.ts'
import type { Fields, Person } from './rig.ts'

const target = await openTarget({ app: { random: systemRandom } })
after(() => target.remove())
const { ann, bob } = target
await target.enrol(ann)
await target.enrol(bob)
const things = await everythingOf(target, ann)
const as = (person: Person, operation: Operation, input: Fields) =>
  target.perform(operation, input, { token: person.token })
const command = (person: Person, given: Fields = {}) => ({
  action: 'remember',
  parameters: { text: 'x' },
  user_id: person.user_id,
  request_id: 'the same id',
  priority: 'normal',
  ...given,
})

test('I-002: no list, count, search or picture of one user holds anything of another', async (t) => {
  const secrets = [NEEDLE, ann.user_id, ann.email, ...things.map(([, id]) => id), ...ann.agents.values()]
  const wrong: string[] = []
  const unbuilt: string[] = []
  for (const operation of every.filter(({ http, who }) => http.method === 'GET' && who !== 'owner')) {
    const queries: Fields[] = [
      {},
      { limit: 500 },
      { q: NEEDLE },
      { tags: [NEEDLE] },
      { target: things[0]?.[1] },
      { applied_by: ann.user_id },
    ]
    const own = 'id' in operation.input.properties ? { id: '2' } : {}
    for (const query of queries) {
      const fitting = Object.fromEntries(
        Object.entries(query).filter(([name]) => name in operation.input.properties),
      )
      const { text, body } = await as(bob, operation, { ...sampleOf(operation), ...own, ...fitting })
      if (text.includes('not_built')) unbuilt.push(operation.name)
      // What was asked for may be said back by a refusal.
      const told = secrets.filter((one) => text.includes(one) && !Object.values(fitting).flat().includes(one))
      if (told.length > 0) wrong.push(`${operation.name} ${JSON.stringify(query)} tells ${told.join()}`)
      const { total_count } = (body['data'] ?? {}) as { total_count?: number }
      if (operation.name === 'agents.memory' && total_count !== 0)
        wrong.push(`${operation.name} counts ${total_count}`)
    }
  }
  none(wrong)
  t.diagnostic(`not built yet: ${[...new Set(unbuilt)].join(', ')}`)
})

test("I-003: nobody uses another user's agent, workflow or credential in things of their own", async (t) => {
  const created = dataOf<{ agents: { agent_number: number; id: string; name: string }[] }>(
    await target.http('GET /api/agents', { token: ann.token }),
  )
  const own = created.agents.find(({ name }) => name.includes(NEEDLE))
  assert.ok(own !== undefined && own.agent_number >= 20)
  for (const id of [own.id, String(own.agent_number), ann.agents.get(2) ?? '']) {
    assert.equal(
      outcomeOf(await as(bob, operations['agents.execute'], { id, command: command(bob) })),
      '404 AGENT_001',
    )
    assert.equal(
      outcomeOf(await as(bob, operations['agents.voice'], { id, text_input: 'remember x' })),
      '404 AGENT_001',
    )
    assert.equal(
      outcomeOf(await as(bob, operations['agents.memory_store'], { id, memory_type: 'note', content: 1 })),
      '404 AGENT_001',
    )
  }
  const foreign = { id: '2', command: command(ann) }
  assert.match(outcomeOf(await as(bob, operations['agents.execute'], foreign)), /^40[013] /)
  const credential =
    things.find(([kind]) => kind === 'credential')?.[1] ?? sampleOf(operations['credentials.get'])['id']
  const input = { name: 'Thief', config: { api_keys: { x: `cred:${String(credential)}` } } }
  const thief = await target.perform(operations['agents.create'], input, {
    token: bob.token,
    proof: await target.proof(bob, operations['agents.create'], input),
  })
  if (skipped(t, operations['credentials.store'], thief.body)) return
  assert.match(outcomeOf(thief), /^4(?:00|04|22) /)
})

test('I-004: a method that an address does not take gives no data', async () => {
  const wrong: string[] = []
  const paths = [...new Set(every.map(({ http }) => http.path))]
  assert.ok(paths.length > 45)
  for (const path of paths) {
    const taken = new Set<string>(
      every.filter(({ http }) => http.path === path).map(({ http }) => http.method),
    )
    const address = `/api${path.replaceAll(/:\w+/g, '2')}`
    for (const method of [
      'GET',
      'POST',
      'PUT',
      'DELETE',
      'PATCH',
      'TRACE',
      'PROPFIND',
      'SEARCH',
      'QUERY',
      'OPTIONS',
      'HEAD',
    ]) {
      if (taken.has(method) || (method === 'HEAD' && taken.has('GET'))) continue
      const { status, text } = await target.http(`${method} ${address}`, { token: ann.token })
      // Another address of the same form may take it: `/agents/:id` and `/agents/executions`.
      const isRefused =
        status === 404 || status === 405 || status === 400 || (method === 'OPTIONS' && status === 204)
      if (!isRefused || text.includes('"data"'))
        wrong.push(`${method} ${address}: ${status} ${text.slice(0, 80)}`)
    }
  }
  none(wrong)
  const head = await target.http('HEAD /api/auth/me', { token: ann.token })
  assert.deepEqual([head.status, head.text], [200, ''])
  assert.equal((await target.http('HEAD /api/auth/me')).status, 401)
})

test('I-005: no field that the server owns can be set by a client, in any operation that has none of that name', async () => {
  const wrong: string[] = []
  const owned: Fields = {
    user_id: ann.user_id,
    id: things[0]?.[1],
    is_admin: true,
    owner: true,
    role: 'owner',
    created_at: '2020-01-01T00:00:00.000Z',
    updated_at: '2020-01-01T00:00:00.000Z',
    tier: 'enterprise',
    execution_count: 7,
    status: {},
    session_id: 'x',
    agent_number: 0,
    password_hash: 'x',
    deleted_at: null,
    version: 7,
  }
  const writing = every.filter((one) => one.http.method !== 'GET' && !isFree(one))
  for (const operation of writing)
    for (const [name, value] of Object.entries(owned)) {
      const { properties } = operation.input
      if (name in properties && name !== 'id') continue
      const query = operation.http.method === 'DELETE'
      const { method, path } = operation.http
      const address = `${method} /api${path.replaceAll(/:\w+/g, '2')}`
      const asked = query
        ? { token: ann.token }
        : { token: ann.token, body: { ...sampleOf(operation), [name]: value } }
      const given = query ? `${address}?${name}=${encodeURIComponent(String(value))}` : address
      const outcome = outcomeOf(await target.http(given, asked))
      const isInput = name === 'id' && name in properties && !path.includes(':id')
      // A message is refused by a message.
      const refusal = operation.name === 'messages.send' ? '200 GENERAL_001' : '400 GENERAL_001'
      if (outcome !== refusal && !isInput) wrong.push(`${operation.name} took ${name}: ${outcome}`)
    }
  none(wrong)
})

test('I-006: ids tell their time and nothing else, and the one before or after is nothing', async () => {
  const ids: string[] = []
  for (let count = 0; count < 64; count += 1)
    ids.push(
      dataOf<{ id: string }>(
        await as(ann, operations['agents.memory_store'], { id: '2', memory_type: 'n', content: count }),
      ).id,
    )
  // 62 random bits, the variant apart; the first four hexadecimal digits of the last groups are enough to compare.
  const tails = ids.map((id) => BigInt(`0x${id.slice(20).replaceAll('-', '')}`) & 0xffffffffffffn)
  assert.equal(new Set(tails).size, ids.length)
  const steps = tails.slice(1).map((tail, index) => tail - (tails[index] ?? 0n))
  assert.equal(new Set(steps).size, steps.length)
  assert.ok(steps.filter((step) => step < 1_000_000n && step > -1_000_000n).length <= 1)
  const execution = things.find(([kind]) => kind === 'execution')?.[1] ?? ''
  const last = Number.parseInt(execution.slice(-4), 16)
  for (const next of [last - 1, last + 1]) {
    const guess = execution.slice(0, -4) + (next & 0xffff).toString(16).padStart(4, '0')
    assert.match(outcomeOf(await as(ann, operations['agents.stop'], { id: guess })), /^404 /)
  }
})

test('I-012: the same request id of two users is two requests, and each gets its own again', async () => {
  const results = []
  for (const person of [ann, bob, ann, bob]) {
    const input = {
      id: '2',
      command: command(person, { request_id: 'shared', parameters: { text: person.email } }),
      wait_for_completion: true,
    }
    results.push(
      dataOf<{ execution_id: string }>(await as(person, operations['agents.execute'], input)).execution_id,
    )
  }
  assert.deepEqual(
    [results[0] === results[2], results[1] === results[3], results[0] === results[1]],
    [true, true, false],
  )
  const headers = { 'idempotency-key': 'shared' }
  const input = { id: '2', memory_type: 'n', content: 'mine' }
  const store = (person: Person) =>
    target.perform(operations['agents.memory_store'], input, { token: person.token, headers })
  const kept = [await store(ann), await store(bob), await store(ann)].map(
    (one) => dataOf<{ id: string }>(one).id,
  )
  assert.deepEqual([kept[0] === kept[2], kept[0] === kept[1]], [true, false])
})

test('I-011: with a user goes everything of theirs, and nothing of theirs happens any more', async () => {
  const { kernel } = target.app
  const client = target.open(bob.token)
  await client.next('authenticated')
  const said = await target.http('POST /api/voice/process', {
    token: bob.token,
    body: { text_input: 'remind me in one minute to drink water' },
  })
  assert.equal(said.status, 200, said.text)
  const events: string[] = []
  const stop = kernel.events.hear(({ user_id, name }) =>
    user_id === bob.user_id ? events.push(name) : undefined,
  )
  const input = { id: bob.user_id }
  const proof = await target.proof(ann, operations['users.delete'], input)
  assert.equal(
    (await target.perform(operations['users.delete'], input, { token: ann.token, proof })).status,
    200,
  )
  await client.gone
  target.clock.advance(120_000)
  await kernel.store.settled()
  stop()
  assert.deepEqual(events, [])
  assert.equal(outcomeOf(await target.http('GET /api/auth/me', { token: bob.token })), '401 AUTH_001')
  const body = { email: bob.email, password: 'correct horse battery staple 9' }
  assert.equal(outcomeOf(await target.http('POST /api/auth/login', { body })), '401 AUTH_004')
  const { connection } = kernel.store.reader
  const tables = connection.all(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'audit%' AND name NOT LIKE 'memory_words%'",
    [],
  )
  const left = tables
    .map(({ name }) => String(name))
    .filter((name) => JSON.stringify(connection.all(`SELECT * FROM "${name}"`, [])).includes(bob.user_id))
  assert.deepEqual(left, [])
})
