import { Worker } from 'node:worker_threads'
import type { Clock } from '../clock.ts'
import { BackupError } from './manifest.ts'
import type { Made, MakeOptions } from './make.ts'
import type { Verdict, VerifyOptions } from './verify.ts'
import type { Order, Outcome } from './worker.ts'

/** No backup or check takes a thread, and the room that it needs, for longer. */
const MS_MAX = 3_600_000

/** Makes and checks backups beside the event loop, one at a time. */
export interface BackupThreads {
  /** @throws BackupError */
  make(options: MakeOptions): Promise<Made>
  /** @throws BackupError when it is no backup of this server at all. */
  verify(options: VerifyOptions & { data_dir: string; name: string }): Promise<Verdict>
  /** Ends what runs; whoever waits for it is told. */
  close(): Promise<void>
}

export function openBackupThreads(clock: Clock): BackupThreads {
  let last: Promise<unknown> = Promise.resolve()
  let worker: Worker | undefined
  let isClosed = false
  const run = async (order: Order): Promise<unknown> => {
    if (isClosed) throw new BackupError('The server is stopping.')
    worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: order })
    return answerOf(worker, clock)
  }
  const inTurn = <T>(order: Order): Promise<T> => {
    const next = last.then(() => run(order))
    last = next.catch(() => {})
    return next as Promise<T>
  }
  return {
    make: (options) => inTurn({ make: options }),
    verify: (options) => inTurn({ verify: options }),
    close: async () => {
      isClosed = true
      await worker?.terminate()
      await last
    },
  }
}

async function answerOf(worker: Worker, clock: Clock): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
  worker.on('message', resolve).on('error', reject)
  worker.on('exit', () => reject(new BackupError('It was stopped before its end.')))
  const cancel = clock.after(MS_MAX, () => {
    reject(new BackupError('It took too long.'))
    void worker.terminate()
  })
  try {
    const outcome = await promise
    if ('refused' in outcome) throw new BackupError(outcome.refused)
    return outcome.done
  } finally {
    cancel()
  }
}
