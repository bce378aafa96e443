import { sql } from 'kysely'
import { firstIdAt, timeOfId } from '../../../kernel/ids.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { hot } from '../../../kernel/store/dialect.ts'
import { openTurns } from '../../../kernel/turns.ts'
import type { AgentTables } from '../store.ts'
import { trafficStore } from './store.ts'
import type { Traffic } from './store.ts'

/** How often something was used, with how many bytes, and when last, in epoch ms. */
export interface Uses {
  uses: number
  bytes: number
  last_used: number
}

/** What agents did and used since a time. Bytes of executions are those of what was asked and answered. */
export interface AgentUses {
  /** By agent id; agents that did nothing are not in it. */
  executions: ReadonlyMap<string, Uses>
  /** The executions that used the agent's memory. */
  memory: ReadonlyMap<string, Uses>
  /** From agents to hosts (`http:<host>`) and to other agents (their ids), the most used first. */
  between: readonly Traffic[]
}

/** Executions that one query reads, and such queries for one agent: beyond that the oldest are not counted. */
const PAGE = 2_000
const PAGES_MAX = 50
/** Bytes of a result that is looked into for what it used: a larger one would cost more to read than it tells. */
const LOOKED_INTO_MAX = 16_384

interface Page {
  uses: number
  bytes: number | null
  oldest: string | null
  newest: string | null
  memory_uses: number | null
  memory_bytes: number | null
  memory_newest: string | null
}

/** The newest executions of an agent before one of them, summed up. Lengths are known without reading what is long. */
const page = hot<AgentTables, { user_id: string; agent_id: string; from: string; before: string }, Page>(
  (db, value) =>
    db
      .selectFrom((eb) =>
        eb
          .selectFrom('executions')
          .select([
            'id',
            sql<number>`octet_length(command) + coalesce(octet_length(result), 0)`.as('bytes'),
            sql<number>`CASE WHEN octet_length(result) <= ${sql.lit(LOOKED_INTO_MAX)}
              AND json_valid(result)
              THEN instr(json_extract(result, '$.metadata.resources_used'), '"memory"') > 0 ELSE 0 END`.as(
              'remembers',
            ),
          ])
          .where('user_id', '=', value('user_id'))
          .where('agent_id', '=', value('agent_id'))
          .where('id', '>=', value('from'))
          .where('id', '<', value('before'))
          .orderBy('id', 'desc')
          .limit(sql.lit(PAGE))
          .as('newest'),
      )
      .select((eb) => [
        eb.fn.countAll<number>().as('uses'),
        eb.fn.sum<number | null>('bytes').as('bytes'),
        eb.fn.min<string | null>('id').as('oldest'),
        eb.fn.max<string | null>('id').as('newest'),
        eb.fn.sum<number | null>('remembers').as('memory_uses'),
        sql<number | null>`sum(bytes * remembers)`.as('memory_bytes'),
        sql<string | null>`max(CASE WHEN remembers THEN id END)`.as('memory_newest'),
      ]),
)

/** Greater than every id. */
const END = 'g'

/** Counts what the agents of a user did since a time, epoch ms. Others get a turn meanwhile. */
export async function readUses(
  { store, clock }: Pick<Kernel, 'store' | 'clock'>,
  user_id: string,
  agent_ids: readonly string[],
  since: number,
): Promise<AgentUses> {
  const { connection } = store.reader
  const breathe = openTurns(clock)
  const executions = new Map<string, Uses>()
  const memory = new Map<string, Uses>()
  const from = firstIdAt(since)
  for (const agent_id of agent_ids) {
    let before = END
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      await breathe()
      const [found] = page.all(connection, { user_id, agent_id, from, before })
      if (found === undefined || found.newest === null) break
      count(executions, agent_id, found.uses, found.bytes, found.newest)
      if (found.memory_newest !== null)
        count(memory, agent_id, found.memory_uses, found.memory_bytes, found.memory_newest)
      if (found.uses < PAGE || found.oldest === null) break
      before = found.oldest
    }
  }
  return { executions, memory, between: trafficStore.since(connection, user_id, since) }
}

function count(
  of: Map<string, Uses>,
  agent_id: string,
  uses: number | null,
  bytes: number | null,
  newest: string,
): void {
  const known = of.get(agent_id) ?? { uses: 0, bytes: 0, last_used: 0 }
  of.set(agent_id, {
    uses: known.uses + (uses ?? 0),
    bytes: known.bytes + (bytes ?? 0),
    last_used: Math.max(known.last_used, timeOfId(newest)),
  })
}
