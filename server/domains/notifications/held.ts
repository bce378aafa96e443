import type { Notification } from '../../../contract/notifications.ts'
import { iso } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { RANK, decide } from './decide.ts'
import type { Severity, Told, Wishes } from './decide.ts'
import { told } from './store.ts'
import type { NotificationRow, NotificationTables } from './store.ts'

const JOB = 'notifications.held'
/** As many are told one by one; more are told in one sentence, so that nobody wakes to a hundred sounds. */
const SINGLY_MAX = 5
const TOTAL_MAX = 1_000_000
const AGAIN_MS = 3_600_000

export type Given = Pick<Notification, 'source_agent' | 'severity' | 'text' | 'data'>

/** Stores what a user is told. */
export type Store = (
  tx: Tx,
  user_id: string,
  given: Given,
  times?: Partial<Pick<NotificationRow, 'held_until' | 'delivered_at'>>,
) => Promise<NotificationRow>

interface Parts {
  wishesOf: (user_id: string) => Promise<Wishes>
  /** Tells one that is stored already. */
  tell: (tx: Tx, row: NotificationRow, way: Told) => Promise<void>
  store: Store
}

/**
 * Tells what has waited for the end of quiet hours. Everything that becomes of it is one transaction with the end of the
 * job: a crash leaves all of it or nothing, and nothing is told twice.
 *
 * @returns what is called in the transaction of each that has to wait.
 */
export function openHeld(
  kernel: Kernel,
  { wishesOf, tell, store }: Parts,
): (tx: Tx, user_id: string, until: number) => void {
  const wait = (tx: Tx, user_id: string, run_at: number): void => {
    kernel.jobs.enqueue(tx, { kind: JOB, key: user_id, user_id, payload: {}, run_at, priority: 'high' })
  }
  const release = async (tx: Tx, user_id: string, wishes: Wishes): Promise<void> => {
    const db = tx.tables<NotificationTables>()
    const now = kernel.clock.now()
    const rows = await told.held(db, user_id)
    const decided = rows.map((row) => ({ row, way: decide(wishes, row.severity, now) }))
    const until = decided.find(({ way }) => way.held_until !== undefined)?.way.held_until
    if (until !== undefined) {
      const waiting = decided.filter(({ way }) => way.held_until !== undefined)
      await told.mark(db, user_id, idsOf(waiting), { held_until: iso(until) })
      wait(tx, user_id, until)
    }
    const free = decided.flatMap(({ row, way }) => (way.held_until === undefined ? [{ row, way }] : []))
    const due = free.filter(({ way }) => way.in_app || way.push)
    const delivered_at = iso(now)
    await told.mark(db, user_id, idsOf(free), { held_until: null })
    await told.mark(db, user_id, idsOf(due), { delivered_at })
    const [first] = due
    if (first === undefined) return
    if (due.length > SINGLY_MAX) {
      const given = summary(due.map(({ row }) => row.severity))
      await tell(tx, await store(tx, user_id, given, { delivered_at }), first.way)
    } else for (const { row, way } of due) await tell(tx, { ...row, held_until: null, delivered_at }, way)
  }
  kernel.jobs.handle(JOB, {
    concurrency_max: 4,
    per_user_max: 1,
    total_max: TOTAL_MAX,
    lease_ms: 60_000,
    attempts_max: 8,
    run: async (job) => {
      const wishes = await wishesOf(job.user_id)
      await kernel.store.write((tx) => {
        job.finish(tx)
        return release(tx, job.user_id, wishes)
      })
    },
    giveUp: (job, error) =>
      kernel.store.write((tx) => {
        kernel.log.error('held notifications could not be told yet', { user_id: job.user_id, error })
        job.finish(tx)
        wait(tx, job.user_id, kernel.clock.now() + AGAIN_MS)
        return Promise.resolve()
      }),
  })
  return wait
}

const idsOf = (of: readonly { row: NotificationRow }[]) => of.map(({ row }) => row.notification_id)

/** As severe as the worst of them. */
function summary(severities: readonly Severity[]): Given {
  const count = severities.length
  const worst = severities.reduce((one, other) => (RANK[other] > RANK[one] ? other : one), 'info')
  return {
    source_agent: 0,
    severity: worst,
    text: `${count} notifications came during your quiet hours.`,
    data: { count },
  }
}
