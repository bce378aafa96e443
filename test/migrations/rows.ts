import type { Connection, Row } from '../../server/kernel/store/connection.ts'

interface Column {
  name: string
  type: string
  isNullable: boolean
  isKey: boolean
}

/** Everything of a database but its search index, which is made anew: the rows by table, in an order of their own. */
export type Dump = Record<string, Row[]>

/** Tables whose rows are rows of their own: not those that a virtual table is made of. */
const TABLES = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'
  ORDER BY name`
const LONG = 'lang 🌱 '.repeat(150)

export function tablesOf(connection: Connection): string[] {
  return connection.all(TABLES, []).map(({ name }) => String(name))
}

export function columnsOf(connection: Connection, table: string): Column[] {
  return connection.all(`SELECT * FROM pragma_table_info('${table}')`, []).map((row) => ({
    name: String(row['name']),
    type: String(row['type']),
    isNullable: row['notnull'] === 0 && row['pk'] === 0,
    isKey: row['pk'] !== 0,
  }))
}

/** When a migration was applied depends on when it was. */
export function dump(connection: Connection): Dump {
  const rows = (table: string) =>
    connection
      .all(`SELECT * FROM "${table}"`, [])
      .map((row) => ({ text: JSON.stringify(Object.values(row)), row: { ...row } }))
      .toSorted((a, b) => (a.text < b.text ? -1 : 1))
      .map(({ row }) => row)
  const kept = tablesOf(connection).filter((table) => table !== 'migrations')
  const migrations = connection
    .all('SELECT name FROM migrations ORDER BY name', [])
    .map((row) => ({ ...row }))
  return { ...Object.fromEntries(kept.map((table) => [table, rows(table)])), migrations }
}

/** What a database consists of, whatever the order in which its columns came. */
export function schemaOf(connection: Connection): Record<string, unknown> {
  const columns = tablesOf(connection).map((table) => [
    table,
    connection.all(
      `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${table}') ORDER BY name`,
      [],
    ),
  ])
  const others = connection
    .all(`SELECT name, sql FROM sqlite_schema WHERE type <> 'table' OR sql LIKE 'CREATE VIRTUAL%'`, [])
    .map(({ name, sql }) => [name, String(sql).replaceAll(/\s+/g, ' ')])
  return structuredClone(Object.fromEntries([...columns, ...others]))
}

const MEMORY = {
  id: 'm',
  text: 'w',
  memory_type: 'imported',
  created_at: 'then',
  expires_at: null,
  tags: '[]',
}
const AGENT = { name: 'Zoë', description: '', config: { preferences: { a: null, '': 0.1 } }, is_active: true }
/** Columns that a migration reads, with what they hold in the three rows. */
const READ: Record<string, readonly (string | null)[]> = {
  'event_counters.user_id': ['events user_id 0', 'events user_id 1', 'nobody'],
  'memories.memory_type': ['imported', 'imported', 'fact'],
  'memories.content': ['{"trust":"untrusted","source":"Zoë.txt"}', '"imported, with no source"', 'null'],
  'undo_steps.kind': ['memory', 'memory', 'record'],
  'undo_steps.before_state': [
    JSON.stringify({ ...MEMORY, content: '{"trust":"untrusted","source":"s"}' }),
    null,
    '{}',
  ],
  'undo_steps.after_state': [
    null,
    JSON.stringify({ ...MEMORY, memory_type: 'fact', content: '"ü"' }),
    '{"text":"kept"}',
  ],
  'modifications.kind': ['agent', 'agent', 'workflow'],
  'modifications.before_state': [null, JSON.stringify({ ...AGENT, deleted_at: null }), '{"deleted_at":null}'],
  'modifications.after_state': [
    JSON.stringify(AGENT),
    JSON.stringify({ ...AGENT, deleted_at: 'then' }),
    '{"config":{}}',
  ],
  'modifications.rolled_back_by': ['modifications id 1', null, null],
}

/** Puts three rows into every table: texts of all kinds, great numbers, and nothing wherever there may be nothing. */
export function fill(connection: Connection): void {
  connection.exec('BEGIN; PRAGMA defer_foreign_keys = ON')
  for (const table of tablesOf(connection)) {
    if (table === 'migrations') continue
    const columns = columnsOf(connection, table)
    const parents = new Map(
      connection
        .all(`SELECT "from", "table", "to" FROM pragma_foreign_key_list('${table}')`, [])
        .map((row) => [String(row['from']), `${String(row['table'])} ${String(row['to'])}`]),
    )
    const places = columns.map(() => '?').join(', ')
    for (const nth of [0, 1, 2]) {
      const values = columns.map((column) => valueOf(table, column, parents.get(column.name), nth))
      // A table of one row alone refuses the others.
      connection.run(`INSERT OR IGNORE INTO "${table}" VALUES (${places})`, values)
    }
  }
  connection.exec('COMMIT')
}

function valueOf(
  table: string,
  column: Column,
  parent: string | undefined,
  nth: number,
): string | number | null {
  const { name, type, isNullable, isKey } = column
  const read = READ[`${table}.${name}`]
  if (read !== undefined) return read[nth] ?? null
  if (parent !== undefined) return `${parent} ${nth}`
  if (isNullable && nth === 1) return null
  if (type === 'TEXT') return `${table} ${name} ${nth}${isKey || name === 'id' || nth === 0 ? '' : LONG}`
  if (type === 'REAL') return nth + 0.1
  if (isKey) return nth + 1
  return nth === 2 ? Number.MAX_SAFE_INTEGER : nth
}
