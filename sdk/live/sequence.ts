import type { EventPlace } from '../../contract/events.ts'

/** An event as it came over the network. */
export interface Came {
  readonly name: string
  readonly data: unknown
  readonly place: EventPlace
}

/** How the server ended sending what was missed. */
export interface Resumed {
  /** Where it ended. */
  readonly last_seq: number
  /** Whether some of it is gone. */
  readonly gap: boolean
}

/** Events that are held back while what was missed is sent: many times what a server keeps for a user. */
const HELD_MAX = 20_000

/**
 * Puts the events of one connection after the other into one sequence.
 *
 * Invariants: Q1 each event is told once, in its order. Q2 where some may be missing, a gap is told before what follows.
 */
export class Sequence {
  readonly #tell: (event: Came) => void
  readonly #tellGap: () => void
  #last: number | undefined
  #held: Map<number, Came> | undefined
  #isOverfull = false

  /** @param last - place after which to begin; otherwise after whatever `release` is told first. */
  constructor(last: number | undefined, tell: (event: Came) => void, tellGap: () => void) {
    this.#last = last
    this.#tell = tell
    this.#tellGap = tellGap
  }

  /** Place of the last event that was told or need not be. */
  get last(): number | undefined {
    return this.#last
  }

  /** Begins with a connection: holds events back until what was missed is there, too. */
  hold(): void {
    this.#held = new Map()
    this.#isOverfull = false
  }

  hear(event: Came): void {
    if (this.#held === undefined) this.#take(event)
    else if (this.#held.size < HELD_MAX) this.#held.set(event.place.seq, event)
    else this.#isOverfull = true
  }

  /** Tells what was held back: the server has sent everything before its answer. */
  release({ last_seq, gap }: Resumed): void {
    const held = Array.from(this.#held?.values() ?? [])
    const isFirst = this.#last === undefined
    this.#held = undefined
    // Who begins anew hears of nothing that happened before.
    const due = isFirst ? held.filter(({ place }) => place.seq > last_seq) : held
    this.#last ??= last_seq
    if ((gap && !isFirst) || this.#isOverfull) this.#tellGap()
    const before = this.#last
    for (const event of due.toSorted((a, b) => a.place.seq - b.place.seq)) this.#take(event)
    if (this.#last >= before) this.#last = Math.max(this.#last, last_seq)
  }

  #take(event: Came): void {
    const { seq } = event.place
    // No server sends an event twice: this one was set back to an older state, and counts from there.
    if (this.#last !== undefined && seq <= this.#last) this.#tellGap()
    this.#last = seq
    this.#tell(event)
  }
}
