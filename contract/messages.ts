import { Type } from 'typebox'
import { Agent, Memory, VoiceCommand, agents } from './agents.ts'
import type { LimitKind } from './limits.ts'
import { Nothing, area, object, operation } from './operation.ts'
import type { Operation, ProofRule } from './operation.ts'
import { AgentNumber, FreeMap, Id, Priority, Text, Time } from './shapes.ts'
import { Performance, SystemHealth } from './system.ts'
import { Workflow, WorkflowReceipt, workflows } from './workflows.ts'

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
  unreadable: -32_700,
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

export const messages = area('messages', {
  send: operation({
    http: 'POST /mcp',
    summary: 'Takes one message and answers one; a notification is answered with an empty object.',
    envelope: 'document',
    socket: { event: 'mcp:message' },
    input: MCPMessage,
    output: Type.Union([MCPMessage, Nothing]),
  }),
})

/** A method of the message protocol. */
export interface Method<P extends Type.TObject = Type.TObject, R extends Type.TSchema = Type.TSchema> {
  readonly summary: string
  readonly params: P
  readonly result: R
  readonly proof: ProofRule
  /** Windows that a call counts in, besides the request that carried it. */
  readonly limits: readonly LimitKind[]
  /** Name of the operation that does the same, for the methods that have one. */
  readonly operation?: string
  /** Params that have another name in the input of that operation. */
  readonly rename?: Readonly<Record<string, string>>
}

interface Shape<P extends Type.TObject, R extends Type.TSchema> {
  params: P
  result: R
  rename: Readonly<Record<string, string>>
}

/** A method that is an operation under another name, so that both have one rule for proof and limits. */
function twin<P extends Type.TObject, R extends Type.TSchema>(
  of: Pick<Operation, 'name' | 'summary' | 'proof' | 'limits'>,
  shape: Shape<P, R>,
) {
  const { name, summary, proof, limits } = of
  return { summary, proof, limits, operation: name, ...shape }
}

const stored = agents.memory_store.input.properties
const queried = agents.memory.input.properties

/** The six methods. The specification leaves their results open; those are decided by line C419 and C420. */
export const methods = {
  'agent.register': {
    summary:
      'Enters an agent from outside; it waits for an approval, then holds a token for its number alone.',
    proof: 'account' as const,
    limits: [],
    params: object({
      agent_number: Type.Integer({ minimum: 1, maximum: 9999 }),
      name: Text(80, 1),
      capabilities: Type.Array(Text(80, 1), { maxItems: 100 }),
      voice_commands: Type.Array(VoiceCommand, { maxItems: 200 }),
      config_schema: JSONSchema,
    }),
    result: object({
      agent_id: Type.String(),
      agent_number: AgentNumber,
      status: Type.Enum(['pending_approval', 'active']),
      token: Type.Optional(Type.String()),
      approval_id: Type.Optional(Id),
    }),
  },
  'agent.send_message': {
    summary:
      'Sends something to another agent of the user and waits at most 30 s for a reply if it wants one.',
    proof: 'none' as const,
    limits: [],
    params: object({
      target_agent: AgentNumber,
      message_type: Text(64, 1),
      data: Type.Unknown(),
      requires_response: Type.Boolean(),
    }),
    result: object({
      delivered_to: Type.Array(AgentNumber),
      message_id: Id,
      response: Type.Optional(Type.Unknown()),
    }),
  },
  'workflow.execute': twin(workflows.execute, {
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
  'system.get_state': {
    summary: 'The health of the system, and what else is asked for.',
    proof: 'none' as const,
    limits: [],
    params: object({
      include_agents: Type.Optional(Type.Boolean()),
      include_workflows: Type.Optional(Type.Boolean()),
      include_performance: Type.Optional(Type.Boolean()),
    }),
    result: object({
      health: SystemHealth,
      agents: Type.Optional(Type.Array(Agent)),
      workflows: Type.Optional(Type.Array(Workflow)),
      performance: Type.Optional(Performance),
    }),
  },
  'memory.store': twin(agents.memory_store, {
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
  'memory.query': twin(agents.memory, {
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
