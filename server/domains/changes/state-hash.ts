import { createHash } from 'node:crypto'
import { canonical } from '../../kernel/canonical.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Kind, State } from './kinds.ts'

/** Row by user: the hash of all that they have configured. */
export interface HashTables {
  state_hashes: { user_id: string; hash: string }
}

const find = hot<HashTables, { user_id: string }, { hash: string }>((db, value) =>
  db.selectFrom('state_hashes').select('hash').where('user_id', '=', value('user_id')),
)

interface Changed {
  user_id: string
  kind: string
  target: string
  before: State | undefined
  after: State | undefined
}

export interface StateHash {
  /** The hash after a change that was just made, in its transaction. */
  after(tx: Tx, change: Changed): Promise<string>
}

/**
 * A hash of everything that a user has configured: the sum of the hashes of the objects, so that it does not depend on
 * their order, and a change costs what it changes. Two states with one hash are the same; it is no proof against somebody
 * who makes up states to that end.
 */
export function openStateHash(kinds: ReadonlyMap<string, Kind>): StateHash {
  const all = async (tx: Tx, user_id: string): Promise<bigint> => {
    let sum = 0n
    for (const [kind, { modify }] of kinds) {
      if (modify === undefined) continue
      for (const [target, state] of await modify.all(tx, user_id)) sum += hashOf(kind, target, state)
    }
    return sum
  }
  return {
    after: async (tx, { user_id, kind, target, before, after }) => {
      const known = find.all(tx.connection, { user_id })[0]
      const sum =
        known === undefined
          ? await all(tx, user_id)
          : BigInt(`0x${known.hash}`) - hashOf(kind, target, before) + hashOf(kind, target, after)
      const hash = BigInt.asUintN(BITS, sum)
        .toString(16)
        .padStart(BITS / 4, '0')
      const row = { user_id, hash }
      await tx
        .tables<HashTables>()
        .insertInto('state_hashes')
        .values(row)
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ hash }))
        .execute()
      return hash
    },
  }
}

const BITS = 256

function hashOf(kind: string, target: string, state: State | undefined): bigint {
  // What is set up in no way is the same as what is not there.
  if (state === undefined || Object.keys(state).length === 0) return 0n
  const digest = createHash('sha256')
    .update(canonical([kind, target, state]))
    .digest('hex')
  return BigInt(`0x${digest}`)
}
