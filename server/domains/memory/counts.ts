import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Connection } from '../../kernel/store/connection.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { MemoryTables, Scope } from './store.ts'

/** Bytes of the counts of types: with more of them, entries are counted when they are asked for. */
const TYPES_BYTES_MAX = 4_096

type Growth = Pick<Scope, 'scope' | 'entries' | 'words'>

const countIn = hot<MemoryTables, Growth & { path: string }>((db, value) =>
  db
    .updateTable('memory_scopes')
    .set((eb) => ({
      entries: eb('entries', '+', value('entries')),
      words: eb('words', '+', value('words')),
      types: sql<string>`CASE WHEN length(types) NOT BETWEEN 2 AND ${sql.lit(TYPES_BYTES_MAX)} THEN ''
        ELSE json_set(types, ${value('path')}, coalesce(json_extract(types, ${value('path')}), 0) + ${value('entries')}) END`,
    }))
    .where('scope', '=', value('scope')),
)

/** Counts entries of a type in (or out) with the words that they are found by. */
export function grow(
  connection: Connection,
  { memory_type, ...change }: Growth & { memory_type: string },
): void {
  countIn.run(connection, { ...change, path: `$."${typeKey(memory_type)}"` })
}

/** How many entries of a type there are, hidden ones too: nothing of them is looked at, so that counting many costs little. */
export async function countType(
  db: Kysely<MemoryTables>,
  { scope, types }: Scope,
  memory_type: string,
): Promise<number> {
  if (types !== '') return (JSON.parse(types) as Record<string, number>)[typeKey(memory_type)] ?? 0
  const { rows } = await sql<{ n: number }>`
    SELECT count(*) AS n FROM memories WHERE scope = ${scope} AND memory_type = ${memory_type}`.execute(db)
  return rows[0]?.n ?? 0
}

/** A type as a key that needs no quoting. */
function typeKey(memory_type: string): string {
  return Buffer.from(memory_type).toString('hex').toUpperCase()
}
