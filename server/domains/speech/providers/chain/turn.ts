import type { Clock } from '../../../../kernel/clock.ts'
import { tooLate } from '../outside.ts'

/** One try of one engine: it ends with who asked for it, or when it takes too long. */
export interface Turn {
  /** For the engine. */
  signal: AbortSignal
  /**
   * What a promise of the engine comes to, within so many milliseconds.
   *
   * @throws SpeechError `deadline`, or the reason of the signal of who asked
   */
  wait<T>(promise: Promise<T>): Promise<T>
  /** Breaks off what the engine still does. */
  end(): void
}

/** @param ms - that any one answer of the engine may take. */
export function takeTurn(name: string, asked: AbortSignal, clock: Clock, ms: number): Turn {
  const own = new AbortController()
  return {
    signal: AbortSignal.any([asked, own.signal]),
    wait: async <T>(promise: Promise<T>): Promise<T> => {
      const { promise: ended, reject } = Promise.withResolvers<never>()
      const cancel = clock.after(ms, () => {
        const late = tooLate(name, ms)
        own.abort(late)
        reject(late)
      })
      // Also an engine that does not hear its signal is left.
      const leave = (): void => reject(asked.reason)
      asked.addEventListener('abort', leave, { once: true })
      if (asked.aborted) leave()
      try {
        return await Promise.race([promise, ended])
      } finally {
        cancel()
        asked.removeEventListener('abort', leave)
      }
    },
    end: () => own.abort(new Error(`${name} is not needed any more.`)),
  }
}
