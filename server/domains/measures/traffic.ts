import type { Performance } from '../../../contract/system.ts'
import type { Clock } from '../../kernel/clock.ts'
import { Histogram } from './histogram.ts'
import { Window } from './window.ts'
import type { Figures } from './window.ts'

/** A call that was answered. */
export interface Answered {
  operation: string
  status: number
  ms: number
}

/** An execution that has ended by itself. */
export interface Performed {
  user_id: string
  agent_number: number
  ms: number
  failed: boolean
}

/** Everything since the start, for those who make their own figures of it. */
export interface Totals {
  /** By operation and then by the first digit of the status. */
  readonly requests: ReadonlyMap<string, ReadonlyMap<number, number>>
  readonly request_ms: Histogram
  readonly executions: Readonly<Record<'completed' | 'failed', number>>
  readonly execution_ms: Histogram
}

/** An agent of a user and how it did lately. */
export interface AgentFigures {
  agent_number: number
  count: number
  failed: number
}

/** Agents whose figures are kept: those beyond wait until one of these was not used for a while. */
const AGENTS_MAX = 2_000

/** Measures what is asked of the server and what its agents do. */
export interface Traffic {
  request(one: Answered): void
  execution(one: Performed): void
  /** Of all users. */
  read(): Pick<Performance, 'requests' | 'executions'>
  /** Of one. */
  agents(user_id: string): Performance['per_agent']
  /** How many executions the agents of a user had lately, and how many of those failed. */
  failures(user_id: string): AgentFigures[]
  /** How long most requests took within so long. */
  slowness(window_ms: number): Figures
  forget(user_id: string): void
  readonly totals: Totals
}

interface Measured {
  user_id: string
  agent_number: number
  window: Window
}

export function openTraffic(clock: Clock): Traffic {
  const [requests, executions] = [new Window(), new Window()]
  const agents = new Map<string, Measured>()
  const counted = new Map<string, Map<number, number>>()
  const ended = { completed: 0, failed: 0 }
  const totals = {
    requests: counted,
    request_ms: new Histogram(),
    executions: ended,
    execution_ms: new Histogram(),
  }
  const windowOf = (user_id: string, agent_number: number): Window | undefined => {
    const key = `${user_id} ${agent_number}`
    const known = agents.get(key)
    if (known !== undefined) return known.window
    if (agents.size >= AGENTS_MAX) prune(agents, clock.elapsed())
    if (agents.size >= AGENTS_MAX) return undefined
    const window = new Window()
    agents.set(key, { user_id, agent_number, window })
    return window
  }
  const of = (user_id: string) =>
    [...agents.values()]
      .filter((one) => one.user_id === user_id)
      .toSorted((a, b) => a.agent_number - b.agent_number)
  return {
    totals,
    request: ({ operation, status, ms }) => {
      requests.record(clock.elapsed(), ms, status >= 500)
      totals.request_ms.record(ms)
      const kinds = counted.get(operation) ?? new Map<number, number>()
      counted.set(operation, kinds)
      const kind = Math.floor(status / 100)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    },
    execution: ({ user_id, agent_number, ms, failed }) => {
      const now = clock.elapsed()
      executions.record(now, ms, failed)
      windowOf(user_id, agent_number)?.record(now, ms, failed)
      totals.execution_ms.record(ms)
      ended[failed ? 'failed' : 'completed'] += 1
    },
    read: () => ({ requests: requests.read(clock.elapsed()), executions: executions.read(clock.elapsed()) }),
    agents: (user_id) =>
      of(user_id)
        .map(({ agent_number, window }) => ({ agent_number, ...window.read(clock.elapsed()) }))
        .filter(({ count }) => count > 0),
    failures: (user_id) =>
      of(user_id).map(({ agent_number, window }) => ({ agent_number, ...window.counts(clock.elapsed()) })),
    slowness: (window_ms) => requests.read(clock.elapsed(), window_ms),
    forget: (user_id) => {
      for (const [key, one] of agents) if (one.user_id === user_id) agents.delete(key)
    },
  }
}

function prune(agents: Map<string, Measured>, now: number): void {
  for (const [key, { window }] of agents) if (window.counts(now).count === 0) agents.delete(key)
}
