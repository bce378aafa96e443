import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openConnection } from '../../server/kernel/store/connection.ts'
import type { Connection } from '../../server/kernel/store/connection.ts'
import { databasePath } from '../../server/kernel/store/open.ts'
import type { RunRow, StepRow } from '../../server/domains/workflows/store.ts'
import { HALVES, findHalves } from './halves.ts'
import type { Tortured, Trace } from './workflow-definition.ts'

export interface Run extends RunRow {
  /** As its input says. */
  name: string
  workflow: Tortured
}

export interface Execution {
  id: string
  /** Of the step that it is an attempt at: `run/step`. */
  key: string
  status: string
  begun: number
}

export interface Event {
  seq: number
  name: string
  data: Readonly<Record<string, unknown>>
}

/** All that is on the disk about runs. */
export interface State {
  /** By id. */
  runs: ReadonlyMap<string, Run>
  /** By `run/step`. */
  steps: ReadonlyMap<string, StepRow>
  /** By id. */
  executions: ReadonlyMap<string, Execution>
  events: readonly Event[]
  /** The texts of everything of a kind that was left. */
  traces: Readonly<Record<Trace, readonly string[]>>
  /** The run of each notification that one failed. */
  failures: readonly string[]
  /** Kind and key of the jobs of runs and executions. */
  jobs: readonly string[]
  /** What is there without what belongs to it; looked for when asked. */
  halves: readonly string[]
}

/** Before the first process. */
export const NOTHING: State = {
  runs: new Map(),
  steps: new Map(),
  executions: new Map(),
  events: [],
  traces: { item: [], reminder: [], note: [], notice: [] },
  failures: [],
  jobs: [],
  halves: [],
}

/** These hold for executions that users ask for. */
const OF_USERS = /audit line|receipt/

/** Reads what a killed process left, from a copy: the next process must find the log as it was. */
export function readState(data_dir: string, { halves }: { halves: boolean }): State {
  const folder = mkdtempSync(join(tmpdir(), 'paios-look-'))
  try {
    const [from, to] = [databasePath(data_dir), databasePath(folder)]
    if (!existsSync(from)) return NOTHING
    copyFileSync(from, to)
    if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`)
    const connection = openConnection(to, { synchronous: 'NORMAL' })
    try {
      return isNew(connection) ? NOTHING : { ...read(connection), halves: halves ? halved(connection) : [] }
    } finally {
      connection.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Killed before its tables were made. */
function isNew(connection: Connection): boolean {
  return connection.all(`SELECT name FROM sqlite_master WHERE name = 'workflow_runs'`, []).length === 0
}

function halved(connection: Connection): string[] {
  const kinds = Object.keys(HALVES).filter((half) => !OF_USERS.test(half))
  return findHalves(connection).filter(
    (found) => found.startsWith('integrity') || kinds.some((half) => found.startsWith(`${half}:`)),
  )
}

function read(connection: Connection): Omit<State, 'halves'> {
  const all = <T>(sql: string): T[] => connection.all(sql, []).map((row) => ({ ...row }) as unknown as T)
  const texts = (sql: string): string[] => all<{ text: string }>(sql).map(({ text }) => text)
  const record = (collection: string): string[] =>
    texts(`SELECT json_extract(body, '$.text') AS text FROM records WHERE collection = '${collection}'`)
  const runs = all<Run>(`SELECT r.*, json_extract(r.input, '$.name') AS name, w.name AS workflow
    FROM workflow_runs r JOIN workflows w ON w.id = r.workflow_id`)
  const executions = all<Execution>(
    `SELECT id, json_extract(command, '$.request_id') AS key, status, begun FROM executions`,
  )
  const events = all<{ seq: number; name: string; data: string }>('SELECT * FROM events ORDER BY seq')
  const failed = `json_extract(data, '$.execution_id') AS text FROM notifications WHERE text LIKE 'The workflow %'`
  return {
    runs: new Map(runs.map((run) => [run.id, run])),
    steps: new Map(
      all<StepRow>('SELECT * FROM workflow_steps').map((step) => [`${step.run_id}/${step.step_id}`, step]),
    ),
    executions: new Map(executions.map((one) => [one.id, one])),
    events: events.map(({ seq, name, data }) => ({ seq, name, data: JSON.parse(data) as Event['data'] })),
    traces: {
      item: record('item'),
      reminder: record('reminder'),
      note: texts(`SELECT json_extract(content, '$') AS text FROM memories WHERE memory_type = 'note'`),
      notice: texts(`SELECT text FROM notifications WHERE text NOT LIKE 'The workflow %'`),
    },
    failures: texts(`SELECT ${failed}`),
    jobs: texts(`SELECT kind || ' ' || key AS text FROM jobs
      WHERE kind IN ('workflows.run', 'agents.run', 'agents.away')`),
  }
}
