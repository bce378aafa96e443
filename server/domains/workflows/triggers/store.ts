import type { Kysely } from 'kysely'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { canonical } from '../../../kernel/canonical.ts'
import { digest } from '../../../kernel/crypto.ts'
import type { Connection } from '../../../kernel/store/connection.ts'
import { hot } from '../../../kernel/store/dialect.ts'
import type { Migration } from '../../../kernel/store/migrate.ts'
import type { ConfiguredAgent } from '../../agents/crud.ts'

/** Something that starts a workflow, while it is switched on. `conditions` is JSON. */
export interface TriggerRow {
  /** The workflow's id or, of an agent's own triggers, the agent's id and what they say. */
  key: string
  user_id: string
  workflow_id: string
  /** The agent whose configuration it is in; none for the workflow's own. */
  agent_id: string | null
  type: WorkflowTrigger['type']
  conditions: string
  source_agent: number | null
  /** When it was switched on: what times of a schedule are counted from. */
  since: string
  /** Epoch ms up to which the times of a schedule were seen to. */
  last_due: number | null
  /** Digest of the token of a webhook. */
  token_digest: string | null
}

export interface TriggerTables {
  workflow_triggers: TriggerRow
}
type Db = Kysely<TriggerTables>

export const triggerMigrations: readonly Migration[] = [
  {
    name: 'workflow-triggers-1',
    statements: [
      `CREATE TABLE workflow_triggers (key TEXT PRIMARY KEY, user_id TEXT NOT NULL, workflow_id TEXT NOT NULL,
        agent_id TEXT, type TEXT NOT NULL, conditions TEXT NOT NULL, source_agent INTEGER, since TEXT NOT NULL,
        last_due INTEGER, token_digest TEXT) WITHOUT ROWID`,
      'CREATE INDEX workflow_triggers_of ON workflow_triggers (user_id, type, source_agent)',
      'CREATE UNIQUE INDEX workflow_triggers_token ON workflow_triggers (token_digest) WHERE token_digest IS NOT NULL',
    ],
  },
]

const find = hot<TriggerTables, { key: string }, TriggerRow>((db, value) =>
  db.selectFrom('workflow_triggers').selectAll().where('key', '=', value('key')),
)
const byToken = hot<TriggerTables, { token_digest: string }, TriggerRow>((db, value) =>
  db.selectFrom('workflow_triggers').selectAll().where('token_digest', '=', value('token_digest')),
)
const completions = hot<TriggerTables, { user_id: string; source_agent: number }, TriggerRow>((db, value) =>
  db
    .selectFrom('workflow_triggers')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('type', '=', 'agent_completion')
    .where('source_agent', '=', value('source_agent'))
    .orderBy('key'),
)

/** What a configuration says of a trigger, without when it began. */
export type Wanted = Omit<TriggerRow, 'since' | 'last_due' | 'token_digest'>

/** The triggers of an agent, none while it is switched off, in the order of its list. */
export function wantedBy(agent: ConfiguredAgent): Wanted[] {
  return agent.is_active ? agent.config.workflow_triggers.flatMap((one) => wantedOf(agent, one) ?? []) : []
}

/**
 * A trigger in the configuration of an agent, if it is one that fires. What it says is its key: it stays the same, with
 * its webhook, wherever it stands in the list, and comes back as what it was; another one never gets its webhook.
 */
export function wantedOf(
  { id: agent_id, user_id, agent_number }: Pick<ConfiguredAgent, 'id' | 'user_id' | 'agent_number'>,
  { type, conditions: { workflow_id, ...others }, source_agent = agent_number }: WorkflowTrigger,
): Wanted | undefined {
  if (type === 'manual') return undefined
  const conditions = canonical(others)
  const source = type === 'agent_completion' ? source_agent : null
  const said = digest(canonical([type, workflow_id, conditions, source]))
  const key = `${agent_id}.${said.slice(0, KEY_CHARS)}`
  const row = { key, user_id, workflow_id: String(workflow_id), agent_id, type, conditions }
  return { ...row, source_agent: source }
}

/** As many as an id has bits. */
const KEY_CHARS = 22

/** The queries of what starts workflows. */
export const triggerStore = {
  find: (connection: Connection, key: string): TriggerRow | undefined => find.all(connection, { key })[0],
  byToken: (connection: Connection, token_digest: string): TriggerRow | undefined =>
    byToken.all(connection, { token_digest })[0],
  completions: (connection: Connection, user_id: string, source_agent: number) =>
    completions.all(connection, { user_id, source_agent }),

  put: (db: Db, row: TriggerRow) =>
    db
      .insertInto('workflow_triggers')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute(),

  remove: (db: Db, key: string) => db.deleteFrom('workflow_triggers').where('key', '=', key).execute(),

  setDue: (db: Db, key: string, last_due: number) =>
    db.updateTable('workflow_triggers').set({ last_due }).where('key', '=', key).execute(),

  /** Those in the configuration of an agent. */
  ofAgent: (db: Db, user_id: string, agent_id: string) =>
    db
      .selectFrom('workflow_triggers')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .execute(),

  ofWorkflow: (db: Db, user_id: string, workflow_id: string) =>
    db
      .selectFrom('workflow_triggers')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('workflow_id', '=', workflow_id)
      .orderBy('key')
      .execute(),

  ofType: (db: Db, user_id: string, type: TriggerRow['type']) =>
    db
      .selectFrom('workflow_triggers')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('type', '=', type)
      .orderBy('key')
      .execute(),
}
