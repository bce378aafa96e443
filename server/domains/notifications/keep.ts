import { iso } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { told } from './store.ts'
import type { NotificationTables } from './store.ts'

const JOB = 'notifications.expire'
const DAY_MS = 86_400_000
const RETENTION_MS = 90 * DAY_MS
/** Users that have anything at all have one job each. */
const TOTAL_MAX = 1_000_000

/** Users whose room is remembered. */
const ROOMS_MAX = 10_000

export interface KeptBounds {
  /** Notifications of a user, and how many are left when there would be more: not every new one pays for a removal. */
  kept_max: number
  kept_after: number
}
const BOUNDS: KeptBounds = { kept_max: 10_000, kept_after: 9_900 }

/**
 * Keeps what users were told within bounds: 90 days, and 10,000 of a user, of which the oldest read ones go first.
 *
 * @returns what is called in the transaction of every new one.
 */
export function openKeeping(
  kernel: Kernel,
  given: Partial<KeptBounds> = {},
): (tx: Tx, user_id: string) => Promise<void> {
  const { kept_max, kept_after } = { ...BOUNDS, ...given }
  const makeRoom = async (tx: Tx, user_id: string): Promise<number> => {
    const db = tx.tables<NotificationTables>()
    const count = await told.count(db, user_id)
    if (count <= kept_max) return kept_max - count
    const excess = count - kept_after
    const removed = await told.removeOldest(db, user_id, 'read', excess)
    if (removed < excess) await told.removeOldest(db, user_id, 'any', excess - removed)
    // Rolled back, the removal has made none.
    return 0
  }
  /** Once a day at most; the job lasts as long as there is anything that will be too old. */
  const schedule = async (tx: Tx, user_id: string, earliest: number): Promise<void> => {
    const oldest = await told.oldest(tx.tables<NotificationTables>(), user_id)
    if (oldest === undefined) return
    const run_at = Math.max(Date.parse(oldest.created_at) + RETENTION_MS + 1, earliest)
    kernel.jobs.enqueue(tx, { kind: JOB, key: user_id, user_id, payload: {}, run_at, priority: 'low' })
  }
  kernel.jobs.handle(JOB, {
    concurrency_max: 1,
    per_user_max: 1,
    total_max: TOTAL_MAX,
    lease_ms: 60_000,
    attempts_max: 5,
    run: ({ user_id, finish }) =>
      kernel.store.write(async (tx) => {
        finish(tx)
        const now = kernel.clock.now()
        await told.removeBefore(tx.tables<NotificationTables>(), user_id, iso(now - RETENTION_MS))
        await schedule(tx, user_id, now + DAY_MS)
      }),
    giveUp: ({ user_id, finish }) =>
      kernel.store.write((tx) => {
        finish(tx)
        return schedule(tx, user_id, kernel.clock.now() + DAY_MS)
      }),
  })
  /**
   * How many more of a user there is room for, at least: counting them takes as long as there are many, and only this adds
   * any. What was rolled back, or has grown too old, is room that is found when they are counted again.
   */
  const room = new Map<string, number>()
  return async (tx, user_id) => {
    const left = room.get(user_id) ?? 0
    if (left > 0) room.set(user_id, left - 1)
    else room.set(user_id, await makeRoom(tx, user_id))
    if (room.size > ROOMS_MAX) room.clear()
    if (kernel.jobs.count(JOB, user_id) === 0) await schedule(tx, user_id, kernel.clock.now())
  }
}
