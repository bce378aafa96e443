import { Type } from 'typebox'
import { AgentCommand, AgentResponse, AgentStatus } from './agents.ts'
import { Approval, ApprovalStatus } from './approvals.ts'
import { User } from './auth.ts'
import { APIError } from './errors.ts'
import { operations } from './index.ts'
import { Notification } from './notifications.ts'
import { Nothing, object } from './operation.ts'
import type { Operation } from './operation.ts'
import { AgentNumber, AgentRef, FreeMap, Id, Text, Time, nullable } from './shapes.ts'
import { VoiceAudio, VoiceListening, VoiceProcessed } from './voice.ts'
import { SystemArchitecture, SystemHealth, SystemModification } from './system.ts'
import { Milliseconds, Share } from './units.ts'

/** An event with positional arguments: `args` names the fields of `input` in their order. */
export interface Call<I extends Type.TObject = Type.TObject> {
  readonly input: I
  readonly args: readonly string[]
}

/** The arguments in the order in which they are declared. */
function call<P extends Type.TProperties>(properties: P): Call<Type.TObject<P>> {
  return { input: object(properties), args: Object.keys(properties) }
}

/**
 * The error body of a failed client event. `message` repeats `error.message`, as in the specification's `Error`;
 * `event` and `request_id` are the client's own, when there was no acknowledgement to answer with.
 */
export const SocketError = object({
  ...APIError.properties,
  message: Type.String(),
  event: Type.Optional(Type.String()),
  request_id: Type.Optional(Type.String()),
})
export type SocketError = Type.Static<typeof SocketError>

/** What a client hears of its connection itself. `connect` and `disconnect` are told by the socket library. */
export const connection_events = {
  connect: call({}),
  disconnect: call({ reason: Type.String() }),
  error: call({ error: SocketError }),
  authenticated: call({ user: User }),
  unauthorized: call({ error: Type.String() }),
  /** What was heard so far of an utterance that is being said. */
  'voice:partial': call({
    partial: object({ utterance_id: Type.String(), text: Type.String(), confidence: Share }),
  }),
  /** A wake word was said: what follows is heard. */
  'voice:wake': call({ wake: object({ utterance_id: Type.String(), word: Type.String() }) }),
}

const StepStatus = Type.Enum(['completed', 'failed', 'skipped'])

/** What happens, by name, with its payload. Durations in milliseconds, `progress` and confidences 0 to 1. */
export const server_events = {
  'agent:status_changed': object({
    agent_id: Id,
    agent_number: AgentNumber,
    old_status: AgentStatus,
    new_status: AgentStatus,
  }),
  'agent:execution_started': object({ agent_id: Id, execution_id: Id, command: AgentCommand }),
  'agent:execution_completed': object({
    agent_id: Id,
    execution_id: Id,
    result: AgentResponse,
    duration: Milliseconds,
  }),
  'agent:error': object({ agent_id: Id, error: Type.String(), context: Type.Optional(FreeMap) }),
  'voice:command_received': object({
    text: Type.String(),
    confidence: Share,
    language: Type.String(),
  }),
  'voice:processing': object({
    status: Type.Enum(['transcribing', 'analyzing', 'routing', 'executing']),
    progress: Type.Optional(Share),
  }),
  'voice:response_ready': object({
    text: Type.String(),
    audio_url: Type.Optional(Type.String()),
    agent_response: Type.Optional(AgentResponse),
  }),
  'system:architecture_updated': object({
    changes: Type.Array(SystemModification),
    new_architecture: SystemArchitecture,
  }),
  'system:performance_alert': object({
    alert_type: Type.Enum(['high_cpu', 'high_memory', 'slow_response', 'agent_error']),
    severity: Type.Enum(['warning', 'critical']),
    details: FreeMap,
  }),
  'system:health_changed': object({ old_health: SystemHealth, new_health: SystemHealth }),
  'workflow:triggered': object({ workflow_id: Id, trigger_source: Type.String(), execution_id: Id }),
  // `status` is additive: the result of a skipped step is null and says nothing by itself.
  'workflow:step_completed': object({
    workflow_id: Id,
    execution_id: Id,
    step_id: Type.String(),
    result: Type.Unknown(),
    status: StepStatus,
  }),
  'workflow:completed': object({
    workflow_id: Id,
    execution_id: Id,
    success: Type.Boolean(),
    duration: Milliseconds,
    results: FreeMap,
  }),
  'agent:message': object({
    from_agent: AgentNumber,
    to_agent: AgentNumber,
    message_type: Type.String(),
    data: Type.Unknown(),
    timestamp: Time,
  }),
  'agent:broadcast': object({
    from_agent: AgentNumber,
    message_type: Type.String(),
    data: Type.Unknown(),
    target_agents: Type.Optional(Type.Array(AgentNumber)),
  }),
  'approval:requested': object({
    approval_id: Id,
    operation: Type.String(),
    impact_assessment: Type.String(),
    asked_by: Approval.properties.asked_by,
    expires_at: Time,
  }),
  'approval:decided': object({ approval_id: Id, operation: Type.String(), status: ApprovalStatus }),
  'credential:expiring': object({
    credential_id: Id,
    service_name: Type.String(),
    expires_at: Time,
    expired: Type.Boolean(),
  }),
  'credential:rotated': object({
    credential_id: Id,
    service_name: Type.String(),
    agent_number: AgentNumber,
    integration: Type.String(),
    expires_at: nullable(Time),
  }),
  'notification:created': Notification,
}
export type EventName = keyof typeof server_events
export type EventData<N extends EventName> = Type.Static<(typeof server_events)[N]>

/**
 * Second argument of every server event: its place among the user's events, from which `resume` goes on. Listeners
 * of the specification take the payload alone and do not see it.
 */
export const EventPlace = object({ seq: Type.Integer({ minimum: 1 }), created_at: Time })
export type EventPlace = Type.Static<typeof EventPlace>

/** An event of a client, with `data` of the acknowledgement that it succeeded. */
export interface ClientCall<
  I extends Type.TObject = Type.TObject,
  O extends Type.TSchema = Type.TSchema,
> extends Call<I> {
  readonly answer: O
}

function answered<P extends Type.TProperties, O extends Type.TSchema>(
  properties: P,
  answer: O,
): ClientCall<Type.TObject<P>, O> {
  return { ...call(properties), answer }
}

/** What a client may send that is about its connection and no operation. */
export const client_events = {
  'agent:subscribe': answered({ agent_id: AgentRef }, object({ agent_id: Id, agent_number: AgentNumber })),
  'agent:unsubscribe': answered({ agent_id: AgentRef }, Nothing),
  'voice:stop_listening': answered({}, Nothing),
  // The last piece is answered with what its sentence is.
  'voice:audio': answered({ audio: VoiceAudio }, Type.Union([VoiceListening, VoiceProcessed])),
  'system:subscribe_architecture': answered({}, Nothing),
  'system:unsubscribe_architecture': answered({}, Nothing),
  authenticate: answered({ token: Text(4096, 1) }, Nothing),
  resume: answered(
    { last_seq: Type.Integer({ minimum: 0 }) },
    object({ last_seq: Type.Integer({ minimum: 0 }), gap: Type.Boolean() }),
  ),
}
export type ClientEventName = keyof typeof client_events

/** The operations that a client may ask for by a socket event, by the event's name. */
export const operation_events: ReadonlyMap<string, Operation> = new Map(
  Object.values<Operation>(operations).flatMap((one) =>
    one.socket === undefined ? [] : [[one.socket.event, one] as const],
  ),
)
