import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Agent, AgentConfig } from '../../../contract/agents.ts'
import { performAs } from '../changes/fixture.ts'
import { openServer } from './fixture.ts'
import type { Server } from './fixture.ts'

const NEEDLE = 'sk-live-Zq7+/v8RtY2mX4pL9wK3bN6cD1'
const OTHER = 'sk-live-another-secret-of-the-same-agent-7777'

type Keys = AgentConfig['api_keys']

const shown = async ({ ask, ann }: Server, { id }: Pick<Agent, 'id'>): Promise<Keys> =>
  (await ask(ann.token, 'agents.get', { id })).config.api_keys
const set = (server: Server, { id }: Pick<Agent, 'id'>, api_keys: Keys) =>
  performAs(server, server.ann, 'agents.update', { id, config: { api_keys } })
const stored = async ({ ask, ann }: Server) => (await ask(ann.token, 'credentials.list', {})).credentials
const reveal = async (server: Server, id: string) =>
  (await performAs(server, server.ann, 'credentials.get', { id })).credential_data.value

/** Every file of the data folder that holds one of these texts, in any of the ways that one is written. */
function filesWith(folder: string, needles: readonly string[]): string[] {
  const spelled = needles.flatMap((needle) => [
    needle,
    JSON.stringify(needle).slice(1, -1),
    encodeURIComponent(needle),
    Buffer.from(needle).toString('hex'),
    ...[0, 1, 2].map((shift) =>
      Buffer.from('x'.repeat(shift) + needle)
        .toString('base64')
        .slice(4, -4),
    ),
  ])
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .filter((path) => {
      const bytes = readFileSync(path)
      return spelled.some((text) => bytes.includes(text))
    })
}

test('a secret of a configuration goes into the vault, and is read back masked wherever the agent is shown', async (context) => {
  const server = await openServer(context)
  const agent = await server.own({ config: { api_keys: { openai: NEEDLE, short: 'pin-1234' } } })
  assert.deepEqual(agent.config.api_keys, { openai: '****6cD1', short: '****' })
  assert.deepEqual(await shown(server, agent), { openai: '****6cD1', short: '****' })
  const listed = await server.ask(server.ann.token, 'agents.list', {})
  assert.equal(JSON.stringify(listed).includes(NEEDLE), false)
  const kept = await stored(server)
  assert.deepEqual(
    kept.map(({ service_name, credential_type }) => `${service_name} ${credential_type}`).toSorted(),
    [`openai (agent ${agent.agent_number}) api_key`, `short (agent ${agent.agent_number}) api_key`],
  )
  const openai = kept.find(({ service_name }) => service_name.startsWith('openai'))
  assert.equal(await reveal(server, openai?.id ?? ''), NEEDLE)
})

test('what was masked keeps the secret, what is empty takes it away, and what is not named stays', async (context) => {
  const server = await openServer(context)
  const agent = await server.own({ config: { api_keys: { openai: NEEDLE, maps: OTHER } } })
  await set(server, agent, { openai: '****6cD1' })
  assert.deepEqual(await shown(server, agent), { openai: '****6cD1', maps: '****7777' })
  assert.equal((await stored(server)).length, 2)
  await set(server, agent, { maps: '' })
  assert.deepEqual(await shown(server, agent), { openai: '****6cD1' })
  await server.restart()
  assert.deepEqual(await shown(server, agent), { openai: '****6cD1' })
})

test('a new secret is another credential, so that taking the change back brings the former one back', async (context) => {
  const server = await openServer(context)
  const agent = await server.own({ config: { api_keys: { openai: NEEDLE } } })
  await set(server, agent, { openai: OTHER })
  assert.deepEqual(await shown(server, agent), { openai: '****7777' })
  await performAs(server, server.ann, 'system.rollback', {})
  assert.deepEqual(await shown(server, agent), { openai: '****6cD1' })
})

test('a reference names a credential of the same user, and nothing else is taken for one', async (context) => {
  const server = await openServer(context)
  const agent = await server.own()
  const given = {
    service_name: 'Maps',
    credential_type: 'api_key',
    credential_data: { value: OTHER },
  } as const
  const mine = await performAs(server, server.ann, 'credentials.store', given)
  await set(server, agent, { maps: `cred:${mine.id}` })
  assert.deepEqual(await shown(server, agent), { maps: '****7777' })
  const bob = await server.bob()
  const his = await performAs(server, bob, 'credentials.store', given)
  for (const [value, message] of [
    [`cred:${his.id}`, /there is no such credential/],
    ['cred:nothing', /there is no such credential/],
    ['cred:', /is no secret and names none/],
    [' ', /is no secret and names none/],
    ['****6cD1', /is masked, and is not what stands there/],
  ] as const)
    await assert.rejects(set(server, agent, { other: value }), message)
  await assert.rejects(set(server, agent, { ['x'.repeat(65)]: 'secret' }), /1 to 64 characters/)
  assert.deepEqual(await shown(server, agent), { maps: '****7777' })
})

test('a credential that a configuration names is not deleted without saying so', async (context) => {
  const server = await openServer(context)
  const agent = await server.own({ config: { api_keys: { openai: NEEDLE } } })
  const [kept] = await stored(server)
  const id = kept?.id ?? ''
  await assert.rejects(performAs(server, server.ann, 'credentials.delete', { id }), (error: Error) =>
    error.message.includes(agent.name),
  )
  await performAs(server, server.ann, 'credentials.delete', { id, force: true })
  assert.deepEqual(await shown(server, agent), { openai: '****' })
})

test('a modification of the system takes secrets as well, keeps those that it leaves, and shows none', async (context) => {
  const server = await openServer(context)
  const agent = await server.own({ config: { api_keys: { openai: NEEDLE } } })
  const modify = (api_keys: Record<string, string | null>, dry_run: boolean) =>
    performAs(server, server.ann, 'system.modify', {
      type: 'agent_config',
      description: 'Keys.',
      target: { kind: 'agent', id: agent.id },
      after_state: { config: { api_keys } },
      dry_run,
    })
  const dry = await modify({ maps: OTHER }, true)
  assert.equal(JSON.stringify(dry).includes(OTHER), false)
  assert.deepEqual(await shown(server, agent), { openai: '****6cD1' })
  assert.equal((await stored(server)).length, 1)
  const done = await modify({ maps: OTHER }, false)
  assert.equal(JSON.stringify(done).includes(OTHER), false)
  assert.deepEqual(await shown(server, agent), { openai: '****6cD1', maps: '****7777' })
  await modify({ openai: null }, false)
  assert.deepEqual(await shown(server, agent), { maps: '****7777' })
})

test('no file of the server holds a secret that an agent was given: not its changes, events, audit or journal', async (context) => {
  const server = await openServer(context)
  const agent = await server.own({ config: { api_keys: { openai: NEEDLE } } })
  await set(server, agent, { openai: OTHER, maps: NEEDLE })
  await performAs(server, server.ann, 'system.rollback', {})
  const changes = await server.ask(server.ann.token, 'system.modifications', {})
  const seen = JSON.stringify([changes, await server.told(), server.logged])
  for (const needle of [NEEDLE, OTHER]) assert.equal(seen.includes(needle), false)
  assert.match(seen, /cred:/)
  await server.app.kernel.store.settled()
  assert.deepEqual(filesWith(server.data_dir(), [NEEDLE, OTHER]), [])
  assert.notDeepEqual(filesWith(server.data_dir(), [agent.name]), [], 'the search finds what is there')
})

test('undo without a passkey takes away a key that came, and brings one back that was taken away', async (context) => {
  const server = await openServer(context)
  const agent = await server.own({ config: { api_keys: { one: NEEDLE } } })
  await server.ask(server.ann.token, 'agents.update', { id: agent.id, config: { api_keys: { two: OTHER } } })
  const say = async (text_input: string) =>
    (await server.ask(server.ann.token, 'voice.process', { text_input })).response.text
  await say('undo')
  await say('yes')
  assert.deepEqual(await shown(server, agent), { one: '****6cD1' })
})

test('a secret in the header of a request is refused before anything of it is kept', async (context) => {
  const server = await openServer(context)
  const headers = { Authorization: `Bearer ${NEEDLE}`, 'X-Api-Key': OTHER }
  await assert.rejects(
    server.act(8, 'get', { url: 'https://api.example/', headers }),
    /\/command\/parameters\/headers\/Authorization carries a secret: store it/,
  )
  await server.app.kernel.store.settled()
  assert.deepEqual(filesWith(server.data_dir(), [NEEDLE, OTHER]), [])
})
