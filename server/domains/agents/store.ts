import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Connection } from '../../kernel/store/connection.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { Migration } from '../../kernel/store/migrate.ts'
import { storedFields } from '../../kernel/stored.ts'

/** An agent. `config` is JSON; `outcomes` holds the last 20, oldest first, one letter each: s, f or t. */
export interface AgentRow {
  id: string
  user_id: string
  agent_number: number
  name: string
  name_key: string
  description: string
  config: string
  skill: string | null
  is_active: number
  voice_enabled: number
  created_at: string
  updated_at: string
  deleted_at: string | null
  last_execution: string | null
  last_error: string | null
  execution_count: number
  executing_count: number
  finished_count: number
  total_ms: number
  outcomes: string
}

/** One performance of an action. `command` and `result` are JSON. */
export interface ExecutionRow {
  id: string
  user_id: string
  agent_id: string
  agent_number: number
  action: string
  command: string
  status: 'queued' | 'executing' | 'completed' | 'failed'
  timeout_ms: number
  result: string | null
  /** JSON of how far an action in pieces has come, once it has. */
  progress: string | null
  /** 1 from the moment on from which something may have happened outside. */
  begun: number
  created_at: string
  started_at: string | null
  ended_at: string | null
}

/** How many of its pieces an action has done. */
export interface Progress {
  done: number
  total: number
}

export function toProgress(text: string | null): Progress | undefined {
  const made = text === null ? undefined : storedFields<Progress>(text)
  return typeof made?.done === 'number' && typeof made.total === 'number' ? made : undefined
}

export interface AgentTables {
  agents: AgentRow
  executions: ExecutionRow
}
type Db = Kysely<AgentTables>

export const agentMigrations: readonly Migration[] = [
  {
    name: 'agents-1',
    statements: [
      `CREATE TABLE agents (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, agent_number INTEGER NOT NULL, name TEXT NOT NULL,
        name_key TEXT NOT NULL, description TEXT NOT NULL, config TEXT NOT NULL, skill TEXT, is_active INTEGER NOT NULL,
        voice_enabled INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT,
        last_execution TEXT, last_error TEXT, execution_count INTEGER NOT NULL, executing_count INTEGER NOT NULL,
        finished_count INTEGER NOT NULL, total_ms REAL NOT NULL, outcomes TEXT NOT NULL) WITHOUT ROWID`,
      'CREATE UNIQUE INDEX agents_number ON agents (user_id, agent_number) WHERE deleted_at IS NULL',
      'CREATE UNIQUE INDEX agents_name ON agents (user_id, name_key) WHERE deleted_at IS NULL',
      `CREATE TABLE executions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, agent_id TEXT NOT NULL,
        agent_number INTEGER NOT NULL, action TEXT NOT NULL, command TEXT NOT NULL, status TEXT NOT NULL,
        timeout_ms INTEGER NOT NULL, result TEXT, created_at TEXT NOT NULL, started_at TEXT, ended_at TEXT) WITHOUT ROWID`,
      'CREATE INDEX executions_agent ON executions (user_id, agent_id, id)',
      `CREATE INDEX executions_open ON executions (user_id) WHERE status IN ('queued', 'executing')`,
    ],
  },
  {
    name: 'agents-2',
    statements: [
      'ALTER TABLE executions ADD COLUMN progress TEXT',
      'ALTER TABLE executions ADD COLUMN begun INTEGER NOT NULL DEFAULT 0',
    ],
  },
  {
    // Changes record a configuration with everything that it leaves out, and what is deleted as nothing: recorded otherwise,
    // it would be another state than that of the agent, as if somebody had changed it since.
    name: 'agents-3',
    statements: ['before_state', 'after_state'].map(
      (
        state,
      ) => `UPDATE modifications SET ${state} = CASE WHEN json_extract(${state}, '$.deleted_at') IS NULL THEN
        json_insert(json_remove(${state}, '$.deleted_at'), '$.config.api_keys', json('{}'),
          '$.config.preferences', json('{}'), '$.config.workflow_triggers', json('[]'),
          '$.config.voice_commands', json('[]'), '$.config.external_integrations', json('[]')) END
        WHERE kind = 'agent' AND seal IS NULL AND ${state} IS NOT NULL`,
    ),
  },
]

const byId = hot<AgentTables, { user_id: string; id: string }, AgentRow>((db, value) =>
  db
    .selectFrom('agents')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id'))
    .where('deleted_at', 'is', null),
)
const byNumber = hot<AgentTables, { user_id: string; agent_number: number }, AgentRow>((db, value) =>
  db
    .selectFrom('agents')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('agent_number', '=', value('agent_number'))
    .where('deleted_at', 'is', null),
)
const byIdAlsoDeleted = hot<AgentTables, { user_id: string; id: string }, AgentRow>((db, value) =>
  db.selectFrom('agents').selectAll().where('user_id', '=', value('user_id')).where('id', '=', value('id')),
)
type Activity = Pick<
  AgentRow,
  | 'id'
  | 'last_execution'
  | 'last_error'
  | 'execution_count'
  | 'executing_count'
  | 'finished_count'
  | 'total_ms'
  | 'outcomes'
>
const setActivity = hot<AgentTables, Activity>((db, value) =>
  db
    .updateTable('agents')
    .set({
      last_execution: value('last_execution'),
      last_error: value('last_error'),
      execution_count: value('execution_count'),
      executing_count: value('executing_count'),
      finished_count: value('finished_count'),
      total_ms: value('total_ms'),
      outcomes: value('outcomes'),
    })
    .where('id', '=', value('id')),
)
const insertExecution = hot<AgentTables, ExecutionRow>((db, value) =>
  db.insertInto('executions').values({
    id: value('id'),
    user_id: value('user_id'),
    agent_id: value('agent_id'),
    agent_number: value('agent_number'),
    action: value('action'),
    command: value('command'),
    status: value('status'),
    timeout_ms: value('timeout_ms'),
    result: value('result'),
    progress: value('progress'),
    begun: value('begun'),
    created_at: value('created_at'),
    started_at: value('started_at'),
    ended_at: value('ended_at'),
  }),
)
const setProgress = hot<AgentTables, Pick<ExecutionRow, 'id' | 'progress'>>((db, value) =>
  db
    .updateTable('executions')
    .set({ progress: value('progress') })
    .where('id', '=', value('id')),
)
const begin = hot<AgentTables, { id: string }>((db, value) =>
  db.updateTable('executions').set({ begun: 1 }).where('id', '=', value('id')),
)
const progress = hot<AgentTables, { id: string }, Pick<ExecutionRow, 'progress'>>((db, value) =>
  db.selectFrom('executions').select('progress').where('id', '=', value('id')),
)
const execution = hot<AgentTables, { user_id: string; id: string }, ExecutionRow>((db, value) =>
  db
    .selectFrom('executions')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id')),
)
const advance = hot<AgentTables, Pick<ExecutionRow, 'id' | 'status' | 'result' | 'started_at' | 'ended_at'>>(
  (db, value) =>
    db
      .updateTable('executions')
      .set({
        status: value('status'),
        result: value('result'),
        started_at: value('started_at'),
        ended_at: value('ended_at'),
      })
      .where('id', '=', value('id')),
)

const unfinished = hot<AgentTables, { user_id: string }, ExecutionRow>((db, value) =>
  db
    .selectFrom('executions')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    // As they stand, or the index of the unfinished is not used.
    .where('status', 'in', [sql.lit('queued' as const), sql.lit('executing' as const)])
    .orderBy('id'),
)

/** What the error of an execution begins with that was stopped. */
export const CANCELLED = 'CANCELLED:'
const ERROR = sql<string>`CASE WHEN json_valid(result) THEN coalesce(json_extract(result, '$.error'), '') ELSE '' END`

/** What was counted on from a damaged figure begins anew: it must keep no execution from ending. */
function figure(value: number): number {
  return Number.isFinite(value) ? value : 0
}

/** The queries of agents and their executions. */
export const agentStore = {
  /** By id, or by number in decimal digits. */
  find(connection: Connection, user_id: string, ref: string): AgentRow | undefined {
    if (/^\d{1,4}$/.test(ref)) return byNumber.all(connection, { user_id, agent_number: Number(ref) })[0]
    return byId.all(connection, { user_id, id: ref })[0]
  },
  /** The agent of an execution, also when it was deleted since: a rollback brings it back with its figures. */
  ofExecution: (
    connection: Connection,
    { user_id, agent_id }: Pick<ExecutionRow, 'user_id' | 'agent_id'>,
  ): AgentRow | undefined => byIdAlsoDeleted.all(connection, { user_id, id: agent_id })[0],
  setActivity: (connection: Connection, row: AgentRow) =>
    setActivity.run(connection, {
      ...row,
      execution_count: figure(row.execution_count),
      executing_count: figure(row.executing_count),
      finished_count: figure(row.finished_count),
      total_ms: figure(row.total_ms),
    }),

  list(
    db: Db,
    user_id: string,
    filter: { active?: boolean | undefined; after?: number | undefined; limit?: number | undefined } = {},
  ) {
    let query = db
      .selectFrom('agents')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('deleted_at', 'is', null)
    if (filter.active !== undefined) query = query.where('is_active', '=', filter.active ? 1 : 0)
    if (filter.after !== undefined) query = query.where('agent_number', '>', filter.after)
    query = query.orderBy('agent_number')
    return (filter.limit === undefined ? query : query.limit(filter.limit)).execute()
  },

  /** Numbers of agents, and of deleted ones that a log still names. */
  async numbersUsed(db: Db, user_id: string): Promise<Set<number>> {
    const rows = await db
      .selectFrom('agents')
      .select('agent_number')
      .where('user_id', '=', user_id)
      .where((eb) => eb.or([eb('deleted_at', 'is', null), eb('execution_count', '>', 0)]))
      .execute()
    return new Set(rows.map(({ agent_number }) => agent_number))
  },

  async counts(
    db: Db,
    user_id: string,
  ): Promise<{ total_count: number; active_count: number; error_count: number }> {
    const row = await db
      .selectFrom('agents')
      .select((eb) => [
        eb.fn.countAll<number>().as('total_count'),
        eb.fn.sum<number | null>('is_active').as('active_count'),
        // Those whose state is `error`: one that is switched off or at work says so first.
        eb.fn
          .countAll<number>()
          .filterWhere('is_active', '=', 1)
          .filterWhere('executing_count', '=', 0)
          .filterWhere('last_error', 'is not', null)
          .as('error_count'),
      ])
      .where('user_id', '=', user_id)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow()
    return { ...row, active_count: row.active_count ?? 0 }
  },

  /** Deleted ones, too. */
  all: (db: Db, user_id: string) =>
    db.selectFrom('agents').selectAll().where('user_id', '=', user_id).orderBy('id').execute(),

  /** Also when it is deleted. */
  anyById: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('agents')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  /** Users who have agents, but none of this number and never had one. */
  async usersWithout(db: Db, agent_number: number): Promise<string[]> {
    const rows = await db
      .selectFrom('agents')
      .select('user_id')
      .distinct()
      .where('user_id', 'not in', (eb) =>
        eb.selectFrom('agents').select('user_id').where('agent_number', '=', agent_number),
      )
      .execute()
    return rows.map(({ user_id }) => user_id)
  },

  insert: (db: Db, row: AgentRow) => db.insertInto('agents').values(row).execute(),

  update: (db: Db, user_id: string, id: string, change: Partial<AgentRow>) =>
    db.updateTable('agents').set(change).where('user_id', '=', user_id).where('id', '=', id).execute(),

  insertExecution: (connection: Connection, row: ExecutionRow) => insertExecution.run(connection, row),
  execution: (connection: Connection, user_id: string, id: string) =>
    execution.all(connection, { user_id, id })[0],
  unfinished: (connection: Connection, user_id: string) => unfinished.all(connection, { user_id }),
  advance: (connection: Connection, row: ExecutionRow) => advance.run(connection, row),
  setProgress: (connection: Connection, id: string, made: Progress) =>
    setProgress.run(connection, { id, progress: JSON.stringify(made) }),
  begin: (connection: Connection, id: string) => begin.run(connection, { id }),
  progress: (connection: Connection, id: string): Progress | undefined =>
    toProgress(progress.all(connection, { id })[0]?.progress ?? null),

  someExecutions: (db: Db, user_id: string, ids: readonly string[]) =>
    db.selectFrom('executions').selectAll().where('user_id', '=', user_id).where('id', 'in', ids).execute(),

  /**
   * Those of a user that ended as failed in a stretch of time, newest first: neither what was stopped nor the steps of
   * workflows, whose runs tell of them.
   */
  failed: (
    db: Db,
    user_id: string,
    { from_id, since, until, limit }: { from_id: string; since: string; until: string; limit: number },
  ) =>
    db
      .selectFrom('executions')
      .select(['agent_number', 'action', 'created_at', 'ended_at', ERROR.as('error')])
      .where('user_id', '=', user_id)
      .where('id', '>=', from_id)
      .where('status', '=', 'failed')
      .where('ended_at', '>=', since)
      .where('ended_at', '<', until)
      .where(
        sql`CASE WHEN json_valid(command) THEN json_extract(command, '$.context.workflow') END`,
        'is',
        null,
      )
      .where(sql`substr(${ERROR}, 1, ${CANCELLED.length})`, '!=', CANCELLED)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute(),

  executions(
    db: Db,
    user_id: string,
    agent_id: string,
    filter: {
      since?: string | undefined
      failed?: boolean | undefined
      id?: string | undefined
      before?: string | undefined
      limit: number
    },
  ) {
    let query = db
      .selectFrom('executions')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
    if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since)
    if (filter.failed !== undefined) query = query.where('status', filter.failed ? '=' : '!=', 'failed')
    if (filter.id !== undefined) query = query.where('id', '=', filter.id)
    if (filter.before !== undefined) query = query.where('id', '<', filter.before)
    return query.orderBy('id', 'desc').limit(filter.limit).execute()
  },
}
