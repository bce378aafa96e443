import type { SystemConfig } from '../../../contract/system.ts'
import { openDaily } from '../../kernel/daily.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Changes } from '../changes/index.ts'
import { cutoffsOf, openRetentionImpact } from './impact.ts'
import type { Cutoffs, Outdated } from './impact.ts'

/**
 * Forgets a piece of what is older, small enough for one transaction.
 *
 * @returns whether there may be more.
 */
export type Sweep = (tx: Tx, cutoffs: Cutoffs) => Promise<boolean>

interface Parts {
  changes: Pick<Changes, 'assessWith'>
  settings: () => Pick<SystemConfig, 'retention' | 'deleted_retention_days'>
  /** By name, for the log. */
  sweeps: Readonly<Record<string, Sweep>>
  /** By what it is called in a sentence, in the plural. */
  outdated: Readonly<Record<string, Outdated>>
}

const DAY_MS = 86_400_000
const LEASE_MS = 3_600_000
/** Pieces of one sort a day: what is left waits for the next one, and a sweep that finds no end does not go on for ever. */
const PIECES_MAX = 10_000

/** Forgets each day what is older than the settings keep. */
export function openRetention(
  kernel: Kernel,
  { changes, settings, sweeps, outdated }: Parts,
): { start(): Promise<void> } {
  changes.assessWith(openRetentionImpact(kernel.store.reader, kernel.clock, outdated))
  const sweepAll = async (signal: AbortSignal): Promise<void> => {
    const cutoffs = cutoffsOf(settings(), kernel.clock.now())
    for (const sweep of Object.values(sweeps))
      for (let pieces = 0; pieces < PIECES_MAX; pieces += 1) {
        signal.throwIfAborted()
        if (!(await kernel.store.write((tx) => sweep(tx, cutoffs)))) break
      }
  }
  const daily = openDaily(kernel, {
    kind: 'retention.daily',
    lease_ms: LEASE_MS,
    attempts_max: 3,
    next: () => kernel.clock.now() + DAY_MS,
    run: async (signal) => {
      await sweepAll(signal)
      return undefined
    },
    giveUp: (error) => {
      kernel.log.error('what is old could not be forgotten', { error })
      return undefined
    },
  })
  return {
    start: () => (daily.isSet() ? Promise.resolve() : daily.set(kernel.clock.now() + DAY_MS)),
  }
}
