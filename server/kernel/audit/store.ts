import type { Connection } from '../store/connection.ts'
import { hot } from '../store/dialect.ts'
import type { Migration } from '../store/migrate.ts'
import { GENESIS } from './chain.ts'
import type { AuditRow, ChainHead } from './chain.ts'
import type { Segment } from './segments.ts'

interface AuditTables {
  audit: AuditRow
}

const IS_CHAIN = `SELECT 1 FROM pragma_table_info('audit') WHERE name = 'mac'`

/** The audit as a chain. */
const CHAIN: readonly string[] = [
  `CREATE TABLE audit (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, request_id TEXT NOT NULL, actor TEXT,
    session_id TEXT, transport TEXT NOT NULL, operation TEXT NOT NULL, target TEXT, status INTEGER NOT NULL,
    outcome TEXT NOT NULL, ip TEXT NOT NULL, counted INTEGER NOT NULL,
    duration_ms REAL NOT NULL, mac TEXT NOT NULL)`,
  'CREATE INDEX audit_actor ON audit (actor, seq)',
  'CREATE INDEX audit_counted ON audit (time) WHERE counted = 1',
  `CREATE TABLE audit_segments (first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, mac_before TEXT NOT NULL,
    mac_after TEXT NOT NULL, from_time TEXT NOT NULL, to_time TEXT NOT NULL, sealed_at TEXT NOT NULL,
    seal TEXT NOT NULL)`,
]

export const auditMigrations: readonly Migration[] = [
  { name: 'audit-1', statements: CHAIN },
  {
    // The very first servers kept lines that nothing proves, under the same name. They are kept beside the chain, which
    // must hold nothing that could have been changed before it began.
    name: 'audit-2',
    unless: IS_CHAIN,
    statements: ['ALTER TABLE audit RENAME TO audit_unproven', 'DROP INDEX audit_actor', ...CHAIN],
  },
]

const insert = hot<AuditTables, AuditRow>((db, value) =>
  db.insertInto('audit').values({
    seq: value('seq'),
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
    counted: value('counted'),
    duration_ms: value('duration_ms'),
    mac: value('mac'),
  }),
)

const counted = hot<AuditTables, { since: string }, CountedCall>(
  (db, value) =>
    db
      .selectFrom('audit')
      .select(['actor', 'operation', 'time'])
      .where('counted', '=', 1)
      .where('time', '>', value('since'))
      .where('seq', '>', 0)
      .orderBy('time') as never,
)

/** A call that used up some of a quota. */
export interface CountedCall {
  actor: string
  operation: string
  time: string
}

/** The queries of the audit, on whatever connection reads or writes it. */
export const auditStore = {
  insert: (connection: Connection, row: AuditRow) => insert.run(connection, row),

  /** Calls since a time (ISO-8601) that used up some of a quota, oldest first. */
  counted: (connection: Connection, since: string): CountedCall[] => counted.all(connection, { since }),

  /** Whether the lines prove each other; it is not so before `audit-2` in data of the very first servers. */
  isChain: (connection: Connection): boolean => connection.all(IS_CHAIN, []).length > 0,

  /** The newest line or, when all are sealed and gone, the end of the last stretch. */
  head(connection: Connection): ChainHead {
    const [newest] = connection.all('SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1', [])
    if (newest === undefined) return auditStore.sealedHead(connection)
    return { seq: Number(newest['seq']), mac: String(newest['mac']) }
  },

  /** Where the chain stood after the last stretch that is gone. */
  sealedHead(connection: Connection): ChainHead {
    const [sealed] = connection.all(
      'SELECT last_seq, mac_after FROM audit_segments ORDER BY first_seq DESC LIMIT 1',
      [],
    )
    return sealed === undefined
      ? GENESIS
      : { seq: Number(sealed['last_seq']), mac: String(sealed['mac_after']) }
  },

  /** Lines after a number, oldest first. */
  after: (connection: Connection, seq: number, limit: number): AuditRow[] =>
    connection.all('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT +?', [
      seq,
      limit,
    ]) as unknown as AuditRow[],

  /** The newest lines, newest first. */
  newest: (connection: Connection, limit: number): AuditRow[] =>
    connection.all('SELECT * FROM audit WHERE seq > 0 ORDER BY seq DESC LIMIT +?', [
      limit,
    ]) as unknown as AuditRow[],

  /** How many lines have this number or a smaller one. */
  countUpTo(connection: Connection, seq: number): number {
    return Number(connection.all('SELECT count(*) AS lines FROM audit WHERE seq <= ?', [seq])[0]?.['lines'])
  },

  /** Lines of somebody before a number, newest first. */
  ofActor: (connection: Connection, actor: string, before: number, limit: number): AuditRow[] =>
    connection.all('SELECT * FROM audit WHERE actor = ? AND seq < ? AND seq > 0 ORDER BY seq DESC LIMIT +?', [
      actor,
      before,
      limit,
    ]) as unknown as AuditRow[],

  /** When the line of a number, or the next one that is there, was written. */
  timeAt(connection: Connection, seq: number): string | undefined {
    const [row] = connection.all('SELECT time FROM audit WHERE seq >= ? ORDER BY seq LIMIT 1', [seq])
    return row === undefined ? undefined : String(row['time'])
  },

  segments: (connection: Connection): Segment[] =>
    connection.all('SELECT * FROM audit_segments ORDER BY first_seq', []) as unknown as Segment[],

  /** Puts a seal in the place of the lines that it covers. */
  replace(connection: Connection, segment: Segment): void {
    const values = Object.values(segment)
    const names = Object.keys(segment).join(', ')
    connection.run(
      `INSERT INTO audit_segments (${names}) VALUES (${values.map(() => '?').join(', ')})`,
      values,
    )
    connection.run('DELETE FROM audit WHERE seq BETWEEN ? AND ?', [segment.first_seq, segment.last_seq])
  },
}
