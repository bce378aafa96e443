import { Type } from 'typebox'
import { Agent, LogEntry } from './agents.ts'
import { area, object, operation } from './operation.ts'
import { GivenSpeechSettings, SpeechSettings } from './speech.ts'
import { AgentNumber, FreeMap, Id, Text, Time, next_cursor, nullable, page } from './shapes.ts'
import { ByteCount, Milliseconds, Percent, Seconds, Share, SuccessRate } from './units.ts'
import { Workflow } from './workflows.ts'

/** A service outside, as its last check found it, at most 60 s ago. `response_time` in milliseconds. */
export const ExternalServiceStatus = object({
  name: Type.String(),
  status: Type.Enum(['online', 'offline', 'degraded']),
  response_time: Milliseconds,
  last_check: Time,
})

const HealthStatus = Type.Enum(['healthy', 'degraded', 'unhealthy'])

/** `uptime` in seconds; usages in percent, 0 to 100; `network_latency` in milliseconds. Agents are the caller's own. */
export const SystemHealth = object({
  status: HealthStatus,
  uptime: Seconds,
  version: Type.String(),
  agents: object({ total: Type.Integer(), active: Type.Integer(), error: Type.Integer() }),
  resources: object({
    cpu_usage: Percent,
    memory_usage: Percent,
    disk_usage: Percent,
    network_latency: Milliseconds,
  }),
  external_services: Type.Array(ExternalServiceStatus),
})
export type SystemHealth = Type.Static<typeof SystemHealth>

/**
 * A node of any kind, despite the name of the list that holds it. `agent_number` is 0 for what is no agent. An agent is
 * `inactive` while it is switched off, and in `error` from a failed execution until the next success. A service, or
 * something outside, is there while it is used or was asked in the last 24 h, and `inactive` while all that uses it is.
 * `position` is the upper left corner of 180 by 56; where somebody moved a node to stands in `metadata.moved`, too.
 */
export const ArchitectureNode = object({
  id: Type.String(),
  agent_number: AgentNumber,
  name: Type.String(),
  type: Type.Enum(['agent', 'service', 'external_api']),
  status: Type.Enum(['active', 'inactive', 'error']),
  position: object({ x: Type.Number(), y: Type.Number() }),
  metadata: FreeMap,
})
export type ArchitectureNode = Type.Static<typeof ArchitectureNode>

/**
 * `source` and `target` are node ids. `data_flow`: steps of workflows hand on to each other, agents write to each other or
 * ask a host; `trigger`: what starts workflows, to the agents of their first steps; `dependency`: what an agent uses, or is
 * let into. It is `inactive` while its workflow, its trigger or either end is switched off; unused, it has no figures.
 */
export const ArchitectureConnection = object({
  id: Type.String(),
  source: Type.String(),
  target: Type.String(),
  type: Type.Enum(['data_flow', 'trigger', 'dependency']),
  status: Type.Enum(['active', 'inactive']),
  metadata: object({
    frequency: Type.Optional(Type.Number({ description: 'Uses an hour, over the last 24 h.' })),
    last_used: Type.Optional(Time),
    data_volume: Type.Optional(Type.Number({ description: 'Bytes in the last 24 h.' })),
  }),
})
export type ArchitectureConnection = Type.Static<typeof ArchitectureConnection>

/** A workflow in the picture (decision 20). `success_rate` is 0 to 1. */
export const ArchitectureWorkflow = object({
  id: Id,
  name: Type.String(),
  is_active: Type.Boolean(),
  trigger_type: Type.String(),
  steps: Type.Array(object({ id: Type.String(), agent_number: AgentNumber })),
  last_executed: nullable(Time),
  success_rate: SuccessRate,
})
export type ArchitectureWorkflow = Type.Static<typeof ArchitectureWorkflow>

export const SystemArchitecture = object({
  agents: Type.Array(ArchitectureNode),
  connections: Type.Array(ArchitectureConnection),
  workflows: Type.Array(ArchitectureWorkflow),
  mermaid_diagram: Type.String(),
})
export type SystemArchitecture = Type.Static<typeof SystemArchitecture>

const compared = <T extends Type.TSchema>(one: T) =>
  object({
    added: Type.Array(one),
    removed: Type.Array(one),
    changed: Type.Array(object({ before: one, after: one })),
  })

/**
 * What is different between two architectures, as they were configured: what happens at run time is no difference.
 * `from` and `to` are the times that were compared.
 */
export const ArchitectureDiff = object({
  from: Time,
  to: Time,
  same: Type.Boolean(),
  nodes: compared(ArchitectureNode),
  connections: compared(ArchitectureConnection),
  workflows: compared(ArchitectureWorkflow),
})
export type ArchitectureDiff = Type.Static<typeof ArchitectureDiff>

/** A time, or the change after which something was: the id of a modification. */
const Moment = Type.String({
  maxLength: 64,
  pattern:
    '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2}))$',
})

/**
 * What a change touches, found by simulating it: ids, the triggers that begin, end or change, the problems it would
 * cause, and what no rollback brings back. `routes` are those of the last 200 sentences that would go elsewhere, to an
 * agent and action or to nobody; `schedules` the next times that move.
 */
export const Impact = object({
  workflows: Type.Array(Id),
  triggers: Type.Array(Type.String()),
  executions: Type.Array(Id),
  problems: Type.Array(Type.String()),
  irreversible: Type.Array(Type.String()),
  routes: Type.Array(
    object({ text: Type.String(), from: nullable(Type.String()), to: nullable(Type.String()) }),
  ),
  schedules: Type.Array(
    object({ workflow_id: Id, name: Type.String(), before: nullable(Time), after: nullable(Time) }),
  ),
})
export type Impact = Type.Static<typeof Impact>

/** The one thing that a modification changes. Settings are one, whose `id` is `config`. */
export const ModificationTarget = object({
  kind: Type.Enum(['agent', 'workflow', 'setting', 'integration', 'grant', 'model', 'architecture']),
  id: Text(128, 1),
})
export type ModificationTarget = Type.Static<typeof ModificationTarget>

export const ModificationType = Type.Enum([
  'agent_config',
  'workflow_change',
  'system_setting',
  'architecture_change',
])

/**
 * A change with both states, secrets masked. `applied_by` is a user id, or `agent:<number>`. Additive: `target`; `patch`,
 * the change as a JSON patch (RFC 6902); `impact`, the structured form of `impact_assessment`; `proof`, the passkey that
 * signed it, or null; `state_hash`, of all that the user has configured, after the change; `rolls_back`, the change that
 * it took back, and `rolled_back_by`, the one that took it back, which may itself have been taken back since; `summary`,
 * what was changed with its values, in words.
 */
export const SystemModification = object({
  id: Id,
  type: ModificationType,
  description: Type.String(),
  before_state: FreeMap,
  after_state: FreeMap,
  applied_by: Type.String(),
  applied_at: Time,
  rollback_available: Type.Boolean(),
  impact_assessment: Type.String(),
  target: ModificationTarget,
  patch: Type.Array(
    object({
      op: Type.Enum(['add', 'remove', 'replace']),
      path: Type.String(),
      value: Type.Optional(Type.Unknown()),
    }),
  ),
  impact: Impact,
  proof: nullable(Type.String()),
  state_hash: Type.String(),
  rolls_back: nullable(Id),
  rolled_back_by: nullable(Id),
  summary: Type.String(),
})
export type SystemModification = Type.Static<typeof SystemModification>

const times = { count: Type.Integer(), p50: Milliseconds, p95: Milliseconds, p99: Milliseconds }

/** Measured over the last `window_ms`. Percentiles and delays in milliseconds, `error_rate` 0 to 1, memory in bytes. */
export const Performance = object({
  window_ms: Type.Integer(),
  requests: object({ ...times, error_rate: Share }),
  executions: object({ ...times, error_rate: Share }),
  queue: object({ waiting: Type.Integer(), running: Type.Integer() }),
  event_loop: object({ delay_p50: Milliseconds, delay_p99: Milliseconds, utilization: Share }),
  process: object({ cpu_usage: Percent, memory_rss: ByteCount, heap_used: ByteCount }),
  per_agent: Type.Array(object({ agent_number: AgentNumber, ...times, error_rate: Share })),
})
export type Performance = Type.Static<typeof Performance>

/** A line of the server's own log, secrets redacted. */
export const SystemLogEntry = object({
  id: Type.String(),
  level: LogEntry.properties.level,
  source: Type.String(),
  message: Type.String(),
  request_id: nullable(Type.String()),
  created_at: Time,
  details: FreeMap,
})
export type SystemLogEntry = Type.Static<typeof SystemLogEntry>

const thresholds = (maximum: number) =>
  object({ warning: Type.Number({ minimum: 0, maximum }), critical: Type.Number({ minimum: 0, maximum }) })
const alerts = {
  cpu_percent: thresholds(100),
  memory_percent: thresholds(100),
  slow_p95_ms: thresholds(600_000),
}
const Days = Type.Integer({ minimum: 1, maximum: 3650 })
const config = {
  software_passkeys: Type.Boolean(),
  deleted_retention_days: Days,
}
/** Additive. `hour` is of the server's time zone. */
const retention = { history_days: Days, logs_days: Days }
const backups = {
  keep: Type.Integer({ minimum: 1, maximum: 100 }),
  hour: Type.Integer({ minimum: 0, maximum: 23 }),
  daily: Type.Boolean(),
}

/**
 * Settings of the whole server: when to alert, whether passkeys kept in files count, how many days deletions can be
 * undone and what was done and logged is kept, backups, and what hears and speaks.
 */
export const SystemConfig = object({
  alerts: object(alerts),
  ...config,
  retention: object(retention),
  backups: object(backups),
  speech: SpeechSettings,
})
export type SystemConfig = Type.Static<typeof SystemConfig>

/**
 * What was stopped, and how far it had come: `done` of `total` items, which undoing `execution_id` brings back. Without
 * them it had no effect here; what was `begun` outside may have happened there.
 */
export const Stopped = object({
  execution_id: Id,
  agent_number: AgentNumber,
  action: Type.String(),
  done: Type.Optional(Type.Integer()),
  total: Type.Optional(Type.Integer()),
  begun: Type.Optional(Type.Boolean()),
  undoable: Type.Boolean(),
})
export type Stopped = Type.Static<typeof Stopped>

export const system = area('system', {
  health: operation({
    http: 'GET /system/health',
    summary: 'How the system is; strangers get the status word alone.',
    who: 'public',
    vital: true,
    output: Type.Union([SystemHealth, object({ status: HealthStatus })]),
  }),
  state: operation({
    http: 'GET /system/state',
    summary: 'The health of the system, and what else is asked for.',
    agents: true,
    message: 'system.get_state',
    input: object({
      include_agents: Type.Optional(Type.Boolean()),
      include_workflows: Type.Optional(Type.Boolean()),
      include_performance: Type.Optional(Type.Boolean()),
    }),
    output: object({
      health: SystemHealth,
      agents: Type.Optional(Type.Array(Agent)),
      workflows: Type.Optional(Type.Array(Workflow)),
      performance: Type.Optional(Performance),
    }),
  }),
  architecture: operation({
    http: 'GET /system/architecture',
    summary:
      'The user’s agents, services and workflows and how they are connected, as data and as a diagram; with `at`, as they were configured then.',
    input: object({ at: Type.Optional(Moment) }),
    output: SystemArchitecture,
  }),
  architecture_diff: operation({
    http: 'GET /system/architecture/diff',
    summary:
      'What changed in the architecture from one time, or change, to another; of a change alone, what that changed.',
    input: object({ from: Type.Optional(Moment), to: Type.Optional(Moment) }),
    output: ArchitectureDiff,
  }),
  modify: operation({
    http: 'POST /system/modify',
    summary: 'Merges a change into one target, or only simulates it with `dry_run`.',
    proof: 'strict',
    key: 'header',
    socket: {
      event: 'system:modify',
      drop: ['id', 'applied_by', 'applied_at', 'rollback_available', 'impact_assessment'],
    },
    // The specification's `SystemModification` has no `target`: without one, `after_state.id` names the agent or
    // workflow, and a setting needs no name.
    input: object({
      type: ModificationType,
      description: Text(500, 1),
      target: Type.Optional(ModificationTarget),
      after_state: FreeMap,
      before_state: Type.Optional(FreeMap),
      dry_run: Type.Optional(Type.Boolean()),
    }),
    output: SystemModification,
  }),
  rollback: operation({
    http: 'POST /system/rollback',
    summary: 'Takes back a change, the newest one unless named, or the last `steps`; itself a change.',
    proof: 'strict',
    key: 'header',
    input: object({
      modification_id: Type.Optional(Id),
      steps: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      reason: Type.Optional(Text(500)),
    }),
    output: SystemModification,
  }),
  performance: operation({
    http: 'GET /system/performance',
    summary: 'What was measured lately.',
    output: Performance,
  }),
  logs: operation({
    http: 'GET /system/logs',
    summary: 'The log of the server, newest first.',
    who: 'owner',
    input: object({
      level: Type.Optional(LogEntry.properties.level),
      source: Type.Optional(Text(64, 1)),
      since: Type.Optional(Time),
      request_id: Type.Optional(Text(128, 1)),
      ...page,
    }),
    output: object({ logs: Type.Array(SystemLogEntry), next_cursor }),
  }),
  config: operation({
    http: 'PUT /system/config',
    summary: 'Changes some settings of the server and answers all of them.',
    who: 'owner',
    proof: 'strict',
    input: Type.Partial(
      object({
        alerts: Type.Partial(object(alerts), { additionalProperties: false }),
        ...config,
        retention: Type.Partial(object(retention), { additionalProperties: false }),
        backups: Type.Partial(object(backups), { additionalProperties: false }),
        speech: GivenSpeechSettings,
      }),
      { additionalProperties: false },
    ),
    output: SystemConfig,
  }),
  settings: operation({
    http: 'GET /system/config',
    summary: 'The settings of the server.',
    who: 'owner',
    output: SystemConfig,
  }),
  modifications: operation({
    http: 'GET /system/modifications',
    summary: 'The changes that the user may see, newest first.',
    input: object({
      type: Type.Optional(ModificationType),
      target: Type.Optional(ModificationTarget.properties.id),
      applied_by: Type.Optional(Text(64, 1)),
      ...page,
    }),
    output: object({ modifications: Type.Array(SystemModification), next_cursor }),
  }),
  stop: operation({
    http: 'POST /stop',
    summary: 'Stops one execution, or everything that runs for the user, within a second.',
    unlimited: true,
    vital: true,
    socket: { event: 'agent:stop' },
    input: object({ execution_id: Type.Optional(Id) }),
    output: object({
      agent_executions: Type.Array(Id),
      workflow_executions: Type.Array(Id),
      undoable: Type.Array(Id),
      report: Type.Array(Stopped),
      text: Type.String(),
    }),
  }),
})
