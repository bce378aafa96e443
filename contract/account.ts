import { Type } from 'typebox'
import { MemorySource, agents, memoryType, tags } from './agents.ts'
import { UserPreferences } from './auth.ts'
import { area, object, operation } from './operation.ts'
import { AgentNumber, Id, Text, Time, next_cursor, nullable, page } from './shapes.ts'
import { WorkflowTrigger } from './triggers.ts'
import { workflows } from './workflows.ts'

/** Entries of all kinds that are brought in at once. */
const IMPORTED_MAX = 500

/** A document that a skill keeps for an agent, such as a reminder or an item of a list. `at` is its sort key. */
const record = {
  agent_number: AgentNumber,
  collection: Text(64, 1),
  group: Text(256),
  at: Type.Number({ description: 'What its group is ordered by: a time in epoch ms, or a place.' }),
  body: Type.Unknown(),
  created_at: Time,
}
export const AccountRecord = object({ id: Id, ...record })
export type AccountRecord = Type.Static<typeof AccountRecord>

/** What is brought in: as it was exported, without what the server gives. */
const AgentEntry = object({
  ...agents.create.input.properties,
  agent_number: Type.Integer({ minimum: 1, maximum: 9999 }),
})
const MemoryEntry = object({
  agent_number: AgentNumber,
  memory_type: memoryType,
  content: Type.Unknown(),
  tags,
  created_at: Time,
  expires_at: nullable(Time),
  source: MemorySource,
  trust: Type.Enum(['trusted', 'untrusted']),
  pinned: Type.Boolean(),
})
const RecordEntry = object(record)
/** What an agent itself has a workflow started by. The workflow has its name here: its id is another one elsewhere. */
const TriggerEntry = object({
  agent_number: AgentNumber,
  workflow: workflows.create.input.properties.name,
  ...WorkflowTrigger.properties,
})
/** Whether proof needs a passkey is left out: passkeys stay where they are. */
const { biometric_enabled: _stays, ...preferences } = UserPreferences.properties
const several = <T extends Type.TSchema>(entry: T) =>
  Type.Optional(Type.Array(entry, { maxItems: IMPORTED_MAX }))

const ImportInput = object({
  agents: several(AgentEntry),
  workflows: several(workflows.create.input),
  triggers: several(TriggerEntry),
  memories: several(MemoryEntry),
  records: several(RecordEntry),
  preferences: Type.Optional(Type.Partial(object(preferences), { additionalProperties: false })),
  dry_run: Type.Optional(Type.Boolean()),
})
export type ImportInput = Type.Static<typeof ImportInput>

const count = Type.Integer()
const counts = object({
  agents: count,
  workflows: count,
  triggers: count,
  memories: count,
  records: count,
  preferences: count,
})

/**
 * What came of it. `conflicts` were left out, each with the reason; `index` is the place in the list of its kind.
 * `warnings` are sentences about what acts by itself from then on, leaves the machine, is switched off, gives orders or is
 * trusted less than it was; at most 200, of which the last says how many more there are.
 */
export const Imported = object({
  created: counts,
  updated: counts,
  conflicts: Type.Array(
    object({
      kind: Type.Enum(['agents', 'workflows', 'triggers', 'memories', 'records', 'preferences']),
      index: Type.Integer(),
      name: Type.String(),
      reason: Type.String(),
    }),
  ),
  warnings: Type.Array(Type.String()),
  dry_run: Type.Boolean(),
})
export type Imported = Type.Static<typeof Imported>

export const account = area('account', {
  records: operation({
    http: 'GET /account/records',
    summary: 'Every document that the skills of the user’s agents keep, oldest first; for an export.',
    proof: 'account',
    input: object({ ...page }),
    output: object({ records: Type.Array(AccountRecord), next_cursor }),
  }),
  import: operation({
    http: 'POST /account/import',
    summary:
      'Brings in what was exported, with ids of its own; what cannot be brought in is named and left out.',
    proof: 'account',
    key: 'header',
    input: ImportInput,
    output: Imported,
  }),
})
