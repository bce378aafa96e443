import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'

type Row = Record<string, SQLOutputValue>

/** Sees what the connections of this process do, which the code under test knows nothing of. `path` is the database's. */
export interface Watcher {
  /** Before a transaction; may throw to refuse it. */
  begins?: (path: string) => void
  /** Around each commit of something about runs of workflows; may throw in place of the process, which would be gone. */
  commits?: (path: string, when: 'before' | 'after') => void
  /** Whether a write is left out: how a promise is broken on purpose. */
  forgets?: (sql: string) => boolean
  /** The same for what is read. */
  shows?: (sql: string, rows: Row[]) => Row[]
}

const RUNS = /^\s*(?:insert into|update|delete from) "?workflow_(?:runs|steps)\b/i

/** Watches every connection opened from now on, in place of the watcher before; without a watcher nothing is seen. */
export function watchWrites(watcher: Watcher | undefined): void {
  current = watcher
  if (DatabaseSync.prototype.prepare === prepare) DatabaseSync.prototype.prepare = prepareWatched
}

let current: Watcher | undefined
const { prepare } = DatabaseSync.prototype
/** Connections in whose transaction something about runs was written. */
const touching = new WeakSet<DatabaseSync>()

function prepareWatched(this: DatabaseSync, ...given: Parameters<typeof prepare>): StatementSync {
  const [sql] = given
  const statement = prepare.apply(this, given)
  const path = this.location() ?? ''
  const [run, all] = [statement.run.bind(statement), statement.all.bind(statement)]
  const change = around(this, path, sql)
  statement.run = (...values: unknown[]) => change(() => run(...(values as SQLInputValue[])))
  statement.all = (...values: unknown[]) => {
    if (RUNS.test(sql)) touching.add(this)
    const rows = all(...(values as SQLInputValue[])) as Row[]
    return current?.shows?.(sql, rows) ?? rows
  }
  return statement
}

type Change = ReturnType<StatementSync['run']>

function around(database: DatabaseSync, path: string, sql: string): (run: () => Change) => Change {
  if (sql.startsWith('BEGIN'))
    return (run) => {
      touching.delete(database)
      current?.begins?.(path)
      return run()
    }
  if (sql === 'COMMIT')
    return (run) => {
      if (!touching.delete(database)) return run()
      current?.commits?.(path, 'before')
      const done = run()
      current?.commits?.(path, 'after')
      return done
    }
  return (run) => {
    if (RUNS.test(sql)) touching.add(database)
    return current?.forgets?.(sql) === true ? { changes: 0, lastInsertRowid: 0 } : run()
  }
}
