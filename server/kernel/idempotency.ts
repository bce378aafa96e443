import { iso } from './clock.ts'
import { Fault } from './fault.ts'
import type { Connection } from './store/connection.ts'
import { hot } from './store/dialect.ts'
import type { Migration } from './store/migrate.ts'

/** A call that must have one effect, however often it is sent. */
export interface Once {
  user_id: string
  operation: string
  key: string
  /** Digest of the canonical input. */
  digest: string
}

interface Row extends Once {
  receipt: string
  created_at: string
}
interface Tables {
  idempotency: Row
}

export const idempotencyMigrations: readonly Migration[] = [
  {
    name: 'idempotency-1',
    statements: [
      `CREATE TABLE idempotency (user_id TEXT NOT NULL, operation TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL,
        receipt TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (user_id, operation, key)) WITHOUT ROWID`,
      'CREATE INDEX idempotency_age ON idempotency (created_at)',
    ],
  },
]

const find = hot<Tables, Pick<Once, 'user_id' | 'operation' | 'key'>, Row>((db, value) =>
  db
    .selectFrom('idempotency')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('operation', '=', value('operation'))
    .where('key', '=', value('key')),
)
const insert = hot<Tables, Row>((db, value) =>
  db.insertInto('idempotency').values({
    user_id: value('user_id'),
    operation: value('operation'),
    key: value('key'),
    digest: value('digest'),
    receipt: value('receipt'),
    created_at: value('created_at'),
  }),
)
const prune = hot<Tables, { before: string }>((db, value) =>
  db.deleteFrom('idempotency').where('created_at', '<', value('before')),
)

const KEPT_MS = 86_400_000

/** Receipts of calls by their key, kept for at least 24 hours (decision 16); each one that comes takes older ones away. */
export const idempotency = {
  /** @throws Fault `VALIDATION_ERROR` (409) when the key was used for another input. */
  find(connection: Connection, once: Once): { receipt: unknown } | undefined {
    const [row] = find.all(connection, once)
    if (row === undefined) return undefined
    if (row.digest !== once.digest) {
      throw new Fault(
        'VALIDATION_ERROR',
        'This key was used for another request.',
        { key: once.key },
        { status: 409 },
      )
    }
    return { receipt: JSON.parse(row.receipt) as unknown }
  },
  keep(connection: Connection, once: Once, receipt: unknown, created_at: string): void {
    prune.run(connection, { before: iso(Date.parse(created_at) - KEPT_MS) })
    insert.run(connection, { ...once, receipt: JSON.stringify(receipt), created_at })
  },
}
