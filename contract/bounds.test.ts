import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TSchema } from 'typebox'
import { findIssues } from '../server/kernel/validate.ts'
import { AgentConfig, VoiceCommand } from './agents.ts'
import { NotificationSettings } from './auth.ts'
import { operations } from './index.ts'
import type { OperationName } from './index.ts'
import { MCPMessage } from './messages.ts'
import { VoiceProcessed, VoiceSettings } from './voice.ts'
import { WorkflowDefinition } from './workflows.ts'

const UUID = '0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b'
const NOW = '2026-11-22T10:00:00.000Z'

/** A change of a valid value, and the path of what is then wrong; none when it is still valid. */
type Row = [change: object, path?: string]

/** Checks that a value is valid, and of each change what it does to it. */
function bounds(schema: TSchema, valid: object, rows: readonly Row[]): void {
  assert.deepEqual(findIssues(schema, valid), [])
  for (const [change, path] of rows) {
    const issues = findIssues(schema, { ...valid, ...change })
    const found = issues.map((issue) => issue.path)
    const shown = JSON.stringify(change).slice(0, 80)
    assert.ok(path === undefined ? found.length === 0 : found.includes(path), `${shown}: ${found.join(' ')}`)
  }
}

const inputOf = (name: OperationName): TSchema => operations[name].input
const words = (count: number, letter = 'x') => letter.repeat(count)

test('a command of an agent has all that the specification asks for, within bounds', () => {
  const command = { action: 'add', parameters: {}, user_id: 'u', request_id: 'r', priority: 'normal' }
  bounds(inputOf('agents.execute'), { id: '4', command }, [
    [{ id: UUID }],
    [{ id: 'four' }, '/id'],
    [{ timeout_ms: 600_000 }],
    [{ timeout_ms: 600_001 }, '/timeout_ms'],
    [{ wait_for_completion: 'yes' }, '/wait_for_completion'],
    [{ command: { ...command, priority: 'urgent' } }, '/command/priority'],
    [{ command: { ...command, request_id: '' } }, '/command/request_id'],
    [{ command: { ...command, request_id: words(129) } }, '/command/request_id'],
    [{ command: { ...command, action: words(81) } }, '/command/action'],
    [{ command: { ...command, voice_input: true, context: { any: [1] } } }],
    [{ command: { ...command, parameters: [] } }, '/command/parameters'],
    [{ command: { ...command, sudo: true } }, '/command/sudo'],
    [{ agent_id: '4' }, '/agent_id'],
  ])
})

test('a voice command is a phrase and an action, and whatever it stands for', () => {
  bounds(VoiceCommand, { phrase: 'go', action: 'add' }, [
    [{ phrase: words(500) }],
    [{ phrase: words(501) }, '/phrase'],
    [{ phrase: '' }, '/phrase'],
    [{ action: '' }, '/action'],
    [{ parameters: { list: 'shopping' }, language: 'en', examples: [words(500)] }],
    [{ examples: Array.from({ length: 51 }, () => 'x') }, '/examples'],
    [{ slots: {} }, '/slots'],
  ])
})

test('the configuration of an agent is whole, closed, and of bounded length', () => {
  const config = {
    api_keys: {},
    preferences: {},
    workflow_triggers: [],
    voice_commands: [],
    external_integrations: [],
  }
  const command = { phrase: 'go', action: 'add' }
  const integration = { id: 'i', name: 'n', type: 'http', allowed_hosts: [], enabled: true }
  bounds(AgentConfig, config, [
    [{ api_keys: { one: words(65_536) } }],
    [{ api_keys: { one: words(65_537) } }, '/api_keys/one'],
    [{ api_keys: { one: 1 } }, '/api_keys/one'],
    [{ voice_commands: Array.from({ length: 200 }, () => command) }],
    [{ voice_commands: Array.from({ length: 201 }, () => command) }, '/voice_commands'],
    [{ external_integrations: [integration] }],
    [{ external_integrations: [{ ...integration, type: 'shell' }] }, '/external_integrations/0/type'],
    [{ external_integrations: [{ ...integration, code: 'x' }] }, '/external_integrations/0/code'],
    [{ extra: 1 }, '/extra'],
  ])
})

test('a sentence to be processed is text or sound, in a context that is closed', () => {
  bounds(inputOf('voice.process'), {}, [
    [{ text_fallback: words(100_000) }],
    [{ text_fallback: words(100_001) }, '/text_fallback'],
    [{ audio_data: words(14_680_064) }],
    [{ audio_data: words(14_680_065) }, '/audio_data'],
    [{ language: 'auto', dry_run: true }],
    [{ language: '' }, '/language'],
    [{ context: { active_agent: 9_999, conversation_history: [words(10_000)], user_preferences: { a: 1 } } }],
    [{ context: { active_agent: -1 } }, '/context/active_agent'],
    [
      { context: { conversation_history: Array.from({ length: 51 }, () => '') } },
      '/context/conversation_history',
    ],
    [{ context: { conversation_history: [words(10_001)] } }, '/context/conversation_history/0'],
    [{ context: { conversation_id: words(128) } }],
    [{ context: { conversation_id: words(129) } }, '/context/conversation_id'],
    [{ context: { weather: 'fine' } }, '/context/weather'],
  ])
})

const some = (count: number) => Array.from({ length: count }, (_, at) => `word ${at}`)

test('voice settings are factors within hearing, and between one and five wake words', () => {
  const settings = {
    language: 'en',
    voice_id: 'default',
    speech_rate: 1,
    pitch: 1,
    volume: 1,
    wake_word_enabled: false,
    wake_words: ['paios'],
    noise_suppression: true,
    auto_transcription: true,
    keep_audio: false,
    remote_audio: false,
  }
  bounds(VoiceSettings, settings, [
    [{ speech_rate: 0.5, pitch: 2, volume: 0 }],
    [{ speech_rate: 0.499 }, '/speech_rate'],
    [{ pitch: 2.001 }, '/pitch'],
    [{ volume: -0.001 }, '/volume'],
    [{ wake_words: some(5) }],
    [{ wake_words: some(6) }, '/wake_words'],
    [{ wake_words: [] }, '/wake_words'],
    [{ wake_words: [words(41)] }, '/wake_words/0'],
  ])
})

test('confidences of a processed sentence lie between nothing and certain', () => {
  const intent = { action: 'unknown', entities: {}, confidence: 0 }
  const agent_routing = {
    target_agent: null,
    routing_confidence: 0,
    fallback_agents: [],
    global_command: false,
    reason: '',
  }
  const processed = {
    transcribed_text: '',
    confidence_score: 1,
    detected_language: 'en',
    intent,
    agent_routing,
    response: { text: '', requires_followup: true },
    command_understood: false,
    processing_ms: 0.5,
  }
  bounds(VoiceProcessed, processed, [
    [{ confidence_score: 1.1 }, '/confidence_score'],
    [{ intent: { ...intent, confidence: -0.1 } }, '/intent/confidence'],
    [{ intent: { ...intent, alternative_intents: [intent] } }],
    // Alternatives have none of their own (line C238).
    [
      { intent: { ...intent, alternative_intents: [{ ...intent, alternative_intents: [] }] } },
      '/intent/alternative_intents/0/alternative_intents',
    ],
    [{ agent_routing: { ...agent_routing, fallback_agents: [10_000] } }, '/agent_routing/fallback_agents/0'],
    [{ execution_id: '1' }, '/execution_id'],
  ])
})

test('a definition of a workflow is typed to its last step', () => {
  const step = { id: 'a', agent_number: 4, action: 'add', parameters: {} }
  const definition = {
    trigger: { type: 'manual', conditions: {} },
    steps: [step],
    error_handling: { strategy: 'fail_fast', notification_on_error: false },
    timeout_ms: 86_400_000,
    retry_policy: { max_attempts: 10, backoff_strategy: 'fixed', delay_ms: 0 },
  }
  const retry = definition.retry_policy
  bounds(WorkflowDefinition, definition, [
    [{ timeout_ms: 0 }, '/timeout_ms'],
    [{ timeout_ms: 86_400_001 }, '/timeout_ms'],
    [{ steps: [{ ...step, id: 'a b' }] }, '/steps/0/id'],
    [{ steps: [{ ...step, id: words(65) }] }, '/steps/0/id'],
    [{ steps: [{ ...step, condition: words(4_097) }] }, '/steps/0/condition'],
    [{ steps: [{ ...step, depends_on: ['b', 'c'], timeout_ms: 1 }] }],
    [{ retry_policy: { ...retry, max_attempts: 0 } }, '/retry_policy/max_attempts'],
    [{ retry_policy: { ...retry, max_attempts: 11 } }, '/retry_policy/max_attempts'],
    [{ retry_policy: { ...retry, delay_ms: -1 } }, '/retry_policy/delay_ms'],
    [{ trigger: { type: 'cron', conditions: {} } }, '/trigger/type'],
    [{ error_handling: { ...definition.error_handling, strategy: 'pray' } }, '/error_handling/strategy'],
  ])
})

test('quiet hours are times of a day, and a message has the one version', () => {
  const told = { in_app: true, push: false, email: false, sound: true, min_severity: 'info' }
  bounds(NotificationSettings, told, [
    [{ quiet_hours: { start: '22:00', end: '06:30', timezone: 'Europe/Berlin' } }],
    [{ quiet_hours: { start: '24:00', end: '06:30', timezone: 'UTC' } }, '/quiet_hours/start'],
    [{ quiet_hours: { start: '22:00', end: '6:30', timezone: 'UTC' } }, '/quiet_hours/end'],
    [{ min_severity: 'panic' }, '/min_severity'],
  ])
  const source = { agent_number: 0, agent_id: '' }
  const message = { id: '1', version: '1.0', type: 'request', timestamp: NOW, source }
  bounds(MCPMessage, message, [
    [{ version: '1.1' }, '/version'],
    [{ version: 1 }, '/version'],
    [{ timestamp: 'now' }, '/timestamp'],
    [{ error: { code: -32_000, message: words(10_000) } }],
    [{ error: { code: -32_000, message: words(10_001) } }, '/error/message'],
    [{ error: { code: 0.5, message: '' } }, '/error/code'],
    [{ target: { broadcast: true } }],
    [{ source: { ...source, agent_number: 10_000 } }, '/source/agent_number'],
  ])
})

test('a secret is bounded in every part, and a challenge is for one of three purposes', () => {
  const credential = { service_name: 's', credential_type: 'api_key', credential_data: { value: 'v' } }
  bounds(inputOf('credentials.store'), credential, [
    [{ credential_data: { value: words(65_536) } }],
    [{ credential_data: { value: words(65_537) } }, '/credential_data/value'],
    [{ credential_data: { value: '' } }, '/credential_data/value'],
    [
      { credential_data: { value: 'v', additional_fields: { user: 1 } } },
      '/credential_data/additional_fields/user',
    ],
    [{ metadata: { expires_at: NOW, auto_rotate: true } }],
    [{ metadata: { usage_count: 0 } }, '/metadata/usage_count'],
    [{ service_name: words(129) }, '/service_name'],
    [{ credential_type: 'ssh' }, '/credential_type'],
  ])
  bounds(inputOf('auth.biometric_challenge'), { purpose: 'login' }, [
    [{ purpose: 'operation', operation: 'credentials.get', input: { id: UUID } }],
    [{ purpose: 'logout' }, '/purpose'],
    [{ operation: words(129) }, '/operation'],
  ])
})
