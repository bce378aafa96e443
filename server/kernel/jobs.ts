import type { Clock } from './clock.ts'
import { asFault } from './fault.ts'
import { JobCounts } from './job-counts.ts'
import { jobQueries } from './job-queries.ts'
import type { JobRow, Release } from './job-queries.ts'
import { JobTimer } from './job-timer.ts'
import type { Log } from './log.ts'
import type { Store, Tx } from './store/store.ts'

export type Priority = 'low' | 'normal' | 'high'

/**
 * Work that survives a crash. `key` is unique within its kind: enqueueing it again moves the job, and ends an attempt
 * that is under way. Times in epoch ms.
 */
export interface NewJob {
  kind: string
  key: string
  user_id: string
  payload: unknown
  run_at?: number
  priority?: Priority
}

/** A job that this process holds. */
export interface Job {
  readonly kind: string
  readonly key: string
  readonly user_id: string
  readonly payload: unknown
  readonly attempt: number
  /** Deletes the job in the transaction that holds its result. @throws LostJobError when it is no longer held. */
  finish(tx: Tx): void
}

/** The job was cancelled or its lease ran out: the transaction that finds this out must not commit. */
export class LostJobError extends Error {}

export interface JobHandler {
  /** Jobs of the kind that run at once. */
  concurrency_max: number
  /** Jobs of the kind that may exist per user and in all; more are refused. */
  per_user_max: number
  total_max: number
  /** Milliseconds after which a running job is aborted and given to another attempt, whether it heeds that or not. */
  lease_ms: number
  /** Attempts, those that a crash ended among them, before `giveUp` is called in place of another. */
  attempts_max: number
  /** Ends once the job is finished; one that ends before has failed. */
  run: (job: Job, signal: AbortSignal) => Promise<void>
  giveUp: (job: Job, error: unknown) => Promise<void>
}

/** How much later than a high one a job is in the queue: waiting makes up for it, so nothing starves. */
const HANDICAP_MS: Readonly<Record<Priority, number>> = { high: 0, normal: 30_000, low: 120_000 }
const RETRY_MS = 1_000
const RETRY_MS_MAX = 3_600_000
/** What a handler gets to end in once it was told to; the process cannot wait for one that hangs. */
const HEED_MS = 1_000

/** A handler at work. */
interface Run {
  readonly key: string
  readonly controller: AbortController
  readonly ended: Promise<void>
  /** The job was cancelled or moved: whatever comes of this attempt, nothing is left to be done about it. */
  lost: boolean
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
  readonly job: Job
  isFinished(): boolean
}

interface Kind {
  readonly name: string
  readonly handler: JobHandler
  /** By fence: what was cancelled or moved may go on for a while beside the same key's next attempt. */
  readonly running: Map<number, Run>
  readonly counts: JobCounts
  /** Jobs that ended but could not be put back; the next claim does it. */
  readonly adrift: Release[]
  /** Slots that the transaction under way has promised. */
  promised: { tx: Tx | undefined; slots: number }
  /** Whether jobs of this kind may be due that nobody runs. */
  backlog: boolean
  claiming: boolean
}

/**
 * Durable jobs with one timer and no polling.
 *
 * Invariants: W1 a job runs once at a time, and only the attempt that holds it can finish it (lease and fence). W2 it
 * survives a crash: it is deleted only in the transaction of its result. W3 `stop` returns when no handler is running,
 * but for those that do not heed their signal.
 */
export class Jobs {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Log
  readonly #kinds = new Map<string, Kind>()
  readonly #timer: JobTimer
  /** Counts every attempt of this process, the only one that has the folder: no two ever hold the same fence. */
  #fence = 0
  #state: 'new' | 'running' | 'stopped' = 'new'

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
    this.#timer = new JobTimer(clock, () => {
      for (const kind of this.#kinds.values()) this.#pull(kind)
    })
  }

  /** Says how jobs of a kind are performed; before `start`. */
  handle(name: string, handler: JobHandler): void {
    this.#kinds.set(name, {
      name,
      handler,
      running: new Map(),
      counts: new JobCounts(),
      adrift: [],
      promised: { tx: undefined, slots: 0 },
      backlog: false,
      claiming: false,
    })
  }

  /** Takes up what an earlier process left, and everything that is due. */
  async start(): Promise<void> {
    await this.#store.write((tx) => Promise.resolve(jobQueries.releaseAll.run(tx.connection, {})))
    if (this.#state !== 'new') return
    const rows = jobQueries.counts.all(this.#store.reader.connection, {})
    for (const { name, counts } of this.#kinds.values())
      counts.reset(rows.filter(({ kind }) => kind === name))
    this.#state = 'running'
    for (const kind of this.#kinds.values()) this.#pull(kind)
  }

  /**
   * Adds a job in the caller's transaction; answers whether a slot is free, so that it starts right after the commit.
   *
   * @throws Fault `SYSTEM_OVERLOADED` when the user or the server has too many of the kind.
   */
  enqueue(tx: Tx, job: NewJob): boolean {
    const kind = this.#kind(job.kind)
    const now = this.#clock.now()
    const run_at = job.run_at ?? now
    const isNew = jobQueries.find.all(tx.connection, { kind: job.kind, key: job.key }).length === 0
    if (isNew) {
      kind.counts.admit(tx, job.user_id, kind.handler)
      kind.counts.add(tx, job.user_id, 1)
    }
    const starts = isNew && run_at <= now && this.#promiseSlot(kind, tx)
    const row: JobRow = {
      kind: job.kind,
      key: job.key,
      user_id: job.user_id,
      payload: JSON.stringify(job.payload),
      rank: run_at + HANDICAP_MS[job.priority ?? 'normal'],
      run_at,
      attempt: starts ? 1 : 0,
      fence: this.#nextFence(),
      lease_until: starts ? now + kind.handler.lease_ms : null,
    }
    jobQueries.upsert.run(tx.connection, row)
    tx.afterCommit(() => {
      if (!isNew) lose(kind, job.key, 'Moved.')
      if (starts) this.#run(kind, row)
      else if (run_at > now) this.#timer.wake(run_at)
      else this.#pull(kind)
    })
    return starts
  }

  /** Removes a job in the caller's transaction and aborts it after the commit when it is running. */
  cancel(tx: Tx, name: string, key: string): void {
    const kind = this.#kind(name)
    const [removed] = jobQueries.remove.all(tx.connection, { kind: name, key })
    if (removed === undefined) return
    kind.counts.add(tx, removed.user_id, -1)
    tx.afterCommit(() => lose(kind, key, 'Cancelled.'))
  }

  /** Removes every job of a user, as `cancel` does. */
  cancelAll(tx: Tx, user_id: string): void {
    const own = jobQueries.of.all(tx.connection, { user_id })
    for (const { kind, key } of own) if (this.#kinds.has(kind)) this.cancel(tx, kind, key)
  }

  /** Jobs of a kind that a user has, waiting or running. */
  count(kind: string, user_id: string): number {
    return this.#kind(kind).counts.of(user_id)
  }

  /** Takes up nothing more, and waits until what runs has ended, or was aborted after `grace_ms` and had time to heed it. */
  async stop(grace_ms: number): Promise<void> {
    this.#state = 'stopped'
    this.#timer.stop()
    const running = [...this.#kinds.values()].flatMap((kind) => [...kind.running.values()])
    if (running.length === 0) return
    const { promise: patience, resolve } = Promise.withResolvers<void>()
    let cancel = this.#clock.after(grace_ms, () => {
      for (const { controller } of running) controller.abort(new LostJobError('The server is stopping.'))
      cancel = this.#clock.after(HEED_MS, resolve)
    })
    await Promise.race([Promise.all(running.map(({ ended }) => ended)), patience])
    cancel()
  }

  #kind(name: string): Kind {
    const kind = this.#kinds.get(name)
    if (kind === undefined) throw new Error(`Nobody handles jobs of kind ${name}.`)
    return kind
  }

  #nextFence(): number {
    this.#fence += 1
    return this.#fence
  }

  #promiseSlot(kind: Kind, tx: Tx): boolean {
    if (this.#state !== 'running' || kind.backlog) return false
    if (kind.promised.tx !== tx) kind.promised = { tx, slots: 0 }
    if (kind.running.size + kind.promised.slots >= kind.handler.concurrency_max) return false
    kind.promised.slots += 1
    return true
  }

  /** Claims what is due while there are slots. */
  #pull(kind: Kind): void {
    kind.backlog = true
    if (kind.claiming || this.#state !== 'running' || kind.running.size >= kind.handler.concurrency_max)
      return
    kind.claiming = true
    let now = this.#clock.now()
    void this.#store
      .write((tx) => {
        now = this.#clock.now()
        return Promise.resolve(this.#claim(tx, kind, now))
      })
      .then(
        (claimed) => {
          kind.claiming = false
          if (claimed === 'none') kind.backlog = false
          else if (claimed !== undefined) {
            this.#run(kind, claimed)
            this.#pull(kind)
          }
          this.#schedule(now)
        },
        (error: unknown) => {
          kind.claiming = false
          this.#log.error('jobs could not be claimed', { kind: kind.name, error })
          this.#timer.wake(this.#clock.now() + RETRY_MS)
        },
      )
  }

  /** The job that is next; nothing when its slot is gone, since transactions before this one may have promised it. */
  #claim(tx: Tx, kind: Kind, now: number): JobRow | 'none' | undefined {
    if (this.#state !== 'running' || kind.running.size >= kind.handler.concurrency_max) return undefined
    const adrift = [...kind.adrift]
    for (const release of adrift) jobQueries.release.run(tx.connection, release)
    tx.afterCommit(() => kind.adrift.splice(0, adrift.length))
    const lease_until = now + kind.handler.lease_ms
    const fence = this.#nextFence()
    return jobQueries.claim.all(tx.connection, { kind: kind.name, now, lease_until, fence })[0] ?? 'none'
  }

  #run(kind: Kind, row: JobRow): void {
    // Whatever was promised or claimed while the server was told to stop is taken up by the next process.
    if (this.#state !== 'running') return
    const controller = new AbortController()
    const { promise: late, reject } = Promise.withResolvers<never>()
    late.catch(() => {})
    const cancelLease = this.#clock.after(kind.handler.lease_ms, () => {
      const error = new LostJobError('It took too long.')
      controller.abort(error)
      reject(error)
    })
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const before = [...kind.running.values()].filter(({ key }) => key === row.key).map((run) => run.ended)
    const run: Run = { key: row.key, controller, ended, lost: false }
    kind.running.set(row.fence, run)
    void this.#attempt({ kind, row, run, late, before }).finally(() => {
      cancelLease()
      kind.running.delete(row.fence)
      resolve()
      if (kind.backlog) this.#pull(kind)
    })
  }

  async #attempt(attempt: Attempt): Promise<void> {
    const { kind, row, run, late, before } = attempt
    const { handler } = kind
    const { signal } = run.controller
    const held = this.#hold(kind, row)
    let failure: unknown
    try {
      if (before.length > 0) {
        await Promise.all(before)
        signal.throwIfAborted()
      }
      if (row.attempt > handler.attempts_max) throw new Error('No attempt is left.')
      await Promise.race([handler.run(held.job, signal), late])
      if (held.isFinished()) return
      failure = new Error('The job ended without a result.')
    } catch (error) {
      failure = error
    }
    if (run.lost) return
    const isStopping = this.#state === 'stopped' && signal.aborted
    if (!isStopping) this.#complain('a job failed', row, failure)
    if (held.isFinished()) return
    if (isStopping) await this.#release(kind, row, { attempt: row.attempt - 1, run_at: row.run_at })
    else if (row.attempt < handler.attempts_max) await this.#again(kind, row)
    else await this.#giveUp(attempt, held, failure)
  }

  #hold(kind: Kind, row: JobRow): Held {
    let finished = false
    const finish = (tx: Tx): void => {
      if (jobQueries.finish.run(tx.connection, row) === 0)
        throw new LostJobError(`Job ${row.key} was taken over.`)
      kind.counts.add(tx, row.user_id, -1)
      tx.afterCommit(() => (finished = true))
    }
    const job: Job = { ...row, payload: JSON.parse(row.payload) as unknown, finish }
    return { job, isFinished: () => finished }
  }

  async #giveUp({ kind, row, run }: Attempt, held: Held, failure: unknown): Promise<void> {
    try {
      await kind.handler.giveUp(held.job, failure)
      if (run.lost || held.isFinished()) return
      this.#complain('a job was given up without a result', row, failure)
      await this.#store.write((tx) => Promise.resolve(held.job.finish(tx)))
    } catch (error) {
      if (run.lost || held.isFinished()) return
      this.#complain('a job could not be given up', row, error)
      await this.#again(kind, row)
    }
  }

  #again(kind: Kind, row: JobRow): Promise<void> {
    const delay_ms = Math.min(RETRY_MS * 2 ** row.attempt, RETRY_MS_MAX)
    return this.#release(kind, row, { attempt: row.attempt, run_at: this.#clock.now() + delay_ms })
  }

  /** Puts a job back, so that whoever still works on it can no longer finish it. */
  async #release(kind: Kind, row: JobRow, to: Pick<JobRow, 'attempt' | 'run_at'>): Promise<void> {
    const release: Release = { ...row, ...to, next_fence: this.#nextFence() }
    try {
      await this.#store.write((tx) => Promise.resolve(jobQueries.release.run(tx.connection, release)))
      this.#timer.wake(to.run_at)
    } catch (error) {
      this.#complain('a job could not be put back yet', row, error)
      kind.adrift.push(release)
      this.#timer.wake(this.#clock.now() + RETRY_MS)
    }
  }

  #complain(message: string, { kind, key, attempt }: JobRow, error: unknown): void {
    this.#log.error(message, { kind, key, attempt, error: asFault(error) })
  }

  /** Sets the one timer to the next job that becomes due after a time at which none was. */
  #schedule(after: number): void {
    const [next] = jobQueries.next.all(this.#store.reader.connection, { now: after })
    if (next?.run_at !== null && next?.run_at !== undefined) this.#timer.wake(next.run_at)
  }
}

/** Tells the attempt at a job that it is no longer wanted. */
function lose(kind: Kind, key: string, why: string): void {
  for (const run of kind.running.values()) {
    if (run.key !== key) continue
    run.lost = true
    run.controller.abort(new LostJobError(why))
  }
}
