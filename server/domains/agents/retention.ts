import { iso } from '../../kernel/clock.ts'
import { firstIdAt } from '../../kernel/ids.ts'
import { eraseAgent } from '../../kernel/store/erase.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Memories } from '../memory/index.ts'
import { countUpTo } from '../retention/impact.ts'
import type { Outdated } from '../retention/impact.ts'
import type { Sweep } from '../retention/index.ts'
import type { AgentTables } from './store.ts'

const EXECUTIONS_AT_ONCE = 500
const ROWS_AT_ONCE = 200
/** The tables in which one agent may have many rows, each with an id. */
const LARGE = ['executions', 'agent_mail'] as const

/** Executions that ended before the cutoff. */
export const forgetExecutions: Sweep = async (tx, { history }) => {
  const db = tx.tables<AgentTables>()
  const old = await db
    .selectFrom('executions')
    .select('id')
    .where('id', '<', firstIdAt(history))
    .where('ended_at', 'is not', null)
    .where('ended_at', '<', iso(history))
    .orderBy('id')
    .limit(EXECUTIONS_AT_ONCE)
    .execute()
  const ids = old.map(({ id }) => id)
  if (ids.length > 0) await db.deleteFrom('executions').where('id', 'in', ids).execute()
  return ids.length === EXECUTIONS_AT_ONCE
}

/** Agents that were deleted before the cutoff, one at a time, with all that they remember and have done. */
export function forgetAgents(memory: Pick<Memories, 'forgetWhere' | 'forgetRecords'>): Sweep {
  return async (tx, { deleted }) => {
    const db = tx.tables<AgentTables>()
    const gone = await db
      .selectFrom('agents')
      .select(['id', 'user_id', 'agent_number'])
      .where('deleted_at', '<', iso(deleted))
      .limit(1)
      .executeTakeFirst()
    if (gone === undefined) return false
    const { id: agent_id, user_id, agent_number } = gone
    const steps = await memory.forgetWhere(tx, { user_id, agent_id, agent_number }, { include_pinned: true })
    // One that has much goes with its last piece.
    if (steps.length > 0) return true
    if ((await memory.forgetRecords(tx, { user_id, agent_id })) > 0) return true
    for (const table of LARGE) if (forgetRows(tx, table, user_id, agent_id)) return true
    eraseAgent(tx.connection, agent_id)
    await db.deleteFrom('agents').where('id', '=', agent_id).execute()
    return true
  }
}

function forgetRows({ connection }: Tx, table: (typeof LARGE)[number], user_id: string, agent_id: string) {
  const some = `SELECT id FROM ${table} WHERE user_id = ? AND agent_id = ? LIMIT ${ROWS_AT_ONCE}`
  return connection.run(`DELETE FROM ${table} WHERE id IN (${some})`, [user_id, agent_id]) > 0
}

/** How many executions ended before the cutoff. */
export const oldExecutions: Outdated = (reader, { history }) =>
  countUpTo(
    reader
      .tables<AgentTables>()
      .selectFrom('executions')
      .select('id')
      .where('id', '<', firstIdAt(history))
      .where('ended_at', '<', iso(history)),
  )

/** How many agents were deleted before the cutoff. */
export const oldAgents: Outdated = (reader, { deleted }) =>
  countUpTo(
    reader.tables<AgentTables>().selectFrom('agents').select('id').where('deleted_at', '<', iso(deleted)),
  )
