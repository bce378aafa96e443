import { Worker } from 'node:worker_threads'
import type { Clock } from '../clock.ts'
import { Fault } from '../fault.ts'
import { BackupError } from './manifest.ts'
import type { Keeping } from './keep.ts'
import type { Made, MakeOptions } from './make.ts'
import type { Verdict, VerifyOptions } from './verify.ts'
import type { Order, Outcome } from './worker.ts'

/** No backup or check takes a thread, and the room that it needs, for longer. */
const MS_MAX = 3_600_000

/** What may wait for its turn: each takes minutes, and all of the disk. */
const WAITING_MAX = 4
const RETRY_AFTER_S = 60

/** Makes and checks backups beside the event loop, one at a time. Both throw Fault `SYSTEM_OVERLOADED` when many wait. */
export interface BackupThreads {
  /** Makes a backup and looks at all of it, before older ones go. @throws BackupError also when it does not hold. */
  make(options: MakeOptions & VerifyOptions & Keeping): Promise<Made>
  /** @throws BackupError when it is no backup of this server at all. */
  verify(options: VerifyOptions & { data_dir: string; name: string }): Promise<Verdict>
  /** Ends what runs; whoever waits for it is told. */
  close(): Promise<void>
}

export function openBackupThreads(clock: Clock): BackupThreads {
  let last: Promise<unknown> = Promise.resolve()
  let worker: Worker | undefined
  let isClosed = false
  let open = 0
  const run = async (order: Order): Promise<unknown> => {
    if (isClosed) throw new BackupError('The server is stopping.')
    worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: order })
    return answerOf(worker, clock)
  }
  const inTurn = async <T>(order: Order): Promise<T> => {
    if (open > WAITING_MAX)
      throw new Fault('SYSTEM_OVERLOADED', 'Backups are under way, and enough of them wait.', undefined, {
        retry_after_s: RETRY_AFTER_S,
      })
    open += 1
    const next = last.then(() => run(order))
    last = next.catch(() => {})
    try {
      return (await next) as T
    } finally {
      open -= 1
    }
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
