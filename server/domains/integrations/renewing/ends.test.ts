import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { makeKey } from '../../../../sdk/authenticator.ts'
import { makeRecoveryKey, passkeyOpener, recoveryOpener, sealItem } from '../../../../sdk/sealed.ts'
import { iso } from '../../../kernel/clock.ts'
import { performAs } from '../../changes/fixture.ts'
import { http } from '../rig.ts'
import { DAY_MS, NEW, OLD, given, keysOf, openRenewing, rotate, settle } from './rig.ts'

const LOST = 'It may have made one that did not arrive.'
const renew = ({ server, id }: Awaited<ReturnType<typeof openRenewing>>) =>
  performAs(server, server.ann, 'credentials.renew', { credential_id: id })

type Answer = (response: ServerResponse) => void
const status =
  (code: number, data: object = {}): Answer =>
  (response) =>
    void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(data))
const good = status(200, { key: { value: NEW } })
const partly =
  (headers: Record<string, string | number>, text: string): Answer =>
  (response) => {
    response.writeHead(200, headers)
    response.write(text, () => setImmediate(() => response.destroy()))
  }

/** Answers whose end nobody here can know: in what they are told, and what the service may have made. */
const UNKNOWN: Record<string, Answer[]> = {
  'it breaks off before its body': [partly({ 'content-length': 100 }, '')],
  'it breaks off in its body': [partly({ 'content-length': 100 }, '{"key":')],
  'its body is damaged': [
    (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'),
  ],
  'its body is in an unknown encoding': [
    (response) => void response.writeHead(200, { 'content-encoding': 'zip' }).end('{}'),
  ],
  'it sends on to where nobody may go': [
    (response) => void response.writeHead(307, { location: 'https://evil.example/' }).end(),
  ],
  'it sends on to what is no web address': [
    (response) => void response.writeHead(307, { location: 'ftp://evil.example/' }).end(),
  ],
  'it refuses what it has failed at before': [status(500), status(401)],
  'its body ends before the end of its JSON': [
    (response) => void response.writeHead(200).end('{"key": {"va'),
  ],
}
for (const [what, answers] of Object.entries(UNKNOWN))
  test(`where ${what}, it is told that a secret may have been made, and asked for by the same key again`, async (t) => {
    let asked = 0
    let isGood = false
    const it = await openRenewing(
      t,
      (_got, response) => {
        const answer = isGood ? good : answers[Math.min(asked, answers.length - 1)]
        asked += 1
        answer?.(response)
      },
      { auto_rotate: false },
    )
    await renew(it)
    for (let tries = 0; tries < 4; tries += 1) await settle(it)
    const { state, reason } = (await it.listed())?.renewal ?? {}
    assert.deepEqual([state, reason?.endsWith(LOST)], ['failed', true], `${reason}`)
    assert.ok((await it.texts()).some((one) => one.includes(LOST)))
    isGood = true
    await renew(it)
    await settle(it)
    assert.deepEqual([new Set(keysOf(it)).size, (await it.reveal()).value], [1, NEW])
  })

test('a refusal of the first request says that none was made, and the next one has another key', async (t) => {
  const it = await openRenewing(t, (_got, response) => status(401)(response), { auto_rotate: false })
  for (let times = 0; times < 2; times += 1) {
    await renew(it)
    await settle(it)
    assert.equal((await it.listed())?.renewal?.reason, 'Shop answered with status 401.')
  }
  assert.equal(new Set(keysOf(it)).size, 2)
})

test('a service that takes the request for another one under its key is asked by another key the next time', async (t) => {
  const answers = [500, 500, 500, 422, 422]
  const it = await openRenewing(t, () => ({ status: answers.shift() ?? 500, data: {} }), {
    auto_rotate: false,
  })
  for (let times = 0; times < 3; times += 1) {
    await renew(it)
    for (let tries = 0; tries < 4; tries += 1) await settle(it)
  }
  const [first, second, third, again, other] = keysOf(it)
  assert.deepEqual([second, third, again], [first, first, first])
  assert.notEqual(other, first)
})

test('a key is forgotten after three days: no service knows it any more', async (t) => {
  const it = await openRenewing(t, () => ({ status: 500, data: {} }), { auto_rotate: false })
  for (const days of [2, 2, 0]) {
    await renew(it)
    for (let tries = 0; tries < 4; tries += 1) await settle(it)
    it.server.clock.advance(days * DAY_MS)
  }
  const keys = keysOf(it)
  assert.deepEqual([keys.length, new Set(keys.slice(0, 6)).size, new Set(keys).size], [9, 1, 2])
})

test('a service that takes no connection has made none', async (t) => {
  const it = await openRenewing(t, () => ({ data: {} }), { auto_rotate: false })
  const { server, id } = it
  const { config } = await server.ask(server.ann.token, 'agents.get', { id: '20' })
  const [shop] = config.external_integrations
  const away = { ...(shop ?? http('')), base_url: 'http://127.0.0.1:9', allowed_hosts: [] }
  await performAs(server, server.ann, 'agents.update', {
    id: '20',
    config: { external_integrations: [away] },
  })
  await renew(it)
  for (let tries = 0; tries < 4; tries += 1) await settle(it)
  const { reason = '' } = (await it.listed())?.renewal ?? {}
  assert.deepEqual([reason === '', reason.includes(LOST), id === ''], [false, false, false])
})

test('what was never sent made nothing: nobody is told that it may have', async (t) => {
  const it = await openRenewing(t, () => ({ data: {} }), { auto_rotate: false, granted: false })
  await renew(it)
  await settle(it)
  assert.deepEqual(
    [it.server.got.length, (await it.listed())?.renewal?.reason],
    [0, 'The agent was not given this credential.'],
  )
})

test('a grant that is taken back between two tries leaves the key of the first', async (t) => {
  const it = await openRenewing(t, () => ({ status: 500, data: {} }), { auto_rotate: false })
  const { server } = it
  await renew(it)
  while (server.got.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const { grants } = await server.ask(server.ann.token, 'credentials.grants', {})
  await performAs(server, server.ann, 'credentials.revoke', { id: grants[0]?.id ?? '' })
  for (let tries = 0; tries < 3; tries += 1) await settle(it)
  const { reason = '' } = (await it.listed())?.renewal ?? {}
  assert.equal(reason, `The agent was not given this credential. ${LOST}`)
})

test('where nobody can do it any more, that is told once something was sent, and to who waits for it', async (t) => {
  for (const auto_rotate of [true, false]) {
    const it = await openRenewing(t, () => ({ status: 500, data: {} }), { auto_rotate })
    const { server } = it
    if (auto_rotate) await it.begin()
    else await renew(it)
    while (server.got.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await server.ask(server.ann.token, 'agents.update', { id: '20', is_active: false })
    await settle(it)
    const { state, reason } = (await it.listed())?.renewal ?? {}
    assert.deepEqual(
      [server.got.length, state, reason],
      [1, 'failed', `No service can do that any more. ${LOST}`],
    )
  }
})

test('what is due and nobody can do is left alone', async (t) => {
  const it = await openRenewing(t, () => ({ data: {} }), { auto_rotate: false })
  const { server, id } = it
  await server.ask(server.ann.token, 'agents.update', { id: '20', is_active: false })
  await performAs(server, server.ann, 'credentials.update', { id, metadata: { auto_rotate: true } })
  await settle(it)
  const told = (await it.texts()).some((one) => one.includes('No service can do that any more.'))
  assert.deepEqual([told, (await it.listed())?.renewal, server.got.length], [false, undefined, 0])
})

test('who joins what is due and was never sent is told where nobody can do it any more', async (t) => {
  for (const joins of [true, false]) {
    const it = await openRenewing(t, () => ({ data: {} }))
    const { server } = it
    const { config } = await server.ask(server.ann.token, 'agents.get', { id: '20' })
    const [shop] = config.external_integrations
    const nowhere = {
      ...(shop ?? http('')),
      base_url: 'http://nowhere.invalid',
      actions: [{ ...rotate, method: 'GET' }],
    }
    await performAs(server, server.ann, 'agents.update', {
      id: '20',
      config: { external_integrations: [nowhere] },
    })
    await it.begin()
    for (let turns = 0; turns < 400; turns += 1) await new Promise((resolve) => setImmediate(resolve))
    if (joins) assert.equal((await renew(it)).joined, true)
    await server.ask(server.ann.token, 'agents.update', { id: '20', is_active: false })
    await settle(it)
    const { state, reason } = (await it.listed())?.renewal ?? {}
    const told = joins ? ['failed', 'No service can do that any more.'] : [undefined, undefined]
    assert.deepEqual([state, reason, server.got.length], [...told, 0])
  }
})

test('a renewal of what was damaged ends, and is not under way for ever', async (t) => {
  const it = await openRenewing(t, (_got, response) => {
    const damage = 'UPDATE credentials SET about = envelope WHERE id = ?'
    const written = it.server.write((tx) => Promise.resolve(tx.connection.run(damage, [it.id])))
    void written.finally(() => response.destroy())
  })
  await it.begin()
  for (let tries = 0; tries < 6; tries += 1) await settle(it)
  const { connection } = it.server.app.kernel.store.reader
  assert.deepEqual(connection.all(`SELECT key FROM jobs WHERE kind = 'vault.renew'`, []), [])
  assert.match((await it.texts()).join(), /A credential that was damaged was not given another secret: /)
})

for (const value of ['abc\r\nX-Injected: 1-123456', ' blank at an end', 'ключ-Injected', '\u2028-Injected'])
  test(`a secret that no header can carry takes the place of none, and what came is kept: ${JSON.stringify(value)}`, async (t) => {
    const it = await openRenewing(t, () => ({ data: { key: { value } } }), { auto_rotate: false })
    await renew(it)
    await settle(it)
    const { state, reason = '' } = (await it.listed())?.renewal ?? {}
    assert.match(
      `${state}: ${reason}`,
      /^failed: What Shop gave has characters that no header can carry\. All that it answered/,
    )
    const shown = await it.reveal()
    assert.deepEqual(
      [shown.value, shown.additional_fields?.['rotation_answer']],
      [OLD, JSON.stringify({ key: { value } })],
    )
  })

test('nothing is sealed while a service is asked for another secret of it, and nothing sealed is asked for', async (t) => {
  const held: ServerResponse[] = []
  const it = await openRenewing(t, (_got, response) => void held.push(response), { auto_rotate: false })
  const { server, id } = it
  const { key } = makeKey('http://localhost', { challenge: 'x', rp_id: 'localhost' })
  const openers = [passkeyOpener(key), recoveryOpener(makeRecoveryKey())]
  const credential_data = await sealItem({ value: OLD }, openers)
  const seal = () => performAs(server, server.ann, 'credentials.update', { id, credential_data })
  await renew(it)
  while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await assert.rejects(seal(), { status: 409, message: /try it once that is over/ })
  for (const response of held) good(response)
  await settle(it)
  assert.equal((await it.reveal()).value, NEW)
  assert.equal((await seal()).sealed, true)
  await renew(it)
  await settle(it)
  assert.match((await it.listed())?.renewal?.reason ?? '', /Only a passkey of its user opens/)
  assert.equal(server.got.length, 1)
})

test('services of one user that never answer hold up no other user', async (t) => {
  const held: ServerResponse[] = []
  const it = await openRenewing(
    t,
    ({ headers }, response) =>
      headers.authorization === `Bearer ${OLD}` ? void held.push(response) : given(),
    { auto_rotate: false },
  )
  const { server } = it
  const { config } = await server.ask(server.ann.token, 'agents.get', { id: '20' })
  const [shop] = config.external_integrations
  const destinations = [{ origin: server.origin, in: 'header', name: 'authorization' } as const]
  const setUp = async (person: typeof server.ann, count: number, value: string) => {
    const ids: string[] = []
    for (let made = 0; made < count; made += 1) {
      const { id } = await performAs(server, person, 'credentials.store', {
        service_name: `Shop ${made}`,
        credential_type: 'api_key',
        credential_data: { value },
      })
      const external_integrations = [{ ...(shop ?? http('')), credential_id: id }]
      const { agent_number } = await performAs(server, person, 'agents.create', {
        name: `Errands ${made}`,
        config: { external_integrations },
      })
      await performAs(server, person, 'credentials.grant', { credential_id: id, agent_number, destinations })
      await performAs(server, person, 'credentials.renew', { credential_id: id })
      ids.push(id)
    }
    return ids
  }
  await setUp(server.ann, 12, OLD)
  const bob = await server.bob()
  const [id = ''] = await setUp(bob, 1, 'bobs-secret-0123456789')
  for (let turns = 0; turns < 800; turns += 1) await new Promise((resolve) => setImmediate(resolve))
  assert.equal((await performAs(server, bob, 'credentials.get', { id })).credential_data.value, NEW)
  assert.ok(held.length <= 2, String(held.length))
})

test('a full queue of one user keeps nobody else from being warned or renewed', async (t) => {
  const it = await openRenewing(t, given)
  const { server } = it
  const { kernel } = server.app
  const bob = await server.bob()
  await performAs(server, bob, 'credentials.store', {
    service_name: 'Bobs',
    credential_type: 'api_key',
    credential_data: { value: 'bobs-secret-0123456789' },
    metadata: { expires_at: iso(server.clock.now() + 40 * DAY_MS), auto_rotate: true },
  })
  const run_at = server.clock.now() + 900 * DAY_MS
  await server.write((tx) => {
    for (let made = 0; made < 1_000; made += 1)
      kernel.jobs.enqueue(tx, {
        kind: 'vault.renew',
        key: `full ${made}`,
        user_id: bob.user_id,
        lane: bob.user_id,
        payload: {},
        run_at,
      })
    return Promise.resolve()
  })
  const warned = () =>
    server.app.kernel.store.reader.connection
      .all('SELECT warned_days FROM credentials WHERE user_id = ?', [bob.user_id])
      .map((row) => row['warned_days'])
  assert.deepEqual(warned(), [null])
  server.clock.advance(35 * DAY_MS)
  await it.begin()
  await settle(it)
  assert.deepEqual(warned(), [7])
  assert.equal((await it.reveal()).value, NEW)
})

test('a secret that is given by hand while a service is asked does not forget that it is', async (t) => {
  const held: ServerResponse[] = []
  const it = await openRenewing(t, (_got, response) => void held.push(response), { auto_rotate: false })
  const { server, id } = it
  await renew(it)
  while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await performAs(server, server.ann, 'credentials.update', {
    id,
    credential_data: { value: 'by-hand-0123456789' },
  })
  for (let tries = 0; tries < 6; tries += 1) {
    for (const response of held.splice(0)) response.destroy()
    await settle(it)
  }
  assert.deepEqual(
    [(await it.listed())?.renewal?.reason?.endsWith(LOST), new Set(keysOf(it)).size],
    [true, 1],
  )
})
