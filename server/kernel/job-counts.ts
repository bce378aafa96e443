import { Fault } from './fault.ts'
import type { Tx } from './store/store.ts'

/** Jobs that may exist per user and in all. */
interface Bounds {
  per_user_max: number
  total_max: number
}

/**
 * Jobs of one kind by user, so that its queue stays bounded. What a transaction adds and takes away counts within it at
 * once, and for everybody else when it is committed; nothing remains of one that is rolled back.
 */
export class JobCounts {
  readonly #users = new Map<string, number>()
  #total = 0
  #draft: { tx: Tx; users: Map<string, number>; total: number } | undefined

  /** @throws Fault `SYSTEM_OVERLOADED` when there is no room for one more job of the user. */
  admit(tx: Tx, user_id: string, { per_user_max, total_max }: Bounds): void {
    const waiting = this.#total + (this.#draftOf(tx)?.total ?? 0)
    if (this.of(user_id, tx) < per_user_max && waiting < total_max) return
    throw new Fault('SYSTEM_OVERLOADED', 'The queue is full.', { waiting, per_user_max, total_max })
  }

  /** Jobs of a user, as a transaction sees them or as they are committed. */
  of(user_id: string, tx?: Tx): number {
    return (this.#users.get(user_id) ?? 0) + (this.#draftOf(tx)?.users.get(user_id) ?? 0)
  }

  /** Counts jobs that a transaction adds or, below zero, takes away. */
  add(tx: Tx, user_id: string, change: number): void {
    let draft = this.#draftOf(tx)
    if (draft === undefined) {
      const begun = { tx, users: new Map<string, number>(), total: 0 }
      tx.afterCommit(() => this.#commit(begun.users))
      // Transactions follow each other, so whichever had a draft before has ended.
      this.#draft = draft = begun
    }
    draft.users.set(user_id, (draft.users.get(user_id) ?? 0) + change)
    draft.total += change
  }

  /** Starts anew from what is in the table. */
  reset(rows: readonly { user_id: string; jobs: number }[]): void {
    this.#users.clear()
    this.#total = 0
    this.#commit(new Map(rows.map(({ user_id, jobs }) => [user_id, jobs])))
  }

  #draftOf(tx: Tx | undefined) {
    return tx !== undefined && this.#draft?.tx === tx ? this.#draft : undefined
  }

  #commit(changes: ReadonlyMap<string, number>): void {
    this.#draft = undefined
    for (const [user_id, change] of changes) {
      const count = (this.#users.get(user_id) ?? 0) + change
      if (count > 0) this.#users.set(user_id, count)
      else this.#users.delete(user_id)
      this.#total += change
    }
  }
}
