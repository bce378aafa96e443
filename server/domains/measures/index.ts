import type { EventData } from '../../../contract/events.ts'
import { system } from '../../../contract/system.ts'
import type { Performance, SystemConfig } from '../../../contract/system.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { logFolder } from '../../kernel/logs/files.ts'
import type { LogFiles } from '../../kernel/logs/files.ts'
import type { Agents } from '../agents/index.ts'
import type { Egress } from '../egress/index.ts'
import type { Auth } from '../auth/index.ts'
import type { Settings } from '../settings/index.ts'
import { SLOW_WINDOW_MS, openAlerts } from './alerts.ts'
import { openCondition } from './condition.ts'
import type { Condition } from './condition.ts'
import { expose } from './exposition.ts'
import type { Gauge } from './gauge.ts'
import { showLogs } from './logs.ts'
import { openPulse } from './pulse.ts'
import { openSampler } from './sampler.ts'
import { openTracing } from './trace/collector.ts'
import type { Traced, Tracer } from './trace/index.ts'
import { openTraffic } from './traffic.ts'
import type { Answered, Traffic } from './traffic.ts'
import { WINDOW_MS } from './window.ts'

interface Parts {
  agents: Pick<Agents, 'onEnded'>
  egress: Pick<Egress, 'request'>
  gauge: Gauge
  auth: Pick<Auth, 'owners'>
  serverSettings: Settings
  /** The files that the log goes to; what is read is whatever is in their folder. */
  logs?: LogFiles
  version: string
}

export interface Measures {
  answers: Answers
  /** What was measured lately: of the whole server, and of a user's own agents, or of the one that asks. */
  performance(user_id: string, agent_number?: number): Performance
  /** Figures of the whole server for a program that collects them, as text. */
  expose(): string
  /** What the machine is at: percent of what this process may use. */
  readonly resources: Gauge['read']
  /** What health depends on besides agents and services. */
  condition(): Condition
  /** Counts an answer. */
  request(one: Answered & Traced): void
  /** Forgets what agents of a user did. */
  readonly forget: Traffic['forget']
  /** Hears of each sample, every five seconds while the server runs. */
  onSample(listener: () => void): void
  /** Begins to look at the server every five seconds. */
  start(): void
  /** Ends that, and sends the traces that wait. */
  stop(): Promise<void>
}

/** Measures the server, and tells its owner when something is wrong with it. */
export function openMeasures(
  kernel: Kernel,
  { agents, egress, gauge, auth, serverSettings, logs, version }: Parts,
): Measures {
  const limits = () => serverSettings.read().alerts
  const retain = ({ retention }: SystemConfig) => logs?.retain(retention.logs_days)
  retain(serverSettings.read())
  serverSettings.onChange(retain)
  const { clock } = kernel
  const started = clock.elapsed()
  const traffic = openTraffic(clock)
  const pulse = openPulse(clock)
  const standing = () => kernel.jobs.standing()
  const tracer = openTracing(kernel, egress, version)
  followWork(kernel, { agents, traffic, tracer })
  const measured = (): Omit<Performance, 'per_agent'> => ({
    window_ms: WINDOW_MS,
    ...traffic.read(),
    queue: standing(),
    event_loop: pulse.read(),
    process: gauge.process(),
  })
  const performance: Measures['performance'] = (user_id, agent_number) => {
    const all = traffic.agents(user_id)
    const per_agent = all.filter((one) => agent_number === undefined || one.agent_number === agent_number)
    return { ...measured(), per_agent }
  }
  const warn = openWarnings(kernel, { traffic, gauge, auth, limits })
  const condition = openCondition({ clock, gauge, standing, slowness: traffic.slowness, limits })
  const sampler = openSampler(kernel, pulse)
  sampler.onSample(condition.sample)
  sampler.onSample(warn)
  return {
    performance,
    expose: () =>
      expose({
        ...measured(),
        totals: traffic.totals,
        resources: gauge.read(),
        condition: condition.read(),
        version,
        uptime_s: (clock.elapsed() - started) / 1000,
        lines_lost: logs?.lost ?? 0,
        spans_lost: tracer?.dropped ?? 0,
      }),
    resources: gauge.read,
    condition: condition.read,
    request: (one) => {
      traffic.request(one)
      tracer?.request(one)
    },
    forget: traffic.forget,
    ...sampler,
    stop: async () => {
      sampler.stop()
      await tracer?.close()
    },
    answers: {
      ...showLogs(logFolder(kernel.settings.data_dir), logs),
      [system.performance.name]: reads(system.performance, ({ user_id }) =>
        Promise.resolve(performance(user_id)),
      ),
    },
  }
}

/** Measures what agents and workflows do. */
function followWork(
  { events }: Kernel,
  { agents, traffic, tracer }: Pick<Parts, 'agents'> & { traffic: Traffic; tracer: Tracer | undefined },
): void {
  agents.onEnded((tx, { id: execution_id, user_id, agent_number }, { success, metadata }) => {
    const took = { ms: metadata.execution_time, failed: !success }
    const attributes = { 'paios.agent_number': agent_number }
    tx.afterCommit(() => {
      traffic.execution({ user_id, agent_number, ...took })
      tracer?.worked({ name: 'agent', execution_id, attributes, ...took })
    })
    return []
  })
  if (tracer === undefined) return
  events.hear(({ name, data }) => {
    if (name !== 'workflow:completed') return
    const { workflow_id, execution_id, success, duration } = data as EventData<'workflow:completed'>
    const attributes = { 'paios.workflow_id': workflow_id }
    tracer.worked({ name: 'workflow', execution_id, attributes, ms: duration, failed: !success })
  })
}

interface Watching {
  traffic: Traffic
  limits: () => SystemConfig['alerts']
}

/** Tells the owner what each sample gives reason to. */
function openWarnings(
  { clock, log, events, store }: Kernel,
  { traffic, gauge, auth, limits }: Pick<Parts, 'gauge' | 'auth'> & Watching,
): () => void {
  const alerts = openAlerts(limits)
  return () => {
    const [owner] = auth.owners()
    if (owner === undefined) return
    const { cpu_usage, memory_usage } = gauge.read()
    const found = alerts.judge(clock.elapsed(), {
      cpu_usage,
      memory_usage,
      slowness: traffic.slowness(SLOW_WINDOW_MS),
      agents: traffic.failures(owner),
    })
    if (found.length === 0) return
    store
      .write((tx) => {
        for (const alert of found) events.tell(tx, 'system:performance_alert', owner, alert)
        return Promise.resolve()
      })
      .catch((error: unknown) => log.error('an alert could not be told', { alerts: found, error }))
  }
}
