import type { MCPMessage } from '../../../../contract/messages.ts'
import { MESSAGE_VERSION } from '../../../../contract/messages.ts'
import { iso } from '../../../kernel/clock.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { ActionError, LateError } from '../../../skills/skill.ts'

/** How an agent from outside is reached at the moment. */
export interface Line {
  /** Hands it a message; of those that are kept, `received` says that it has it. */
  deliver(message: MCPMessage, received?: () => void): void
}

/** Requests that one agent may have open; it works on them as it likes. */
const OPEN_MAX = 100
/** An agent that asks for messages by HTTP is lost when it has not been heard of for so long. */
const SILENT_MS = 45_000

interface Open {
  id: string
  agent_id: string
  resolve: (result: unknown) => void
  reject: (error: Error) => void
}

/** Who of the agents from outside is there, and what they were asked and have not answered. */
export interface Lines {
  /** An agent is there by a line of its own; the answer hangs up. */
  attach(agent_id: string, line: Line): () => void
  /** An agent that has no line of its own was heard of. */
  heard(agent_id: string): void
  isThere(agent_id: string): boolean
  /** The newest line of an agent; nothing for one that only asks now and then. */
  line(agent_id: string): Line | undefined
  /**
   * Asks an agent and waits for its answer.
   *
   * @throws LateError when it is not there, is lost, or the signal ends the waiting; ActionError with what it refused.
   */
  ask(agent: Called, message: MCPMessage, signal: AbortSignal): Promise<unknown>
  /** Takes the answer of an agent; false when nothing of that id is open for it. */
  answer(agent_id: string, id: string, answer: { result?: unknown; error?: { message: string } }): boolean
  /** What waits to be fetched by an agent without a line, and calls back once when there is something. */
  fetch(agent_id: string): MCPMessage[]
  onWaiting(agent_id: string, hook: () => void): () => void
  /** Ends everything of an agent. */
  drop(agent_id: string, why: string): void
}

export interface Called {
  agent_id: string
  agent_number: number
}

export function openLines(clock: Clock): Lines {
  const lines = new Map<string, Set<Line>>()
  const silent = new Map<string, () => void>()
  const open = new Map<string, Open>()
  const waiting = new Map<string, MCPMessage[]>()
  const hooks = new Map<string, Set<() => void>>()
  const openOf = (agent_id: string) => [...open.values()].filter((one) => one.agent_id === agent_id)
  const lose = (agent_id: string, why: string): void => {
    waiting.delete(agent_id)
    for (const one of openOf(agent_id)) one.reject(new LateError(why))
  }
  const isThere = (agent_id: string): boolean => lines.has(agent_id) || silent.has(agent_id)
  const line = (agent_id: string): Line | undefined => [...(lines.get(agent_id) ?? [])].at(-1)
  const send = (agent_id: string, message: MCPMessage): void => {
    const own = line(agent_id)
    if (own !== undefined) return own.deliver(message)
    waiting.getOrInsertComputed(agent_id, () => []).push(message)
    for (const hook of hooks.get(agent_id) ?? []) hook()
  }
  return {
    attach: (agent_id, given) => {
      lines.getOrInsertComputed(agent_id, () => new Set()).add(given)
      return () => {
        const own = lines.get(agent_id)
        own?.delete(given)
        if (own?.size !== 0) return
        lines.delete(agent_id)
        if (!silent.has(agent_id)) lose(agent_id, 'The agent was lost while it worked on this.')
      }
    },
    heard: (agent_id) => {
      // A line says for itself when it ends.
      if (lines.has(agent_id)) return
      silent.get(agent_id)?.()
      const cancel = clock.after(SILENT_MS, () => {
        silent.delete(agent_id)
        if (!lines.has(agent_id)) lose(agent_id, 'The agent was not heard of any more.')
      })
      silent.set(agent_id, cancel)
    },
    isThere,
    line,
    ask: ({ agent_id, agent_number }, message, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) throw signal.reason
        if (!isThere(agent_id)) throw new LateError(`Agent ${agent_number} is not connected.`)
        if (openOf(agent_id).length >= OPEN_MAX)
          throw new LateError(`Agent ${agent_number} has ${OPEN_MAX} requests open already.`)
        const end = (): void => {
          open.delete(message.id)
          signal.removeEventListener('abort', stop)
        }
        const stop = (): void => {
          end()
          send(agent_id, cancellation(message, clock.now()))
          reject(signal.reason as Error)
        }
        signal.addEventListener('abort', stop, { once: true })
        open.set(message.id, {
          id: message.id,
          agent_id,
          resolve: (result) => {
            end()
            resolve(result)
          },
          reject: (error) => {
            end()
            reject(error)
          },
        })
        send(agent_id, message)
      }),
    answer: (agent_id, id, { result, error }) => {
      const one = open.get(id)
      if (one?.agent_id !== agent_id) return false
      if (error === undefined) one.resolve(result)
      else one.reject(new ActionError(error.message.slice(0, 1_000)))
      return true
    },
    fetch: (agent_id) => {
      const messages = waiting.get(agent_id) ?? []
      waiting.delete(agent_id)
      return messages
    },
    onWaiting: (agent_id, hook) => {
      const own = hooks.getOrInsertComputed(agent_id, () => new Set())
      own.add(hook)
      return () => {
        own.delete(hook)
        if (own.size === 0) hooks.delete(agent_id)
      }
    },
    drop: (agent_id, why) => {
      silent.get(agent_id)?.()
      silent.delete(agent_id)
      lose(agent_id, why)
    },
  }
}

/** Tells an agent that nobody waits for its answer any more. */
function cancellation({ id, source, target }: MCPMessage, now: number): MCPMessage {
  return {
    id: `${id.slice(0, 120)}/cancel`,
    version: MESSAGE_VERSION,
    type: 'notification',
    method: 'agent.cancel',
    params: { id },
    timestamp: iso(now),
    source,
    ...(target === undefined ? {} : { target }),
  }
}
