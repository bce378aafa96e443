import type { Job } from './job.ts'
import type { Kernel } from './kernel.ts'
import type { Tx } from './store/store.ts'

/** Something that the server does by itself once a day. */
export interface DailyWork {
  /** Of the job, which is the only one of its kind. */
  kind: string
  /** Milliseconds that one day's work may take. */
  lease_ms: number
  attempts_max: number
  /** When it is next due, epoch ms: asked when one day's work is over. */
  next(): number
  /** Answers what is left to be done in the transaction in which it ends. */
  run(signal: AbortSignal): Promise<Finish | undefined>
  /** The same when no attempt has come to its end. */
  giveUp(error: unknown): Finish | undefined
}

type Finish = (tx: Tx) => Promise<void>

export interface Daily {
  /** Sets when it is due; what is under way is ended by that. */
  set(run_at: number): Promise<void>
  /** The same, but what is under way comes to its end, which asks anew when it is due. */
  move(run_at: number): Promise<void>
  isSet(): boolean
}

/** The job belongs to no user. */
const NOBODY = ''

/**
 * Does something each day, also after a failure: what fails once a day is not helped by being tried all night.
 *
 * Invariant: there is a next day. It is set in the transaction in which the day's work ends.
 */
export function openDaily({ jobs, store }: Pick<Kernel, 'jobs' | 'store'>, work: DailyWork): Daily {
  const { kind } = work
  let running: Job | undefined
  const schedule = (tx: Tx, run_at: number): void => {
    jobs.enqueue(tx, { kind, key: kind, user_id: NOBODY, payload: {}, run_at, priority: 'low' })
  }
  const end = (job: Job, finish: Finish | undefined): Promise<void> =>
    store.write(async (tx) => {
      job.finish(tx)
      await finish?.(tx)
      schedule(tx, work.next())
      // From here on `move` is heard: what moves it meanwhile waits for this transaction.
      running = undefined
    })
  jobs.handle(kind, {
    concurrency_max: 1,
    per_user_max: 4,
    total_max: 4,
    lease_ms: work.lease_ms,
    attempts_max: work.attempts_max,
    run: async (job, signal) => {
      running = job
      try {
        await end(job, await work.run(signal))
      } finally {
        if (running === job) running = undefined
      }
    },
    giveUp: (job, error) => end(job, work.giveUp(error)),
  })
  const set = (run_at: number, isWanted: () => boolean): Promise<void> =>
    store.write((tx) => {
      if (isWanted()) schedule(tx, run_at)
      return Promise.resolve()
    })
  return {
    set: (run_at) => set(run_at, () => true),
    // Moving the job ends its attempt, and what came of it would be lost.
    move: (run_at) => set(run_at, () => running === undefined),
    isSet: () =>
      store.reader.connection.all('SELECT 1 FROM jobs WHERE kind = ? LIMIT 1', [kind])[0] !== undefined,
  }
}
