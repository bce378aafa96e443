import { Fault } from './fault.ts'
import type { Tx } from './store/store.ts'

/** Jobs that may exist per lane, per user and in all. */
interface Bounds {
  per_lane_max?: number
  per_user_max: number
  total_max: number
}

/** Whose job it is, and in which lane. */
interface Place {
  user_id: string
  lane: string
}

/**
 * Jobs of one kind by user and by lane, so that its queue stays bounded. What a transaction adds and takes away counts
 * within it at once, and for everybody else when it is committed; nothing remains of one that is rolled back.
 */
export class JobCounts {
  readonly #users = new Map<string, number>()
  readonly #lanes = new Map<string, number>()
  #total = 0
  #draft: { tx: Tx; users: Map<string, number>; lanes: Map<string, number>; total: number } | undefined

  /** @throws Fault `SYSTEM_OVERLOADED` when there is no room for one more job of the user or in the lane. */
  admit(
    tx: Tx,
    { user_id, lane }: Place,
    { per_lane_max = Infinity, per_user_max, total_max }: Bounds,
  ): void {
    const waiting = this.#total + (this.#draftOf(tx)?.total ?? 0)
    const inLane = (this.#lanes.get(lane) ?? 0) + (this.#draftOf(tx)?.lanes.get(lane) ?? 0)
    if (inLane >= per_lane_max)
      throw new Fault('SYSTEM_OVERLOADED', 'The queue is full.', { waiting: inLane, per_lane_max })
    if (this.of(user_id, tx) < per_user_max && waiting < total_max) return
    throw new Fault('SYSTEM_OVERLOADED', 'The queue is full.', { waiting, per_user_max, total_max })
  }

  /** Jobs of a user, as a transaction sees them or as they are committed. */
  of(user_id: string, tx?: Tx): number {
    return (this.#users.get(user_id) ?? 0) + (this.#draftOf(tx)?.users.get(user_id) ?? 0)
  }

  /** Counts jobs that a transaction adds or, below zero, takes away. */
  add(tx: Tx, { user_id, lane }: Place, change: number): void {
    let draft = this.#draftOf(tx)
    if (draft === undefined) {
      const begun = { tx, users: new Map<string, number>(), lanes: new Map<string, number>(), total: 0 }
      tx.afterCommit(() => this.#commit(begun))
      tx.afterAttempt(() => (this.#draft = undefined))
      // Transactions follow each other, so whichever had a draft before has ended.
      this.#draft = draft = begun
    }
    const counts = draft
    const count = (by: number): void => {
      addTo(counts.users, user_id, by)
      if (lane !== '') addTo(counts.lanes, lane, by)
      counts.total += by
    }
    count(change)
    tx.afterAttempt(() => count(-change))
  }

  /** Starts anew from what is in the table. */
  reset(rows: readonly (Place & { jobs: number })[]): void {
    this.#users.clear()
    this.#lanes.clear()
    this.#total = 0
    for (const { user_id, lane, jobs } of rows)
      this.#commit({ users: new Map([[user_id, jobs]]), lanes: new Map(lane === '' ? [] : [[lane, jobs]]) })
  }

  #draftOf(tx: Tx | undefined) {
    return tx !== undefined && this.#draft?.tx === tx ? this.#draft : undefined
  }

  #commit({ users, lanes }: Record<'users' | 'lanes', ReadonlyMap<string, number>>): void {
    this.#draft = undefined
    for (const [lane, change] of lanes) addTo(this.#lanes, lane, change)
    for (const [user_id, change] of users) {
      addTo(this.#users, user_id, change)
      this.#total += change
    }
  }
}

/** Nothing is kept of those that have none. */
function addTo(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
