import { Fault } from '../../../kernel/fault.ts'

/** Trainings that may wait for the one that runs, of all users; of each user one. */
const WAITING_MAX = 4
/** A training takes some seconds. */
const RETRY_AFTER_S = 5

/** Trainings one after the other: each takes a processor for seconds, and everybody else is to be understood meanwhile. */
export interface Line {
  /**
   * Does the work when its turn comes. Who gives it up while it waits, by the signal, leaves the line.
   *
   * @throws Fault `SYSTEM_OVERLOADED` at once when too many wait; the signal's reason.
   */
  run<T>(user_id: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>
}

interface Place {
  user_id: string
  enter: () => void
}

export function openLine(): Line {
  let isRunning = false
  const waiting: Place[] = []
  const turn = (user_id: string, signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted()
    if (!isRunning) {
      isRunning = true
      return Promise.resolve()
    }
    if (waiting.length >= WAITING_MAX || waiting.some((one) => one.user_id === user_id))
      throw new Fault('SYSTEM_OVERLOADED', 'Too much is being taught at the moment.', undefined, {
        retry_after_s: RETRY_AFTER_S,
      })
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        waiting.splice(waiting.indexOf(place), 1)
        reject(signal?.reason)
      }
      const enter = (): void => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      const place = { user_id, enter }
      signal?.addEventListener('abort', onAbort, { once: true })
      waiting.push(place)
    })
  }
  return {
    run: async (user_id, signal, work) => {
      await turn(user_id, signal)
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        // The turn passes on without becoming free, so that no newcomer is before those who waited.
        if (next === undefined) isRunning = false
        else next.enter()
      }
    },
  }
}
