import type { SystemArchitecture, SystemModification } from '../../../contract/system.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'

export interface TellingParts {
  draw(user_id: string): Promise<SystemArchitecture>
  /** Changes of a user by their ids, in their order. */
  modifications(user_id: string, ids: readonly string[]): Promise<SystemModification[]>
}

export interface Telling {
  /** Somebody follows the architecture of a user from now on; the answer ends that. */
  follow(user_id: string): () => void
  /** Hears of a change in the transaction that makes it. */
  changed(tx: Pick<Tx, 'afterCommit'>, change: { user_id: string; id: string }): void
}

/** What belongs together is told together: changes that come one after the other within so long. */
const GATHER_MS = 100
/** A picture of everything is told at most so often. */
const PAUSE_MS = 500
/** Changes that are told with one picture, the newest. The picture has what all of them came to. */
const CHANGES_MAX = 100

/**
 * Tells those who follow it how the architecture is after a change. Nobody draws it while nobody follows it.
 *
 * Invariants: T1 a change is told within PAUSE_MS and the time of drawing, or with a later one. T2 of one user, pictures
 * are drawn one after the other, and PAUSE_MS apart.
 */
export function openTelling(kernel: Kernel, { draw, modifications }: TellingParts): Telling {
  const { clock, store, events, log } = kernel
  const followers = new Map<string, number>()
  /** Changes that are to be told; a user is in it from the first of them until the pause after the last is over. */
  const pending = new Map<string, string[]>()
  const tell = async (user_id: string, ids: readonly string[]): Promise<void> => {
    const changes = await modifications(user_id, ids)
    if (changes.length === 0) return
    const new_architecture = await draw(user_id)
    await store.write((tx) => {
      events.tell(tx, 'system:architecture_updated', user_id, { changes, new_architecture })
      return Promise.resolve()
    })
  }
  const next = (user_id: string): void => {
    const ids = followers.has(user_id) ? (pending.get(user_id) ?? []) : []
    if (ids.length === 0) {
      pending.delete(user_id)
      return
    }
    pending.set(user_id, [])
    const began = clock.elapsed()
    tell(user_id, ids)
      .catch((error: unknown) => log.error('the architecture was not told', { user_id, error }))
      .finally(() => clock.after(Math.max(0, began + PAUSE_MS - clock.elapsed()), () => next(user_id)))
  }
  return {
    follow: (user_id) => {
      followers.set(user_id, (followers.get(user_id) ?? 0) + 1)
      let isFollowing = true
      return () => {
        if (!isFollowing) return
        isFollowing = false
        const left = (followers.get(user_id) ?? 1) - 1
        if (left > 0) followers.set(user_id, left)
        else followers.delete(user_id)
      }
    },
    changed: (tx, { user_id, id }) =>
      tx.afterCommit(() => {
        if (!followers.has(user_id)) return
        const known = pending.get(user_id)
        if (known === undefined) clock.after(GATHER_MS, () => next(user_id))
        pending.set(user_id, [...(known ?? []), id].slice(-CHANGES_MAX))
      }),
  }
}
