import type { Clock } from './clock.ts'
import { LostJobError, busyLanes } from './job.ts'
import type { JobHandler, Kind, NewJob, Priority } from './job.ts'
import { attempt } from './job-attempts.ts'
import type { Queue } from './job-attempts.ts'
import { JobCounts } from './job-counts.ts'
import { jobQueries } from './job-queries.ts'
import type { JobRow } from './job-queries.ts'
import { JobTimer } from './job-timer.ts'
import type { Log } from './log.ts'
import type { Store, Tx } from './store/store.ts'

/** How much later than a high one a job is in the queue: waiting makes up for it, so nothing starves. */
const HANDICAP_MS: Readonly<Record<Priority, number>> = { high: 0, normal: 30_000, low: 120_000 }
const RETRY_MS = 1_000
/** What a handler gets to end in once it was told to; the process cannot wait for one that hangs. */
const HEED_MS = 1_000

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
  readonly #queue: Queue
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
    this.#queue = {
      store,
      clock,
      log,
      nextFence: () => this.#nextFence(),
      isStopped: () => this.#state === 'stopped',
      wake: (at) => this.#timer.wake(at),
    }
  }

  /** Says how jobs of a kind are performed; before `start`. */
  handle(name: string, handler: JobHandler): void {
    this.#kinds.set(name, {
      name,
      handler,
      running: new Map(),
      counts: new JobCounts(),
      adrift: [],
      promised: { tx: undefined, lanes: [] },
      backlog: false,
      claiming: false,
      again: false,
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
    const { lane = '' } = job
    const run_at = timeOf(job.run_at, now)
    const isNew = jobQueries.find.all(tx.connection, { kind: job.kind, key: job.key }).length === 0
    if (isNew) {
      kind.counts.admit(tx, { user_id: job.user_id, lane }, kind.handler)
      kind.counts.add(tx, { user_id: job.user_id, lane }, 1)
    }
    const starts = isNew && run_at <= now && this.#promiseSlot(kind, tx, lane)
    const row: JobRow = {
      kind: job.kind,
      key: job.key,
      user_id: job.user_id,
      lane,
      payload: JSON.stringify(job.payload),
      rank: run_at + handicapOf(job.priority),
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

  /** Whether there is such a job, waiting or at work. */
  has({ connection }: Pick<Tx, 'connection'>, kind: string, key: string): boolean {
    return jobQueries.find.all(connection, { kind, key }).length > 0
  }

  /** Removes a job in the caller's transaction and aborts it after the commit when it is running. */
  cancel(tx: Tx, name: string, key: string): void {
    const kind = this.#kind(name)
    const [removed] = jobQueries.remove.all(tx.connection, { kind: name, key })
    if (removed === undefined) return
    kind.counts.add(tx, removed, -1)
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

  /** Jobs of all kinds that run, and those that are due and wait. */
  standing(): { waiting: number; running: number } {
    const [due] = jobQueries.due.all(this.#store.reader.connection, { now: this.#clock.now() })
    const running = [...this.#kinds.values()].reduce((sum, kind) => sum + kind.running.size, 0)
    return { waiting: due?.jobs ?? 0, running }
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

  #promiseSlot(kind: Kind, tx: Tx, lane: string): boolean {
    if (this.#state !== 'running' || kind.backlog) return false
    if (kind.promised.tx !== tx) kind.promised = { tx, lanes: [] }
    const { lanes } = kind.promised
    if (kind.running.size + lanes.length >= kind.handler.concurrency_max) return false
    if (busyLanes(kind, lanes).includes(lane)) return false
    lanes.push(lane)
    return true
  }

  /** Claims what is due while there are slots. */
  #pull(kind: Kind): void {
    kind.backlog = true
    // What frees a slot or a lane while a claim is under way may come too late for it.
    kind.again = kind.claiming
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
          // What is in a busy lane is taken up when something of that lane ends.
          if (claimed === 'none' && kind.again) this.#pull(kind)
          else if (claimed === 'none') kind.backlog = busyLanes(kind).length > 0
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
    const busy = JSON.stringify(busyLanes(kind))
    return (
      jobQueries.claim.all(tx.connection, {
        kind: kind.name,
        now,
        lease_until,
        fence,
        busy,
        latest: now + HANDICAP_MS.low,
      })[0] ?? 'none'
    )
  }

  #run(kind: Kind, row: JobRow): void {
    // Whatever was promised or claimed while the server was told to stop is taken up by the next process.
    if (this.#state !== 'running') return
    void attempt(this.#queue, kind, row).finally(() => {
      if (kind.backlog) this.#pull(kind)
    })
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

/** What a time and a priority come to that were read from a damaged row: the job is due, and like most others. */
function timeOf(run_at: number | undefined, now: number): number {
  return typeof run_at === 'number' && Number.isFinite(run_at) ? run_at : now
}

function handicapOf(priority: Priority = 'normal'): number {
  return HANDICAP_MS[Object.hasOwn(HANDICAP_MS, priority) ? priority : 'normal']
}
