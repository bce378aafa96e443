import { totalmem } from 'node:os'
import { DatabaseSync, backup } from 'node:sqlite'
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

export type Value = string | number | bigint | null | Uint8Array
export type Row = Record<string, SQLOutputValue>

/** One connection to the embedded database. Statements are prepared once and kept. */
export interface Connection {
  all(sql: string, values: readonly unknown[]): Row[]
  /** Number of rows changed. */
  run(sql: string, values: readonly unknown[]): number
  exec(sql: string): void
  close(): void
}

/** Bytes that the write-ahead log is cut down to when it has grown beyond them. */
const LOG_BYTES_MAX = 67_108_864
/** The share of the memory that the pages of a connection may take: what is asked for often is read from the disk once. */
const CACHE_SHARE = 1 / 32
const CACHE_KIB_MIN = 16_384
const CACHE_KIB_MAX = 1_048_576
/** Prepared statements kept a connection; the least recently made goes first. */
const STATEMENTS_MAX = 500

/**
 * Opens the database the one way in which its promises hold: WAL, at least NORMAL, foreign keys, secure delete; each
 * setting is read back.
 *
 * @param synchronous - FULL while starting (migrations, the first checkpoint), NORMAL once commits are synced in groups.
 * @throws Error when the file system does not give WAL.
 */
export function openConnection(
  path: string,
  options: { synchronous: 'FULL' | 'NORMAL'; read_only?: boolean },
): Connection {
  return wrap(openDatabase(path, options))
}

function openDatabase(
  path: string,
  options: { synchronous: 'FULL' | 'NORMAL'; read_only?: boolean },
): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true })
  const pragma = (text: string): unknown => Object.values(database.prepare(`PRAGMA ${text}`).get() ?? {})[0]
  const mode = pragma('journal_mode=WAL')
  if (mode !== 'wal')
    throw new Error(`The database at ${path} has journal mode ${String(mode)} instead of wal.`)
  database.exec(
    `PRAGMA synchronous=${options.synchronous}; PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=ON; PRAGMA cache_size=-${cacheKib()}`,
  )
  // The log keeps its size when it starts anew: a sync of a file that does not grow is several times faster.
  database.exec(`PRAGMA journal_size_limit=${LOG_BYTES_MAX}`)
  database.exec('PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON; PRAGMA temp_store=MEMORY')
  if (Number(pragma('synchronous')) < 1) throw new Error(`The database at ${path} does not sync.`)
  if (options.read_only === true) database.exec('PRAGMA query_only=ON')
  return database
}

/** Pages (of 4 KiB) that are copied between two looks at the signal. */
const COPIED_AT_ONCE = 256

/**
 * Copies a database as it is at one moment into a file that is not there yet, also while others write to it: the copy is
 * made inside a transaction that reads, so nothing that is written meanwhile is in it, or makes it start again.
 *
 * @param read - reads what is of interest of the same moment; its answer is the answer.
 * @param look - called between the parts; what it throws ends the copying.
 */
export async function copyDatabase<T>(
  path: string,
  to: string,
  read: (connection: Connection) => T,
  look: () => void = () => {},
): Promise<T> {
  const database = openDatabase(path, { synchronous: 'NORMAL', read_only: true })
  const connection = wrap(database)
  try {
    connection.exec('BEGIN')
    const answer = read(connection)
    await backup(database, to, { rate: COPIED_AT_ONCE, progress: look })
    return answer
  } finally {
    connection.close()
  }
}

function cacheKib(): number {
  const memory = Math.min(process.constrainedMemory() || Infinity, totalmem())
  return Math.round(Math.min(Math.max((memory / 1024) * CACHE_SHARE, CACHE_KIB_MIN), CACHE_KIB_MAX))
}

/** Ends the transaction under way, if there is one. */
export function rollBack(connection: Connection): void {
  try {
    connection.exec('ROLLBACK')
  } catch {
    // A full disk makes SQLite roll back by itself; there is then no transaction to end.
  }
}

function hasBytes(row: Row): boolean {
  for (const name in row) if (row[name] instanceof Uint8Array) return true
  return false
}

/**
 * SQLite keeps whatever it is given in whatever column. Bytes where text belongs were put there by somebody else, and
 * as text they are only wrong: whoever asked for text goes on with it.
 */
function readAsText(row: Row, statement: StatementSync): void {
  for (const { name, type, column } of statement.columns()) {
    const value = row[name]
    // A column that says no type holds anything; what is worked out from columns has neither.
    const mayBeBytes = type === 'BLOB' || (type === null && column !== null)
    if (!mayBeBytes && value instanceof Uint8Array) row[name] = Buffer.from(value).toString()
  }
}

function wrap(database: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const oldest = statements.keys().next()
    if (statements.size >= STATEMENTS_MAX && oldest.done !== true) statements.delete(oldest.value)
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  // With the changes comes the last row id, and the search index makes some above 2^53: as a number it would throw, after
  // the statement was carried out. A statement that returns no rows is never read by `all`.
  const counting = (sql: string): StatementSync => {
    const statement = prepare(sql)
    statement.setReadBigInts(true)
    return statement
  }
  return {
    all: (sql, values) => {
      const statement = prepare(sql)
      const rows = statement.all(...(values as SQLInputValue[]))
      for (const row of rows) if (hasBytes(row)) readAsText(row, statement)
      return rows
    },
    run: (sql, values) => Number(counting(sql).run(...(values as SQLInputValue[])).changes),
    exec: (sql) => database.exec(sql),
    close: () => {
      statements.clear()
      database.close()
    },
  }
}
