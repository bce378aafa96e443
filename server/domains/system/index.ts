import { system } from '../../../contract/system.ts'
import type { Output } from '../../../contract/operation.ts'
import type { SystemHealth, Stopped } from '../../../contract/system.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Agents } from '../agents/index.ts'
import type { Workflows } from '../workflows/index.ts'
import { healthOf } from './health.ts'
import type { Gauge } from './health.ts'
import { describeStopped } from './stopped.ts'

interface Parts {
  agents: Agents
  workflows: Workflows
  gauge: Gauge
  version: string
  /** Milliseconds of a round trip to the own listener. */
  latency: () => Promise<number>
}

export interface System {
  answers: Answers
  /** Health as a user sees it: their own agents, this machine. */
  health(user_id: string): Promise<SystemHealth>
  /** Ends one execution, of an agent or of a workflow, or everything that runs or waits for the user. */
  stop(tx: Tx, user_id: string, execution_id?: string): Output<typeof system.stop>
}

/** A round trip is measured at most this often: health is asked for often, and must not become load. */
const LATENCY_MS = 60_000

/** How the system is. */
export function openSystem(kernel: Kernel, { agents, workflows, gauge, version, latency }: Parts): System {
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
  const stop: System['stop'] = (tx, user_id, execution_id) => {
    const known = workflows.stop(tx, user_id, execution_id)
    const runs = known ?? []
    // A step of a run that was stopped by itself goes with the run; by its own id, it alone is stopped.
    const report =
      execution_id === undefined || known === undefined ? stopAgents(tx, user_id, execution_id) : []
    return {
      agent_executions: ids(report),
      workflow_executions: runs.map(({ id }) => id),
      undoable: ids(report.filter(({ undoable }) => undoable)),
      report,
      text: describeStopped(
        report,
        runs.map(({ name }) => name),
      ),
    }
  }
  const stopAgents = (tx: Tx, user_id: string, execution_id: string | undefined): Stopped[] =>
    execution_id === undefined
      ? agents.executions.stop.all(tx, user_id)
      : agents.executions.stop.one(tx, user_id, execution_id).stopped
  return {
    health,
    stop,
    answers: {
      [system.stop.name]: writes(system.stop, {
        commit: (tx, { user_id }, { execution_id }) => Promise.resolve(stop(tx, user_id, execution_id)),
      }),
      [system.health.name]: reads(system.health, async ({ user_id }) => {
        if (user_id !== '') return health(user_id)
        const resources = gauge.read()
        const writable = gauge.diskRefusal() === undefined
        return { status: healthOf({ writable, agents_in_error: 0, resources, services_offline: 0 }) }
      }),
      [system.state.name]: reads(system.state, async ({ user_id, caller }, asked) => {
        const { include_agents = false, include_workflows = false, include_performance = false } = asked
        if (include_performance) throw notBuilt('performance')
        const seen = async () => ({ agents: await agents.shown(user_id, caller?.agent_id) })
        return {
          health: await health(user_id),
          ...(include_agents ? await seen() : {}),
          ...(include_workflows ? { workflows: await workflows.shown(user_id) } : {}),
        }
      }),
    },
  }
}

function ids(of: readonly Stopped[]): string[] {
  return of.map((one) => one.execution_id)
}

function notBuilt(part: string): Fault {
  return new Fault('SERVICE_UNAVAILABLE', `The state of ${part} is not built yet.`, {
    reason: 'not_built',
    part,
  })
}
