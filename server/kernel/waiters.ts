/** Callers that wait for something to end. Waiting holds no slot and no transaction. */
export interface Waiters<T> {
  /** Resolves with what has ended, or with nothing when the signal ends the waiting. */
  wait(id: string, signal: AbortSignal): Promise<T | undefined>
  settle(id: string, ended: T): void
}

/** Keeps who waits for what, in this process. */
export function openWaiters<T>(): Waiters<T> {
  const waiting = new Map<string, Set<(ended: T) => void>>()
  return {
    wait: (id, signal) =>
      new Promise((resolve) => {
        const callbacks = waiting.get(id) ?? new Set()
        const stop = (): void => {
          callbacks.delete(answer)
          if (callbacks.size === 0) waiting.delete(id)
          resolve(undefined)
        }
        const answer = (ended: T): void => {
          signal.removeEventListener('abort', stop)
          resolve(ended)
        }
        if (signal.aborted) {
          resolve(undefined)
          return
        }
        callbacks.add(answer)
        waiting.set(id, callbacks)
        signal.addEventListener('abort', stop, { once: true })
      }),
    settle: (id, ended) => {
      const callbacks = waiting.get(id)
      waiting.delete(id)
      for (const callback of callbacks ?? []) callback(ended)
    },
  }
}
