import type { Clock } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Bounds } from './bounds.ts'

/** `unknown`: it ended before the host could show what it is worth. */
export type Outcome = 'worked' | 'failed' | 'unknown'

interface Circuit {
  failures: number
  /** When the host was last seen failing, in monotonic milliseconds. */
  failed: number
  /** Somebody is finding out whether the host is back. */
  trying: boolean
}

/** Hosts that are remembered; of more, the one that failed first is forgotten. */
const HOSTS_MAX = 1_000

/**
 * Leaves a host alone that failed several times in a row, for a while; then one goes ahead, and the others follow if
 * that worked. It spares the host, and our own connections, which would all wait for it.
 */
export class Breaker {
  readonly #bounds: Bounds
  readonly #clock: Clock
  readonly #circuits = new Map<string, Circuit>()

  constructor(bounds: Bounds, clock: Clock) {
    this.#bounds = bounds
    this.#clock = clock
  }

  /** Whether a host is left alone at the moment. */
  isOpen(host: string): boolean {
    return this.#rest(host) > 0
  }

  /**
   * Announces an exchange; what it answers must be called with the outcome, once.
   *
   * @throws Fault `AGENT_EXECUTION_FAILED` with the time to come back, while the host is left alone.
   */
  enter(host: string): (outcome: Outcome) => void {
    const rest = this.#rest(host)
    const circuit = this.#circuits.get(host)
    if (rest > 0) {
      const retry_after_s = Math.ceil(rest / 1_000)
      throw new Fault(
        'AGENT_EXECUTION_FAILED',
        `${host} failed ${this.#bounds.failures} times in a row and is left alone for ${retry_after_s} s.`,
        { host },
        { retry_after_s },
      )
    }
    const isTrial = circuit !== undefined && circuit.failures >= this.#bounds.failures
    if (isTrial) circuit.trying = true
    return (outcome) => {
      if (isTrial) circuit.trying = false
      if (outcome === 'worked') this.#circuits.delete(host)
      if (outcome === 'failed') this.#fail(host)
    }
  }

  #fail(host: string): void {
    const failures = Math.min((this.#circuits.get(host)?.failures ?? 0) + 1, this.#bounds.failures)
    const trying = this.#circuits.get(host)?.trying ?? false
    this.#circuits.delete(host)
    this.#circuits.set(host, { failures, failed: this.#clock.elapsed(), trying })
    const [oldest] = this.#circuits.keys()
    if (this.#circuits.size > HOSTS_MAX && oldest !== undefined) this.#circuits.delete(oldest)
  }

  /** Milliseconds that a host is still left alone. While one tries it, the others come back a second later. */
  #rest(host: string): number {
    const circuit = this.#circuits.get(host)
    if (circuit === undefined || circuit.failures < this.#bounds.failures) return 0
    const rest = circuit.failed + this.#bounds.rest_ms - this.#clock.elapsed()
    return rest <= 0 && circuit.trying ? 1_000 : Math.max(rest, 0)
  }
}
