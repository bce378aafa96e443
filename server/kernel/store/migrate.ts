import { rollBack } from './connection.ts'
import type { Connection } from './connection.ts'

/** One forward step of the schema; its statements run in one transaction. */
export interface Migration {
  /** Unique for ever, in order of its area: `agents-1`. */
  readonly name: string
  /** Query that finds a row where the database is as the statements would leave it: they are left out then. */
  readonly unless?: string
  readonly statements: readonly string[]
}

/** The data folder was written by a newer version of the program. */
export class NewerSchemaError extends Error {}

/**
 * Brings the schema up to date.
 *
 * @throws NewerSchemaError when the database has a migration that this program does not know; nothing is changed then.
 */
export function migrate(connection: Connection, migrations: readonly Migration[], now: string): void {
  const applied = readApplied(connection, migrations)
  for (const migration of migrations) {
    if (!applied.has(migration.name)) apply(connection, migration, now)
  }
}

/** Whether there is data that `migrate` would change. @throws NewerSchemaError as that does. */
export function isPending(connection: Connection, migrations: readonly Migration[]): boolean {
  const applied = readApplied(connection, migrations)
  return applied.size > 0 && migrations.some(({ name }) => !applied.has(name))
}

function readApplied(connection: Connection, migrations: readonly Migration[]): Set<string> {
  connection.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)')
  const applied = new Set(connection.all('SELECT name FROM migrations', []).map((row) => String(row['name'])))
  const known = new Set(migrations.map(({ name }) => name))
  const newer = [...applied].filter((name) => !known.has(name))
  if (newer.length === 0) return applied
  throw new NewerSchemaError(`The data folder was written by a newer version (${newer.join(', ')}).`)
}

function apply(connection: Connection, { name, unless, statements }: Migration, now: string): void {
  connection.exec('BEGIN IMMEDIATE')
  try {
    const isDone = unless !== undefined && connection.all(unless, []).length > 0
    if (!isDone) for (const statement of statements) connection.exec(statement)
    connection.run('INSERT INTO migrations (name, applied_at) VALUES (?, ?)', [name, now])
    connection.exec('COMMIT')
  } catch (error) {
    rollBack(connection)
    throw new Error(`Migration ${name} failed.`, { cause: error })
  }
}
