import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../../contract/operation.ts'
import type { credentials } from '../../../contract/credentials.ts'
import { openServer } from '../agents/fixture.ts'
import { performAs } from '../changes/fixture.ts'

const ORIGIN = 'https://api.example.com'
const HEADER = { origin: ORIGIN, in: 'header', name: 'authorization' } as const

async function open(context: Parameters<typeof openServer>[0]) {
  const server = await openServer(context)
  const { ann, app } = server
  const { id: credential_id } = await performAs(server, ann, 'credentials.store', {
    service_name: 'Example',
    credential_type: 'api_key',
    credential_data: {
      value: 'sk-0123456789',
      additional_fields: { user: 'ann-user', pin: '123456', gone: '123456' },
    },
  })
  const agent = await server.own({ name: 'Caller' })
  const grant = (more: Partial<Input<typeof credentials.grant>> = {}) =>
    performAs(server, ann, 'credentials.grant', {
      credential_id,
      agent_number: agent.agent_number,
      destinations: [HEADER],
      ...more,
    })
  const use = (more: object = {}) =>
    app.vault
      .lend({ user_id: ann.user_id, agent_id: agent.id, credential_id, origin: ORIGIN, ...more })
      .then(([lent]) => lent)
  return { ...server, server, credential_id, agent, grant, use }
}

const refusal = (reason: string) => ({ code: 'AUTH_001', status: 403, details: reason })
const refused = async (work: Promise<unknown>): Promise<object | undefined> =>
  work.then(
    () => undefined,
    (error: { code: string; status: number; details: { reason: string } }) => ({
      code: error.code,
      status: error.status,
      details: error.details.reason,
    }),
  )

test('a secret is lent to the agent that was given it, there and nowhere else, and that is counted', async (context) => {
  const { server, grant, use, credential_id, ann } = await open(context)
  assert.deepEqual(await refused(use()), refusal('not_granted'))
  const made = await grant()
  assert.deepEqual([made.service_name, made.destinations, made.expires_at], ['Example', [HEADER], null])
  const lent = { in: 'header', name: 'authorization', secret: 'sk-0123456789', text: 'Bearer sk-0123456789' }
  assert.deepEqual(await use(), lent)
  assert.deepEqual(await use(), lent)
  for (const origin of [
    'https://api.example.com:8443',
    'http://api.example.com',
    'https://api.example.com.evil.org',
  ])
    assert.deepEqual(await refused(use({ origin })), refusal('wrong_destination'), origin)
  assert.deepEqual(await refused(use({ agent_id: 'somebody' })), refusal('not_granted'))
  assert.deepEqual(await refused(use({ user_id: 'somebody' })), refusal('not_granted'))
  const { credentials: listed } = await server.ask(ann.token, 'credentials.list', {})
  assert.deepEqual([listed[0]?.id, listed[0]?.metadata.usage_count], [credential_id, 2])
})

const at = (origin: string, more: object = {}) => ({ ...HEADER, origin, ...more })

test('what is sent is written as the grant says, and fields are those of the credential alone', async (context) => {
  const { server, grant, use, ann, credential_id } = await open(context)
  await grant({
    destinations: [
      at('https://a.example', { name: 'X-Key', format: 'Key "{}"' }),
      at('https://b.example', { in: 'query', name: 'k', field: 'user' }),
      at('https://c.example', { field: 'gone' }),
      at('https://d.example', { field: 'pin' }),
      at('https://e.example', { in: 'body', name: 'key' }),
    ],
  })
  const text = async (origin: string) => (await use({ origin }))?.text
  assert.equal(await text('https://a.example'), 'Key "sk-0123456789"')
  assert.equal(await text('https://b.example'), 'ann-user')
  assert.equal(await text('https://e.example'), 'sk-0123456789')
  const fields = { user: 'ann-user', pin: '12' }
  await performAs(server, ann, 'credentials.update', {
    id: credential_id,
    credential_data: { value: 'sk-0123456789', additional_fields: fields },
  })
  assert.deepEqual(await refused(use({ origin: 'https://c.example' })), refusal('no_such_field'))
  assert.deepEqual(await refused(use({ origin: 'https://d.example' })), refusal('too_short'))
  await grant()
  const password = {
    credential_type: 'password',
    credential_data: { value: 'pass-word', additional_fields: { username: 'ann' } },
  } as const
  await performAs(server, ann, 'credentials.update', { id: credential_id, ...password })
  assert.equal(await text(ORIGIN), `Basic ${Buffer.from('ann:pass-word').toString('base64')}`)
})

test('a grant and a credential end at their times', async (context) => {
  const { grant, use, server, clock, credential_id, ann } = await open(context)
  const expires_at = new Date(clock.now() + 60_000).toISOString()
  await assert.rejects(grant({ expires_at: new Date(clock.now() - 1).toISOString() }), {
    code: 'GENERAL_001',
  })
  await grant({ expires_at })
  clock.advance(59_000)
  assert.equal((await use())?.secret, 'sk-0123456789')
  clock.advance(1_000)
  assert.deepEqual(await refused(use()), refusal('not_granted'))
  await grant()
  const ends = new Date(clock.now() + 1_000).toISOString()
  await performAs(server, ann, 'credentials.update', { id: credential_id, metadata: { expires_at: ends } })
  assert.equal((await use())?.secret, 'sk-0123456789')
  clock.advance(1_000)
  assert.deepEqual(await refused(use()), refusal('expired'))
})

test('grants are changes: taken back, brought back, and gone with what they were for', async (context) => {
  const { server, grant, use, credential_id, ann, app } = await open(context)
  const { id } = await grant()
  const rollBack = () => performAs(server, ann, 'system.rollback', {})
  await rollBack()
  assert.deepEqual(await refused(use()), refusal('not_granted'))
  await performAs(server, ann, 'system.rollback', {
    modification_id:
      (await server.ask(ann.token, 'system.modifications', { limit: 1 })).modifications[0]?.id ?? '',
  })
  assert.equal((await use())?.secret, 'sk-0123456789')
  await performAs(server, ann, 'credentials.revoke', { id })
  assert.deepEqual(await refused(use()), refusal('not_granted'))
  await assert.rejects(performAs(server, ann, 'credentials.revoke', { id }), { status: 404 })
  await rollBack()
  assert.equal((await use())?.secret, 'sk-0123456789')
  const refusalOfDeletion = performAs(server, ann, 'credentials.delete', { id: credential_id })
  await assert.rejects(refusalOfDeletion, { status: 409, message: /Caller/ })
  await performAs(server, ann, 'credentials.delete', { id: credential_id, force: true })
  assert.deepEqual((await server.ask(ann.token, 'credentials.grants', {})).grants, [])
  const [dropped] = (await server.ask(ann.token, 'system.modifications', { limit: 1 })).modifications
  assert.deepEqual([dropped?.target.kind, dropped?.rollback_available], ['grant', false])
  assert.equal(JSON.stringify(await app.kernel.events.since(ann.user_id, 0)).includes('sk-0123'), false)
})

test('a grant that somebody wrote into the database, or made wider there, lends nothing', async (context) => {
  const { server, grant, use } = await open(context)
  await grant({ destinations: [{ ...HEADER, name: 'x-other' }] })
  await server.write((tx) =>
    Promise.resolve(
      tx.connection.run(`UPDATE credential_grants SET destinations = ?`, [JSON.stringify([HEADER])]),
    ),
  )
  assert.deepEqual(await refused(use()), refusal('not_granted'))
})

const WRONG: readonly [object, string][] = [
  [{ origin: 'api.example.com' }, '/destinations/0/origin'],
  [{ origin: 'https://api.example.com/path' }, '/destinations/0/origin'],
  [{ origin: 'https://user@api.example.com' }, '/destinations/0/origin'],
  [{ origin: 'file:///etc/passwd' }, '/destinations/0/origin'],
  [{ name: 'Host' }, '/destinations/0/name'],
  [{ name: 'Content-Length' }, '/destinations/0/name'],
  [{ name: 'a b' }, '/destinations/0/name'],
  [{ format: 'Bearer' }, '/destinations/0/format'],
  [{ format: '{} {}' }, '/destinations/0/format'],
  [{ format: 'a\n{}' }, '/destinations/0/format'],
]

const unlent = (field: string | undefined) =>
  field === 'toString'
    ? 'is no field of the credential'
    : 'is a secret of less than 6 characters, which is not lent'

test('what is no origin, and no place for a secret, is refused by name', async (context) => {
  const { grant, server, ann, credential_id } = await open(context)
  for (const [more, path] of WRONG) {
    const wrong = grant({ destinations: [{ ...HEADER, ...more }] })
    await assert.rejects(
      wrong,
      ({ code, details }: { code: string; details: { issues: { path: string }[] } }) => {
        assert.deepEqual([code, details.issues[0]?.path], ['GENERAL_001', path])
        return true
      },
    )
  }
  for (const [field, path] of [
    ['toString', '/destinations/1/field'],
    ['pin', '/destinations/1/field'],
    [undefined, '/credential_id'],
  ] as const) {
    const short = field === undefined ? '12' : 'sk-0123456789'
    const credential_data = { value: short, additional_fields: { user: 'ann-user', pin: '12' } }
    await performAs(server, ann, 'credentials.update', { id: credential_id, credential_data })
    const destinations = [
      { ...HEADER, field: 'user' },
      { ...HEADER, ...(field && { field }) },
    ]
    await assert.rejects(grant({ destinations }), { details: { issues: [{ path, message: unlent(field) }] } })
  }
  assert.deepEqual((await server.ask(ann.token, 'credentials.grants', {})).grants, [])
  await assert.rejects(grant({ agent_number: 99 }), { code: 'AGENT_001' })
  await assert.rejects(grant({ credential_id: '018f0000-0000-7000-8000-000000000000' }), { status: 404 })
})

test('the same grant is made once, in whatever order its places are said, and another one beside it', async (context) => {
  const { server, grant, ann, clock, agent } = await open(context)
  const [a, b] = [at('https://a.example'), at('https://b.example')]
  const first = await grant({ destinations: [a, b] })
  const again = await grant({ destinations: [{ ...b, name: 'Authorization' }, a] })
  assert.deepEqual([again.id, again.warnings?.[0]], [first.id, 'The agent has that grant already.'])
  const changes = await server.ask(ann.token, 'system.modifications', { limit: 500 })
  assert.equal(changes.modifications.filter(({ target }) => target.kind === 'grant').length, 1)
  const expires_at = new Date(clock.now() + 60_000).toISOString()
  for (const more of [{ destinations: [a] }, { destinations: [a, b], expires_at }])
    assert.notEqual((await grant(more)).id, first.id)
  await performAs(server, ann, 'credentials.revoke', { id: first.id })
  assert.notEqual((await grant({ destinations: [a, b] })).id, first.id)
  assert.equal((await server.ask(ann.token, 'credentials.grants', {})).grants.length, 3)
  assert.equal(agent.agent_number, first.agent_number)
})

test('a grant that was taken back does not come again with its old row', async (context) => {
  const server = await openServer(context)
  const { id: credential_id } = await performAs(server, server.ann, 'credentials.store', {
    service_name: 'Old',
    credential_type: 'api_key',
    credential_data: { value: 'a-secret-that-is-long-enough' },
  })
  const { id } = await performAs(server, server.ann, 'credentials.grant', {
    credential_id,
    agent_number: 8,
    destinations: [{ origin: 'https://api.example', in: 'header', name: 'x-key' }],
  })
  const { connection } = server.app.kernel.store.reader
  const [old] = connection.all('SELECT * FROM credential_grants WHERE id = ?', [id])
  await performAs(server, server.ann, 'credentials.revoke', { id })
  await server.write((tx) => {
    const values = [old?.['mac'], old?.['number'], id] as string[]
    tx.connection.run(
      'UPDATE credential_grants SET revoked_at = NULL, mac = ?, number = ? WHERE id = ?',
      values,
    )
    return Promise.resolve()
  })
  const agent = server.app.agents.find(server.app.kernel.store.reader, server.ann.user_id, '8')
  const use = {
    user_id: server.ann.user_id,
    agent_id: agent?.id ?? '',
    credential_id,
    origin: 'https://api.example',
  }
  await assert.rejects(server.app.vault.lend(use), { details: { reason: 'not_granted', credential_id } })
  const { grants } = await server.ask(server.ann.token, 'credentials.grants', {})
  assert.equal(grants[0]?.damaged, true)
})

test('a grant that somebody has damaged is listed as that, keeps no other from being made, and can be taken back for good', async (context) => {
  for (const written of ['zz', 'null', '{}', '[{"origin":7}]', '[null]']) {
    const { server, grant, use, credential_id } = await open(context)
    const { ann, ask } = server
    const { id } = await grant()
    const damage = () =>
      server.write((tx) =>
        Promise.resolve(
          tx.connection.run('UPDATE credential_grants SET destinations = ? WHERE id = ?', [written, id]),
        ),
      )
    await damage()
    const list = async () => (await ask(ann.token, 'credentials.grants', {})).grants
    assert.deepEqual(
      (await list()).map((one) => [one.damaged, one.destinations]),
      [[true, []]],
    )
    const other = await grant({ destinations: [{ ...HEADER, name: 'x-key' }] })
    assert.equal((await use())?.name, 'x-key')
    await performAs(server, ann, 'credentials.revoke', { id })
    assert.deepEqual(
      (await list()).map((one) => one.id),
      [other.id],
    )
    await assert.rejects(performAs(server, ann, 'credentials.revoke', { id }), /There is no grant/)
    const third = await grant()
    await server.write((tx) =>
      Promise.resolve(
        tx.connection.run('UPDATE credential_grants SET destinations = ? WHERE id = ?', [written, third.id]),
      ),
    )
    await performAs(server, ann, 'credentials.delete', { id: credential_id, force: true })
    assert.deepEqual(await list(), [])
  }
})

test('no grant is for all hosts below a name', async (context) => {
  const { grant } = await open(context)
  await assert.rejects(
    grant({ destinations: [{ ...HEADER, origin: 'https://*.example.com' }] }),
    /origin must be an origin such as/,
  )
})
