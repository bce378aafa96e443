import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Budgets } from '../run/budget.ts'
import { openMeter } from '../run/meter.ts'
import type { Meter } from '../run/meter.ts'
import { spenderOf } from '../run/spender.ts'
import type { Usage } from '../run/usage.ts'
import type { AgentRow } from '../store.ts'
import { trafficStore } from '../traffic/store.ts'

/** What agents may use and have used; without them nothing is counted. */
export interface Accounts {
  budgets?: Budgets
  usage?: Usage
}

/** What one look uses of what its agent may, as an execution does. */
export interface Spending {
  meter: Meter
  /** Milliseconds that the look may take; 0 once no time of today is left. */
  readonly left_ms: number
  /** Keeps what was spent, in the transaction that writes what came of the look. */
  settle(tx: Tx): void
  /** Keeps what was spent by a look of which nothing came. */
  settleLost(): Promise<void>
  /** Gives back the time that was set aside, and counts what was used. */
  end(): void
}

/** @param look_ms - the most that a look may take. */
export function openSpending(
  { clock, store }: Pick<Kernel, 'clock' | 'store'>,
  { budgets, usage }: Accounts,
  agent: AgentRow,
  look_ms: number,
): Spending {
  const spender = budgets && spenderOf(agent)
  const meter = openMeter(() => spender && budgets?.call(spender))
  const time = spender && budgets?.reserve(spender, look_ms / 1_000)
  const [began, worked] = [clock.elapsed(), clock.worked()]
  const elapsed = (): number => clock.elapsed() - began
  const settle = (tx: Tx): void => {
    for (const [target, met] of meter.called)
      trafficStore.add(
        tx.connection,
        { user_id: agent.user_id, source: agent.id, target, ...met },
        clock.now(),
      )
    if (spender !== undefined)
      budgets?.settle(tx, spender, { calls: meter.used.calls, seconds: elapsed() / 1_000 })
  }
  return {
    meter,
    left_ms: time === undefined ? look_ms : Math.ceil(time.seconds * 1_000),
    settle,
    settleLost: async () => {
      if (spender !== undefined || meter.called.size > 0)
        await store.write((tx) => Promise.resolve(settle(tx)))
    },
    end: () => {
      time?.release()
      // Work of others that ran while this one waited is in it, so it is at most what went by.
      meter.add({ cpu_ms: Math.min(elapsed(), clock.worked() - worked) })
      usage?.add(agent.id, meter.used)
    },
  }
}
