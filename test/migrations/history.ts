import { createHash } from 'node:crypto'
import { MIGRATIONS } from '../../server/migrations.ts'
import { kernelMigrations } from '../../server/kernel/kernel.ts'
import type { Migration } from '../../server/kernel/store/migrate.ts'

/** All of today, in the order in which a start applies them. */
export const TODAY: readonly Migration[] = [...kernelMigrations, ...MIGRATIONS]

/**
 * Every migration in the order in which servers got them, each with the digest of its statements. Some installation has
 * each as it is, so none is ever edited: what must become otherwise is a migration of its own, at the end of this list.
 */
export const HISTORY: readonly (readonly [name: string, digest: string])[] = [
  ['audit-1', '3ba4c66f168a'],
  ['idempotency-1', '6f7e37d054b0'],
  ['events-1', '90a41c5efbb0'],
  ['jobs-1', '5ec42e89a347'],
  ['auth-1', '379930349ec1'],
  ['changes-1', '5a4c8db560ec'],
  ['notifications-1', '8c4918ea99fd'],
  ['memory-1', 'baff5f5e50c7'],
  ['agents-1', 'e1ff525836a8'],
  ['voice-1', '00bd1eee3c97'],
  ['passkeys-1', '1789b5ad9686'],
  ['changes-2', '050c4fef508d'],
  ['changes-3', 'b7d89a004668'],
  ['approvals-1', '664d66ebfe54'],
  ['jobs-2', '54529ece6032'],
  ['notifications-2', '659c2ef5b2aa'],
  ['memory-2', '3442b545bbd2'],
  ['agents-2', 'd52e717e1ed2'],
  ['agent-budgets-1', '6c192b0eac7a'],
  ['remote-agents-1', '8ed1843d5a67'],
  ['events-2', '47bb6be08d98'],
  ['agent-budgets-2', '9ffb08932cc8'],
  ['remote-agents-2', '68421b7f51cc'],
  ['workflows-1', '8279c49692db'],
  ['workflow-triggers-1', '84d13106aef0'],
  ['voice-2', 'd0b7a6e94c2c'],
  ['changes-4', '0ea9c19bb31f'],
  ['settings-1', 'e8fc28330951'],
  ['agent-traffic-1', 'fe03a30d44d8'],
  ['architecture-1', '910e105e0021'],
  ['changes-5', '3dd48eaba3af'],
  ['audit-2', '44bf4d6f16fe'],
  ['auth-2', '8a273f9b839a'],
  ['agents-3', '52799b00174d'],
  ['vault-1', '3fc329ed9dee'],
  ['approvals-2', '2fdd474de18d'],
  ['changes-6', '7e9b76d15595'],
  ['vault-2', '7f3264cde580'],
  ['integrations-1', '7a284ee6fe48'],
  ['memory-3', 'aaa7474fd64e'],
  ['vault-3', '7a7c1b2d24e2'],
  ['learnt-1', 'd3f4bded261e'],
  ['voice-3', 'a868e6dc033a'],
  ['voice-4', '9a596e20ae9d'],
  ['vault-4', 'd5690f329913'],
  ['voice-5', 'e797353eb6c6'],
  ['changes-7', 'a04b6e016167'],
]

/** The migrations of today as the history has them. */
export function inHistory(): Migration[] {
  const known = new Map(TODAY.map((migration) => [migration.name, migration]))
  return HISTORY.flatMap(([name]) => known.get(name) ?? [])
}

/** Tells an edited migration, however its lines are broken. */
export function digestOf({ statements, unless = '' }: Migration): string {
  const text = [unless, ...statements].map((one) => one.replaceAll(/\s+/g, ' ')).join(';')
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
