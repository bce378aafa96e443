import type { Migration } from '../../kernel/store/migrate.ts'

export const workflowMigrations: readonly Migration[] = [
  {
    name: 'workflows-1',
    statements: [
      `CREATE TABLE workflows (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
        description TEXT NOT NULL, version INTEGER NOT NULL, is_active INTEGER NOT NULL, active_since TEXT,
        created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT, last_executed TEXT,
        execution_count INTEGER NOT NULL, finished_count INTEGER NOT NULL, completed_count INTEGER NOT NULL)
        WITHOUT ROWID`,
      'CREATE UNIQUE INDEX workflows_name ON workflows (user_id, name_key) WHERE deleted_at IS NULL',
      `CREATE TABLE workflow_versions (version INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL,
        workflow_id TEXT NOT NULL, definition TEXT NOT NULL)`,
      'CREATE INDEX workflow_versions_of ON workflow_versions (workflow_id)',
      `CREATE TABLE workflow_runs (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, workflow_id TEXT NOT NULL,
        version INTEGER NOT NULL, status TEXT NOT NULL, priority TEXT NOT NULL, trigger_source TEXT NOT NULL,
        trigger_data TEXT NOT NULL, input TEXT NOT NULL, depth INTEGER NOT NULL, replay_of TEXT, from_step TEXT,
        once_key TEXT, error TEXT, created_at TEXT NOT NULL, started_at TEXT, ended_at TEXT) WITHOUT ROWID`,
      'CREATE INDEX workflow_runs_of ON workflow_runs (user_id, workflow_id, id)',
      'CREATE INDEX workflow_runs_newest ON workflow_runs (user_id, id)',
      `CREATE INDEX workflow_runs_open ON workflow_runs (user_id) WHERE status IN ('queued', 'executing')`,
      'CREATE UNIQUE INDEX workflow_runs_once ON workflow_runs (workflow_id, once_key) WHERE once_key IS NOT NULL',
      `CREATE TABLE workflow_steps (run_id TEXT NOT NULL, step_id TEXT NOT NULL, user_id TEXT NOT NULL,
        status TEXT NOT NULL, attempts INTEGER NOT NULL, seq INTEGER NOT NULL, started_at TEXT, ended_at TEXT,
        input TEXT, result TEXT, error TEXT, execution_id TEXT, wake INTEGER, waits_for TEXT, answer TEXT, tries TEXT,
        PRIMARY KEY (run_id, step_id)) WITHOUT ROWID`,
      `CREATE INDEX workflow_steps_waiting ON workflow_steps (user_id, waits_for) WHERE status = 'waiting'`,
    ],
  },
]
