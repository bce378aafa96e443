import { Type } from 'typebox'
import { object } from '../../../contract/operation.ts'
import { Fault } from '../../kernel/fault.ts'
import { findIssues } from '../../kernel/validate.ts'
import { isSame, refuseState } from '../changes/kinds.ts'
import type { Kind, State } from '../changes/kinds.ts'
import type { Changes } from '../changes/index.ts'
import type { Point } from './layout/index.ts'
import { positionStore } from './store.ts'
import type { PositionTables } from './store.ts'

/** Beyond that nobody finds a node again. */
const FAR = 1_000_000
const place = Type.Number({ minimum: -FAR, maximum: FAR })
/** Where a user moved a node to. */
const MOVED = object({ x: place, y: place })
/** A node that nobody moved, which lies where it is laid out. */
const UNMOVED = object({})
const POSITION = Type.Union([UNMOVED, MOVED])

interface PositionParts {
  changes: Pick<Changes, 'record'>
  /** The ids of the nodes that a user sees now. */
  nodes: (user_id: string) => Promise<ReadonlySet<string>>
}

const read: Kind['read'] = async (db, user_id, id) =>
  (await positionStore.find(db.tables<PositionTables>(), user_id, id)) ?? {}
const restore: Kind['restore'] = async (tx, user_id, id, state) => {
  const db = tx.tables<PositionTables>()
  const at = pointOf(state)
  if (at === undefined) await positionStore.remove(db, user_id, id)
  else await positionStore.put(db, { user_id, node_id: id, ...at })
}

/**
 * Positions as the ledger knows them: `{x, y}` of a node that was moved, `{}` of one that was not. A node that is gone
 * may keep its own, for it may come back.
 */
export function positionKind({ changes, nodes }: PositionParts): Kind {
  return {
    read,
    restore,
    modify: {
      type: 'architecture_change',
      all: async (db, user_id) => {
        const rows = await positionStore.all(db.tables<PositionTables>(), user_id)
        return rows.map(({ node_id, x, y }) => [node_id, { x, y }])
      },
      find: (_call, ref) => {
        if (ref !== undefined) return ref
        const issues = [{ path: '/target', message: 'must name a node' }]
        throw new Fault('VALIDATION_ERROR', 'Which node is to be moved?', { issues })
      },
      check: async ({ user_id }, id, wanted) => {
        if (Object.keys(wanted).length > 0) refuseState(MOVED, wanted)
        if ((await nodes(user_id)).has(id)) return
        throw new Fault('VALIDATION_ERROR', `There is no node ${id}.`, { id }, { status: 404 })
      },
      apply: async (tx, user_id, target, after, description) => {
        const before = await read(tx, user_id, target)
        if (isSame(before, after)) return
        await restore(tx, user_id, target, after)
        const change = { user_id, type: 'architecture_change', kind: 'architecture', target } as const
        await changes.record(tx, { ...change, description, before, after, applied_by: user_id })
      },
    },
  }
}

/** The place in a state, if there is one. @throws Fault for what is no state of a position. */
export function pointOf(state: State | undefined): Point | undefined {
  if (state === undefined || Object.keys(state).length === 0) return undefined
  if (findIssues(POSITION, state).length > 0)
    throw new Fault('ROLLBACK_FAILED', 'That is no position.', { state })
  return { x: Number(state['x']), y: Number(state['y']) }
}
