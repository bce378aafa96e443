import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import type { TSchema } from 'typebox'
import { PROOF_FIELD } from '../contract/credentials.ts'
import { ERRORS } from '../contract/errors.ts'
import { client_events, connection_events, operation_events, server_events } from '../contract/events.ts'
import type { Call } from '../contract/events.ts'
import * as limits from '../contract/limits.ts'
import { MESSAGE_VERSION, methods } from '../contract/messages.ts'
import type { Method } from '../contract/messages.ts'
import type { Operation } from '../contract/operation.ts'
import { RetryPolicy } from '../contract/workflows.ts'
import { all, compare, compareFields, facts, find, requestOf, schemas, shapeOf } from './comparison.ts'
import type { Shape } from './comparison.ts'
import * as specification from './specification.ts'
import { addedEvents, addedOperations } from './specification/added.ts'
import type { CallFact, FieldFact, FieldType } from './specification.ts'

/** Every place where the contract is not the specification to the letter, as `compare` says it, with what allows it. */
const differences: Readonly<Record<string, string>> = {
  '+ UserPreferences.timezone': 'decision 34',
  '? LoginRequest.biometric_credential.authenticator_data': 'decision 12: a backup code has none',
  '? LoginRequest.biometric_credential.client_data_json': 'decision 12: a backup code has none',
  '+ AgentResponse.text': 'design/agents.md: what a skill says',
  '+! Agent.available_actions': 'design/agents.md',
  '+! GET /agents/:id.available_actions': 'design/agents.md',
  '+ GET /agents/:id.actions': 'design/agents.md: what its actions take, for whoever asks for it',
  '+ Credential.damaged': 'a row that was changed from outside is told as such',
  '+ Credential.restorable_until': 'line C055: the former secret is kept for a rollback window',
  '+ GET /credentials/:id.damaged': 'a row that was changed from outside is told as such',
  '+ GET /credentials/:id.restorable_until': 'line C055: the former secret is kept for a rollback window',
  '+ RegisterAgentRequest.params.actions': 'decision 15: schema and effect of an action',
  '+ AgentsListResponse.data.next_cursor': 'decisions, conventions: lists',
  '+ VoiceCommandRequest.text_fallback': 'line C223',
  '+ VoiceCommandResponse.data.audio_url': 'line C146',
  '+ Workflow.webhook_path': 'decision 24: how the user learns the token',
  '+ Workflow.webhook_secret': 'decision 24: what calls of a webhook are signed with',
  '+ Workflow.agent_webhooks': 'decision 24: how the user learns the tokens of agents’ own triggers',
  '+! SystemModification.target': 'decision 27',
  '+! SystemModification.impact': 'decision 27',
  '+! SystemModification.patch': 'decision 26: the change as a JSON patch',
  '+! SystemModification.proof': 'decision 26',
  '+! SystemModification.state_hash': 'decision 26: of all that is configured',
  '+! SystemModification.rolls_back': 'decision 26: which change it took back',
  '+! SystemModification.rolled_back_by': 'decision 26: which change took it back',
  '+! SystemModification.summary': 'decision 26: what was changed, in words',
  '| GET /system/health': 'decision 2: strangers get the status word alone',
  '? VoiceProcessingRequest.language': 'line C224',
  '+ VoiceProcessingRequest.text_input': 'line C223',
  '+ VoiceProcessingRequest.dry_run': 'line C046',
  '+ VoiceProcessingRequest.context.conversation_id': 'decision 34',
  '+! VoiceProcessingResponse.data.command_understood': 'decision 34',
  '+ VoiceProcessingResponse.data.agent_response': 'line C046: the command is executed',
  '+ VoiceProcessingResponse.data.execution_id': 'line C046: the command is executed',
  '+ VoiceProcessingResponse.data.proposal': 'a workflow that a sentence asks for',
  '+ VoiceProcessingResponse.data.workflow_id': 'a workflow that a sentence has made or started',
  '+ VoiceProcessingResponse.data.workflow_execution_id': 'a workflow that a sentence has started',
  '+ VoiceProcessingResponse.data.details': 'decision 13: the approval that a sentence waits for',
  '+! VoiceProcessingResponse.data.processing_ms': 'design/understanding.md',
  '- VoiceIntent.alternative_intents[].alternative_intents': 'line C238',
  '+! AgentRouting.reason': 'design/understanding.md',
  '+ BiometricSetupRequest.biometric_verification': 'decision 7: a later passkey needs proof',
  '+ BiometricSetupRequest.name': 'several passkeys a user',
  '? StoreCredentialRequest.biometric_verification': 'decision 10: or in the header',
  '+! GET /credentials/:id.credential_data': 'line C260',
  '~ APIError.error.code': 'the specification’s own list of codes',
  '+! error.error.success': 'line C284',
  '+! error.error.error': 'line C284',
  '+ error.error.event': 'design/operation.md',
  '+ error.error.request_id': 'design/operation.md',
  '+! workflow:step_completed.status': 'line C333',
  '? system:modify.modification.before_state': 'decision 27',
  '+ system:modify.modification.target': 'decision 27',
  '+ system:modify.modification.dry_run': 'decision 27',
  '+ system:modify.modification.biometric_verification': 'decision 10',
  '+ agent:execute.data.wait_for_completion': 'the REST twin has it',
  '+ agent:execute.data.timeout_ms': 'the REST twin has it',
}

// oxfmt-ignore
/** Fields of requests that the specification leaves open (line C501). */
const openRequests: Readonly<Record<string, string>> = {
  'POST /auth/refresh': 'refresh_token?',
  'POST /auth/biometric/verify': 'biometric_credential operation?',
  'PUT /auth/preferences': 'voice_enabled? default_voice_language? biometric_enabled? theme? notification_settings? timezone?',
  'GET /agents': 'limit? cursor? active?',
  'GET /agents/:id': 'actions?',
  'POST /agents': 'name description? agent_number? config? voice_enabled? is_active?',
  'PUT /agents/:id': 'name? description? voice_enabled? is_active? config?',
  'DELETE /agents/:id': 'force?',
  'GET /agents/:id/status': 'execution_id?',
  'GET /agents/:id/memory': 'memory_type? tags? since? q? include_superseded? limit? cursor?',
  'POST /agents/:id/memory': 'memory_type content ttl? tags? supersedes?',
  'GET /agents/:id/logs': 'level? since? execution_id? limit? cursor?',
  'GET /workflows': 'limit? cursor? active?',
  'POST /workflows': 'name description? definition is_active?',
  'PUT /workflows/:id': 'name? description? definition? is_active?',
  'POST /workflows/:id/execute': 'input_data? wait_for_completion? timeout_ms? priority? request_id?',
  'GET /workflows/:id/history': 'status? trigger_source? since? until? limit? cursor?',
  'POST /workflows/validate': 'definition? trigger? steps? error_handling? timeout_ms? retry_policy?',
  'GET /system/architecture': 'at?',
  'POST /system/modify': 'type description target? after_state before_state? dry_run?',
  'POST /system/rollback': 'modification_id? steps? reason?',
  'GET /system/logs': 'level? source? since? request_id? limit? cursor?',
  'PUT /system/config': 'alerts? software_passkeys? deleted_retention_days? retention? backups?',
  'GET /system/modifications': 'type? target? applied_by? limit? cursor?',
  'GET /voice/commands': 'limit? cursor?',
  'POST /voice/settings': 'language? voice_id? speech_rate? pitch? volume? wake_word_enabled? wake_words? noise_suppression? auto_transcription?',
  'POST /voice/synthesize': 'text language? voice_id? speech_rate? pitch? volume? format?',
  'POST /voice/train': 'samples language?',
  'GET /credentials': 'service_name? credential_type? limit? cursor?',
  'PUT /credentials/:id': 'service_name? credential_type? credential_data? metadata?',
  'DELETE /credentials/:id': 'force? shred?',
  'POST /credentials/verify': 'credential_id',
}

// oxfmt-ignore
/** Fields of answers that the specification leaves open (line C501). */
const openAnswers: Readonly<Record<string, string>> = {
  'POST /auth/biometric/verify': 'verified proof_token expires_at credential_id',
  'GET /agents/:id/status': 'state last_error health_score resource_usage executions | execution_id result? status',
  'GET /agents/:id/memory': 'memories total_count next_cursor?',
  'POST /agents/:id/memory':
    'id agent_number memory_type content tags created_at expires_at source trust pinned superseded_by updated_at',
  'GET /agents/:id/logs': 'logs next_cursor?',
  'GET /workflows': 'workflows total_count active_count next_cursor?',
  'POST /workflows/:id/execute': 'execution_id status results?',
  'GET /workflows/:id/history': 'executions next_cursor?',
  'POST /workflows/validate': 'valid errors warnings',
  'GET /system/performance': 'window_ms requests executions queue event_loop process per_agent',
  'GET /system/logs': 'logs next_cursor?',
  'PUT /system/config': 'alerts software_passkeys deleted_retention_days retention backups',
  'GET /system/modifications': 'modifications next_cursor?',
  'GET /voice/commands': 'commands next_cursor?',
  'GET /voice/capabilities': 'engines languages voices formats wake_word limits settings missing',
  'POST /voice/synthesize': 'audio_url audio_data? format duration',
  'POST /voice/train': 'accuracy_before accuracy_after samples modification_id',
  'GET /credentials': 'credentials total_count next_cursor?',
  'POST /credentials/verify': 'accessible decryptable expired last_used',
  'POST /credentials/backup': 'backup_codes generated_at',
}

/** What a client sends for an operation: one object, with its fields renamed back and those that are dropped. */
function argumentOf(of: Operation, fact: FieldFact): Shape {
  const { rename = {}, drop = [] } = of.socket ?? {}
  const { properties = {}, required = [] } = requestOf({ ...of, http: { ...of.http, path: '' } })
  const back = new Map(Object.entries(rename).map(([sent, own]) => [own, sent]))
  const fields = Object.entries(properties).map(([name, one]) => [back.get(name) ?? name, one] as const)
  const specified =
    typeof fact.type === 'object' && 'ref' in fact.type ? schemas.get(fact.type.ref) : undefined
  const dropped = drop.map((name) => [name, specified?.properties?.[name] ?? {}] as const)
  return {
    type: 'object',
    properties: Object.fromEntries([...fields, ...dropped]),
    required: [...required.map((name) => back.get(name) ?? name), ...drop],
  }
}

function compareCall({ name, args }: CallFact, call: Call | undefined): readonly string[] {
  assert(call, name)
  assert.deepEqual(call.args.length, args.length, name)
  const { properties = {}, required = [] } = shapeOf(call.input)
  return args.flatMap((fact, index) => {
    const own = call.args[index] ?? ''
    assert.equal(required.includes(own), !fact.optional, `${name} ${own}`)
    const type: FieldType =
      fact.name === 'error' && typeof fact.type === 'object'
        ? { fields: [{ name: 'message', type: 'string', optional: false }] }
        : fact.type
    return compare(`${name}.${fact.name}`, type, properties[own] ?? {})
  })
}

function compareClientEvent(fact: CallFact): readonly string[] {
  const of = operation_events.get(fact.name)
  if (of === undefined)
    return compareCall(fact, Object.entries<Call>(client_events).find(([name]) => name === fact.name)?.[1])
  if (of.socket?.args !== undefined) return compareCall(fact, { input: of.input, args: of.socket.args })
  return fact.args.flatMap((one) => compare(`${fact.name}.${one.name}`, one.type, argumentOf(of, one)))
}

function compareEverything(): readonly string[] {
  const types = specification.types.map(({ name, fields }) =>
    compareFields(name, fields, schemas.get(name) ?? {}),
  )
  const entities = specification.links.map(({ response = '', response_is, ...link }) =>
    response_is === 'data'
      ? compare(`${link.method} ${link.path}`, { ref: response }, shapeOf(find(link).output))
      : [],
  )
  const told = specification.serverEvents.map(({ name, fields }) =>
    compareFields(
      name,
      fields,
      shapeOf(Object.entries<TSchema>(server_events).find(([one]) => one === name)?.[1] ?? {}),
    ),
  )
  const connection = specification.connectionEvents.map((fact) =>
    compareCall(fact, Object.entries<Call>(connection_events).find(([name]) => name === fact.name)?.[1]),
  )
  return [
    ...types,
    ...entities,
    ...told,
    ...connection,
    ...specification.clientEvents.map(compareClientEvent),
  ].flat()
}

const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
const namesIn = (shape: Shape): string =>
  shape.anyOf?.map(namesIn).join(' | ') ??
  Object.keys(shape.properties ?? {})
    .filter((name) => name !== PROOF_FIELD)
    .map((name) => (shape.required?.includes(name) ? name : `${name}?`))
    .join(' ')

/** The fields of requests or answers that the specification leaves open, by endpoint. */
function openFields(kind: 'request' | 'response', shape: (of: Operation) => Shape): Record<string, string> {
  const linked = new Set(specification.links.filter((link) => link[kind] !== undefined).map(keyOf))
  const open = specification.endpoints.filter((endpoint) => !linked.has(keyOf(endpoint)))
  const fields = open.map((endpoint) => [keyOf(endpoint), namesIn(shape(find(endpoint)))] as const)
  return Object.fromEntries(fields.filter(([, names]) => names !== ''))
}

test('the contract has every endpoint of the specification, and beyond them only those that are listed', () => {
  const specified = specification.endpoints.map(keyOf)
  assert.equal(specified.length, 47)
  assert.deepEqual([...all.keys()].toSorted(), [...specified, ...Object.keys(addedOperations)].toSorted())
})

test('every endpoint has its envelope, its callers and its need for proof', () => {
  for (const endpoint of specification.endpoints) {
    const { who, proof, http } = find(endpoint)
    const strict = endpoint.section === 'credentials' || endpoint.section === 'system'
    const [key, envelope] = [
      keyOf(endpoint),
      endpoint.envelope === 'data+message' ? 'message' : endpoint.envelope,
    ]
    assert.equal(http.envelope, envelope, key)
    const rule = key === 'POST /auth/biometric/setup' ? 'enrol' : strict ? 'strict' : 'account'
    assert.equal(proof, endpoint.sensitive ? rule : 'none', key)
    // Signing out works with an expired token too (line C013), so that dispatch may not ask for a valid one.
    assert.equal(who, key === 'POST /auth/logout' ? 'public' : endpoint.who, key)
  }
})

test('every type, field and event is as the specification types it, but for the listed differences', () => {
  assert.deepEqual([...new Set(compareEverything())].toSorted(), Object.keys(differences).toSorted())
  for (const { name } of [...specification.types, ...specification.undefinedTypes])
    assert(schemas.has(name), name)
})

test('no request asks for more than the specification does', () => {
  const requests = specification.links.flatMap(({ request }) => request ?? [])
  const asking = compareEverything().filter((one) => one.startsWith('+!') || one.startsWith('!'))
  for (const name of [...requests, 'agent:', 'system:modify', 'voice:', 'workflow:execute']) {
    assert.deepEqual(
      asking.filter((one) => one.split(' ')[1]?.startsWith(name)),
      [],
    )
  }
})

test('requests and answers that the specification leaves open have exactly the listed fields', () => {
  assert.deepEqual(openFields('request', requestOf), openRequests)
  assert.deepEqual(
    openFields('response', (of) => shapeOf(of.output)),
    openAnswers,
  )
})

test('the contract has every event of the specification, and beyond them only those that are listed', () => {
  const { connectionEvents, serverEvents, clientEvents } = specification
  assert.deepEqual([connectionEvents.length, serverEvents.length, clientEvents.length], [5, 15, 9])
  const specified = [...connectionEvents, ...serverEvents, ...clientEvents].map(({ name }) => name)
  const own = [connection_events, server_events, client_events, Object.fromEntries(operation_events)].flatMap(
    Object.keys,
  )
  assert.deepEqual(own.toSorted(), [...specified, ...Object.keys(addedEvents)].toSorted())
})

test('the six message methods are those of the specification, and one that is an operation too says so there', () => {
  assert.deepEqual(
    Object.keys(methods),
    specification.messageMethods.map(({ method }) => method),
  )
  const twins = Object.entries<Method>(methods).flatMap(([name, { operation }]) =>
    operation ? `${operation.name} ${name}` : [],
  )
  const operationsWithMethod = [...all.values()].flatMap((one) =>
    one.message ? `${one.name} ${one.message}` : [],
  )
  assert.deepEqual(twins.toSorted(), operationsWithMethod.toSorted())
})

test('codes, tiers, headers and constants are those of the specification', () => {
  assert.deepEqual(
    Object.entries(ERRORS).map(([name, { code }]) => ({ name, code })),
    specification.errorCodes,
  )
  assert.deepEqual(limits.TIERS, specification.tiers)
  assert.deepEqual(
    limits.LIMIT_HEADERS,
    specification.rateLimitHeaders.map(({ name }) => name),
  )
  assert.deepEqual(limits.LIMIT_TYPES, specification.rateLimitHeaders.at(-1)?.values)
  const versions = [limits.VERSION_MEDIA_TYPE, limits.API_VERSION]
  assert.deepEqual(
    versions,
    specification.versionHeaders.map(({ example }) => example),
  )
  assert.equal(limits.VERSION_HEADER, specification.versionHeaders[1]?.name)
  const { version, message_version, access_token_minutes } = specification.constants
  assert.deepEqual([limits.API_VERSION, MESSAGE_VERSION], [version, message_version])
  assert.equal(limits.ACCESS_TOKEN_SECONDS, access_token_minutes * 60)
})

test('the comparison notices what is missing, added, optional, required, or of another type', () => {
  const fields = facts.get('RetryPolicy') ?? []
  const found = (changed: Record<string, TSchema>) =>
    compareFields('R', fields, shapeOf(Type.Object({ ...RetryPolicy.properties, ...changed })))
  assert.deepEqual(found({}), [])
  assert.deepEqual(found({ delay_ms: Type.String() }), ['~ R.delay_ms'])
  assert.deepEqual(found({ delay_ms: Type.Optional(Type.Number()) }), ['? R.delay_ms'])
  assert.deepEqual(found({ backoff_strategy: Type.Enum(['linear', 'fixed']) }), ['~ R.backoff_strategy'])
  assert.deepEqual(found({ own: Type.Number(), spare: Type.Optional(Type.Number()) }), [
    '+! R.own',
    '+ R.spare',
  ])
  const { delay_ms: _, ...rest } = RetryPolicy.properties
  assert.deepEqual(compareFields('R', fields, shapeOf(Type.Object(rest))), ['- R.delay_ms'])
  assert.deepEqual(
    compareFields(
      'R',
      [{ name: 'a', type: 'any', optional: true }],
      shapeOf(Type.Object({ a: Type.Unknown() })),
    ),
    ['! R.a'],
  )
})
