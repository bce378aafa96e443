import { Type } from 'typebox'
import { ExternalIntegration } from './integrations.ts'
import { area, object, operation } from './operation.ts'
import {
  AgentAction,
  AgentNumber,
  AgentRef,
  FreeMap,
  Id,
  Language,
  Priority,
  Text,
  Time,
  TimeoutMs,
  next_cursor,
  nullable,
  page,
} from './shapes.ts'
import { Bytes, CorePercent, Count, Health } from './units.ts'
import { AUDIO_BODY_BYTES_MAX } from './operation.ts'
import { WorkflowTrigger } from './triggers.ts'

/** A sentence that an agent understands (decision 20); `phrase` is a template with `{slot}`, `[optional]`, `(a|b)`. */
export const VoiceCommand = object({
  phrase: Text(500, 1),
  action: Text(80, 1),
  parameters: Type.Optional(FreeMap),
  language: Type.Optional(Language),
  examples: Type.Optional(Type.Array(Text(500, 1), { maxItems: 50 })),
})
export type VoiceCommand = Type.Static<typeof VoiceCommand>

/** Triggers that one agent can have. */
export const TRIGGERS_MAX = 50

/** Secret values are written in the clear and read back masked (decision 18). */
export const AgentConfig = object({
  api_keys: Type.Record(Type.String(), Text(65_536), { maxProperties: 50 }),
  preferences: FreeMap,
  workflow_triggers: Type.Array(WorkflowTrigger, { maxItems: TRIGGERS_MAX }),
  voice_commands: Type.Array(VoiceCommand, { maxItems: 200 }),
  external_integrations: Type.Array(ExternalIntegration, { maxItems: 50 }),
})
export type AgentConfig = Type.Static<typeof AgentConfig>

/** Measured over the last 60 s: percent of one core, bytes, calls, bytes. */
export const ResourceUsage = object({
  cpu_usage: CorePercent,
  memory_usage: Bytes,
  api_calls_per_minute: Type.Number({ description: 'Calls in the last 60 s.' }),
  network_usage: Type.Number({ description: 'Bytes in the last 60 s.' }),
})

/** `health_score` is 0 to 100 over the last 20 executions. */
export const AgentStatus = object({
  state: Type.Enum(['idle', 'executing', 'error', 'disabled']),
  last_error: nullable(Type.String()),
  health_score: Health,
  resource_usage: ResourceUsage,
})
export type AgentStatus = Type.Static<typeof AgentStatus>

/** `average_execution_time` in milliseconds over finished executions. `available_actions` is additive. */
export const Agent = object({
  id: Id,
  user_id: Id,
  agent_number: AgentNumber,
  name: Type.String(),
  description: Type.String(),
  config: AgentConfig,
  status: AgentStatus,
  is_active: Type.Boolean(),
  voice_enabled: Type.Boolean(),
  created_at: Time,
  updated_at: Time,
  last_execution: nullable(Time),
  execution_count: Count,
  average_execution_time: Type.Number({ description: 'Milliseconds, over finished executions.' }),
  available_actions: Type.Array(Type.String()),
})
export type Agent = Type.Static<typeof Agent>

/** `actions` are there when they were asked for. */
export const AgentDetail = object({ ...Agent.properties, actions: Type.Optional(Type.Array(AgentAction)) })
export type AgentDetail = Type.Static<typeof AgentDetail>

/** `user_id` must be the caller's own; the identity always comes from the token. */
export const AgentCommand = object({
  action: Text(80, 1),
  parameters: FreeMap,
  context: Type.Optional(FreeMap),
  user_id: Text(64),
  request_id: Text(128, 1),
  voice_input: Type.Optional(Type.Boolean()),
  priority: Priority,
})
export type AgentCommand = Type.Static<typeof AgentCommand>

/** `execution_time` in milliseconds without queueing; `error` begins with a code. `text` is additive: the answer in a sentence. */
export const AgentResponse = object({
  success: Type.Boolean(),
  data: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  metadata: object({
    execution_time: Type.Number({ description: 'Milliseconds, without waiting in a queue.' }),
    resources_used: Type.Array(Type.String()),
    next_suggested_actions: Type.Optional(Type.Array(Type.String())),
    workflow_triggered: Type.Optional(Type.Array(Type.String())),
  }),
})
export type AgentResponse = Type.Static<typeof AgentResponse>

/** `result` is present exactly when the status is `completed` or `failed`. */
export const Execution = object({
  execution_id: Id,
  result: Type.Optional(AgentResponse),
  status: Type.Enum(['queued', 'executing', 'completed', 'failed']),
})
export type Execution = Type.Static<typeof Execution>

/** Who said something: the user, or what an agent, a tool, a page, a file or an import brought. */
export const MemorySource = object({
  kind: Type.Enum(['user', 'agent', 'tool', 'web', 'file', 'import']),
  name: Type.Optional(Text(200)),
})
export type MemorySource = Type.Static<typeof MemorySource>

/** What did not come from the user is untrusted until the user confirms it, and never becomes a standing instruction. */
export const Trust = Type.Enum(['trusted', 'untrusted'])

/**
 * One thing that an agent remembers. `ttl` is in seconds. What is pinned does not expire; what is superseded stays, but
 * is found only when it is asked for. `source` and the fields after it are additive.
 */
export const Memory = object({
  id: Id,
  agent_number: AgentNumber,
  memory_type: Type.String(),
  content: Type.Unknown(),
  tags: Type.Array(Type.String()),
  created_at: Time,
  expires_at: nullable(Time),
  source: MemorySource,
  trust: Trust,
  pinned: Type.Boolean(),
  superseded_by: nullable(Id),
  updated_at: Time,
})
export type Memory = Type.Static<typeof Memory>

/** `execution_id` is what `undo` takes; it is there when something was forgotten. */
export const Forgotten = object({
  forgotten: Type.Integer(),
  memory_ids: Type.Array(Id),
  execution_id: Type.Optional(Id),
})
export type Forgotten = Type.Static<typeof Forgotten>

export const memoryType = Text(64, 1)
export const tags = Type.Array(Text(64, 1), { maxItems: 32 })
/** Seconds, at most ten years. */
export const ttl = Type.Integer({ minimum: 1, maximum: 315_360_000 })

export const LogEntry = object({
  id: Id,
  level: Type.Enum(['debug', 'info', 'warn', 'error']),
  message: Type.String(),
  execution_id: nullable(Id),
  created_at: Time,
  details: FreeMap,
})

const settable = {
  name: Text(80, 1),
  description: Text(2000),
  voice_enabled: Type.Boolean(),
  is_active: Type.Boolean(),
  config: Type.Partial(AgentConfig, { additionalProperties: false }),
}

export const agents = area('agents', {
  list: operation({
    http: 'GET /agents',
    summary: 'The agents of the user, by number; all of them unless `limit` is given.',
    input: object({ ...page, active: Type.Optional(Type.Boolean()) }),
    output: object({
      agents: Type.Array(Agent),
      total_count: Type.Integer(),
      active_count: Type.Integer(),
      next_cursor,
    }),
  }),
  create: operation({
    http: 'POST /agents',
    summary: 'Makes an agent of the user’s own.',
    proof: 'account',
    key: 'header',
    status: 201,
    input: object({
      name: settable.name,
      description: Type.Optional(settable.description),
      agent_number: Type.Optional(Type.Integer({ minimum: 1, maximum: 9999 })),
      config: Type.Optional(settable.config),
      voice_enabled: Type.Optional(settable.voice_enabled),
      is_active: Type.Optional(settable.is_active),
    }),
    output: Agent,
  }),
  get: operation({
    http: 'GET /agents/:id',
    summary: 'One agent, with `actions` also what it can do with which parameters.',
    input: object({ id: AgentRef, actions: Type.Optional(Type.Boolean()) }),
    output: AgentDetail,
  }),
  update: operation({
    http: 'PUT /agents/:id',
    summary:
      'Changes some fields of an agent; the others stay. Nothing where it was changed after `if_unmodified_since`.',
    proof: 'account',
    input: Type.Object(
      {
        id: AgentRef,
        ...Type.Partial(object(settable)).properties,
        if_unmodified_since: Type.Optional(Time),
      },
      { additionalProperties: false },
    ),
    output: Agent,
  }),
  delete: operation({
    http: 'DELETE /agents/:id',
    summary:
      'Deletes an agent; a rollback brings it back. One that active workflows use goes only by `force`: `details.workflows` names them.',
    proof: 'account',
    input: object({ id: AgentRef, force: Type.Optional(Type.Boolean()) }),
  }),
  restore: operation({
    http: 'POST /agents/:id/restore',
    summary: 'Brings a deleted agent back, as it was, with all that it remembers.',
    proof: 'account',
    key: 'header',
    input: object({ id: Id }),
    output: Agent,
  }),
  execute: operation({
    http: 'POST /agents/:id/execute',
    summary: 'Lets an agent perform one of its actions.',
    outcome: 'accepted',
    limits: ['agent_executions_per_hour'],
    key: 'command.request_id',
    socket: { event: 'agent:execute', rename: { agent_id: 'id' } },
    input: object({
      id: AgentRef,
      command: AgentCommand,
      wait_for_completion: Type.Optional(Type.Boolean()),
      timeout_ms: Type.Optional(TimeoutMs),
    }),
    output: Execution,
  }),
  status: operation({
    http: 'GET /agents/:id/status',
    summary: 'What an agent is doing, or one execution of it.',
    input: object({ id: AgentRef, execution_id: Type.Optional(Id) }),
    output: Type.Union([object({ ...AgentStatus.properties, executions: Type.Array(Execution) }), Execution]),
  }),
  voice: operation({
    http: 'POST /agents/:id/voice',
    summary: 'Understands a sentence that is meant for this agent and does it.',
    limits: ['voice_commands_per_hour', 'agent_executions_per_hour'],
    key: 'header',
    body_bytes_max: AUDIO_BODY_BYTES_MAX,
    input: object({
      id: AgentRef,
      audio_data: Type.Optional(Type.String({ maxLength: 14_680_064 })),
      text_input: Type.Optional(Text(100_000)),
      text_fallback: Type.Optional(Text(100_000)),
      language: Type.Optional(Language),
      context: Type.Optional(FreeMap),
    }),
    output: object({
      transcribed_text: Type.String(),
      command_understood: Type.Boolean(),
      agent_response: AgentResponse,
      voice_response: Type.Optional(Type.String()),
      audio_url: Type.Optional(Type.String()),
    }),
  }),
  memory: operation({
    http: 'GET /agents/:id/memory',
    summary: 'What an agent remembers, newest first; ranked by relevance with `q`.',
    message: 'memory.query',
    agents: true,
    input: object({
      id: AgentRef,
      memory_type: Type.Optional(memoryType),
      tags: Type.Optional(tags),
      since: Type.Optional(Time),
      q: Type.Optional(Text(1000, 1)),
      include_superseded: Type.Optional(Type.Boolean()),
      ...page,
    }),
    output: object({ memories: Type.Array(Memory), total_count: Type.Integer(), next_cursor }),
  }),
  memory_store: operation({
    http: 'POST /agents/:id/memory',
    summary: 'Lets an agent remember something; what it knows already is refreshed, not kept twice.',
    key: 'header',
    status: 201,
    message: 'memory.store',
    agents: true,
    input: object({
      id: AgentRef,
      memory_type: memoryType,
      content: Type.Unknown(),
      ttl: Type.Optional(ttl),
      tags: Type.Optional(tags),
      supersedes: Type.Optional(Id),
    }),
    output: Memory,
  }),
  memory_update: operation({
    http: 'PUT /agents/:id/memory/:memory_id',
    summary: 'Tags, pins, confirms or retires something that an agent remembers.',
    input: object({
      id: AgentRef,
      memory_id: Id,
      tags: Type.Optional(tags),
      memory_type: Type.Optional(memoryType),
      pinned: Type.Optional(Type.Boolean()),
      trust: Type.Optional(Trust),
      superseded_by: Type.Optional(nullable(Id)),
    }),
    output: Memory,
  }),
  memory_forget: operation({
    http: 'DELETE /agents/:id/memory/:memory_id',
    summary: 'Lets an agent forget one thing; undoing it by its `execution_id` brings it back.',
    input: object({ id: AgentRef, memory_id: Id }),
    output: Forgotten,
  }),
  memory_clear: operation({
    http: 'DELETE /agents/:id/memory',
    summary:
      'Lets an agent forget what all the given filters fit, oldest first and at most 500 at once; can be undone.',
    input: object({
      id: AgentRef,
      memory_type: Type.Optional(memoryType),
      tags: Type.Optional(tags),
      before: Type.Optional(Time),
      trust: Type.Optional(Trust),
      include_pinned: Type.Optional(Type.Boolean()),
    }),
    output: Forgotten,
  }),
  memory_export: operation({
    http: 'GET /agents/:id/memory/export',
    summary: 'Everything that an agent remembers, oldest first, with what was superseded.',
    input: object({ id: AgentRef, ...page }),
    output: object({ memories: Type.Array(Memory), next_cursor }),
  }),
  logs: operation({
    http: 'GET /agents/:id/logs',
    summary: 'What an agent did, newest first.',
    input: object({
      id: AgentRef,
      level: Type.Optional(LogEntry.properties.level),
      since: Type.Optional(Time),
      execution_id: Type.Optional(Id),
      ...page,
    }),
    output: object({ logs: Type.Array(LogEntry), next_cursor }),
  }),
  undo: operation({
    http: 'POST /agents/executions/:id/undo',
    summary: 'Takes back what an execution did to daily data; undoing an undo does it again.',
    key: 'header',
    input: object({ id: Id }),
    output: object({ execution_id: Id, undone: Id, text: Type.String() }),
  }),
  stop: operation({
    http: 'POST /agents/executions/:id/stop',
    summary: 'Stops one execution.',
    unlimited: true,
    vital: true,
    input: object({ id: Id }),
    output: Execution,
  }),
})
