import type { Store } from '../../server/kernel/store/store.ts'

/** Rows of each table, and how many were inserted, changed or deleted since the database was opened. */
export interface Counts {
  tables: Record<string, number>
  touched: number
}

/** Pages of the full-text index: they follow from the words and come and go as it is merged. */
const INDEX_PAGES = /^memory_words_(?:data|idx|config)$/

/** Counts on the writing connection, after everything that waits to be written. */
export function countRows(store: Store): Promise<Counts> {
  return store.write(({ connection }) => {
    const count = (sql: string): number => Number(Object.values(connection.all(sql, [])[0] ?? {})[0])
    const names = connection
      .all(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`, [])
      .map((row) => String(row['name']))
      .filter((name) => !INDEX_PAGES.test(name))
    const tables = Object.fromEntries(names.map((name) => [name, count(`SELECT count(*) FROM "${name}"`)]))
    return Promise.resolve({ tables, touched: count('SELECT total_changes()') })
  })
}

/** Rows that came, and rows that were touched, between two counts, for each of `requests`. */
export function perRequest(before: Counts, after: Counts, requests: number): Counts {
  const tables = Object.entries(after.tables)
    .map(([name, rows]): [string, number] => [name, (rows - (before.tables[name] ?? 0)) / requests])
    .filter(([, rows]) => rows !== 0)
  return { tables: Object.fromEntries(tables), touched: (after.touched - before.touched) / requests }
}
