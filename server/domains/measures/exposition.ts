import type { Performance, SystemHealth } from '../../../contract/system.ts'
import type { Condition } from './condition.ts'
import type { Histogram } from './histogram.ts'
import type { Totals } from './traffic.ts'

/** What a program that collects figures is told. */
export interface Exposed extends Omit<Performance, 'per_agent'> {
  totals: Totals
  resources: Omit<SystemHealth['resources'], 'network_latency'>
  condition: Condition
  version: string
  uptime_s: number
  lines_lost: number
  spans_lost: number
}

type Labels = Readonly<Record<string, string>>
type Series = readonly [labels: Labels, value: number]

/** Seconds that durations are counted up to. */
const BOUNDS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/**
 * The figures in the text format 0.0.4 of Prometheus. Labels hold names of operations and states alone, so there are
 * never more series than those: nothing of a user is in them.
 */
export function expose(of: Exposed): string {
  const { totals, queue, event_loop, process, resources, condition } = of
  return [
    family('paios_info', 'gauge', 'The version that runs.', [[{ version: of.version }, 1]]),
    family('paios_uptime_seconds', 'gauge', 'Since the start.', one(of.uptime_s)),
    family('paios_requests_total', 'counter', 'Answers, by operation and kind of status.', requests(totals)),
    histogram('paios_request_duration_seconds', 'How long answers took.', totals.request_ms),
    family('paios_executions_total', 'counter', 'Executions of agents that have ended.', [
      [{ outcome: 'completed' }, totals.executions.completed],
      [{ outcome: 'failed' }, totals.executions.failed],
    ]),
    histogram('paios_execution_duration_seconds', 'How long executions took.', totals.execution_ms),
    family('paios_jobs', 'gauge', 'Jobs that run, and those that are due and wait.', [
      [{ state: 'running' }, queue.running],
      [{ state: 'waiting' }, queue.waiting],
    ]),
    family('paios_event_loop_delay_seconds', 'gauge', 'How late timers ring, of the last minutes.', [
      [{ quantile: '0.5' }, event_loop.delay_p50 / 1000],
      [{ quantile: '0.99' }, event_loop.delay_p99 / 1000],
    ]),
    family('paios_event_loop_busy_ratio', 'gauge', 'Of the last minutes.', one(event_loop.utilization)),
    family('paios_process_cpu_ratio', 'gauge', 'Of what it may use.', one(process.cpu_usage / 100)),
    family('paios_process_resident_bytes', 'gauge', 'Memory of the process.', one(process.memory_rss)),
    family('paios_process_heap_bytes', 'gauge', 'Of that, the heap in use.', one(process.heap_used)),
    family('paios_machine_used_ratio', 'gauge', 'Of the machine, or the part of it that may be used.', [
      [{ resource: 'cpu' }, resources.cpu_usage / 100],
      [{ resource: 'memory' }, resources.memory_usage / 100],
      [{ resource: 'disk' }, resources.disk_usage / 100],
    ]),
    family('paios_condition', 'gauge', 'What health depends on: 1 when it is so.', [
      [{ state: 'writable' }, Number(condition.writable)],
      [{ state: 'stalled' }, Number(condition.stalled)],
      [{ state: 'strained' }, Number(condition.strained)],
    ]),
    family('paios_log_lines_lost_total', 'counter', 'That could not be written.', one(of.lines_lost)),
    family('paios_trace_spans_lost_total', 'counter', 'That were too many or not taken.', one(of.spans_lost)),
  ].join('')
}

function requests({ requests: all }: Totals): Series[] {
  return [...all].flatMap(([operation, kinds]) =>
    [...kinds].map(([kind, count]): Series => [{ operation, status: `${kind}xx` }, count]),
  )
}

function one(value: number): Series[] {
  return [[{}, value]]
}

function histogram(name: string, help: string, of: Histogram): string {
  const buckets = BOUNDS_S.map((bound) =>
    line(`${name}_bucket`, { le: String(bound) }, of.atMost(bound * 1000)),
  )
  const rest = [
    line(`${name}_bucket`, { le: '+Inf' }, of.total),
    line(`${name}_sum`, {}, of.sum / 1000),
    line(`${name}_count`, {}, of.total),
  ]
  return head(name, 'histogram', help) + [...buckets, ...rest].join('')
}

function family(name: string, type: 'gauge' | 'counter', help: string, series: readonly Series[]): string {
  return head(name, type, help) + series.map(([labels, value]) => line(name, labels, value)).join('')
}

function head(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
