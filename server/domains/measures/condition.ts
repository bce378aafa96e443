import type { SystemConfig } from '../../../contract/system.ts'
import type { Clock } from '../../kernel/clock.ts'
import { SLOW_COUNT_MIN, SLOW_WINDOW_MS } from './alerts.ts'
import type { Gauge } from './gauge.ts'
import { Gradual } from './level.ts'
import type { Traffic } from './traffic.ts'

/** What health depends on besides agents and services. */
export interface Condition {
  /** Whether anything can be written. */
  writable: boolean
  /** Whether jobs are due that nobody takes up. */
  stalled: boolean
  /** Whether the memory, the disk or the patience of those who ask is nearly used up. */
  strained: boolean
}

interface Parts {
  clock: Clock
  gauge: Gauge
  standing: () => { waiting: number; running: number }
  slowness: Traffic['slowness']
  limits: () => SystemConfig['alerts']
}

/** Share of the volume in percent that is too much. Memory and slowness are critical where the settings say so. */
const DISK_PERCENT = 95
const POINTS = 5
/** A job that is due is taken up at once where there is nothing else to do. */
const STALLED_MS = 30_000

/** Follows the condition of the server, without wavering at the edge. */
export function openCondition({ clock, gauge, standing, slowness, limits }: Parts): {
  read(): Condition
  sample(): void
} {
  const levels = { memory: new Gradual(0), disk: new Gradual(0), slow: new Gradual(0) }
  let stuck_since: number | undefined
  const isBeyond = (gradual: Gradual, value: number, limit: number, margin: number): boolean =>
    gradual.update(value, { warning: limit, critical: Infinity, margin }, clock.elapsed()) !== 'fine'
  const isStrained = (): boolean => {
    const { memory_usage, disk_usage } = gauge.read()
    const { memory_percent, slow_p95_ms } = limits()
    const { count, p95 } = slowness(SLOW_WINDOW_MS)
    const slow_ms = count < SLOW_COUNT_MIN ? 0 : p95
    // All three are followed, whatever the first says.
    return [
      isBeyond(levels.memory, memory_usage, memory_percent.critical, POINTS),
      isBeyond(levels.disk, disk_usage, DISK_PERCENT, POINTS),
      isBeyond(levels.slow, slow_ms, slow_p95_ms.critical, (slow_p95_ms.critical * POINTS) / 100),
    ].includes(true)
  }
  return {
    read: () => ({
      writable: gauge.diskRefusal() === undefined,
      stalled: stuck_since !== undefined && clock.elapsed() - stuck_since >= STALLED_MS,
      strained: isStrained(),
    }),
    sample: () => {
      const { waiting, running } = standing()
      stuck_since = waiting > 0 && running === 0 ? (stuck_since ?? clock.elapsed()) : undefined
    },
  }
}
