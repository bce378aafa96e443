import type { SystemConfig } from '../../../contract/system.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'

/** Up to when what may be forgotten, in epoch ms. */
export interface Cutoffs {
  /** Of what was done: executions, runs and their steps. */
  history: number
  /** Of what was deleted and can be brought back. */
  deleted: number
}

/**
 * Forgets a piece of what is older, small enough for one transaction.
 *
 * @returns whether there may be more.
 */
export type Sweep = (tx: Tx, cutoffs: Cutoffs) => Promise<boolean>

interface Parts {
  settings: () => Pick<SystemConfig, 'retention' | 'deleted_retention_days'>
  /** By name, for the log. */
  sweeps: Readonly<Record<string, Sweep>>
}

const JOB = 'retention.daily'
const KEY = 'retention'
const NOBODY = ''
const DAY_MS = 86_400_000
const LEASE_MS = 3_600_000
/** Pieces of one sort a day: what is left waits for the next one, and a sweep that finds no end does not go on for ever. */
const PIECES_MAX = 10_000

/** Forgets each day what is older than the settings keep. */
export function openRetention(kernel: Kernel, { settings, sweeps }: Parts): { start(): Promise<void> } {
  const schedule = (tx: Tx, run_at: number): void => {
    kernel.jobs.enqueue(tx, { kind: JOB, key: KEY, user_id: NOBODY, payload: {}, run_at, priority: 'low' })
  }
  const sweepAll = async (signal: AbortSignal): Promise<void> => {
    const { retention, deleted_retention_days } = settings()
    const now = kernel.clock.now()
    const cutoffs = {
      history: now - retention.history_days * DAY_MS,
      deleted: now - deleted_retention_days * DAY_MS,
    }
    for (const sweep of Object.values(sweeps))
      for (let pieces = 0; pieces < PIECES_MAX; pieces += 1) {
        signal.throwIfAborted()
        if (!(await kernel.store.write((tx) => sweep(tx, cutoffs)))) break
      }
  }
  const again = (finish: (tx: Tx) => void): Promise<void> =>
    kernel.store.write((tx) => {
      finish(tx)
      schedule(tx, kernel.clock.now() + DAY_MS)
      return Promise.resolve()
    })
  kernel.jobs.handle(JOB, {
    concurrency_max: 1,
    per_user_max: 4,
    total_max: 4,
    lease_ms: LEASE_MS,
    attempts_max: 3,
    run: async (job, signal) => {
      await sweepAll(signal)
      await again((tx) => job.finish(tx))
    },
    giveUp: (job, error) => {
      kernel.log.error('what is old could not be forgotten', { error })
      return again((tx) => job.finish(tx))
    },
  })
  return {
    start: async () => {
      const [known] = kernel.store.reader.connection.all('SELECT 1 FROM jobs WHERE kind = ? LIMIT 1', [JOB])
      if (known === undefined) await again(() => {})
    },
  }
}
