import type { EventData } from '../../../contract/events.ts'
import type { SystemConfig } from '../../../contract/system.ts'
import { Gradual } from './level.ts'
import type { Level, Thresholds } from './level.ts'
import type { AgentFigures } from './traffic.ts'
import { WINDOW_MS } from './window.ts'
import type { Figures } from './window.ts'

type Alert = EventData<'system:performance_alert'>
type Kind = Alert['alert_type']

/** The time of which answers are looked at, and how many there must be: of a few the slowest says nothing. */
export const SLOW_WINDOW_MS = 60_000
export const SLOW_COUNT_MIN = 20
/** Share of an agent's executions that failed, of at least so many. */
const AGENT_ERRORS: Thresholds = { warning: 0.5, critical: 0.9, margin: 0.05 }
const AGENT_COUNT_MIN = 3
/** Nobody is told of the same kind more often. */
const QUIET_MS = 60_000
const POINTS = 5
const RANKS: readonly Level[] = ['fine', 'warning', 'critical']

/** What a sample of the server found. */
export interface Sample {
  cpu_usage: number
  memory_usage: number
  slowness: Figures
  agents: readonly AgentFigures[]
}

interface Alarm {
  gradual: Gradual
  /** The worst that was told and still holds. */
  told: Level
}

/** Says which samples are worth telling the owner. */
export interface Alerts {
  /** @param now - monotonic milliseconds. */
  judge(now: number, sample: Sample): Alert[]
}

/** @param limits - as they are set now. */
export function openAlerts(limits: () => SystemConfig['alerts']): Alerts {
  const alarms = new Map<string, Alarm>()
  const told_at = new Map<Kind, number>()
  const judgeOne = (now: number, { kind, key, value, thresholds, details, rise_ms }: Watched): Alert[] => {
    const alarm = alarms.get(key) ?? { gradual: new Gradual(rise_ms), told: 'fine' as const }
    const level = alarm.gradual.update(value, thresholds, now)
    if (level === 'fine' && value < thresholds.warning - thresholds.margin && kind === 'agent_error') {
      alarms.delete(key)
      return []
    }
    alarms.set(key, alarm)
    if (RANKS.indexOf(level) <= RANKS.indexOf(alarm.told)) {
      alarm.told = level
      return []
    }
    if (level === 'fine' || now - (told_at.get(kind) ?? -Infinity) < QUIET_MS) return []
    alarm.told = level
    told_at.set(kind, now)
    return [{ alert_type: kind, severity: level, details: { ...details, threshold: thresholds[level] } }]
  }
  return {
    judge: (now, sample) => watchedIn(sample, limits()).flatMap((watched) => judgeOne(now, watched)),
  }
}

interface Watched {
  kind: Kind
  /** What it is that is watched, of its kind. */
  key: string
  value: number
  thresholds: Thresholds
  details: Record<string, unknown>
  rise_ms?: number
}

function watchedIn(sample: Sample, limits: SystemConfig['alerts']): Watched[] {
  const { cpu_usage, memory_usage, slowness, agents } = sample
  const { cpu_percent, memory_percent, slow_p95_ms } = limits
  const { count, p95 } = slowness
  return [
    {
      kind: 'high_cpu',
      key: 'cpu',
      value: cpu_usage,
      thresholds: { ...cpu_percent, margin: POINTS },
      details: { cpu_usage },
    },
    {
      kind: 'high_memory',
      key: 'memory',
      value: memory_usage,
      thresholds: { ...memory_percent, margin: POINTS },
      details: { memory_usage },
    },
    {
      kind: 'slow_response',
      key: 'slow',
      value: count < SLOW_COUNT_MIN ? 0 : p95,
      thresholds: { ...slow_p95_ms, margin: (slow_p95_ms.warning * POINTS) / 100 },
      details: { p95, count, window_ms: SLOW_WINDOW_MS },
      rise_ms: 0,
    },
    ...agents.map((agent) => ofAgent(agent)),
  ]
}

function ofAgent({ agent_number, count, failed }: AgentFigures): Watched {
  const error_rate = count < AGENT_COUNT_MIN ? 0 : Math.round((failed / count) * 10_000) / 10_000
  return {
    kind: 'agent_error',
    key: `agent ${agent_number}`,
    value: error_rate,
    thresholds: AGENT_ERRORS,
    details: { agent_number, error_rate, count, window_ms: WINDOW_MS },
    rise_ms: 0,
  }
}
