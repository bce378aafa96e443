import type { Connection } from '../../../kernel/store/connection.ts'
import { hot } from '../../../kernel/store/dialect.ts'
import type { Migration } from '../../../kernel/store/migrate.ts'
import type { Spent } from './budget.ts'

/** What an agent has spent on one day (`YYYY-MM-DD`) of its user's zone. */
interface SpendingRow extends Spent {
  user_id: string
  agent_id: string
  day: string
}
interface Tables {
  agent_spending: SpendingRow
}

export const budgetMigrations: readonly Migration[] = [
  {
    name: 'agent-budgets-1',
    statements: [
      `CREATE TABLE agent_spending (user_id TEXT NOT NULL, agent_id TEXT NOT NULL, day TEXT NOT NULL,
        calls INTEGER NOT NULL, tokens INTEGER NOT NULL, money REAL NOT NULL, seconds REAL NOT NULL,
        PRIMARY KEY (agent_id, day)) WITHOUT ROWID`,
    ],
  },
  {
    name: 'agent-budgets-2',
    statements: ['CREATE INDEX agent_spending_age ON agent_spending (day)'],
  },
]

/** Days that are kept: only today counts, and the others tell people for a while what their agents have used. */
const KEPT_DAYS = 90

const find = hot<Tables, { agent_id: string; day: string }, SpendingRow>((db, value) =>
  db
    .selectFrom('agent_spending')
    .selectAll()
    .where('agent_id', '=', value('agent_id'))
    .where('day', '=', value('day')),
)
const add = hot<Tables, SpendingRow>((db, value) =>
  db
    .insertInto('agent_spending')
    .values({
      user_id: value('user_id'),
      agent_id: value('agent_id'),
      day: value('day'),
      calls: value('calls'),
      tokens: value('tokens'),
      money: value('money'),
      seconds: value('seconds'),
    })
    .onConflict((conflict) =>
      conflict.columns(['agent_id', 'day']).doUpdateSet((eb) => ({
        calls: eb('agent_spending.calls', '+', eb.ref('excluded.calls')),
        tokens: eb('agent_spending.tokens', '+', eb.ref('excluded.tokens')),
        money: eb('agent_spending.money', '+', eb.ref('excluded.money')),
        seconds: eb('agent_spending.seconds', '+', eb.ref('excluded.seconds')),
      })),
    ),
)
const prune = hot<Tables, { before: string }>((db, value) =>
  db.deleteFrom('agent_spending').where('day', '<', value('before')),
)

/** What agents have spent, by day; what comes takes days away that nobody asks for any more. */
export const spendingStore = {
  find: (connection: Connection, agent_id: string, day: string): Spent | undefined =>
    find.all(connection, { agent_id, day })[0],
  /** Adds to what was spent on the day. */
  add(connection: Connection, row: SpendingRow): void {
    const before = Temporal.PlainDate.from(row.day).subtract({ days: KEPT_DAYS }).toString()
    prune.run(connection, { before })
    add.run(connection, row)
  },
}
