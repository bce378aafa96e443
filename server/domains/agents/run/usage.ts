import type { AgentStatus } from '../../../../contract/agents.ts'
import type { Clock } from '../../../kernel/clock.ts'

type ResourceUsage = AgentStatus['resource_usage']

/** Seconds of work that usage is measured over, and the agents it is kept for. */
const WINDOW_MS = 60_000
const AGENTS_MAX = 10_000

/** What an execution has used: milliseconds of the processor, calls to other machines, bytes in and out, bytes of memory. */
export interface Used {
  cpu_ms: number
  calls: number
  bytes: number
  /** The most at one time. Actions of this process itself hold none that could be told apart. */
  memory_bytes: number
}
export const NOTHING_USED: Used = { cpu_ms: 0, calls: 0, bytes: 0, memory_bytes: 0 }

/** What agents really used in the last minute. */
export interface Usage {
  of(agent_id: string): ResourceUsage
  add(agent_id: string, used: Partial<Used>): void
}

interface Minute {
  since: number
  now: Used
  before: Used
}

/** Keeps usage in memory: it is about the last minute only. */
export function openUsage(clock: Clock): Usage {
  const minutes = new Map<string, Minute>()
  const current = (agent_id: string): Minute | undefined => {
    const known = minutes.get(agent_id)
    if (known === undefined) return undefined
    const age = clock.elapsed() - known.since
    if (age < WINDOW_MS) return known
    minutes.delete(agent_id)
    if (age >= 2 * WINDOW_MS) return undefined
    const next = { since: known.since + WINDOW_MS, now: NOTHING_USED, before: known.now }
    minutes.set(agent_id, next)
    return next
  }
  return {
    of: (agent_id) => {
      const minute = current(agent_id)
      if (minute === undefined)
        return { cpu_usage: 0, memory_usage: 0, api_calls_per_minute: 0, network_usage: 0 }
      const { now, before, since } = minute
      // The share of the earlier minute that still lies within the last 60 seconds.
      const share = 1 - (clock.elapsed() - since) / WINDOW_MS
      const sum = (of: 'cpu_ms' | 'calls' | 'bytes') => now[of] + before[of] * share
      return {
        cpu_usage: Math.round((sum('cpu_ms') / WINDOW_MS) * 100_000) / 1000,
        memory_usage: Math.max(now.memory_bytes, before.memory_bytes),
        api_calls_per_minute: Math.round(sum('calls')),
        network_usage: Math.round(sum('bytes')),
      }
    },
    add: (agent_id, used) => {
      const minute = current(agent_id) ?? {
        since: clock.elapsed(),
        now: NOTHING_USED,
        before: NOTHING_USED,
      }
      if (minutes.size >= AGENTS_MAX && !minutes.has(agent_id)) return
      minutes.set(agent_id, { ...minute, now: plus(minute.now, { ...NOTHING_USED, ...used }) })
    },
  }
}

function plus(a: Used, b: Used): Used {
  return {
    cpu_ms: a.cpu_ms + b.cpu_ms,
    calls: a.calls + b.calls,
    bytes: a.bytes + b.bytes,
    memory_bytes: Math.max(a.memory_bytes, b.memory_bytes),
  }
}
