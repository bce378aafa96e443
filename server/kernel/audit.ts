import type { Clock } from './clock.ts'
import { iso } from './clock.ts'
import { Fault } from './fault.ts'
import type { Log } from './log.ts'
import { hot } from './store/dialect.ts'
import type { Migration } from './store/migrate.ts'
import type { Store, Tx } from './store/store.ts'

/** One call, whoever made it and however it ended. No bodies, no secrets. */
export interface AuditLine {
  request_id: string
  actor: string | null
  session_id: string | null
  transport: string
  /** Name of the operation, or `unknown`. */
  operation: string
  /** Id in the path, when there is one. */
  target: string | null
  status: number
  /** `ok`, or the error code. */
  outcome: string
  ip: string
  duration_ms: number
}

interface AuditRow extends AuditLine {
  time: string
}
interface AuditTables {
  audit: AuditRow & { seq: number }
}

export const auditMigrations: readonly Migration[] = [
  {
    name: 'audit-1',
    statements: [
      `CREATE TABLE audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, request_id TEXT NOT NULL, actor TEXT,
        session_id TEXT, transport TEXT NOT NULL, operation TEXT NOT NULL, target TEXT, status INTEGER NOT NULL,
        outcome TEXT NOT NULL, ip TEXT NOT NULL, duration_ms REAL NOT NULL)`,
      'CREATE INDEX audit_actor ON audit (actor, seq)',
    ],
  },
]

const insert = hot<AuditTables, AuditRow>((db, value) =>
  db.insertInto('audit').values({
    time: value('time'),
    request_id: value('request_id'),
    actor: value('actor'),
    session_id: value('session_id'),
    transport: value('transport'),
    operation: value('operation'),
    target: value('target'),
    status: value('status'),
    outcome: value('outcome'),
    ip: value('ip'),
    duration_ms: value('duration_ms'),
  } as never),
)

/** Lines of calls without an effect are written together, at most this long after the call. */
const GROUP_MS = 10
/** Lines that may wait for the writer; when it cannot keep up, calls are refused. */
const WAITING_MAX = 10_000

/** The record of every call. */
export class Audit {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Log
  #waiting: AuditRow[] = []
  #writing: Promise<void> = Promise.resolve()
  #scheduled = false

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
  }

  /** Writes the line of a call in the transaction of its effect. */
  write(tx: Tx, line: AuditLine): void {
    insert.run(tx.connection, { ...line, time: iso(this.#clock.now()) })
  }

  /** Writes the line of a call without an effect soon. */
  note(line: AuditLine): void {
    this.#waiting.push({ ...line, time: iso(this.#clock.now()) })
    if (this.#scheduled) return
    this.#scheduled = true
    this.#clock.after(GROUP_MS, () => void this.flush())
  }

  /** @throws Fault `SYSTEM_OVERLOADED` while too many lines wait to be written: nothing happens unrecorded. */
  admit(): void {
    if (this.#waiting.length >= WAITING_MAX) throw new Fault('SYSTEM_OVERLOADED', 'The audit cannot keep up.')
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    this.#scheduled = false
    const lines = this.#waiting
    if (lines.length === 0) return this.#writing
    this.#waiting = []
    this.#writing = this.#store
      .write((tx) => {
        for (const line of lines) insert.run(tx.connection, line)
        return Promise.resolve()
      })
      .catch((error: unknown) => {
        // A full disk passes: the lines are kept for the next try, up to the bound that refuses calls.
        this.#waiting = [...lines, ...this.#waiting]
        this.#log.error('audit lines could not be written', { lines: lines.length, error })
      })
    return this.#writing
  }
}
