import { Type } from 'typebox'
import type { TObject } from 'typebox'
import { object } from '../../../../contract/operation.ts'
import { FreeMap, Language, Text } from '../../../../contract/shapes.ts'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'

/** Ten years; beyond, an interval is a mistake in the unit. */
const EVERY_MS_MAX = 315_576_000_000

/** The conditions of each type of trigger (decision 24). */
export const CONDITIONS = {
  manual: object({}),
  schedule: object({
    cron: Type.Optional(Type.String()),
    every_ms: Type.Optional(Type.Integer({ maximum: EVERY_MS_MAX })),
    at: Type.Optional(Type.String()),
    timezone: Type.Optional(Type.String()),
    catch_up: Type.Optional(Type.Enum(['none', 'one', 'all'])),
  }),
  webhook: object({
    secret: Type.Optional(Text(1024, 1)),
    method: Type.Optional(Type.Enum(['GET', 'POST', 'PUT'])),
    signed: Type.Optional(Type.Boolean()),
  }),
  voice_command: object({ phrase: Text(500, 1), language: Type.Optional(Language) }),
  agent_completion: object({
    action: Type.Optional(Text(80, 1)),
    success: Type.Optional(Type.Boolean()),
    match: Type.Optional(FreeMap),
  }),
} satisfies Record<WorkflowTrigger['type'], TObject>

export type Schedule = Type.Static<typeof CONDITIONS.schedule>
export type Completion = Type.Static<typeof CONDITIONS.agent_completion>

/** A slot of a phrase, as agents' voice commands write it. */
const SLOT = /\{([a-z][a-z0-9_]*)(?::[a-z0-9_]+)?\}/g

/** What `trigger` has in expressions, by type. */
const FIELDS: Record<WorkflowTrigger['type'], readonly string[]> = {
  manual: [],
  schedule: ['due'],
  webhook: ['body', 'headers', 'method', 'query'],
  voice_command: ['text'],
  agent_completion: ['agent_number', 'action', 'execution_id', 'result'],
}

/** The fields of `trigger` in expressions, or nothing where they cannot be told. */
export function triggerFields({
  type,
  conditions,
}: Partial<WorkflowTrigger>): ReadonlySet<string> | undefined {
  if (type === undefined) return undefined
  const fields = new Set(['type', 'source', ...FIELDS[type]])
  if (type !== 'voice_command') return fields
  const phrase = conditions?.['phrase']
  if (typeof phrase !== 'string') return undefined
  for (const [, slot = ''] of phrase.matchAll(SLOT)) fields.add(slot)
  return fields
}
