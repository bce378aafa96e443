import type { Keys } from '../../kernel/crypto.ts'
import type { Connection } from '../../kernel/store/connection.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { ChangeTables, HeadRow, ModificationRow } from './store.ts'

const COLUMNS = [
  'id',
  'user_id',
  'ordinal',
  'type',
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
  'impact',
  'state_hash',
  'rolls_back',
  'rolled_back_by',
  'seal',
] as const
type Signed = Pick<ModificationRow, (typeof COLUMNS)[number]>
/** `rolled_back_by` changes later, and follows from what others say that they roll back. */
type Said = Omit<Signed, 'seal' | 'rolled_back_by'>

/** What ties all that a change says of itself to the row that it stands in. */
export function sealOf(keys: Pick<Keys, 'mac'>, row: Said): string {
  const said = COLUMNS.flatMap((name) => (name === 'seal' || name === 'rolled_back_by' ? [] : [row[name]]))
  return keys.mac('evidence', JSON.stringify(said))
}

/** What ties the number of changes to their user. */
export function headMac(
  keys: Pick<Keys, 'mac'>,
  { user_id, ordinal, uncounted }: Omit<HeadRow, 'mac'>,
): string {
  return keys.mac('evidence', JSON.stringify(['changes', user_id, ordinal, uncounted]))
}

/** Changes that are read at once: each may be large. */
const PAGE = 20

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

const headRows = hot<ChangeTables, { after: string }, HeadRow>((db, value) =>
  db.selectFrom('change_heads').selectAll().where('user_id', '>=', value('after')).orderBy('user_id'),
)

/** How many changes each user has made. */
export function headsOf(connection: Connection): HeadRow[] {
  return headRows.all(connection, { after: '' })
}

interface Problem {
  id: string
  description: string
  why: string
}

/** Whom the row is of that says what was not counted. */
export const NOBODY = ''

/** Looks whether all changes that were made are there, and say of each other what is so; those of earlier versions apart. */
export function openChain(keys: Pick<Keys, 'mac'>, heads: readonly HeadRow[]) {
  const { uncounted } = heads.find(({ user_id }) => user_id === NOBODY) ?? { uncounted: '' }
  const counts = new Map<string, { last: number; missing: Problem[] }>()
  const takenBackBy = new Map<string, string | null>()
  const said = new Map<string, Problem & { by: string }>()
  return {
    /** The next change, oldest first. */
    add({ id, user_id, ordinal, description, rolls_back, rolled_back_by }: Signed): void {
      const count = counts.get(user_id) ?? { last: 0, missing: [] }
      // Earlier versions neither counted nor sealed.
      if (ordinal === null && id <= uncounted) return
      counts.set(user_id, count)
      if (ordinal !== count.last + 1)
        count.missing.push({ id, description, why: `it is number ${ordinal ?? 'none'} after ${count.last}` })
      count.last = ordinal ?? count.last
      takenBackBy.set(id, rolled_back_by)
      if (rolls_back !== null)
        said.set(rolls_back, {
          id,
          description,
          by: id,
          why: `${rolls_back} does not say that it was taken back by it`,
        })
    },
    /** What is wrong with them as a whole. */
    end(): Problem[] {
      const problems = [...counts.values()].flatMap(({ missing }) => missing)
      for (const [target, { by, ...problem }] of said)
        if (takenBackBy.has(target) && takenBackBy.get(target) !== by) problems.push(problem)
      for (const [id, by] of takenBackBy)
        if (by !== null && said.get(id)?.by !== by)
          problems.push({ id, description: '', why: `nothing says that it took it back: ${by}` })
      const known = new Map(heads.map((head) => [head.user_id, head]))
      if (!known.has(NOBODY))
        problems.push({ id: '', description: '', why: 'nothing says which are of an earlier version' })
      for (const user_id of new Set([...known.keys(), ...counts.keys()])) {
        const [head, last] = [known.get(user_id), counts.get(user_id)?.last ?? 0]
        if (user_id !== NOBODY && head?.ordinal !== last)
          problems.push({
            id: user_id,
            description: '',
            why: `the user has ${last} changes, and made ${head?.ordinal ?? 'none'}`,
          })
        if (head !== undefined && head.mac !== headMac(keys, head))
          problems.push({
            id: user_id,
            description: '',
            why: 'the number of changes of the user is not as it was recorded',
          })
      }
      return problems
    },
  }
}
