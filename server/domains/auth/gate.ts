import { Fault } from '../../kernel/fault.ts'

export interface GateOptions {
  /** Pieces of work that run at once. */
  at_once: number
  /** Pieces of work that may wait; more are refused. */
  waiting_max: number
}

/** Lets a few expensive pieces of work run at once and a few more wait in order. */
interface Gate {
  /** @throws Fault `SYSTEM_OVERLOADED` at once, before any work, when too many wait. */
  run<T>(work: () => Promise<T>): Promise<T>
}

const RETRY_AFTER_S = 2

export function openGate({ at_once, waiting_max }: GateOptions): Gate {
  let running = 0
  const waiting: (() => void)[] = []
  const enter = (): Promise<void> => {
    if (running < at_once) {
      running += 1
      return Promise.resolve()
    }
    if (waiting.length >= waiting_max) {
      const message = 'Too many people are signing in at the moment.'
      return Promise.reject(
        new Fault('SYSTEM_OVERLOADED', message, undefined, { retry_after_s: RETRY_AFTER_S }),
      )
    }
    return new Promise((resolve) => waiting.push(resolve))
  }
  const leave = (): void => {
    const next = waiting.shift()
    // The place passes on without becoming free, so that a newcomer cannot slip in before those who waited.
    if (next === undefined) running -= 1
    else next()
  }
  return {
    async run(work) {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
