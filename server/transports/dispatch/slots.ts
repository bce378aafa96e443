import type { Operation } from '../../../contract/operation.ts'
import { Fault } from '../../kernel/fault.ts'

/** How many calls may be at work at once, and how many more of what must work all the same. */
export interface SlotBounds {
  calls_max: number
  vital_calls_max: number
}

const BOUNDS: SlotBounds = { calls_max: 256, vital_calls_max: 64 }

/**
 * Bounds the calls that are at work. Beyond it a call is refused before anything is done for it: a queue would only make
 * all of them late. A call that waits for an execution to end has given its slot back.
 */
export class Slots {
  readonly #bounds: SlotBounds
  #taken = { common: 0, vital: 0 }

  constructor(bounds: Partial<SlotBounds> = {}) {
    this.#bounds = { ...BOUNDS, ...bounds }
  }

  /**
   * Takes a slot; answers how to give it back, which may be done more than once.
   *
   * @throws Fault `SYSTEM_OVERLOADED`
   */
  take({ vital }: Pick<Operation, 'vital'>): () => void {
    const kind = vital ? 'vital' : 'common'
    const max = kind === 'vital' ? this.#bounds.vital_calls_max : this.#bounds.calls_max
    if (this.#taken[kind] >= max) throw new Fault('SYSTEM_OVERLOADED', 'Too many calls are at work.')
    this.#taken[kind] += 1
    let isTaken = true
    return () => {
      if (isTaken) this.#taken[kind] -= 1
      isTaken = false
    }
  }
}
