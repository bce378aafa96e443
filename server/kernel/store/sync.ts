import { Worker } from 'node:worker_threads'
import { BYTES, SYNC } from './sync-signals.ts'

/** Makes what was written to the write-ahead log survive a power cut. */
export interface Syncer {
  /**
   * Resolves when everything written to the log before the call is on the disk. A rejection is fatal: nothing may be
   * acknowledged any more. Called again only after it has resolved.
   */
  sync(): Promise<void>
  /** Moves the log into the database as far as readers allow. Called again only after it has resolved. */
  checkpoint(): Promise<unknown>
  close(): Promise<void>
}

/** Syncs in a worker of its own: the shared thread pool stalls behind password hashes. Checkpoints in another. */
export function openSyncer(path: string): Syncer {
  const syncing = openSyncWorker(path)
  const checkpointing = openCheckpointWorker(path)
  return {
    sync: syncing.sync,
    checkpoint: checkpointing.checkpoint,
    close: async () => {
      await Promise.all([syncing.close(), checkpointing.close()])
    },
  }
}

/** The worker is asked and answers through shared memory: a third of the delay of messages. */
function openSyncWorker(path: string): Pick<Syncer, 'sync' | 'close'> {
  const shared = new SharedArrayBuffer(BYTES)
  const signals = new Int32Array(shared)
  let worker: Worker | undefined
  let asked = 0
  const { promise: ended, reject: end } = Promise.withResolvers<never>()
  ended.catch(() => {})
  const start = (): Worker => {
    const started = new Worker(new URL('./sync-worker.ts', import.meta.url), { workerData: { path, shared } })
    started.on('error', end)
    // It is heard from the start: the message of a failure may come before anybody waits for that sync.
    started.on('message', (text: string) => end(new Error(text)))
    started.on('exit', () => end(new Error('The worker that syncs has ended.')))
    return started
  }
  const answered = async (number: number): Promise<void> => {
    for (
      let done = Atomics.load(signals, SYNC.done);
      done !== number;
      done = Atomics.load(signals, SYNC.done)
    ) {
      const change = Atomics.waitAsync(signals, SYNC.done, done)
      if (change.async) await change.value
    }
    if (Atomics.load(signals, SYNC.failed) !== 0) await ended
  }
  return {
    sync: async () => {
      worker ??= start()
      // Waiting for shared memory does not hold the process; an acknowledgement on its way must.
      worker.ref()
      // The shared number has 32 bits; a server that runs for months counts beyond them.
      asked = (asked + 1) | 0
      Atomics.store(signals, SYNC.asked, asked)
      Atomics.notify(signals, SYNC.asked)
      try {
        await Promise.race([answered(asked), ended])
      } finally {
        worker.unref()
      }
    },
    close: async () => {
      await worker?.terminate()
    },
  }
}

/** Checkpoints come seldom, so messages will do. */
function openCheckpointWorker(path: string): Pick<Syncer, 'checkpoint' | 'close'> {
  let worker: Worker | undefined
  let answer = Promise.withResolvers<void>()
  const start = (): Worker => {
    const started = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: { path } })
    started.unref()
    started.on('error', (error) => answer.reject(error))
    started.on('message', ({ error }: { error?: string }) => {
      if (error === undefined) answer.resolve()
      else answer.reject(new Error(error))
    })
    return started
  }
  return {
    checkpoint: () => {
      worker ??= start()
      answer = Promise.withResolvers<void>()
      worker.postMessage(0)
      return answer.promise
    },
    close: async () => {
      await worker?.terminate()
    },
  }
}
