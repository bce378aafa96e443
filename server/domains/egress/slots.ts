import { Fault } from '../../kernel/fault.ts'
import type { Bounds } from './bounds.ts'

interface Claim {
  host: string
  user_id: string
}
interface Waiting extends Claim {
  start: () => void
}

/**
 * Who may hold a connection. First come, first served, but for those whose host or user has enough already: they let
 * others pass.
 */
export class Slots {
  readonly #bounds: Bounds
  readonly #held = new Set<Claim>()
  readonly #waiting = new Set<Waiting>()

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** Answers what gives the slot back, once there is one. Rejects with the reason of the signal. */
  async acquire(claim: Claim, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#isFree(claim)) return this.#take(claim)
    if (this.#waiting.size >= this.#bounds.waiting)
      throw new Fault('SYSTEM_OVERLOADED', 'Too many requests wait to go out already.')
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const waiting = { ...claim, start: () => resolve(this.#take(claim)) }
    // At once: a slot that is given to somebody who has left would never come back.
    const giveUp = (): void => {
      this.#waiting.delete(waiting)
      reject(signal.reason)
    }
    this.#waiting.add(waiting)
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  #take(claim: Claim): () => void {
    const held = { ...claim }
    this.#held.add(held)
    return () => {
      if (this.#held.delete(held)) this.#startNext()
    }
  }

  #startNext(): void {
    for (const waiting of this.#waiting) {
      if (!this.#isFree(waiting)) continue
      this.#waiting.delete(waiting)
      waiting.start()
      return
    }
  }

  #isFree({ host, user_id }: Claim): boolean {
    const { connections, connections_per_host, connections_per_user } = this.#bounds
    const held = [...this.#held]
    return (
      held.length < connections &&
      held.filter((other) => other.host === host).length < connections_per_host &&
      held.filter((other) => other.user_id === user_id).length < connections_per_user
    )
  }
}
