import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How late a timer of a millisecond may come on an idle machine; the histogram counts the wait itself, too. */
const RESOLUTION_MS = 1

/** How long the event loop of this process was held up, in milliseconds. */
export interface Delays {
  p50: number
  p99: number
  max: number
}

/** Watches the event loop of this process until it is asked what it saw. */
export function watchEventLoop(): () => Delays {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  return () => {
    histogram.disable()
    return { p50: ms(histogram.percentile(50)), p99: ms(histogram.percentile(99)), max: ms(histogram.max) }
  }
}

function ms(nanoseconds: number): number {
  return nanoseconds / 1e6
}
