import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { iso } from '../../../kernel/clock.ts'
import { performAs } from '../../changes/fixture.ts'
import { DAY_MS, NEW, OLD, ROTATION, given, keysOf, openRenewing, rotate, rotating, settle } from './rig.ts'
import { http, openWithService } from '../rig.ts'

test('a credential that ends soon is given another secret once, with the present one, and nobody learns either', async (t) => {
  const until = '2027-03-01T00:00:00.000Z'
  const it = await openRenewing(t, () => ({
    data: { key: { value: NEW, until }, echo: [NEW, { [NEW]: NEW }] },
  }))
  await it.begin()
  await settle(it)
  const [got] = it.server.got
  assert.deepEqual(
    [it.server.got.length, got?.url, got?.headers.authorization],
    [1, '/rotate', `Bearer ${OLD}`],
  )
  const told = {
    credential_id: it.id,
    service_name: 'Shop key',
    agent_number: 20,
    integration: 'Shop',
    expires_at: until,
  }
  assert.deepEqual(await it.rotated(), [told])
  assert.equal((await it.listed())?.metadata.expires_at, until)
  assert.ok(
    (await it.texts()).some((one) => one.startsWith('Shop gave the credential for Shop key another secret.')),
  )
  for (const secret of [OLD, NEW]) assert.equal(it.known().includes(secret), false)
  assert.deepEqual(await it.reveal(), { value: NEW, additional_fields: { user: 'ann' } })
  await performAs(it.server, it.server.ann, 'credentials.restore', { credential_id: it.id })
  assert.equal((await it.reveal()).value, OLD)
})

test('one that nobody wants renewed, that ends later, or that no agent in use may send is left alone', async (t) => {
  for (const options of [{ auto_rotate: false }, { days: 8 }, { granted: false }]) {
    const it = await openRenewing(t, given, options)
    await it.begin()
    await settle(it)
    assert.deepEqual([it.server.got, (await it.reveal()).value], [[], OLD], JSON.stringify(options))
    const refusals = (await it.texts()).filter((one) => one.includes('was not given another secret'))
    assert.equal(refusals.length, options.granted === false ? 1 : 0)
  }
  const it = await openRenewing(t, given)
  await it.server.ask(it.server.ann.token, 'agents.update', { id: '20', is_active: false })
  await it.begin()
  await settle(it)
  assert.deepEqual(it.server.got, [])
})

test('a service that refuses, answers rubbish or the same secret leaves it as it is, and is asked again the next day', async (t) => {
  const answers: [status: number, data: unknown, said: RegExp, kept: boolean][] = [
    [403, { message: `${NEW} ${OLD}` }, /Shop answered with status 403\./, false],
    [200, { key: { value: OLD } }, /Shop gave the same one again\./, true],
    [200, { key: { value: 7 }, elsewhere: NEW }, /there is no text at \/key\/value\./, true],
    [200, { key: { value: 'short' } }, /no secret that could be used\./, true],
  ]
  for (const [status, data, said, kept] of answers) {
    const it = await openRenewing(t, () => ({ status, data }))
    await it.begin()
    await settle(it)
    const [refusal] = (await it.texts()).filter((one) => one.includes('was not given another secret'))
    assert.match(refusal ?? '', said)
    assert.match(refusal ?? '', /was kept\. It is tried again tomorrow\.$/)
    assert.equal(it.known().includes(NEW), false)
    const { value, additional_fields = {} } = await it.reveal()
    assert.deepEqual(
      [value, additional_fields['rotation_answer']],
      [OLD, kept ? JSON.stringify(data) : undefined],
    )
    assert.deepEqual([(await it.rotated()).length, (await it.listed())?.restorable_until], [0, undefined])
    const before = it.server.got.length
    await settle(it, DAY_MS)
    const keys = keysOf(it)
    // What a service keeps by its key is what it said: another day is another question.
    assert.deepEqual([keys.length, new Set(keys).size], [before + 1, before + 1])
  }
})

test('what was answered and not understood goes with the next secret', async (t) => {
  let value: unknown = 7
  const it = await openRenewing(t, () => ({ data: { key: { value } } }), {
    rotation: { ...ROTATION, lifetime_days: 30 },
  })
  await it.begin()
  await settle(it)
  assert.ok((await it.reveal()).additional_fields?.['rotation_answer'])
  value = NEW
  await settle(it, DAY_MS)
  assert.deepEqual(await it.reveal(), { value: NEW, additional_fields: { user: 'ann' } })
  const end = Date.parse((await it.listed())?.metadata.expires_at ?? '') - it.server.clock.now()
  assert.ok(end > 28 * DAY_MS && end <= 30 * DAY_MS, String(end))
})

test('a service that does not answer may have made a secret: it is asked again with the same key, three times, and that is said', async (t) => {
  const it = await openRenewing(t, (_got, response) => {
    // What its owner writes beside it in the meantime makes no other secret of it.
    const metadata = { description: `try ${it.server.got.length}` }
    const written = performAs(it.server, it.server.ann, 'credentials.update', { id: it.id, metadata })
    void written.finally(() => response.destroy())
  })
  await it.begin()
  for (let tries = 0; tries < 6; tries += 1) await settle(it)
  const keys = keysOf(it)
  assert.deepEqual([keys.length, new Set(keys).size, typeof keys[0]], [3, 1, 'string'])
  assert.ok(
    (await it.texts()).some((one) =>
      /may have made one that did not arrive\. The one that it has was kept/.test(one),
    ),
  )
  assert.equal((await it.reveal()).value, OLD)
  // The service may still have it the next day.
  await settle(it, DAY_MS)
  assert.equal(new Set(keysOf(it)).size, 1)
  assert.equal(Object.hasOwn((await it.listed())?.renewal ?? {}, 'request_key'), false)
})

test('a credential that no service can renew is left alone', async (t) => {
  const it = await openRenewing(t, given, { auto_rotate: false })
  await it.server.ask(it.server.ann.token, 'agents.update', { id: '20', is_active: false })
  await performAs(it.server, it.server.ann, 'credentials.update', {
    id: it.id,
    metadata: { auto_rotate: true },
  })
  await settle(it)
  assert.deepEqual([(await it.listed())?.renewal, it.server.got.length], [undefined, 0])
})

test('a process that ends while the service answers asks again with the same key once it is back, and has what that says', async (t) => {
  const waiting: ServerResponse[] = []
  const it = await openRenewing(t, (_got, response) => {
    if (waiting.length > 0) return { data: { key: { value: NEW } } }
    waiting.push(response)
    return undefined
  })
  await it.begin()
  for (let turns = 0; turns < 2_000 && it.server.got.length === 0; turns += 1)
    await new Promise((resolve) => setImmediate(resolve))
  await it.server.restart()
  await settle(it)
  const keys = keysOf(it)
  assert.deepEqual([keys.length, new Set(keys).size], [2, 1])
  assert.equal(
    (await performAs(it.server, it.server.ann, 'credentials.get', { id: it.id })).credential_data.value,
    NEW,
  )
})

test('it is renewed when its user asks, also without a wish or an end, and not where no service can', async (t) => {
  const it = await openRenewing(t, () => ({ data: { key: { value: `${OLD}-2` } } }), {
    auto_rotate: false,
    days: -1,
  })
  const { server, id } = it
  const renew = () => performAs(server, server.ann, 'credentials.renew', { credential_id: id })
  const asked = { credential_id: id, agent_number: 20, integration: 'Shop' }
  assert.deepEqual(await renew(), asked)
  assert.deepEqual(await renew(), { ...asked, joined: true })
  assert.deepEqual((await it.listed())?.renewal, { state: 'under_way' })
  await settle(it)
  assert.equal((await it.listed())?.renewal?.state, 'renewed')
  // A secret that has the former one in it arrives whole.
  assert.deepEqual([server.got.length, (await it.reveal()).value], [1, `${OLD}-2`])
  assert.equal((await it.listed())?.metadata.expires_at, undefined)
  const other = await performAs(server, server.ann, 'credentials.store', {
    service_name: 'Other',
    credential_type: 'api_key',
    credential_data: { value: 'another-secret' },
  })
  await assert.rejects(
    performAs(server, server.ann, 'credentials.renew', { credential_id: other.id }),
    /No service can give it another secret/,
  )
  const bob = await server.bob()
  await assert.rejects(
    performAs(server, bob, 'credentials.renew', { credential_id: id }),
    /There is no credential/,
  )
})

test('the action that renews is nobody’s to perform: what it answers is a secret', async (t) => {
  const { server } = await openRenewing(t, given)
  const { ann, ask } = server
  assert.deepEqual((await ask(ann.token, 'agents.get', { id: '20' })).available_actions, [])
  const { intent } = await ask(ann.token, 'voice.process', { text_fallback: 'shop rotate name paios' })
  assert.notEqual(intent.action, 'rotate')
  await assert.rejects(server.act(20, 'rotate', { name: 'paios' }), /rotate/)
  assert.deepEqual(server.got, [])
})

test('an end that has passed already is none', async (t) => {
  const it = await openRenewing(t, () => ({ data: { key: { value: NEW, until: 1_000 } } }), {
    auto_rotate: false,
  })
  await performAs(it.server, it.server.ann, 'credentials.renew', { credential_id: it.id })
  await settle(it)
  assert.equal((await it.listed())?.renewal?.state, 'renewed')
  assert.equal((await it.listed())?.metadata.expires_at, undefined)
})

test('a rotation that cannot work is refused when it is saved, with its place, and one that can is named beforehand', async (t) => {
  const server = await openWithService(t)
  const issue = async (more: object) => {
    const external_integrations = [http(server.origin, { actions: [rotate], credential_id: 'c', ...more })]
    const reply = await server.call(server.ann.token, 'agents.create', {
      name: 'X',
      config: { external_integrations },
    })
    if (reply.ok) return 'saved'
    const { details } = reply.error.error as unknown as {
      details: { issues: { path: string; message: string }[] }
    }
    return `${details.issues[0]?.path.replace('/config/external_integrations/0', '')} ${details.issues[0]?.message}`
  }
  assert.equal(
    await issue(rotating({ action: 'other' })),
    '/rotation/action is other, which is no action of the integration',
  )
  assert.match(await issue(rotating({ value: 'key' })), /^\/rotation\/value must be a JSON pointer/)
  assert.match(await issue(rotating({ value: '/a~2' })), /^\/rotation\/value must be a JSON pointer/)
  assert.equal(
    await issue(rotating({ parameters: { more: 1 } })),
    '/rotation/parameters/more is not a known field',
  )
  assert.match(
    await issue({ ...rotating({}), credential_id: undefined }),
    /^\/rotation says how a credential is renewed/,
  )
  assert.equal(await issue(rotating({ parameters: { name: 'x' } })), 'saved')
  const { config } = await server.ask(server.ann.token, 'agents.get', { id: '20' })
  const list = config.external_integrations.map(({ rotation: _rotation, ...one }) => one)
  const tried = await performAs(server, server.ann, 'system.modify', {
    type: 'agent_config',
    description: 'renews',
    target: { kind: 'agent', id: '20' },
    before_state: {},
    after_state: {
      config: {
        external_integrations: list.map((one) => ({
          ...one,
          id: 'second',
          name: 'Second',
          rotation: ROTATION,
        })),
      },
    },
    dry_run: true,
  })
  assert.match(tried.impact_assessment, /No rollback brings back: a secret that Second replaces by rotate/)
})

test('what is set to end soon, or to be renewed, is renewed at once, without the look of the day', async (t) => {
  const changes = [
    { expires_at: (now: number) => iso(now + 6 * DAY_MS), auto_rotate: true, days: 30 },
    { auto_rotate: true, days: 6 },
  ]
  for (const { expires_at, auto_rotate, days } of changes) {
    const it = await openRenewing(t, given, { auto_rotate: days === 30, days })
    await settle(it)
    assert.deepEqual(it.server.got, [])
    const { clock, ann } = it.server
    const metadata = { auto_rotate, ...(expires_at && { expires_at: expires_at(clock.now()) }) }
    await performAs(it.server, ann, 'credentials.update', { id: it.id, metadata })
    await settle(it)
    assert.deepEqual([it.server.got.length, (await it.reveal()).value], [1, NEW])
    await performAs(it.server, ann, 'credentials.update', { id: it.id, metadata: { description: 'x' } })
    await settle(it)
    assert.equal(it.server.got.length, 1)
  }
})

test('how a renewal went stays with the secret until another takes its place, and is nothing where it was not written here', async (t) => {
  const it = await openRenewing(t, () => ({ status: 403, data: {} }), { auto_rotate: false })
  const { server, id } = it
  await performAs(server, server.ann, 'credentials.renew', { credential_id: id })
  await settle(it)
  const { state, reason } = (await it.listed())?.renewal ?? {}
  assert.deepEqual([state, reason], ['failed', 'Shop answered with status 403.'])
  for (const written of ['{', '{"state":"won"}', 'null']) {
    await server.write((tx) =>
      Promise.resolve(tx.connection.run('UPDATE credentials SET renewal = ? WHERE id = ?', [written, id])),
    )
    assert.equal((await it.listed())?.renewal, undefined, written)
  }
  await performAs(server, server.ann, 'credentials.renew', { credential_id: id })
  await settle(it)
  assert.equal((await it.listed())?.renewal?.state, 'failed')
  await performAs(server, server.ann, 'credentials.update', { id, credential_data: { value: NEW } })
  assert.equal((await it.listed())?.renewal, undefined)
})

test('the guardian says which credentials are renewed by themselves', async (t) => {
  const it = await openRenewing(t, () => ({ data: {} }), { days: 20 })
  const said = await it.server.ask(await it.server.signIn(), 'voice.process', {
    text_input: 'which of my credentials expire soon',
  })
  assert.match(said.response.text, /^Shop key expires .* and is renewed by Shop by itself\.$/)
})
