import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PASSWORD } from '../../app.ts'
import { openWhole } from '../../journeys/rig.ts'
import { makePasskey } from './authenticator.ts'
import type { Challenge } from './authenticator.ts'
import { openClient } from './client.ts'
import { ErrorCodes } from './types/errors.ts'
import type { MCPMessage } from './types/messages.ts'
import type { WorkflowDefinition } from './types/workflows.ts'
import { openWitness } from './witness.ts'

// The time stands still here until a test moves it, and strangers have few calls a minute, so that limits are met soon.
const STRANGERS = 40
const whole = await openWhole({ limits: { anonymous_per_minute: STRANGERS } })
after(() => whole.remove())
const url = `http://127.0.0.1:${whole.port}`
const witness = openWitness()
const { exchange: seen } = witness
const email = 'ann@example.org'
const stranger = openClient({ url, seen })
const { token } = whole.ann
const bare = openClient({ url, token, seen })
const agent = (number: number) => whole.ann.agents.get(number) ?? assert.fail(`no agent ${number}`)
const nobody = '01900000-0000-7000-8000-000000000000'

const definition: WorkflowDefinition = {
  trigger: { type: 'manual', conditions: {} },
  steps: [
    { id: 'a', agent_number: 5, action: 'calculate', parameters: { expression: '1' }, depends_on: ['a'] },
  ],
  error_handling: { strategy: 'fail_fast', notification_on_error: false },
  timeout_ms: 1_000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}
let commands = 0
const command = (action: string, parameters = {}) => {
  commands += 1
  const request_id = `refused-${commands}`
  return { action, parameters, user_id: whole.ann.user_id, request_id, priority: 'normal' as const }
}
type Refused = Awaited<ReturnType<typeof bare.refusal>>
const told = ({ status, error }: Refused) => [status, error.code]

test('who is nobody, or does not know the password, is told so', async () => {
  assert.deepEqual(told(await stranger.refusal('GET /auth/me')), [401, ErrorCodes.UNAUTHORIZED])
  const wrong = { email, password: 'correct horse battery staple 8' }
  assert.deepEqual(told(await stranger.refusal('POST /auth/login', { body: wrong })), [
    401,
    ErrorCodes.INVALID_CREDENTIALS,
  ])
  const body = { credential_id: nobody }
  assert.deepEqual(told(await bare.refusal('POST /credentials/verify', { body })), [
    403,
    ErrorCodes.BIOMETRIC_REQUIRED,
  ])
})

test('more sign-ins at once than passwords can be checked are refused as overload', async () => {
  const body = { email, password: PASSWORD }
  const tries = Array.from({ length: 12 }, () =>
    stranger.refusal('POST /auth/login', { body }).catch(() => undefined),
  )
  const refused = (await Promise.all(tries)).flatMap((one) => one ?? [])
  assert.ok(refused.length >= 1 && refused.length <= 2, String(refused.length))
  for (const one of refused) assert.deepEqual(told(one), [503, ErrorCodes.SYSTEM_OVERLOADED])
})

test('an agent that is not there, cannot do it, is set up wrongly or is switched off says which', async () => {
  const run = (id: string, action = 'calculate', parameters: object = { expression: '1' }) =>
    bare.refusal('POST /agents/:id/execute', { id, body: { command: command(action, parameters) } })
  assert.deepEqual(told(await run('9998')), [404, ErrorCodes.AGENT_NOT_FOUND])
  assert.deepEqual(told(await run(agent(5), 'fly')), [400, ErrorCodes.AGENT_EXECUTION_FAILED])
  assert.deepEqual(told(await run(agent(5), 'calculate', {})), [400, ErrorCodes.VALIDATION_ERROR])
  const config = {
    preferences: { skill: 'flying' },
    api_keys: {},
    workflow_triggers: [],
    voice_commands: [],
    external_integrations: [],
  }
  const body = { name: 'Flyer', config }
  assert.deepEqual(told(await bare.refusal('POST /agents', { body })), [422, ErrorCodes.AGENT_CONFIG_INVALID])
  await bare.ask('PUT /agents/:id', { id: agent(6), body: { is_active: false } })
  assert.deepEqual(told(await run(agent(6), 'count', { text: 'a' })), [409, ErrorCodes.AGENT_DISABLED])
})

const message = (method: string, params: Record<string, unknown>): MCPMessage => ({
  id: method,
  version: '1.0',
  type: 'request',
  method,
  params,
  timestamp: new Date(whole.clock.now()).toISOString(),
  source: { agent_number: 0, agent_id: '' },
})

test('an agent from outside that is not there does not answer in time', async () => {
  const given = {
    agent_number: 40,
    name: 'Far',
    capabilities: ['echo'],
    voice_commands: [],
    config_schema: {},
  }
  await bare.send(message('agent.register', given))
  const asked = { target_agent: 40, message_type: 'ask', data: null, requires_response: true }
  const { type, error } = await bare.send(message('agent.send_message', asked))
  const { code } = (error?.data ?? {}) as { code?: string }
  assert.deepEqual([type, error?.code, code], ['error', -32_000, ErrorCodes.AGENT_TIMEOUT])
})

const say = (body: object) => bare.refusal('POST /voice/process', { body: { language: 'en', ...body } })

test('a sentence without words, and a sound where nothing hears, are refused by their cause', async () => {
  assert.deepEqual(told(await say({ text_fallback: ' ' })), [422, ErrorCodes.VOICE_COMMAND_NOT_UNDERSTOOD])
  const audio_data = Buffer.from('a sound').toString('base64')
  assert.deepEqual(told(await say({ audio_data })), [503, ErrorCodes.VOICE_SERVICE_UNAVAILABLE])
})

test('a workflow that is not there, or waits for itself, is refused', async () => {
  const missing = await bare.refusal('POST /workflows/:id/execute', { id: nobody, body: {} })
  assert.deepEqual(told(missing), [404, ErrorCodes.WORKFLOW_NOT_FOUND])
  const body = { name: 'Circle', definition }
  assert.deepEqual(told(await bare.refusal('POST /workflows', { body })), [
    422,
    ErrorCodes.WORKFLOW_VALIDATION_FAILED,
  ])
})

const modify = (description: string) => ({
  body: {
    type: 'agent_config' as const,
    description: 'Says more.',
    after_state: { id: agent(5), description },
  },
})

test('a change that changes nothing is refused, and so is taking back what a later one stands on', async () => {
  const { data } = await bare.beyond('POST /auth/biometric/challenge', { purpose: 'setup' })
  const passkey = makePasskey(`http://localhost:${whole.port}`, data as Challenge)
  await bare.ask('POST /auth/biometric/setup', { body: passkey.registered })
  const client = openClient({ url, token, passkey, seen })
  const { data: first } = await client.ask('POST /system/modify', modify('Sums.'))
  whole.clock.advance(1)
  await client.ask('POST /system/modify', modify('More sums.'))
  await assert.rejects(client.ask('POST /system/modify', modify('More sums.')), /409 .*SYSTEM_002/)
  const body = { modification_id: first.id }
  await assert.rejects(client.ask('POST /system/rollback', { body }), /409 .*SYSTEM_003/)
})

test('a token ends after fifteen minutes, and a stranger is told when to come back', async () => {
  whole.clock.advance(899_000)
  assert.equal((await bare.ask('GET /auth/me')).data.email, email)
  whole.clock.advance(1_000)
  assert.deepEqual(told(await bare.refusal('GET /auth/me')), [401, ErrorCodes.TOKEN_EXPIRED])
})

test('strangers have so many calls a minute and no more', async () => {
  whole.clock.advance(60_000)
  for (let done = 0; done < STRANGERS; done += 1) await stranger.refusal('GET /agents')
  assert.deepEqual(told(await stranger.refusal('GET /agents')), [429, ErrorCodes.RATE_LIMIT_EXCEEDED])
})

/** Codes that no client can bring about at this server while it is well. */
const NOT_WALKED: Readonly<Record<string, string>> = {
  VOICE_TRANSCRIPTION_FAILED: 'needs something that hears, which no machine must have',
  WORKFLOW_EXECUTION_FAILED: 'stands in the history of a run whose results are too large, never in a refusal',
  INTERNAL_SERVER_ERROR: 'is a mistake of the server itself',
  SERVICE_UNAVAILABLE: 'is of a server that stops, is sealed, or has a full disk',
}

test('every code was met but those that are named, in refusals as the specification shows them', () => {
  assert.deepEqual(witness.issues, [])
  const met = new Set([...witness.codes, ErrorCodes.AGENT_TIMEOUT])
  const unmet = Object.entries(ErrorCodes).flatMap(([name, code]) => (met.has(code) ? [] : [name]))
  assert.deepEqual(unmet, Object.keys(NOT_WALKED))
})
