import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { ExternalIntegration } from '../../contract/integrations.ts'
import { openServer, refusal } from '../../server/domains/agents/fixture.ts'
import { performAs } from '../../server/domains/changes/fixture.ts'
import { openCanary } from '../../server/domains/egress/rig.ts'

/** Every way to write this machine of the cases, and names that a stranger lets stand for it. */
const LOOPBACK =
  '127.0.0.1 localhost [::1] 0.0.0.0 127.1 2130706433 0x7f000001 0177.0.0.1 [::ffff:127.0.0.1] LOCALHOST'.split(
    ' ',
  )
const NAMES: Readonly<Record<string, string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'nip.evil.example': ['127.0.0.1'],
  'mixed.evil.example': ['93.184.216.34', '127.0.0.1'],
  'metadata.evil.example': ['169.254.169.254'],
}
const TRAPS = [...LOOPBACK, 'nip.evil.example', 'mixed.evil.example', 'NIP.evil.example.']
const METADATA = [
  '169.254.169.254',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '168.63.129.16',
  'metadata.evil.example',
]

const named = { name: 'Trap', allowed_hosts: [], enabled: true }

/** A user who sets an agent up with an address, and a server that must not hear of it. */
async function open(t: TestContext, lan: (port: number) => string[] = () => []) {
  const canary = await openCanary(t, undefined, '0.0.0.0')
  const egress = {
    resolve: (host: string) => {
      const found = NAMES[host]
      return found === undefined ? Promise.reject(new Error(`There is no ${host}.`)) : Promise.resolve(found)
    },
  }
  const server = await openServer(t, { lan: lan(canary.port), egress })
  const { ann, ask } = server
  const { id: credential_id } = await performAs(server, ann, 'credentials.store', {
    service_name: 'Trap',
    credential_type: 'api_key',
    credential_data: { value: 'sk-0123456789' },
  })
  await server.own()
  const set = (base_url: string) => {
    const look = { name: 'look', method: 'GET', path: '/' }
    const service: ExternalIntegration = { ...named, id: 'a', type: 'http', base_url, actions: [look] }
    const hook: ExternalIntegration = { ...named, id: 'b', type: 'webhook', base_url, credential_id }
    return server.call(ann.token, 'agents.update', {
      id: '20',
      config: { external_integrations: [service, hook] },
    })
  }
  const errors = async () => {
    const looked = await server.act(20, 'look')
    const sent = await server.act(20, 'send', { payload: 1 })
    return [looked, sent].map(({ result }) => result?.error ?? 'answered')
  }
  const fetched = (url: string) =>
    performAs(server, ann, 'integrations.openapi', { agent_number: 20, url, dry_run: true }).then(
      () => 'answered',
      (error: Error) => error.message,
    )
  const health = () => ask(ann.token, 'system.health', {})
  return { canary, server, set, errors, fetched, health }
}

const RULED = /PAIOS_EGRESS_LAN|PAIOS_EGRESS_HOSTS|not a valid URL|names no host/

test('F-001 to F-008: no service, webhook, imported document or look at a service leads to this machine', async (t) => {
  const { canary, set, errors, fetched, health } = await open(t)
  for (const host of TRAPS) {
    const url = `http://${host}:${canary.port}/`
    assert.equal((await set(url)).ok, true, host)
    for (const error of await errors()) assert.match(error, RULED, host)
    assert.match(await fetched(url), RULED, host)
    await health()
    for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate)
  }
  assert.equal(canary.hits(), 0)
})

test('F-015: where clouds hand out keys is refused, by address and by name', async (t) => {
  const { set, errors, fetched } = await open(t, () => ['metadata.evil.example:80'])
  for (const host of METADATA) {
    await set(`http://${host}/latest/meta-data`)
    for (const error of await errors()) assert.match(error, RULED, host)
    assert.match(await fetched(`http://${host}/latest/meta-data`), RULED, host)
  }
})

const at = (index: number) => `/config/external_integrations/${index}/base_url`

test('F-018: only http and https are addresses of services, and what is not is refused when it is saved', async (t) => {
  const { set, fetched } = await open(t)
  for (const url of [
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_INFO',
    'ftp://x/',
    'data:text/plain,x',
    'unix:/run/x.sock',
  ]) {
    const { status, code, details } = refusal(await set(url))
    const paths = (details['issues'] as { path: string }[]).map(({ path }) => path)
    assert.deepEqual([status, code, paths], [400, 'GENERAL_001', [at(0), at(1)]], url)
    assert.match(await fetched(url), /Only http and https|not a valid URL/, url)
  }
})

test('F-019: what the operator lists is reached by a service, and the next port and other spellings of its host are not', async (t) => {
  const { canary, set, errors } = await open(t, (port) => [`127.0.0.1:${port}`])
  for (const url of [
    `http://127.0.0.1:${canary.port + 1}/`,
    `http://localhost:${canary.port}/`,
    `http://127.0.0.2:${canary.port}/`,
  ]) {
    await set(url)
    for (const error of await errors()) assert.match(error, RULED, url)
  }
  assert.equal(canary.hits(), 0)
  await set(`http://0x7f.1:${canary.port}/`)
  const [looked, sent] = await errors()
  assert.deepEqual([looked, canary.hits()], ['answered', 1])
  assert.match(sent ?? '', /^AGENT_004: /)
})
