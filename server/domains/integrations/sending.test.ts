import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExternalIntegration } from '../../../contract/integrations.ts'
import { iso } from '../../kernel/clock.ts'
import { performAs } from '../changes/fixture.ts'
import { agentWith, declared, http, openWithService } from './rig.ts'

const HEADER = { in: 'header', name: 'authorization' } as const
const SHOP = 'https://shop.example'
const look = declared({ name: 'look', method: 'GET', path: '/' })

const ungranted = (origin: string) => [
  `No grant lets agent 20 send the credential to ${origin}: nothing is sent.`,
]

/** A server, a secret, and an agent that is set up with it. */
async function open(t: Parameters<typeof openWithService>[0], more: Partial<ExternalIntegration> = {}) {
  const server = await openWithService(t)
  const { ann } = server
  const { id: credential_id } = await performAs(server, ann, 'credentials.store', {
    service_name: 'Shop',
    credential_type: 'api_key',
    credential_data: { value: 'sk-0123456789' },
  })
  const own = more.type === 'webhook' ? {} : { actions: [look] }
  await agentWith(server, http(SHOP, { ...own, credential_id, ...more }))
  const doubts = async (origin: string, { agent_number = 20, place = {} } = {}) => {
    const destinations = [{ origin, ...HEADER, ...place }]
    const given = { credential_id, agent_number, destinations }
    const { warnings = [] } = await performAs(server, ann, 'credentials.grant', given)
    return warnings
  }
  return { server, credential_id, doubts }
}

test('a grant that nothing would come of is told of when it is made, and one that is used is not', async (t) => {
  const { server, doubts } = await open(t)
  assert.deepEqual(await doubts(SHOP), [])
  const none = 'Agent 20 has no integration that sends this credential to'
  for (const origin of ['https://other.example', 'https://shop.example:8443'])
    assert.deepEqual(await doubts(origin), [`${none} ${origin}: nothing is sent until it has one.`])
  assert.match((await doubts(SHOP, { agent_number: 3 })).join(), /^Agent 3 has no integration/)
  // The fetcher is told by request what to send, and speech engines are asked for the concierge.
  for (const agent_number of [8, 1])
    assert.deepEqual(await doubts('https://any.example', { agent_number }), [])
  assert.deepEqual(await doubts(server.origin, { agent_number: 8 }), [])
})

test('another place than that of the integration, hosts that it is sent on to, and another credential are told apart', async (t) => {
  const { server, credential_id, doubts } = await open(t, {
    auth: { in: 'header', name: 'X-Key' },
    allowed_hosts: ['shop.example', '*.cdn.example'],
  })
  const place = { name: 'x-key' }
  assert.deepEqual(await doubts(SHOP, { place }), [])
  assert.deepEqual(await doubts('https://a.cdn.example', { place }), [])
  assert.deepEqual(await doubts(SHOP), [
    'The integration of agent 20 sends it in another place than the header authorization: nothing is sent there.',
  ])
  const { config } = await server.ask(server.ann.token, 'agents.get', { id: '20' })
  const [one] = config.external_integrations
  const { auth: _auth, credential_id: _other, ...rest } = one ?? http(SHOP)
  await performAs(server, server.ann, 'agents.update', {
    id: '20',
    config: { external_integrations: [rest] },
  })
  assert.match((await doubts(SHOP, { place: { name: 'x-more' } })).join(), /has no integration/)
  assert.ok(credential_id)
})

test('what is switched off sends nothing, and a webhook is signed in one place', async (t) => {
  const { server, doubts } = await open(t, { enabled: false })
  assert.deepEqual(await doubts(SHOP), [
    'The integration of agent 20 is switched off: by it nothing is sent until it is on.',
  ])
  const hook = await open(t, { type: 'webhook', base_url: `${SHOP}/in` })
  assert.deepEqual(await hook.doubts(SHOP, { place: { name: 'Webhook-Signature' } }), [])
  assert.match((await hook.doubts(SHOP)).join(), /in another place than the header authorization/)
  const off = 'Agent 20 is switched off: nothing is sent until it is on.'
  await hook.server.ask(hook.server.ann.token, 'agents.update', { id: '20', is_active: false })
  assert.ok((await hook.doubts(SHOP, { place: { name: 'webhook-signature' } })).includes(off))
  await server.ask(server.ann.token, 'agents.update', { id: '8', is_active: false })
  const told = await doubts('https://any.example', { agent_number: 8 })
  assert.deepEqual(told, ['Agent 8 is switched off: nothing is sent until it is on.'])
})

test('an integration says why its secret is not sent: none there, no grant, another place, or renewed by what is off', async (t) => {
  const server = await openWithService(t)
  const { ann } = server
  const { id: credential_id } = await performAs(server, ann, 'credentials.store', {
    service_name: 'Shop',
    credential_type: 'api_key',
    credential_data: { value: 'sk-0123456789' },
  })
  const own = { actions: [look], credential_id }
  await agentWith(server, http(SHOP, own))
  const problem = async () =>
    (await server.ask(ann.token, 'integrations.list', {})).integrations.map((one) => one.problem)
  const set = async (more: Partial<ExternalIntegration>) =>
    performAs(server, ann, 'agents.update', {
      id: '20',
      config: { external_integrations: [http(SHOP, { ...own, ...more })] },
    })
  assert.deepEqual(await problem(), ungranted(SHOP))
  const grant = { credential_id, agent_number: 20, destinations: [{ origin: SHOP, ...HEADER }] }
  await performAs(server, ann, 'credentials.grant', grant)
  assert.deepEqual(await problem(), [undefined])
  await set({ base_url: 'https://other.example' })
  assert.deepEqual(await problem(), ungranted('https://other.example'))
  await set({ auth: { in: 'header', name: 'x-key' } })
  assert.deepEqual(await problem(), [
    `What is granted to agent 20 goes to another place of ${SHOP}: nothing is sent.`,
  ])
  await set({})
  const ends = iso(server.clock.now() + 1_000)
  await performAs(server, ann, 'credentials.update', { id: credential_id, metadata: { expires_at: ends } })
  server.clock.advance(2_000)
  assert.deepEqual(await problem(), ['The credential that it names has expired: nothing is sent.'])
  await performAs(server, ann, 'credentials.update', { id: credential_id, metadata: { never_expires: true } })
  assert.deepEqual(await problem(), [undefined])
  await set({ credential_id: 'gone' })
  assert.deepEqual(await problem(), ['The credential that it names is not there: nothing is sent.'])
  const rotation = { action: 'look', value: '/key' }
  await set({ enabled: false })
  assert.deepEqual(await problem(), [undefined])
  await set({ enabled: false, rotation })
  assert.deepEqual(await problem(), ['Its credential is not renewed while it is off.'])
  await set({ rotation })
  assert.deepEqual(await problem(), [undefined])
  await server.ask(ann.token, 'agents.update', { id: '20', is_active: false })
  assert.deepEqual(await problem(), ['Its credential is not renewed while the agent is off.'])
})

test('a grant to who is told by request what to send minds only an integration of its own that is off', async (t) => {
  const { server, credential_id, doubts } = await open(t)
  const set = async (more: Partial<ExternalIntegration>) =>
    performAs(server, server.ann, 'agents.update', {
      id: '8',
      config: { external_integrations: [http(SHOP, { actions: [look], credential_id, ...more })] },
    })
  await set({ enabled: false })
  assert.deepEqual(await doubts(SHOP, { agent_number: 8 }), [
    'The integration of agent 8 is switched off: by it nothing is sent until it is on.',
  ])
  await set({ auth: { in: 'header', name: 'x-key' } })
  assert.deepEqual(await doubts(SHOP, { agent_number: 8, place: { name: 'x-other' } }), [])
})

test('plain http in public, and what the operator lets nobody reach, is told', async (t) => {
  const { doubts } = await open(t)
  const agent_number = 8
  assert.deepEqual(await doubts('http://shop.example', { agent_number }), [
    'http://shop.example is plain http: everybody on the way there can read the secret.',
  ])
  assert.match((await doubts('http://192.168.7.9:81', { agent_number })).join(), /PAIOS_EGRESS_LAN/)
})
