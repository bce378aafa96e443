import type { Execution } from '../../../contract/agents.ts'

/** Callers that wait for executions to end. Waiting holds no slot and no transaction. */
export interface Waiters {
  /** Resolves with the ended execution, or with nothing when the signal ends the waiting. */
  wait(execution_id: string, signal: AbortSignal): Promise<Execution | undefined>
  settle(execution_id: string, execution: Execution): void
}

/** Keeps who waits for what, in this process. */
export function openWaiters(): Waiters {
  const waiting = new Map<string, Set<(execution: Execution) => void>>()
  return {
    wait: (execution_id, signal) =>
      new Promise((resolve) => {
        const callbacks = waiting.get(execution_id) ?? new Set()
        const stop = (): void => {
          callbacks.delete(resolve)
          if (callbacks.size === 0) waiting.delete(execution_id)
          resolve(undefined)
        }
        if (signal.aborted) {
          resolve(undefined)
          return
        }
        callbacks.add((execution) => {
          signal.removeEventListener('abort', stop)
          resolve(execution)
        })
        waiting.set(execution_id, callbacks)
        signal.addEventListener('abort', stop, { once: true })
      }),
    settle: (execution_id, execution) => {
      const callbacks = waiting.get(execution_id)
      waiting.delete(execution_id)
      for (const callback of callbacks ?? []) callback(execution)
    },
  }
}
