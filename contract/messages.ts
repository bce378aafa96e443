import { Type } from 'typebox'
import { Memory, VoiceCommand, agents } from './agents.ts'
import { Nothing, area, object, operation } from './operation.ts'
import type { Operation } from './operation.ts'
import { AgentNumber, AgentRef, FreeMap, Id, Priority, Text, Time } from './shapes.ts'
import { system } from './system.ts'
import { WorkflowReceipt, workflows } from './workflows.ts'

/** The one version of the message protocol. */
export const MESSAGE_VERSION = '1.0'

/** Numbers are those of JSON-RPC 2.0; `data.code` is the specification's own code (decision 30). */
export const MCPError = object({
  code: Type.Integer(),
  message: Text(10_000),
  data: Type.Optional(Type.Unknown()),
})
export type MCPError = Type.Static<typeof MCPError>

/** The numbers that `MCPError.code` may have; `refused` is for every refusal with a code of the specification. */
export const MESSAGE_ERRORS = {
  not_a_message: -32_600,
  unknown_method: -32_601,
  wrong_params: -32_602,
  internal: -32_603,
  refused: -32_000,
} as const

/**
 * The envelope of the specification's message protocol. A response repeats the request's `id`. `source` is checked
 * against the token: 0 for a user. `target` names one agent, or `broadcast` without one.
 */
export const MCPMessage = object({
  id: Text(128, 1),
  version: Type.Literal(MESSAGE_VERSION),
  type: Type.Enum(['request', 'response', 'notification', 'error']),
  method: Type.Optional(Text(128, 1)),
  params: Type.Optional(FreeMap),
  result: Type.Optional(Type.Unknown()),
  error: Type.Optional(MCPError),
  timestamp: Time,
  source: object({ agent_number: AgentNumber, agent_id: Text(64) }),
  target: Type.Optional(
    object({
      agent_number: Type.Optional(AgentNumber),
      agent_id: Type.Optional(Text(64)),
      broadcast: Type.Optional(Type.Boolean()),
    }),
  ),
})
export type MCPMessage = Type.Static<typeof MCPMessage>

/** A schema in JSON Schema draft 2020-12, read with bounds and without remote references. */
export const JSONSchema = FreeMap

/** What an agent from outside can do: one of its `capabilities`, told more closely. Effects are those of actions. */
export const RemoteAction = object({
  name: Text(80, 1),
  summary: Type.Optional(Text(500)),
  parameters: Type.Optional(JSONSchema),
  effect: Type.Optional(Type.Enum(['read', 'write', 'destructive', 'network'])),
  phrases: Type.Optional(Type.Array(Text(500, 1), { maxItems: 50 })),
})
export type RemoteAction = Type.Static<typeof RemoteAction>

const registration = {
  agent_number: Type.Integer({ minimum: 1, maximum: 9999 }),
  name: Text(80, 1),
  capabilities: Type.Array(Text(80, 1), { maxItems: 100 }),
  voice_commands: Type.Array(VoiceCommand, { maxItems: 200 }),
  config_schema: JSONSchema,
  actions: Type.Optional(Type.Array(RemoteAction, { maxItems: 100 })),
}

/** `agent_id` is empty as long as there is no such agent. */
export const Registered = object({
  agent_id: Type.String(),
  agent_number: AgentNumber,
  status: Type.Enum(['pending_approval', 'active']),
  token: Type.Optional(Type.String()),
  approval_id: Type.Optional(Id),
  expires_at: Type.Optional(Time),
})

export const Delivered = object({
  delivered_to: Type.Array(AgentNumber),
  message_id: Id,
  response: Type.Optional(Type.Unknown()),
})

/** Longest that a request for messages waits for some, and a request to another agent for its reply. */
export const WAIT_MS_MAX = 30_000

export const messages = area('messages', {
  send: operation({
    http: 'POST /mcp',
    summary: 'Takes one message and answers one; a notification is answered with an empty object.',
    envelope: 'document',
    socket: { event: 'mcp:message' },
    agents: true,
    carries: 'message',
    input: MCPMessage,
    output: Type.Union([MCPMessage, Nothing]),
  }),
  next: operation({
    http: 'POST /mcp/next',
    summary:
      'The messages for the agent that asks, waiting for some; those up to `after` were received and go.',
    agents: true,
    input: object({
      after: Type.Optional(Id),
      wait_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: WAIT_MS_MAX })),
    }),
    output: object({ messages: Type.Array(MCPMessage) }),
  }),
  answer: operation({
    http: 'POST /mcp/answers/:id',
    summary: 'Answers a request that the agent was sent.',
    agents: true,
    input: object({
      id: Id,
      result: Type.Optional(Type.Unknown()),
      error: Type.Optional(MCPError),
    }),
  }),
  heartbeat: operation({
    http: 'POST /mcp/heartbeat',
    summary: 'Says that the agent is still there.',
    agents: true,
    vital: true,
  }),
  register: operation({
    http: 'POST /agents/register',
    summary:
      'Enters an agent from outside; it waits for an approval, then holds a token for its number alone.',
    proof: 'account',
    message: 'agent.register',
    input: object(registration),
    output: Registered,
  }),
  renew: operation({
    http: 'POST /agents/renew',
    summary: 'Enters an agent from outside again, by its own token, as it was approved.',
    agents: true,
    input: object(registration),
    output: Registered,
  }),
  to: operation({
    http: 'POST /agents/:id/messages',
    summary:
      'Sends something to another agent of the user and waits at most 30 s for a reply if it wants one.',
    message: 'agent.send_message',
    limits: ['agent_executions_per_hour'],
    key: 'header',
    agents: true,
    input: object({
      id: AgentRef,
      message_type: Text(64, 1),
      data: Type.Unknown(),
      requires_response: Type.Boolean(),
    }),
    output: Delivered,
  }),
  broadcast: operation({
    http: 'POST /agents/broadcast',
    summary: 'Sends something to all active agents of the user but the sender, or to the given ones.',
    key: 'header',
    agents: true,
    input: object({
      message_type: Text(64, 1),
      data: Type.Unknown(),
      target_agents: Type.Optional(Type.Array(AgentNumber, { maxItems: 500, uniqueItems: true })),
    }),
    output: Delivered,
  }),
})

/** A method of the message protocol: an operation under another name, so that both have one rule for proof and limits. */
export interface Method<P extends Type.TObject = Type.TObject, R extends Type.TSchema = Type.TSchema> {
  readonly summary: string
  readonly params: P
  readonly result: R
  readonly operation: Operation
  /** The operation that does it for an agent with a token of its own, where that is another one. */
  readonly of_agents?: Operation
  /** Params that have another name in the input of the operation. */
  readonly rename: Readonly<Record<string, string>>
}

interface Shape<P extends Type.TObject, R extends Type.TSchema> {
  params: P
  result: R
  rename?: Readonly<Record<string, string>>
  of_agents?: Operation
}

function method<P extends Type.TObject, R extends Type.TSchema>(of: Operation, shape: Shape<P, R>) {
  return { summary: of.summary, operation: of, rename: {}, ...shape }
}

const stored = agents.memory_store.input.properties
const queried = agents.memory.input.properties

/** The six methods. The specification leaves their results open; those are decided by line C419 and C420. */
export const methods = {
  'agent.register': method(messages.register, {
    params: object(registration),
    result: Registered,
    of_agents: messages.renew,
  }),
  'agent.send_message': method(messages.to, {
    rename: { target_agent: 'id' },
    params: object({
      target_agent: AgentNumber,
      message_type: Text(64, 1),
      data: Type.Unknown(),
      requires_response: Type.Boolean(),
    }),
    result: Delivered,
  }),
  'workflow.execute': method(workflows.execute, {
    rename: { workflow_id: 'id' },
    params: object({
      workflow_id: Id,
      input_data: Type.Optional(Type.Unknown()),
      priority: Type.Optional(Priority),
    }),
    result: object({
      execution_id: WorkflowReceipt.properties.execution_id,
      status: WorkflowReceipt.properties.status,
    }),
  }),
  'system.get_state': method(system.state, {
    params: object(system.state.input.properties),
    result: system.state.output,
  }),
  'memory.store': method(agents.memory_store, {
    rename: { agent_number: 'id' },
    params: object({
      agent_number: AgentNumber,
      memory_type: stored.memory_type,
      content: stored.content,
      ttl: stored.ttl,
      tags: stored.tags,
    }),
    result: object({ memory_id: Id, expires_at: Type.Optional(Time) }),
  }),
  'memory.query': method(agents.memory, {
    rename: { agent_number: 'id' },
    params: object({
      agent_number: AgentNumber,
      memory_type: queried.memory_type,
      tags: queried.tags,
      limit: queried.limit,
      since: queried.since,
    }),
    result: object({ memories: Type.Array(Memory), total_count: Type.Integer() }),
  }),
} satisfies Record<string, Method>
export type MethodName = keyof typeof methods
