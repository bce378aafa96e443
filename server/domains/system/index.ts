import { system } from '../../../contract/system.ts'
import type { SystemHealth } from '../../../contract/system.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Agents } from '../agents/index.ts'
import { healthOf } from './health.ts'
import type { Gauge } from './health.ts'

interface Parts {
  agents: Agents
  gauge: Gauge
  version: string
  /** Milliseconds of a round trip to the own listener. */
  latency: () => Promise<number>
}

export interface System {
  answers: Answers
  /** Health as a user sees it: their own agents, this machine. */
  health(user_id: string): Promise<SystemHealth>
}

/** A round trip is measured at most this often: health is asked for often, and must not become load. */
const LATENCY_MS = 60_000

/** How the system is. */
export function openSystem(kernel: Kernel, { agents, gauge, version, latency }: Parts): System {
  const started = kernel.clock.elapsed()
  let measured: { at: number; latency: Promise<number> } | undefined
  const roundTrip = (): Promise<number> => {
    const at = kernel.clock.elapsed()
    if (measured === undefined || at - measured.at > LATENCY_MS) measured = { at, latency: latency() }
    return measured.latency
  }
  const health = async (user_id: string): Promise<SystemHealth> => {
    const { total_count, active_count, error_count } = await agents.counts(user_id)
    const resources = gauge.read()
    const writable = gauge.diskRefusal() === undefined
    return {
      status: healthOf({ writable, agents_in_error: error_count, resources, services_offline: 0 }),
      uptime: Math.round((kernel.clock.elapsed() - started) / 1000),
      version,
      agents: { total: total_count, active: Math.max(0, active_count - error_count), error: error_count },
      resources: { ...resources, network_latency: await roundTrip() },
      external_services: [],
    }
  }
  return {
    health,
    answers: {
      [system.health.name]: reads(system.health, async ({ user_id }) => {
        if (user_id !== '') return health(user_id)
        const resources = gauge.read()
        const writable = gauge.diskRefusal() === undefined
        return { status: healthOf({ writable, agents_in_error: 0, resources, services_offline: 0 }) }
      }),
    },
  }
}
