import type { Clock } from './clock.ts'
import { asFault } from './fault.ts'
import { LostJobError } from './job.ts'
import type { Job, Kind, Run } from './job.ts'
import { jobQueries } from './job-queries.ts'
import type { JobRow, Release } from './job-queries.ts'
import type { Log } from './log.ts'
import type { Store, Tx } from './store/store.ts'

const RETRY_MS = 1_000
const RETRY_MS_MAX = 3_600_000

/** What attempts need of the queue. */
export interface Queue {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  nextFence(): number
  isStopped(): boolean
  /** Looks again at this time, in epoch ms. */
  wake(at: number): void
}

/** One attempt at a job. */
interface Attempt {
  readonly kind: Kind
  readonly row: JobRow
  readonly run: Run
  /** Rejects when the lease ends. */
  readonly late: Promise<never>
  /** The ends of earlier attempts that were lost, but still go on. */
  readonly before: readonly Promise<void>[]
}

/** A job as its handler has it, and whether its end was committed. */
interface Held {
  /** Why nobody knows what is to be done. */
  damage: Error | undefined
  readonly job: Job
  isFinished(): boolean
}

/** Tries a claimed job once; ends when its handler has, or its lease. Never rejects. */
export function attempt(queue: Queue, kind: Kind, row: JobRow): Promise<void> {
  const controller = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  late.catch(() => {})
  const cancelLease = queue.clock.after(kind.handler.lease_ms, () => {
    const error = new LostJobError('It took too long.')
    controller.abort(error)
    reject(error)
  })
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const before = [...kind.running.values()].filter(({ key }) => key === row.key).map((run) => run.ended)
  const run: Run = { key: row.key, lane: row.lane, controller, ended, lost: false }
  kind.running.set(row.fence, run)
  return tryOnce(queue, { kind, row, run, late, before }).finally(() => {
    cancelLease()
    kind.running.delete(row.fence)
    resolve()
  })
}

async function tryOnce(queue: Queue, once: Attempt): Promise<void> {
  const { kind, row, run, late, before } = once
  const { handler } = kind
  const { signal } = run.controller
  const held = hold(kind, row)
  let failure: unknown
  try {
    if (before.length > 0) {
      await Promise.all(before)
      signal.throwIfAborted()
    }
    if (held.damage !== undefined) throw held.damage
    if (row.attempt > handler.attempts_max) throw new Error('No attempt is left.')
    await Promise.race([handler.run(held.job, signal), late])
    if (held.isFinished()) return
    failure = new Error('The job ended without a result.')
  } catch (error) {
    failure = error
  }
  if (run.lost) return
  const isStopping = queue.isStopped() && signal.aborted
  if (!isStopping) complain(queue, 'a job failed', row, failure)
  if (held.isFinished()) return
  if (isStopping) await release(queue, kind, row, { attempt: row.attempt - 1, run_at: row.run_at })
  else if (held.damage === undefined && row.attempt < handler.attempts_max) await again(queue, kind, row)
  else await giveUp(queue, once, held, failure)
}

function hold(kind: Kind, row: JobRow): Held {
  let finished = false
  const lost = () => new LostJobError(`Job ${row.key} was taken over.`)
  const finish = (tx: Tx): void => {
    if (jobQueries.finish.run(tx.connection, row) === 0) throw lost()
    kind.counts.add(tx, row, -1)
    tx.afterCommit(() => (finished = true))
  }
  const check = (tx: Tx): void => {
    if (jobQueries.held.all(tx.connection, row).length === 0) throw lost()
  }
  const { payload, damage } = read(row)
  return { job: { ...row, payload, finish, hold: check }, damage, isFinished: () => finished }
}

/** What is to be done; of a row that somebody has damaged, why nobody knows. */
function read({ payload, key }: JobRow): { payload: unknown; damage?: Error } {
  try {
    return { payload: JSON.parse(payload) }
  } catch (cause) {
    return { payload: undefined, damage: new Error(`What job ${key} is to do is damaged.`, { cause }) }
  }
}

async function giveUp(
  queue: Queue,
  { kind, row, run }: Attempt,
  held: Held,
  failure: unknown,
): Promise<void> {
  try {
    await kind.handler.giveUp(held.job, failure)
    if (run.lost || held.isFinished()) return
    complain(queue, 'a job was given up without a result', row, failure)
    await queue.store.write((tx) => Promise.resolve(held.job.finish(tx)))
  } catch (error) {
    if (run.lost || held.isFinished()) return
    complain(queue, 'a job could not be given up', row, error)
    await again(queue, kind, row)
  }
}

function again(queue: Queue, kind: Kind, row: JobRow): Promise<void> {
  const delay_ms = Math.min(RETRY_MS * 2 ** row.attempt, RETRY_MS_MAX)
  return release(queue, kind, row, { attempt: row.attempt, run_at: queue.clock.now() + delay_ms })
}

/** Puts a job back, so that whoever still works on it can no longer finish it. */
async function release(
  queue: Queue,
  kind: Kind,
  row: JobRow,
  to: Pick<JobRow, 'attempt' | 'run_at'>,
): Promise<void> {
  const given: Release = { ...row, ...to, next_fence: queue.nextFence() }
  try {
    await queue.store.write((tx) => Promise.resolve(jobQueries.release.run(tx.connection, given)))
    queue.wake(to.run_at)
  } catch (error) {
    complain(queue, 'a job could not be put back yet', row, error)
    kind.adrift.push(given)
    queue.wake(queue.clock.now() + RETRY_MS)
  }
}

function complain(
  { log }: Queue,
  message: string,
  { kind, key, attempt: count }: JobRow,
  error: unknown,
): void {
  log.error(message, { kind, key, attempt: count, error: asFault(error) })
}
