import type { Connection } from '../../../kernel/store/connection.ts'
import { hot } from '../../../kernel/store/dialect.ts'
import type { Migration } from '../../../kernel/store/migrate.ts'

/** What passed between an agent and another one, or a host, in ten minutes of the clock. Ids of agents, or `http:<host>`. */
export interface TrafficRow {
  user_id: string
  /** Epoch ms at which the ten minutes begin. */
  slot: number
  source: string
  target: string
  uses: number
  bytes: number
  /** Epoch ms. */
  last_used: number
}

/** The same over a whole period. */
export type Traffic = Pick<TrafficRow, 'source' | 'target' | 'uses' | 'bytes' | 'last_used'>

interface Tables {
  agent_traffic: TrafficRow
}

export const trafficMigrations: readonly Migration[] = [
  {
    name: 'agent-traffic-1',
    statements: [
      `CREATE TABLE agent_traffic (user_id TEXT NOT NULL, slot INTEGER NOT NULL, source TEXT NOT NULL,
        target TEXT NOT NULL, uses INTEGER NOT NULL, bytes INTEGER NOT NULL, last_used INTEGER NOT NULL,
        PRIMARY KEY (user_id, slot, source, target)) WITHOUT ROWID`,
    ],
  },
]

/** Rows are counted together over so long: a day of one pair is at most 144 of them. */
const SLOT_MS = 600_000
const KEPT_MS = 90_000_000
/** Pairs of one user that are told; the most used ones. */
const PAIRS_MAX = 2_000

const add = hot<Tables, TrafficRow>((db, value) =>
  db
    .insertInto('agent_traffic')
    .values({
      user_id: value('user_id'),
      slot: value('slot'),
      source: value('source'),
      target: value('target'),
      uses: value('uses'),
      bytes: value('bytes'),
      last_used: value('last_used'),
    })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'slot', 'source', 'target']).doUpdateSet((eb) => ({
        uses: eb('agent_traffic.uses', '+', eb.ref('excluded.uses')),
        bytes: eb('agent_traffic.bytes', '+', eb.ref('excluded.bytes')),
        last_used: eb.ref('excluded.last_used'),
      })),
    ),
)
const prune = hot<Tables, { user_id: string; before: number }>((db, value) =>
  db.deleteFrom('agent_traffic').where('user_id', '=', value('user_id')).where('slot', '<', value('before')),
)
const since = hot<Tables, { user_id: string; slot: number; since: number }, Traffic>((db, value) =>
  db
    .selectFrom('agent_traffic')
    .select((eb) => [
      'source',
      'target',
      eb.fn.sum<number>('uses').as('uses'),
      eb.fn.sum<number>('bytes').as('bytes'),
      eb.fn.max('last_used').as('last_used'),
    ])
    .where('user_id', '=', value('user_id'))
    .where('slot', '>=', value('slot'))
    .where('last_used', '>=', value('since'))
    .groupBy(['source', 'target'])
    .orderBy('uses', 'desc')
    .orderBy('source')
    .orderBy('target')
    .limit(PAIRS_MAX),
)

/** What agents said to each other and asked of hosts, counted: what was said is kept elsewhere, or nowhere. */
export const trafficStore = {
  /** Counts something that passed just now, at `now` in epoch ms; what is older than a day goes. */
  add(
    connection: Connection,
    { user_id, source, target, uses, bytes }: Omit<TrafficRow, 'slot' | 'last_used'>,
    now: number,
  ): void {
    prune.run(connection, { user_id, before: now - KEPT_MS })
    add.run(connection, { user_id, slot: slotOf(now), source, target, uses, bytes, last_used: now })
  },
  /** What passed from a time on, to ten minutes, the most used pairs first. */
  since: (connection: Connection, user_id: string, from: number): Traffic[] =>
    since.all(connection, { user_id, slot: slotOf(from), since: from }),
}

function slotOf(time: number): number {
  return time - (time % SLOT_MS)
}
