import { performance } from 'node:perf_hooks'
import type { EventLoopUtilization } from 'node:perf_hooks'
import type { Performance } from '../../../contract/system.ts'
import type { Clock } from '../../kernel/clock.ts'
import { WINDOW_MS, Window } from './window.ts'

/** How well the event loop keeps up. */
export interface Pulse {
  read(): Performance['event_loop']
  /**
   * Remembers how busy it was, and how late a timer rang. The timer is that of the samples: waking up is what costs, so a
   * timer of its own would cost more than all else that is measured.
   */
  sample(late_ms: number): void
}

/** @param usage - how busy the event loop has been since the process began. */
export function openPulse(
  clock: Clock,
  usage: () => EventLoopUtilization = () => performance.eventLoopUtilization(),
): Pulse {
  const delays = new Window()
  let seen = [{ at: clock.elapsed(), usage: usage() }]
  return {
    read: () => {
      const now = clock.elapsed()
      const { p50, p99 } = delays.read(now)
      const [oldest] = seen
      const { idle, active } = usage()
      const busy = active - (oldest?.usage.active ?? 0)
      const all = busy + idle - (oldest?.usage.idle ?? 0)
      return { delay_p50: p50, delay_p99: p99, utilization: all > 0 ? share(busy / all) : 0 }
    },
    sample: (late_ms) => {
      const at = clock.elapsed()
      delays.record(at, late_ms, false)
      seen = [...seen.filter((one) => at - one.at < WINDOW_MS), { at, usage: usage() }]
    },
  }
}

function share(value: number): number {
  return Math.round(Math.max(0, Math.min(1, value)) * 1000) / 1000
}
