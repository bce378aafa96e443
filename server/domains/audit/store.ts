import type { Connection } from '../../kernel/store/connection.ts'

/** A row that names another one which is not there, by their tables. */
export interface Orphan {
  name: string
  parent: string
}

/** What the database itself finds wrong with its data. */
export const integrityStore = {
  /** Whatever is wrong with its pages, at most `limit` sentences. */
  damages(connection: Connection, limit: number): string[] {
    // The pragma takes no value but in its text.
    const found = connection.all(`PRAGMA integrity_check(${Math.trunc(limit)})`, [])
    return found.map((row) => String(Object.values(row)[0])).filter((what) => what !== 'ok')
  },

  /** Rows whose reference leads nowhere, at most `limit`. */
  orphans(connection: Connection, limit: number): Orphan[] {
    const found = connection.all('SELECT "table" AS name, parent FROM pragma_foreign_key_check LIMIT +?', [
      limit,
    ])
    return found.map(({ name, parent }) => ({ name: String(name), parent: String(parent) }))
  },
}
