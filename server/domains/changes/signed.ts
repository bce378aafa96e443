import type { Keys } from '../../kernel/crypto.ts'
import type { Connection } from '../../kernel/store/connection.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { ChangeTables, ModificationRow } from './store.ts'

const COLUMNS = [
  'id',
  'user_id',
  'kind',
  'target',
  'description',
  'before_state',
  'after_state',
  'applied_by',
  'applied_at',
  'passkey_id',
  'evidence',
  'signed_input',
  'seal',
] as const
type Signed = Pick<ModificationRow, (typeof COLUMNS)[number]>

/** What ties all that a change says of itself to the row that it stands in. */
export function sealOf(keys: Pick<Keys, 'mac'>, row: Omit<Signed, 'seal'>): string {
  const said = COLUMNS.filter((name) => name !== 'seal').map((name) => row[name])
  return keys.mac('evidence', JSON.stringify(said))
}

/** Changes that are read at once. */
const PAGE = 500

const page = hot<ChangeTables, { after: string }, Signed>((db, value) =>
  db
    .selectFrom('modifications')
    .select([...COLUMNS])
    .where('id', '>', value('after'))
    .orderBy('id')
    .limit(PAGE),
)

const one = hot<ChangeTables, { id: string }, Signed>((db, value) =>
  db
    .selectFrom('modifications')
    .select([...COLUMNS])
    .where('id', '=', value('id')),
)

/** All changes with what proves them, oldest first; or the one that is named. */
export function* signedChanges(connection: Connection, id?: string): Generator<Signed> {
  if (id !== undefined) return yield* one.all(connection, { id })
  for (let after = ''; ;) {
    const rows = page.all(connection, { after })
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = last.id
  }
}
