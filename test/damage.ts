import assert from 'node:assert/strict'
import type { Tx } from '../server/kernel/store/store.ts'

/** What somebody may put into any column: no JSON, JSON of another kind, a number, bytes. */
const JUNK: readonly (string | number | Uint8Array)[] = [
  '{bad',
  'null',
  '[]',
  -7.5,
  new Uint8Array([0xff, 0xfe, 0x7b]),
]

/** What runs transactions: a server, or its store. */
interface Writing {
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** A row of a table, by the columns that find it. */
export interface Place {
  table: string
  where: Record<string, string | number>
  /** Columns that are left alone: with another user, it is another one's row. */
  except?: readonly string[]
}

/** Runs a statement as somebody would who has the file. */
export function run(server: Writing, sql: string, values: readonly unknown[] = []): Promise<number> {
  return server.write(({ connection }) => Promise.resolve(connection.run(sql, values)))
}

/**
 * Damages each column of a row in each way, one at a time, and has looked at what is left; the row is as it was after that.
 * What the table itself refuses is no damage.
 */
export async function eachDamage(
  server: Writing,
  { table, where, except = [] }: Place,
  look: (damage: string) => Promise<void>,
): Promise<void> {
  const columns = await server.write(({ connection }) =>
    Promise.resolve(connection.all(`PRAGMA table_info(${table})`, []).map(({ name }) => String(name))),
  )
  const found = Object.keys(where)
    .map((name) => `${name} = ?`)
    .join(' AND ')
  const keys = Object.values(where)
  let looks = 0
  for (const column of columns) {
    if (column in where || except.includes(column)) continue
    const [{ [column]: kept } = {}] = await server.write(({ connection }) =>
      Promise.resolve(connection.all(`SELECT ${column} FROM ${table} WHERE ${found}`, keys)),
    )
    const put = (value: unknown) =>
      run(server, `UPDATE ${table} SET ${column} = ? WHERE ${found}`, [value, ...keys])
    for (const junk of JUNK) {
      const changed = await put(junk).catch(() => 0)
      if (changed === 0) continue
      looks += 1
      await look(`${table}.${column} = ${typeof junk === 'object' ? 'bytes' : junk}`)
      await put(kept)
    }
  }
  assert.ok(looks > 0, `Nothing of ${table} could be damaged.`)
}
