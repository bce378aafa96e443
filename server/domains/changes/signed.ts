import type { Connection } from '../../kernel/store/connection.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { ChangeTables, ModificationRow } from './store.ts'

type Signed = Pick<ModificationRow, 'id' | 'user_id' | 'description' | 'evidence' | 'signed_input'>

/** Changes that are read at once. */
const PAGE = 500

const page = hot<ChangeTables, { after: string }, Signed>((db, value) =>
  db
    .selectFrom('modifications')
    .select(['id', 'user_id', 'description', 'evidence', 'signed_input'])
    .where('id', '>', value('after'))
    .orderBy('id')
    .limit(PAGE),
)

const one = hot<ChangeTables, { id: string }, Signed>((db, value) =>
  db
    .selectFrom('modifications')
    .select(['id', 'user_id', 'description', 'evidence', 'signed_input'])
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
