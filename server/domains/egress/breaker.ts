import type { Clock } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Bounds } from './bounds.ts'

/**
 * `busy`: it answered that it cannot now, so it is there. `unknown`: it ended before the host could show what it is worth.
 */
export type Outcome = 'worked' | 'busy' | 'failed' | 'unknown'

interface Circuit {
  /** Failures in a row, each by its weight. */
  weight: number
  /** The same, counted. */
  times: number
  /** What the last of them was, after "it". */
  last: string
  /** When the host was last seen failing, in monotonic milliseconds. */
  failed: number
  /** Somebody is finding out whether the host is back. */
  trying: boolean
}

/** Who goes where. */
interface Way {
  user_id: string
  host: string
}

/** A host that answers is alive, and whoever asks sees what it says: it is left alone after four times as many. */
const WEIGHTS = { failed: 4, busy: 1 } as const
/** Circuits that are remembered; of more, the one that failed first is forgotten. */
const CIRCUITS_MAX = 10_000

/**
 * Leaves a host alone that failed several times in a row, for a while; then one goes ahead, and the others follow if
 * that worked. It spares the host, and our own connections, which would all wait for it. Each user has circuits of their
 * own: else one who asks for what fails would shut a host for everybody.
 */
export class Breaker {
  readonly #bounds: Bounds
  readonly #clock: Clock
  readonly #circuits = new Map<string, Circuit>()

  constructor(bounds: Bounds, clock: Clock) {
    this.#bounds = bounds
    this.#clock = clock
  }

  /** Whether a host is left alone by a user at the moment. */
  isOpen(way: Way): boolean {
    return this.#rest(this.#circuits.get(keyOf(way))) > 0
  }

  /**
   * Announces an exchange; what it answers must be called with the outcome, once, and with what went wrong, after "it".
   *
   * @throws Fault `AGENT_EXECUTION_FAILED` with the time to come back, while the host is left alone.
   */
  enter(way: Way): (outcome: Outcome, what?: string) => void {
    const { host } = way
    const key = keyOf(way)
    const circuit = this.#circuits.get(key)
    const rest = this.#rest(circuit)
    if (circuit !== undefined && rest > 0) {
      const retry_after_s = Math.ceil(rest / 1_000)
      throw new Fault(
        'AGENT_EXECUTION_FAILED',
        `${host} failed ${circuit.times} times in a row and is left alone for ${retry_after_s} s; last: it ${circuit.last}.`,
        { host },
        { retry_after_s },
      )
    }
    const isTrial = circuit !== undefined && this.#isFull(circuit)
    if (isTrial) circuit.trying = true
    return (outcome, what = 'failed') => {
      if (isTrial) circuit.trying = false
      if (outcome === 'worked') this.#circuits.delete(key)
      if (outcome === 'failed' || outcome === 'busy') this.#fail(key, WEIGHTS[outcome], what)
    }
  }

  #isFull({ weight }: Circuit): boolean {
    return weight >= this.#bounds.failures * WEIGHTS.failed
  }

  #fail(key: string, weight: number, what: string): void {
    // Changed where it is and never copied: one that tries the host holds the same object, and ends its trial there.
    const circuit = this.#circuits.get(key) ?? { weight: 0, times: 0, last: '', failed: 0, trying: false }
    circuit.weight += weight
    circuit.times += 1
    circuit.last = what
    circuit.failed = this.#clock.elapsed()
    this.#circuits.delete(key)
    this.#circuits.set(key, circuit)
    const [oldest] = this.#circuits.keys()
    if (this.#circuits.size > CIRCUITS_MAX && oldest !== undefined) this.#circuits.delete(oldest)
  }

  /** Milliseconds that a host is still left alone. While one tries it, the others come back a second later. */
  #rest(circuit: Circuit | undefined): number {
    if (circuit === undefined || !this.#isFull(circuit)) return 0
    const rest = circuit.failed + this.#bounds.rest_ms - this.#clock.elapsed()
    return rest <= 0 && circuit.trying ? 1_000 : Math.max(rest, 0)
  }
}

/** A host is never empty and has no space in it, so no two ways have one key. */
function keyOf({ user_id, host }: Way): string {
  return `${host} ${user_id}`
}
