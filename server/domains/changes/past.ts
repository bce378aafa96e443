import { Fault } from '../../kernel/fault.ts'
import { firstIdAt } from '../../kernel/ids.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { hot } from '../../kernel/store/dialect.ts'
import { openTurns } from '../../kernel/turns.ts'
import { isWhole, toState } from './kinds.ts'
import type { State } from './kinds.ts'
import { changeStore } from './store.ts'
import type { ChangeTables, ModificationRow } from './store.ts'

/** A time between two changes: everything up to a change is in effect, and nothing after it. */
export interface Moment {
  /** The least id of the changes that come after. */
  after: string
  /** Epoch ms. */
  time: number
}

/** How things were configured earlier. */
export interface Past {
  /** Right after a change, or right before it. @throws Fault (404) when the user has no such change. */
  ofChange(user_id: string, id: string, side: 'before' | 'after'): Promise<Moment>
  /** @param time - epoch ms; what was changed in that very millisecond was changed already. */
  ofTime(time: number): Moment
  /** What objects of a kind were, of those that were changed since; `undefined` for one that was not there. */
  statesAt(
    user_id: string,
    kind: string,
    targets: readonly string[],
    moment: Moment,
  ): Promise<Map<string, State | undefined>>
}

/** The first change of an object from an id on: what was before it was there all the time since. */
const firstFrom = hot<
  ChangeTables,
  Pick<ModificationRow, 'user_id' | 'kind' | 'target' | 'id'>,
  Pick<ModificationRow, 'before_state'>
>((db, value) =>
  db
    .selectFrom('modifications')
    .select('before_state')
    .where('user_id', '=', value('user_id'))
    .where('kind', '=', value('kind'))
    .where('target', '=', value('target'))
    .where('id', '>=', value('id'))
    .orderBy('id')
    .limit(1),
)

export function openPast({ store, clock }: Pick<Kernel, 'store' | 'clock'>): Past {
  const { reader } = store
  return {
    ofChange: async (user_id, id, side) => {
      const row = await changeStore.modification(reader.tables<ChangeTables>(), user_id, id)
      if (row === undefined)
        throw new Fault(
          'VALIDATION_ERROR',
          `There is no change ${id}.`,
          { modification_id: id },
          { status: 404 },
        )
      const time = Date.parse(row.applied_at)
      // The next greater text than an id is the id with anything behind it.
      return { after: side === 'before' ? id : `${id} `, time }
    },
    ofTime: (time) => ({ after: firstIdAt(time + 1), time }),
    statesAt: async (user_id, kind, targets, { after }) => {
      const breathe = openTurns(clock)
      const states = new Map<string, State | undefined>()
      for (const target of targets) {
        await breathe()
        const [row] = firstFrom.all(reader.connection, { user_id, kind, target, id: after })
        // Of a damaged change nobody knows what was before it.
        if (row !== undefined && isWhole(row.before_state)) states.set(target, toState(row.before_state))
      }
      return states
    },
  }
}
