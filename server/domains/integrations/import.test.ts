import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Input } from '../../../contract/operation.ts'
import type { integrations } from '../../../contract/integrations.ts'
import { openTestApp } from '../../../test/app.ts'
import { dataOf, enrol, outcomeOf, prove } from '../../../test/passkeys.ts'
import { tasks } from '../../skills/tasks/index.ts'
import { refusal } from '../agents/fixture.ts'
import { callOf, performAs } from '../changes/fixture.ts'
import { openWithService } from './rig.ts'
import type { Answering, Rig } from './rig.ts'

type Asked = Input<typeof integrations.openapi>

const OPERATIONS = {
  '/items': {
    get: { operationId: 'listItems', tags: ['items'] },
    post: { operationId: 'addItem', tags: ['items'] },
  },
  '/health': { get: { operationId: 'health' } },
}
const written = (more: object = {}) =>
  JSON.stringify({ openapi: '3.1.0', info: { title: 'The Shop', version: '2' }, paths: OPERATIONS, ...more })

interface Importer extends Rig {
  bring(more?: Partial<Asked>): ReturnType<typeof performAs<'integrations.openapi'>>
  actions(): Promise<string[]>
}

async function open(t: TestContext, answer?: Answering): Promise<Importer> {
  const server = await openWithService(t, answer)
  await server.own({ name: 'Errands', config: { preferences: { skill: 'tasks' } } })
  const asked = { agent_number: 20, document: written(), base_url: server.origin }
  return Object.assign(server, {
    bring: (more: Partial<Asked> = {}) =>
      performAs(server, server.ann, 'integrations.openapi', { ...asked, ...more }),
    actions: async () => (await server.ask(server.ann.token, 'agents.get', { id: '20' })).available_actions,
  })
}

/** What an agent can do besides its skill. */
const named = (names: readonly string[]) => names.filter((name) => !Object.hasOwn(tasks.actions, name))

test('an imported service is an entry of its agent, and importing it anew takes its place', async (t) => {
  const server = await open(t)
  const made = await server.bring()
  const { document_id, ...rest } = made.integration
  const entry = {
    id: 'the_shop',
    name: 'The Shop',
    type: 'http',
    base_url: server.origin,
    allowed_hosts: [],
    enabled: true,
  }
  assert.deepEqual(rest, entry)
  assert.match(document_id ?? '', /^doc_[\w-]{32}$/)
  assert.deepEqual(named(await server.actions()), ['list_items', 'add_item', 'health'])
  const again = await server.bring({ document: written({ paths: { '/items': OPERATIONS['/items'] } }) })
  assert.notEqual(again.integration.document_id, document_id)
  assert.deepEqual(named(await server.actions()), ['list_items', 'add_item'])
  const same = await server.bring({ id: 'other', name: 'Other', document: written() })
  assert.equal(same.integration.document_id === document_id, false)
  assert.deepEqual(same.names, ['other_list_items', 'other_add_item', 'health'])
})

test('an import anew keeps what was given by hand: whether it is on, hosts, and actions that the document has not', async (t) => {
  const server = await open(t)
  const { integration } = await server.bring()
  const own = { name: 'own_one', method: 'GET', path: '/own' }
  const set = { ...integration, enabled: false, allowed_hosts: ['127.0.0.1', 'cdn.example'], actions: [own] }
  await performAs(server, server.ann, 'agents.update', { id: '20', config: { external_integrations: [set] } })
  const again = await server.bring({ document: written({ paths: { '/items': OPERATIONS['/items'] } }) })
  const { document_id: _before, ...kept } = set
  const { document_id: _after, ...found } = again.integration
  assert.deepEqual(found, kept)
  const taken = { ...OPERATIONS, '/own': { get: { operationId: 'own_one' } } }
  assert.equal((await server.bring({ document: written({ paths: taken }) })).integration.actions, undefined)
})

test('an import during which somebody changes the agent changes nothing', async (t) => {
  const server = await open(t)
  const { integration } = await server.bring()
  const call = callOf(server, server.ann)
  const asked = { agent_number: 20, document: written(), base_url: server.origin }
  const answer = server.app.answers['integrations.openapi']
  assert.ok(answer !== undefined && 'commit' in answer)
  const prepared: unknown = await answer.prepare?.(call, asked)
  const off = { ...integration, enabled: false }
  await performAs(server, server.ann, 'agents.update', { id: '20', config: { external_integrations: [off] } })
  await assert.rejects(
    server.write((tx) => Promise.resolve(answer.commit(tx, call, asked, prepared))),
    { status: 409, message: /Nothing was changed now/ },
  )
  const { config } = await server.ask(server.ann.token, 'agents.get', { id: '20' })
  assert.deepEqual(config.external_integrations, [off])
})

test('a trial says what would come, and leaves nothing', async (t) => {
  const server = await open(t)
  const { ask, ann } = server
  const before = await ask(ann.token, 'system.modifications', {})
  const tried = await server.bring({ dry_run: true, only: ['items'] })
  assert.deepEqual(
    [tried.dry_run, tried.operations, tried.actions, tried.names],
    [true, 3, 2, ['list_items', 'add_item']],
  )
  assert.match(tried.impact_assessment, /\S/)
  assert.deepEqual(named(await server.actions()), [])
  assert.deepEqual(await ask(ann.token, 'system.modifications', {}), before)
  const rows = server.app.kernel.store.reader.connection.all(
    'SELECT count(*) AS n FROM integration_documents',
    [],
  )
  assert.equal(rows[0]?.['n'], 0)
})

test('a document is fetched through the egress, within its rules, and its server may be relative to it', async (t) => {
  const server = await open(t, ({ url }) => ({
    status: url === '/gone.json' ? 404 : 200,
    data: JSON.parse(written({ servers: [{ url: '/api/v2' }] })) as unknown,
  }))
  const fetched = (url: string) =>
    performAs(server, server.ann, 'integrations.openapi', { agent_number: 20, url })
  const made = await fetched(`${server.origin}/docs/openapi.json`)
  assert.equal(made.integration.base_url, `${server.origin}/api/v2`)
  await assert.rejects(fetched(`${server.origin}/gone.json`), { status: 400, message: /status 404/ })
  await assert.rejects(fetched(`http://127.0.0.1:${server.port + 1}/openapi.json`), {
    status: 403,
    code: 'AUTH_001',
  })
  await assert.rejects(fetched('file:///etc/passwd'), { status: 400, code: 'GENERAL_001' })
  assert.equal(server.got.length, 2)
})

test('what is wrong is told with its path, and nothing is changed by it', async (t) => {
  const server = await open(t)
  const wrong = async (more: Partial<Asked>): Promise<string> => {
    const call = callOf(server, server.ann)
    const asked = { agent_number: 20, document: written(), base_url: server.origin, ...more }
    const answer = server.app.answers['integrations.openapi']
    assert.ok(answer !== undefined && 'commit' in answer)
    const error: unknown = await answer.prepare?.(call, asked).catch((reason: unknown) => reason)
    return error instanceof Error ? error.message : 'fine'
  }
  assert.match(await wrong({ document: '{' }), /is no JSON/)
  assert.match(
    await wrong({ document: written({ paths: { '/a/{x}': { get: {} } } }) }),
    /^\/paths\/~1a~1\{x\}\/get must have a parameter/,
  )
  assert.match(await wrong({ only: ['none'] }), /^\/only\/0 "none" is neither/)
  assert.match(await wrong({ url: 'http://x.example/' }), /^\/document is needed, or url/)
  assert.match(await wrong({ base_url: 'ftp://x.example' }), /^\/base_url must begin with http/)
  assert.match(await wrong({ base_url: `${server.origin}/?a` }), /^\/base_url must not have a query/)
  assert.match(await wrong({ agent_number: 77 }), /There is no agent 77/)
  const { base_url: _, ...without } = { base_url: '', agent_number: 20, document: written() }
  await assert.rejects(performAs(server, server.ann, 'integrations.openapi', without), {
    message: /^\/base_url is needed/,
  })
  assert.deepEqual(named(await server.actions()), [])
})

test('a credential is granted for the place that the document names, once, in the same change', async (t) => {
  const server = await open(t)
  const { ann } = server
  const { id: credential_id } = await performAs(server, ann, 'credentials.store', {
    service_name: 'Shop',
    credential_type: 'api_key',
    credential_data: { value: 'sk-0123456789' },
  })
  const securitySchemes = { key: { type: 'apiKey', in: 'header', name: 'X-Shop-Key' } }
  const document = written({ components: { securitySchemes } })
  const made = await server.bring({ document, credential_id })
  assert.deepEqual(made.granted, { origin: server.origin, in: 'header', name: 'x-shop-key' })
  await server.bring({ document, credential_id })
  const { grants } = await server.ask(ann.token, 'credentials.grants', {})
  assert.deepEqual(
    grants.map(({ agent_number, destinations }) => [agent_number, destinations]),
    [[20, [made.granted]]],
  )
  await server.done(20, 'health')
  assert.equal(server.got[0]?.headers['x-shop-key'], 'sk-0123456789')
  const unsaid = {
    agent_number: 20,
    document: written({ servers: [{ url: 'https://evil.example' }] }),
    credential_id,
  }
  await assert.rejects(performAs(server, ann, 'integrations.openapi', unsaid), {
    message: '/base_url is needed: no document says who is given a secret.',
  })
  const nobody = '01a202b2-c500-7000-8000-000000000000'
  await assert.rejects(server.bring({ document, credential_id: nobody, id: 'second' }), { status: 404 })
  assert.deepEqual(named(await server.actions()), ['list_items', 'add_item', 'health'])
})

test('a name that the agent has already is refused where it is, and importing goes around it', async (t) => {
  const server = await open(t)
  const document = written({
    paths: { '/a': { get: { operationId: 'list' } }, '/b': { get: { operationId: 'show' } } },
  })
  assert.deepEqual((await server.bring({ document })).names, ['the_shop_list', 'show'])
  const action = { name: 'remove', method: 'GET', path: '/x' }
  const external_integrations = [
    {
      id: 'x',
      name: 'X',
      type: 'http' as const,
      base_url: server.origin,
      allowed_hosts: [],
      enabled: true,
      actions: [action],
    },
  ]
  const reply = await server.call(server.ann.token, 'agents.update', {
    id: '20',
    config: { external_integrations },
  })
  assert.deepEqual(refusal(reply).details['issues'], [
    { path: '/config/external_integrations/0', message: 'has an action remove, which the agent has already' },
  ])
})

test('documents outlast a restart, and are nobody else’s', async (t) => {
  const server = await open(t)
  const { integration } = await server.bring()
  await server.restart()
  assert.deepEqual(named(await server.actions()), ['list_items', 'add_item', 'health'])
  const bob = await server.bob()
  const stolen = await server.app.kernel.store.write((tx) =>
    server.app.agents.crud.create(tx, bob.user_id, {
      name: 'Thief',
      config: { external_integrations: [integration] },
    }),
  )
  const shown = await server.ask(bob.token, 'agents.get', { id: stolen.id })
  assert.deepEqual(shown.available_actions, [])
  const { integrations: listed } = await server.ask(bob.token, 'integrations.list', {})
  assert.deepEqual([listed.length, listed[0]?.actions], [1, 0])
  assert.match(listed[0]?.problem ?? '', /^The document that it was imported from is not on this server/)
  assert.deepEqual(
    refusal(await server.call(bob.token, 'integrations.actions', { agent: '20', id: 'none' })).status,
    404,
  )
})

test('documents that nothing names any more make room, and those of changes that can be taken back stay', async (t) => {
  const server = await open(t)
  const { connection } = server.app.kernel.store.reader
  const count = () => connection.all('SELECT id FROM integration_documents', []).length
  const bring = (n: number) =>
    server.bring({ document: written({ paths: { [`/${n}`]: { get: { operationId: `o${n}` } } } }) })
  for (let n = 0; n < 50; n += 1) await bring(n)
  await assert.rejects(bring(50), { status: 409, message: /50 imported documents/ })
  await server.write((tx) =>
    Promise.resolve(
      tx.connection.run('DELETE FROM modifications WHERE id < (SELECT max(id) FROM modifications)', []),
    ),
  )
  await bring(51)
  assert.equal(count(), 3)
})

test('only a passkey imports, over the wire', async (t) => {
  const app = await openTestApp()
  t.after(() => app.remove())
  const { token } = await app.claim()
  const asked = { agent_number: 4, document: written(), base_url: 'https://api.example.com' }
  assert.equal(outcomeOf(await app.call(token, 'integrations.openapi', asked)), 'AUTH_002 not_enrolled')
  const { key } = await enrol(app, token)
  assert.equal(outcomeOf(await app.call(token, 'integrations.openapi', asked)), 'AUTH_002 proof_missing')
  const made = dataOf<{ names: string[] }>(await prove(app, token, key, 'integrations.openapi', asked))
  assert.deepEqual(made.names, ['list_items', 'add_item', 'health'])
})
