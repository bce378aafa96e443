import type { MCPMessage } from '../../../../contract/messages.ts'
import { MESSAGE_VERSION } from '../../../../contract/messages.ts'
import { iso } from '../../../kernel/clock.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
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
  agent_id: string
  isAnnounced: boolean
  resolve: (result: unknown) => void
  reject: (error: Error) => void
}

/** Who of the agents from outside is there, and what they were asked and have not answered. */
export interface Lines {
  /** An agent is there by a line of its own; the answer hangs up. */
  attach(agent_id: string, line: Line): () => void
  /** An agent that has no line of its own was heard of. */
  heard(agent_id: string): void
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
  /** Whether an answer of that id is waited for and was not announced before: a request is good for one. */
  announce(agent_id: string, id: string): boolean
  /** Takes the oldest of what waits for an agent without a line. */
  fetch(agent_id: string, max: number): MCPMessage[]
  /** Calls back whenever something begins to wait; the answer stops that. */
  onWaiting(agent_id: string, hook: () => void): () => void
  /** Ends everything of an agent. */
  drop(agent_id: string, why: string): void
}

export interface Called {
  agent_id: string
  agent_number: number
}

export function openLines(kernel: Pick<Kernel, 'clock' | 'id'>): Lines {
  return new Exchange(kernel)
}

class Exchange implements Lines {
  readonly #clock: Kernel['clock']
  readonly #id: Kernel['id']
  readonly #lines = new Map<string, Set<Line>>()
  /** Agents without a line that were heard of lately, each with how to stop waiting for the next time. */
  readonly #silent = new Map<string, () => void>()
  readonly #open = new Map<string, Open>()
  readonly #waiting = new Map<string, MCPMessage[]>()
  readonly #hooks = new Map<string, Set<() => void>>()

  constructor({ clock, id }: Pick<Kernel, 'clock' | 'id'>) {
    this.#clock = clock
    this.#id = id
  }

  attach(agent_id: string, given: Line): () => void {
    this.#lines.getOrInsertComputed(agent_id, () => new Set()).add(given)
    for (const message of this.fetch(agent_id, Infinity)) given.deliver(message)
    return () => {
      const own = this.#lines.get(agent_id)
      own?.delete(given)
      if (own?.size !== 0) return
      this.#lines.delete(agent_id)
      if (!this.#silent.has(agent_id)) this.#lose(agent_id, 'The agent was lost while it worked on this.')
    }
  }

  heard(agent_id: string): void {
    // A line says for itself when it ends.
    if (this.#lines.has(agent_id)) return
    this.#silent.get(agent_id)?.()
    const cancel = this.#clock.after(SILENT_MS, () => {
      this.#silent.delete(agent_id)
      if (!this.#lines.has(agent_id)) this.#lose(agent_id, 'The agent was not heard of any more.')
    })
    this.#silent.set(agent_id, cancel)
  }

  line(agent_id: string): Line | undefined {
    return [...(this.#lines.get(agent_id) ?? [])].at(-1)
  }

  ask({ agent_id, agent_number }: Called, message: MCPMessage, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) throw signal.reason
      if (!this.#lines.has(agent_id) && !this.#silent.has(agent_id))
        throw new LateError(`Agent ${agent_number} is not connected.`)
      if (this.#openOf(agent_id).length >= OPEN_MAX)
        throw new ActionError(`Agent ${agent_number} has ${OPEN_MAX} requests open already.`)
      const end = (): void => {
        this.#open.delete(message.id)
        signal.removeEventListener('abort', stop)
      }
      const stop = (): void => {
        end()
        if (!this.#withdraw(agent_id, message.id))
          this.#send(agent_id, cancellation(message, this.#id(), this.#clock.now()))
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', stop, { once: true })
      this.#open.set(message.id, {
        agent_id,
        isAnnounced: false,
        resolve: (result) => {
          end()
          resolve(result)
        },
        reject: (error) => {
          end()
          reject(error)
        },
      })
      this.#send(agent_id, message)
    })
  }

  answer(
    agent_id: string,
    id: string,
    { result, error }: { result?: unknown; error?: { message: string } },
  ): boolean {
    const one = this.#open.get(id)
    if (one?.agent_id !== agent_id) return false
    if (error === undefined) one.resolve(result)
    else one.reject(new ActionError(error.message.slice(0, 1_000), { cause: error }))
    return true
  }

  announce(agent_id: string, id: string): boolean {
    const one = this.#open.get(id)
    if (one?.agent_id !== agent_id || one.isAnnounced) return false
    one.isAnnounced = true
    return true
  }

  fetch(agent_id: string, max: number): MCPMessage[] {
    const messages = this.#waiting.get(agent_id) ?? []
    const taken = messages.splice(0, max)
    if (messages.length === 0) this.#waiting.delete(agent_id)
    return taken
  }

  onWaiting(agent_id: string, hook: () => void): () => void {
    const own = this.#hooks.getOrInsertComputed(agent_id, () => new Set())
    own.add(hook)
    return () => {
      own.delete(hook)
      if (own.size === 0) this.#hooks.delete(agent_id)
    }
  }

  drop(agent_id: string, why: string): void {
    this.#silent.get(agent_id)?.()
    this.#silent.delete(agent_id)
    this.#lose(agent_id, why)
  }

  /** Hands a message over, or keeps it for an agent that will ask for it. */
  #send(agent_id: string, message: MCPMessage): void {
    const own = this.line(agent_id)
    if (own !== undefined) return own.deliver(message)
    const waiting = this.#waiting.getOrInsertComputed(agent_id, () => [])
    // As many requests as may be open, and the end of each.
    if (waiting.length < 2 * OPEN_MAX) waiting.push(message)
    for (const hook of this.#hooks.get(agent_id) ?? []) hook()
  }

  /** Takes back what the agent has not fetched: one that is there and fetches nothing must not fill its place for good. */
  #withdraw(agent_id: string, id: string): boolean {
    const messages = this.#waiting.get(agent_id) ?? []
    const index = messages.findIndex((one) => one.id === id)
    if (index >= 0) messages.splice(index, 1)
    return index >= 0
  }

  #openOf(agent_id: string): Open[] {
    return [...this.#open.values()].filter((one) => one.agent_id === agent_id)
  }

  #lose(agent_id: string, why: string): void {
    this.#waiting.delete(agent_id)
    for (const one of this.#openOf(agent_id)) one.reject(new LateError(why))
  }
}

/** Tells an agent that nobody waits for its answer any more. */
function cancellation({ id, source, target }: MCPMessage, own_id: string, now: number): MCPMessage {
  return {
    id: own_id,
    version: MESSAGE_VERSION,
    type: 'notification',
    method: 'agent.cancel',
    params: { id },
    timestamp: iso(now),
    source,
    ...(target === undefined ? {} : { target }),
  }
}
