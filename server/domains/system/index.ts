import type { Agent } from '../../../contract/agents.ts'
import { system } from '../../../contract/system.ts'
import type { SystemHealth } from '../../../contract/system.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
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
      [system.state.name]: reads(system.state, async ({ user_id, caller }, asked) => {
        const { include_agents = false, include_workflows = false, include_performance = false } = asked
        if (include_workflows) throw notBuilt('workflows')
        if (include_performance) throw notBuilt('performance')
        const seen = async () => (await agents.shown(user_id)).map((one) => veil(one, caller?.agent_id))
        return { health: await health(user_id), ...(include_agents ? { agents: await seen() } : {}) }
      }),
    },
  }
}

function notBuilt(part: string): Fault {
  return new Fault('SERVICE_UNAVAILABLE', `The state of ${part} is not built yet.`, {
    reason: 'not_built',
    part,
  })
}

/** A program sees how the other agents are set up as little as their memories. */
function veil(agent: Agent, agent_id: string | undefined): Agent {
  if (agent_id === undefined || agent.id === agent_id) return agent
  const config = {
    api_keys: {},
    preferences: {},
    workflow_triggers: [],
    voice_commands: [],
    external_integrations: [],
  }
  return { ...agent, config }
}
