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

/** All changes with what proves them, oldest first. */
export function* signedChanges(connection: Connection): Generator<Signed> {
  for (let after = ''; ;) {
    const rows = page.all(connection, { after })
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = last.id
  }
}
