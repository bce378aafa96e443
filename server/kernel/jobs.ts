import type { Clock } from './clock.ts'
import { Fault, asFault } from './fault.ts'
import { jobQueries } from './job-queries.ts'
import type { JobRow } from './job-queries.ts'
import type { Log } from './log.ts'
import type { Connection } from './store/connection.ts'
import type { Store, Tx } from './store/store.ts'

export type Priority = 'low' | 'normal' | 'high'

/** Work that survives a crash. `key` is unique within its kind: enqueueing it again moves the job. Times in epoch ms. */
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
  /** Milliseconds after which a running job is aborted and given to another attempt. */
  lease_ms: number
  /** Attempts before `giveUp` is called in place of another. */
  attempts_max: number
  run: (job: Job, signal: AbortSignal) => Promise<void>
  giveUp: (job: Job, error: unknown) => Promise<void>
}

/** How much later than a high one a job is in the queue: waiting makes up for it, so nothing starves. */
const HANDICAP_MS: Readonly<Record<Priority, number>> = { high: 0, normal: 30_000, low: 120_000 }
const RETRY_MS = 1_000
/** Waiting for a timer is cut into days: a platform timer takes no longer one. */
const SLEEP_MS_MAX = 86_400_000

interface Kind {
  handler: JobHandler
  running: Map<string, AbortController>
  /** Whether jobs of this kind may be due that nobody runs. */
  backlog: boolean
  claiming: boolean
  counts: Map<string, number>
  total: number
}

/**
 * Durable jobs with one timer and no polling.
 *
 * Invariants: W1 a job runs once at a time (lease and fence). W2 it survives a crash: it is deleted only in the
 * transaction of its result. W3 `stop` returns when no handler is running.
 */
export class Jobs {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Log
  readonly #kinds = new Map<string, Kind>()
  #wakeAt = Infinity
  #cancelTimer: () => void = () => {}
  #state: 'new' | 'running' | 'stopped' = 'new'
  #idle: (() => void) | undefined

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
  }

  /** Says how jobs of a kind are performed; before `start`. */
  handle(kind: string, handler: JobHandler): void {
    const state = { running: new Map(), backlog: false, claiming: false, counts: new Map(), total: 0 }
    this.#kinds.set(kind, { handler, ...state })
  }

  /** Takes up what an earlier process left, and everything that is due. */
  async start(): Promise<void> {
    await this.#store.write((tx) => Promise.resolve(jobQueries.releaseAll.run(tx.connection, {})))
    for (const row of jobQueries.counts.all(this.#store.reader.connection, {})) {
      this.#count(row.kind, row.user_id, row.jobs)
    }
    this.#state = 'running'
    for (const name of this.#kinds.keys()) this.#pull(name)
    this.#schedule()
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
    const rank = run_at + HANDICAP_MS[job.priority ?? 'normal']
    const existing = jobQueries.find.all(tx.connection, { kind: job.kind, key: job.key }).length
    if (existing === 0) this.#admit(kind, job.user_id)
    const starts = existing === 0 && run_at <= now && this.#hasSlot(kind)
    const row: JobRow = {
      kind: job.kind,
      key: job.key,
      user_id: job.user_id,
      payload: JSON.stringify(job.payload),
      rank,
      run_at,
      attempt: starts ? 1 : 0,
      fence: 1,
      lease_until: starts ? now + kind.handler.lease_ms : null,
    }
    jobQueries.upsert.run(tx.connection, row)
    tx.afterCommit(() => {
      if (existing === 0) this.#count(job.kind, job.user_id, 1)
      if (starts) this.#run(kind, row)
      else if (run_at > now) this.#wake(run_at)
      else this.#pull(job.kind)
    })
    return starts
  }

  /** Removes a job in the caller's transaction and aborts it after the commit when it is running. */
  cancel(tx: Tx, kind: string, key: string): void {
    const [removed] = jobQueries.remove.all(tx.connection, { kind, key })
    if (removed === undefined) return
    tx.afterCommit(() => {
      this.#count(kind, removed.user_id, -1)
      this.#kind(kind).running.get(key)?.abort(new LostJobError('Cancelled.'))
    })
  }

  /** Jobs of a kind that a user has, waiting or running. */
  count(kind: string, user_id: string): number {
    return this.#kind(kind).counts.get(user_id) ?? 0
  }

  /** Takes up nothing more, and waits until what runs has ended or `grace_ms` have passed and it was aborted. */
  async stop(grace_ms: number): Promise<void> {
    this.#state = 'stopped'
    this.#cancelTimer()
    const running = () => [...this.#kinds.values()].flatMap((kind) => [...kind.running.values()])
    if (running().length === 0) return
    const cancel = this.#clock.after(grace_ms, () => {
      for (const controller of running()) controller.abort(new LostJobError('The server is stopping.'))
    })
    await new Promise<void>((resolve) => (this.#idle = resolve))
    cancel()
  }

  #kind(name: string): Kind {
    const kind = this.#kinds.get(name)
    if (kind === undefined) throw new Error(`Nobody handles jobs of kind ${name}.`)
    return kind
  }

  #admit(kind: Kind, user_id: string): void {
    const { per_user_max, total_max } = kind.handler
    if ((kind.counts.get(user_id) ?? 0) < per_user_max && kind.total < total_max) return
    throw new Fault('SYSTEM_OVERLOADED', 'The queue is full.', {
      waiting: kind.total,
      per_user_max,
      total_max,
    })
  }

  #count(name: string, user_id: string, change: number): void {
    const kind = this.#kinds.get(name)
    if (kind === undefined) return
    kind.total += change
    const count = (kind.counts.get(user_id) ?? 0) + change
    if (count > 0) kind.counts.set(user_id, count)
    else kind.counts.delete(user_id)
  }

  #hasSlot(kind: Kind): boolean {
    return this.#state === 'running' && !kind.backlog && kind.running.size < kind.handler.concurrency_max
  }

  /** Claims what is due while there are slots. */
  #pull(name: string): void {
    const kind = this.#kind(name)
    kind.backlog = true
    if (kind.claiming || this.#state !== 'running' || kind.running.size >= kind.handler.concurrency_max)
      return
    kind.claiming = true
    void this.#store
      .write((tx) => Promise.resolve(this.#claim(tx.connection, name, kind)))
      .then(
        (claimed) => {
          kind.claiming = false
          if (claimed === undefined) kind.backlog = false
          else {
            this.#run(kind, claimed)
            this.#pull(name)
          }
          this.#schedule()
        },
        (error: unknown) => {
          kind.claiming = false
          this.#log.error('jobs could not be claimed', { kind: name, error })
          this.#wake(this.#clock.now() + RETRY_MS)
        },
      )
  }

  #claim(connection: Connection, name: string, kind: Kind): JobRow | undefined {
    const now = this.#clock.now()
    const [claimed] = jobQueries.claim.all(connection, {
      kind: name,
      now,
      lease_until: now + kind.handler.lease_ms,
    })
    return claimed
  }

  #run(kind: Kind, row: JobRow): void {
    const controller = new AbortController()
    kind.running.set(row.key, controller)
    const cancelLease = this.#clock.after(kind.handler.lease_ms, () =>
      controller.abort(new LostJobError('Too long.')),
    )
    void this.#attempt(kind, row, controller.signal).finally(() => {
      cancelLease()
      kind.running.delete(row.key)
      if (kind.backlog) this.#pull(row.kind)
      if (this.#state === 'stopped' && [...this.#kinds.values()].every(({ running }) => running.size === 0)) {
        this.#idle?.()
      }
    })
  }

  async #attempt(kind: Kind, row: JobRow, signal: AbortSignal): Promise<void> {
    const job: Job = {
      ...row,
      payload: JSON.parse(row.payload) as unknown,
      finish: (tx) => {
        if (jobQueries.finish.run(tx.connection, row) === 0)
          throw new LostJobError(`Job ${row.key} was taken over.`)
        tx.afterCommit(() => this.#count(row.kind, row.user_id, -1))
      },
    }
    try {
      await kind.handler.run(job, signal)
    } catch (error) {
      if (error instanceof LostJobError) return
      this.#log.error('a job failed', {
        kind: row.kind,
        key: row.key,
        attempt: row.attempt,
        error: asFault(error),
      })
      await this.#again(kind, row, job, error)
    }
  }

  async #again(kind: Kind, row: JobRow, job: Job, error: unknown): Promise<void> {
    try {
      if (row.attempt >= kind.handler.attempts_max) {
        await kind.handler.giveUp(job, error)
        return
      }
      const run_at = this.#clock.now() + RETRY_MS * 2 ** row.attempt
      await this.#store.write((tx) =>
        Promise.resolve(jobQueries.release.run(tx.connection, { ...row, run_at })),
      )
      this.#wake(run_at)
    } catch (cause) {
      if (!(cause instanceof LostJobError))
        this.#log.error('a failed job could not be put back', { error: cause })
    }
  }

  #wake(at: number): void {
    if (at >= this.#wakeAt || this.#state !== 'running') return
    this.#cancelTimer()
    this.#wakeAt = at
    this.#cancelTimer = this.#clock.after(Math.min(at - this.#clock.now(), SLEEP_MS_MAX), () => {
      this.#wakeAt = Infinity
      for (const name of this.#kinds.keys()) this.#pull(name)
    })
  }

  /** Sets the one timer to the next job that becomes due. */
  #schedule(): void {
    const [next] = jobQueries.next.all(this.#store.reader.connection, { now: this.#clock.now() })
    if (next?.run_at !== null && next?.run_at !== undefined) this.#wake(next.run_at)
  }
}
