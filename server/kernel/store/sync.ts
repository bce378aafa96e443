import { Worker } from 'node:worker_threads'

/** Makes what was written to the write-ahead log survive a power cut. */
export interface Syncer {
  /**
   * Resolves with the log's size in bytes when everything written before the call is on the disk. A rejection is
   * fatal: nothing may be acknowledged any more.
   */
  sync(): Promise<number>
  /** Moves the log into the database as far as readers allow. */
  checkpoint(): Promise<unknown>
  close(): Promise<void>
}

/** Syncs in a worker of its own: the shared thread pool stalls behind password hashes. Checkpoints in another. */
export function openSyncer(path: string): Syncer {
  const syncing = openWorker(new URL('./sync-worker.ts', import.meta.url), path)
  const checkpointing = openWorker(new URL('./checkpoint-worker.ts', import.meta.url), path)
  return {
    sync: () => syncing.ask(),
    checkpoint: () => checkpointing.ask(),
    close: async () => {
      await Promise.all([syncing.close(), checkpointing.close()])
    },
  }
}

interface Asked {
  resolve: (value: number) => void
  reject: (error: Error) => void
}

/** One question at a time to one worker: the answers come in order. */
function openWorker(file: URL, path: string): { ask(): Promise<number>; close(): Promise<void> } {
  let worker: Worker | undefined
  const asked: Asked[] = []
  const fail = (error: Error): void => {
    for (const { reject } of asked.splice(0)) reject(error)
  }
  const start = (): Worker => {
    const started = new Worker(file, { workerData: { path } })
    started.unref()
    started.on('message', (answer: { error?: string; value?: number }) => {
      const first = asked.shift()
      if (answer.error === undefined) first?.resolve(answer.value ?? 0)
      else first?.reject(new Error(answer.error))
    })
    started.on('error', fail)
    started.on('exit', () => fail(new Error(`${file.pathname} ended.`)))
    return started
  }
  return {
    ask: () =>
      new Promise<number>((resolve, reject) => {
        asked.push({ resolve, reject })
        worker ??= start()
        worker.postMessage(0)
      }),
    close: async () => {
      await worker?.terminate()
    },
  }
}
