import type { AgentStatus } from '../../../contract/agents.ts'
import type { Clock } from '../../kernel/clock.ts'

type ResourceUsage = AgentStatus['resource_usage']

/** Seconds of work that usage is measured over, and the agents it is kept for. */
const WINDOW_MS = 60_000
const AGENTS_MAX = 10_000
const IDLE: ResourceUsage = { cpu_usage: 0, memory_usage: 0, api_calls_per_minute: 0, network_usage: 0 }

/** What agents really used in the last minute. Built-in actions hold no memory between executions and call nobody. */
export interface Usage {
  of(agent_id: string): ResourceUsage
  add(agent_id: string, cpu_ms: number): void
}

/** Keeps usage in memory: it is about the last minute only. */
export function openUsage(clock: Clock): Usage {
  const used = new Map<string, { since: number; cpu_ms: number; before_ms: number }>()
  const window = (agent_id: string) => {
    const now = clock.elapsed()
    const known = used.get(agent_id)
    if (known === undefined) return undefined
    const age = now - known.since
    if (age >= 2 * WINDOW_MS) {
      used.delete(agent_id)
      return undefined
    }
    if (age < WINDOW_MS) return known
    const next = { since: known.since + WINDOW_MS, cpu_ms: 0, before_ms: known.cpu_ms }
    used.set(agent_id, next)
    return next
  }
  return {
    of: (agent_id) => {
      const current = window(agent_id)
      if (current === undefined) return IDLE
      // The share of the earlier minute that still lies within the last 60 seconds.
      const share = 1 - (clock.elapsed() - current.since) / WINDOW_MS
      const cpu_ms = current.cpu_ms + current.before_ms * share
      return { ...IDLE, cpu_usage: Math.round((cpu_ms / WINDOW_MS) * 100_000) / 1000 }
    },
    add: (agent_id, cpu_ms) => {
      const current = window(agent_id) ?? { since: clock.elapsed(), cpu_ms: 0, before_ms: 0 }
      current.cpu_ms += cpu_ms
      if (used.size < AGENTS_MAX || used.has(agent_id)) used.set(agent_id, current)
    },
  }
}
