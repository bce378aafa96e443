import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { challengeIn } from './client.ts'
import type { BiometricCredential } from './types/credentials.ts'
import type { SystemModification } from './types/system.ts'
import { SHARES, missing, openWalk } from './walk.ts'

// The order counts: each test goes on where the one before has ended, as a person's day does.
const walk = await openWalk()
after(() => walk.remove())
const { live, session, command } = walk
const { passkey } = await walk.enrol()
const client = walk.as(session.access_token, passkey)
const { agents } = (await client.ask('GET /agents')).data
const numbered = (number: number): string =>
  agents.find(({ agent_number }) => agent_number === number)?.id ?? assert.fail(`no agent ${number}`)

test('its owner says when the machine counts as unwell', async () => {
  // Nothing but the failures of the last test may make this machine look unwell, however busy it is.
  const never = { warning: 99, critical: 100 }
  const slow_p95_ms = { warning: 599_999, critical: 600_000 }
  const alerts = { cpu_percent: never, memory_percent: never, slow_p95_ms }
  const { data } = await client.ask('PUT /system/config', { body: { alerts } })
  assert.deepEqual(data['alerts'], alerts)
})

test('a sentence is understood by REST and by a socket, which tells how far it is', async () => {
  const said = { text_fallback: 'put oats on the shopping list', language: 'en' }
  const { data } = await client.ask('POST /voice/process', { body: said })
  assert.deepEqual([data.agent_routing.target_agent, data.intent.action], [4, 'add'])
  live.emit('voice:command', {
    text_fallback: 'what is 4 times 5',
    language: 'en',
    context: { active_agent: 5 },
  })
  const [received] = await live.hear('voice:command_received', ({ text }) => text.includes('4 times 5'))
  await live.hear('voice:processing', ({ status }) => status === 'executing')
  const [ready] = await live.hear(
    'voice:response_ready',
    ({ agent_response }) => agent_response !== undefined && received.language === 'en',
  )
  assert.deepEqual(ready.agent_response?.success, true)
  live.emit('voice:stop_listening')
  const { commands } = (await client.ask('GET /voice/commands')).data
  assert.ok(commands.length >= 2)
  await client.ask('GET /voice/capabilities')
  const { data: settings } = await client.ask('POST /voice/settings', { body: { speech_rate: 1.5 } })
  assert.equal(settings.speech_rate, 1.5)
  const { data: sound } = await client.ask('POST /voice/synthesize', {
    body: { text: 'Good.', language: 'en' },
  })
  assert.equal(sound['format'], 'wav')
})

test('sentences of one’s own are learnt', async () => {
  const texts = ['downstairs', 'the bedroom', 'upstairs', 'under the sofa', 'the stairs', 'the hall']
  const samples = texts.map((where) => ({ text: `vacuum ${where}`, agent_number: 4, action: 'add' }))
  const { data } = await client.ask('POST /voice/train', { body: { samples } })
  assert.equal(data['samples'], 6)
})

const UNPROVEN: BiometricCredential = {
  credential_id: 'none',
  challenge_response: 'none',
  authenticator_data: 'none',
  client_data_json: 'none',
}

test('a secret is stored, read, changed, checked and deleted, each with a proof', async () => {
  // The first request has nothing to prove with yet; what it is refused with is what is to be signed.
  const body = {
    service_name: 'maps',
    credential_type: 'api_key' as const,
    credential_data: { value: 'a secret', additional_fields: { region: 'north' } },
    metadata: { description: 'For maps.', auto_rotate: false },
    biometric_verification: UNPROVEN,
  }
  const { data: stored } = await client.ask('POST /credentials', { body })
  const { id } = stored
  const { data: read } = await client.ask('GET /credentials/:id', { id })
  assert.deepEqual(read.credential_data, body.credential_data)
  const credential_data = { value: 'another' }
  const { data: changed } = await client.ask('PUT /credentials/:id', { id, body: { credential_data } })
  assert.notEqual(changed.encrypted_data, stored.encrypted_data)
  assert.equal(
    (await client.ask('POST /credentials/verify', { body: { credential_id: id } })).data.accessible,
    true,
  )
  assert.deepEqual(
    (await client.ask('GET /credentials')).data.credentials.map((one) => one.id),
    [id],
  )
  assert.equal((await client.ask('POST /credentials/backup', { body: {} })).data.backup_codes.length, 10)
  await client.ask('DELETE /credentials/:id', { id })
  assert.deepEqual((await client.ask('GET /credentials')).data.credentials, [])
})

test('the system is read, changed and taken back, and tells who listens to its architecture', async () => {
  const { data: health } = await client.ask('GET /system/health')
  assert.equal(health.agents.total, agents.length)
  const { data: before } = await client.ask('GET /system/architecture')
  assert.deepEqual(before.workflows, [])
  await client.ask('GET /system/performance')
  await client.ask('GET /system/logs')
  live.emit('system:subscribe_architecture')
  const change = {
    type: 'agent_config' as const,
    description: 'Says what it is.',
    after_state: { id: numbered(5), description: 'Sums.' },
  }
  const { data: made } = await client.ask('POST /system/modify', { body: change })
  const [{ changes, new_architecture }] = await live.hear(
    'system:architecture_updated',
    (one) => one.changes[0]?.id === made.id,
  )
  assert.deepEqual([changes.length, new_architecture.agents.length], [1, before.agents.length])
  const { data: back } = await client.ask('POST /system/rollback', { body: { modification_id: made.id } })
  assert.equal(back.type, 'agent_config')
  const { modifications } = (await client.ask('GET /system/modifications')).data
  assert.deepEqual(
    modifications.slice(0, 2).map(({ id }) => id),
    [back.id, made.id],
  )
})

const isOurs = ({ description }: SystemModification) => description === 'By a socket.'

test('a socket changes the system with a whole modification, once it is signed', async () => {
  const modification: SystemModification = {
    id: 'the server names it',
    type: 'agent_config',
    description: 'By a socket.',
    before_state: {},
    after_state: { id: numbered(6), description: 'Words.' },
    applied_by: session.user_id,
    applied_at: new Date().toISOString(),
    rollback_available: true,
    impact_assessment: '',
  }
  live.emit('system:modify', modification)
  const [refused] = await live.hear('error')
  const asked = challengeIn(refused) ?? assert.fail(JSON.stringify(refused))
  const proven = { ...modification, biometric_verification: passkey.sign(asked) }
  live.emit('system:modify', proven)
  // One event may tell of several changes that came soon after each other.
  const [{ changes }] = await live.hear('system:architecture_updated', (one) => one.changes.some(isOurs))
  const made = changes.find(isOurs)
  assert.deepEqual([made?.applied_by, made?.after_state['description']], [session.user_id, 'Words.'])
})

const failing = () => ({ command: command('add', { items: ['.'] }), wait_for_completion: true })

test('an agent that fails again and again is told of to who looks after the machine', async () => {
  const id = numbered(4)
  for (let failed = 0; failed < 3; failed += 1) {
    const { data } = await client.ask('POST /agents/:id/execute', { id, body: failing() })
    assert.deepEqual([data.status, data.result?.success], ['failed', false])
  }
  const [{ details }] = await live.hear(
    'system:performance_alert',
    (alert) => alert.alert_type === 'agent_error',
  )
  assert.equal(details['agent_number'], 4)
  const [{ old_health, new_health }] = await live.hear('system:health_changed')
  assert.deepEqual([old_health.status, new_health.status], ['healthy', 'degraded'])
})

test('its share of the specification was walked, and nothing was otherwise than that says', () => {
  assert.deepEqual(walk.witness.issues, [])
  assert.deepEqual(missing(walk.witness, SHARES.machine), [])
})
