import type { Clock } from '../../../kernel/clock.ts'
import { Fault } from '../../../kernel/fault.ts'

/** A message that is caused by a message that is caused by a message …: after so many the chain ends. */
const HOPS_MAX = 8
/** What an agent sends within so long of hearing something counts as caused by it: nothing that it says can hide that. */
const CAUSED_MS = 5_000
const AGENTS_MAX = 10_000

/** Keeps agents from sending each other messages for ever. */
export interface Hops {
  /** How many messages led to one that this agent sends now. @throws Fault `AGENT_EXECUTION_FAILED` (409) at the limit. */
  next(sender_id: string | undefined): number
  heard(agent_id: string, hops: number): void
}

export function openHops(clock: Clock): Hops {
  const heard = new Map<string, { hops: number; at: number }>()
  return {
    next: (sender_id) => {
      const last = sender_id === undefined ? undefined : heard.get(sender_id)
      const isCaused = last !== undefined && clock.elapsed() - last.at <= CAUSED_MS
      const hops = isCaused ? last.hops + 1 : 1
      if (hops <= HOPS_MAX) return hops
      const text = `This is the ${hops}th message in a row that answers a message; ${HOPS_MAX} are the most.`
      throw new Fault('AGENT_EXECUTION_FAILED', text, { reason: 'hop_limit', hops }, { status: 409 })
    },
    heard: (agent_id, hops) => {
      const last = heard.get(agent_id)
      const isRecent = last !== undefined && clock.elapsed() - last.at <= CAUSED_MS
      // Something short in between does not make a long chain forgotten.
      const most = isRecent ? Math.max(last.hops, hops) : hops
      heard.delete(agent_id)
      const [oldest] = heard.size >= AGENTS_MAX ? heard.keys() : []
      if (oldest !== undefined) heard.delete(oldest)
      heard.set(agent_id, { hops: most, at: clock.elapsed() })
    },
  }
}
