import { system } from '../../../contract/system.ts'
import type { Output } from '../../../contract/operation.ts'
import type { SystemHealth, Stopped } from '../../../contract/system.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Agents } from '../agents/index.ts'
import type { Workflows } from '../workflows/index.ts'
import type { Auth } from '../auth/index.ts'
import type { Integrations, Service } from '../integrations/index.ts'
import type { Measures } from '../measures/index.ts'
import { healthOf, medianLatency } from './health.ts'
import { describeStopped } from './stopped.ts'
import { watchHealth } from './watch.ts'

interface Parts {
  agents: Agents
  workflows: Workflows
  measures: Pick<Measures, 'performance' | 'resources' | 'condition' | 'onSample'>
  auth: Pick<Auth, 'owners'>
  integrations: Pick<Integrations, 'services'>
  version: string
  /** Milliseconds of a round trip to the own listener. */
  latency: () => Promise<number>
}

export interface System {
  answers: Answers
  /** Health as a user sees it: their own agents, this machine. */
  health(user_id: string): Promise<SystemHealth>
  /** Ends one execution, of an agent or of a workflow, or everything that runs or waits for the user. */
  stop(tx: Tx, user_id: string, execution_id?: string): Promise<Output<typeof system.stop>>
}

/** A round trip is measured at most this often: health is asked for often, and must not become load. */
const LATENCY_MS = 60_000

/** How the system is. */
export function openSystem(kernel: Kernel, parts: Parts): System {
  const { auth, agents, workflows, measures } = parts
  const health = openHealth(kernel, parts)
  watchHealth(kernel, { measures, owners: auth.owners, health: (user_id) => health(user_id, 'known') })
  const stop: System['stop'] = async (tx, user_id, execution_id) => {
    const known = await workflows.stop(tx, user_id, execution_id)
    const runs = known ?? []
    // A step of a run that was stopped by itself goes with the run; by its own id, it alone is stopped.
    const report =
      execution_id === undefined || known === undefined ? stopAgents(tx, user_id, execution_id) : []
    return {
      agent_executions: ids(report),
      workflow_executions: runs.map(({ id }) => id),
      undoable: ids(report.filter(({ undoable }) => undoable)),
      report,
      text: describeStopped(report, runs),
    }
  }
  const stopAgents = (tx: Tx, user_id: string, execution_id: string | undefined): Stopped[] =>
    execution_id === undefined
      ? agents.executions.stop.all(tx, user_id)
      : agents.executions.stop.one(tx, user_id, execution_id).stopped
  return {
    health: (user_id) => health(user_id, 'looking'),
    stop,
    answers: {
      [system.stop.name]: writes(system.stop, {
        commit: (tx, { user_id }, { execution_id }) => stop(tx, user_id, execution_id),
      }),
      [system.health.name]: reads(system.health, async ({ user_id }) => {
        if (user_id !== '') return health(user_id, 'looking')
        return { status: healthOf({ ...measures.condition(), agents_in_error: 0, services_offline: 0 }) }
      }),
      [system.state.name]: reads(system.state, async ({ user_id, caller }, asked) => {
        const { include_agents = false, include_workflows = false, include_performance = false } = asked
        const seen = async () => ({ agents: await agents.shown(user_id, caller?.agent_id) })
        return {
          health: await health(user_id, 'looking'),
          ...(include_agents ? await seen() : {}),
          ...(include_workflows ? { workflows: await workflows.shown(user_id, caller?.agent_id) } : {}),
          ...(include_performance
            ? { performance: measures.performance(user_id, caller?.agent_number) }
            : {}),
        }
      }),
    },
  }
}

/** Health as a user sees it. */
function openHealth({ clock }: Kernel, { agents, measures, integrations, version, latency }: Parts) {
  const started = clock.elapsed()
  let measured: { at: number; latency: Promise<number> } | undefined
  const roundTrip = (): Promise<number> => {
    const at = clock.elapsed()
    if (measured === undefined || at - measured.at > LATENCY_MS) measured = { at, latency: latency() }
    return measured.latency
  }
  return async (user_id: string, how: 'looking' | 'known'): Promise<SystemHealth> => {
    const external_services = (await integrations.services(user_id, how)).flatMap(toStatus)
    const { total_count, active_count, error_count } = await agents.counts(user_id)
    const services_offline = external_services.filter(({ status }) => status === 'offline').length
    return {
      status: healthOf({ ...measures.condition(), agents_in_error: error_count, services_offline }),
      uptime: Math.round((clock.elapsed() - started) / 1000),
      version,
      agents: { total: total_count, active: Math.max(0, active_count - error_count), error: error_count },
      resources: {
        ...measures.resources(),
        network_latency: medianLatency(external_services) ?? (await roundTrip()),
      },
      external_services,
    }
  }
}

/** A service as it was found; nothing of one that nobody has looked at yet. */
function toStatus({ name, health }: Service): SystemHealth['external_services'] {
  const { status, response_time = 0, last_check } = health
  return status === 'unknown' || last_check === undefined ? [] : [{ name, status, response_time, last_check }]
}

function ids(of: readonly Stopped[]): string[] {
  return of.map((one) => one.execution_id)
}
