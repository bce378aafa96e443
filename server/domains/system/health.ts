import type { SystemHealth } from '../../../contract/system.ts'

/** What health is made of. */
export interface Facts {
  /** Whether anything can be written. */
  writable: boolean
  /** Whether jobs are due that nobody takes up. */
  stalled: boolean
  /** Whether memory or disk are nearly full, or answers very slow. */
  strained: boolean
  agents_in_error: number
  services_offline: number
}

/**
 * Health from what was measured: unhealthy when nothing can be written or nothing is performed, degraded when something
 * wants attention.
 */
export function healthOf(facts: Facts): SystemHealth['status'] {
  if (!facts.writable || facts.stalled) return 'unhealthy'
  const wanting = facts.strained || facts.agents_in_error > 0 || facts.services_offline > 0
  return wanting ? 'degraded' : 'healthy'
}

/** Milliseconds to the services that answer: of those in the middle, the faster. Nothing without any. */
export function medianLatency(services: SystemHealth['external_services']): number | undefined {
  const times = services
    .filter(({ status }) => status !== 'offline')
    .map(({ response_time }) => response_time)
    .toSorted((a, b) => a - b)
  return times[Math.floor((times.length - 1) / 2)]
}
