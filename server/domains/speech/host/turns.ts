import type { Clock } from '../../../kernel/clock.ts'
import { SpeechError } from '../kinds.ts'

export interface TurnBounds {
  at_once: number
  /** Places that are taken, at work, waiting or between two turns: of one user and of all. */
  places_per_user_max: number
  places_max: number
  /** A turn that has not come after so long is given up. */
  wait_ms: number
}

export const TURN_BOUNDS: TurnBounds = {
  at_once: 2,
  places_per_user_max: 6,
  places_max: 18,
  // Less than an engine has for one piece: too much to do is no failure of it.
  wait_ms: 10_000,
}

/** Whoever has a place has one turn after the other. */
export interface Place {
  /** Does something as soon as it is its turn. @throws SpeechError `busy` when that does not come; the reason of the signal */
  turn<T>(work: () => Promise<T>): Promise<T>
  /** Gives the place up, which the end of the signal does by itself; idempotent. */
  leave(): void
}

interface Waiting {
  user_id: string
  begin: () => void
}

/**
 * Turns at something of which only a few may be done at a time: first those for whom least is being done, and among them
 * those whose last turn is longest ago. What is done by children of the host has that from their pool.
 */
export class Turns {
  readonly #clock: Clock
  readonly #bounds: TurnBounds
  /** Whose places these are, and whose turns are under way. */
  readonly #places: string[] = []
  readonly #busy: string[] = []
  readonly #waiting: Waiting[] = []
  #served: string[] = []

  constructor(clock: Clock, bounds: Partial<TurnBounds> = {}) {
    this.#clock = clock
    this.#bounds = { ...TURN_BOUNDS, ...bounds }
  }

  /** @throws SpeechError `busy` when too many places are taken; the reason of the signal */
  enter(user_id: string, signal: AbortSignal): Place {
    signal.throwIfAborted()
    const { places_per_user_max, places_max } = this.#bounds
    const isFull = countOf(this.#places, user_id) >= places_per_user_max || this.#places.length >= places_max
    if (isFull) throw busy()
    this.#places.push(user_id)
    let isIn = true
    const leave = (): void => {
      signal.removeEventListener('abort', leave)
      if (isIn) takeOne(this.#places, user_id)
      isIn = false
    }
    signal.addEventListener('abort', leave, { once: true })
    return { leave, turn: (work) => this.#turn(user_id, signal, work) }
  }

  async #turn<T>(user_id: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#comes(user_id, signal)
    try {
      // It may have ended in the very moment in which the turn came.
      signal.throwIfAborted()
      return await work()
    } finally {
      takeOne(this.#busy, user_id)
      this.#next()
    }
  }

  async #comes(user_id: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const one = { user_id, begin: resolve }
    const giveUp = (why: unknown): void => {
      takeOne(this.#waiting, one)
      reject(why)
    }
    const cancel = this.#clock.after(this.#bounds.wait_ms, () => giveUp(busy()))
    const onAbort = (): void => giveUp(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    this.#waiting.push(one)
    this.#next()
    try {
      await promise
    } finally {
      cancel()
      signal.removeEventListener('abort', onAbort)
    }
  }

  #next(): void {
    while (this.#busy.length < this.#bounds.at_once) {
      const [first] = this.#waiting.toSorted(
        (a, b) =>
          countOf(this.#busy, a.user_id) - countOf(this.#busy, b.user_id) ||
          this.#served.indexOf(a.user_id) - this.#served.indexOf(b.user_id),
      )
      if (first === undefined) return
      const { user_id, begin } = first
      takeOne(this.#waiting, first)
      this.#busy.push(user_id)
      const others = this.#served.filter((one) => one !== user_id)
      this.#served = [...others, user_id].slice(-this.#bounds.places_max)
      begin()
    }
  }
}

function busy(): SpeechError {
  return new SpeechError('busy', 'Too much is being said at once; try again in a moment.')
}

function countOf(user_ids: readonly string[], user_id: string): number {
  return user_ids.filter((one) => one === user_id).length
}

function takeOne<T>(all: T[], one: T): void {
  const place = all.indexOf(one)
  if (place >= 0) all.splice(place, 1)
}
