import { Worker } from 'node:worker_threads'
import { checkpointKey, checkpointsPath } from '../../kernel/audit/checkpoints.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { databasePath } from '../../kernel/store/open.ts'
import type { GuardCapability } from '../../skills/capabilities.ts'
import { ActionError } from '../../skills/skill.ts'
import type { Findings, Order } from './integrity-worker.ts'

type Checked = Awaited<ReturnType<GuardCapability['integrity']>>

/** A check is the same for everybody and reads all there is, so it is not repeated within this time. */
const FRESH_MS = 60_000
/** No check holds a thread, and the log from being moved into the database, for longer. */
const CHECK_MS_MAX = 600_000

export interface Integrity {
  /** Checks everything in a thread of its own; who asks meanwhile, or within a minute, gets the same answer. */
  check(): Promise<Checked>
  /** Ends a check that runs; whoever waits for it is told. */
  close(): Promise<void>
}

export function openIntegrity(kernel: Pick<Kernel, 'settings' | 'clock' | 'keys' | 'log'>): Integrity {
  const { clock } = kernel
  let running: Promise<Checked> | undefined
  let fresh: { at: number; checked: Checked } | undefined
  let worker: Worker | undefined
  const run = async (): Promise<Checked> => {
    const started = clock.elapsed()
    worker = start(kernel)
    const { problems, lines } = await answerOf(worker, clock)
    if (problems.length > 0) kernel.log.error('the data does not hold', { problems: problems.slice(0, 5) })
    const ended = clock.elapsed()
    const checked = { ok: problems.length === 0, problems, lines, checked_ms: Math.round(ended - started) }
    fresh = { at: ended, checked }
    return checked
  }
  return {
    check: () => {
      if (fresh !== undefined && clock.elapsed() - fresh.at < FRESH_MS) return Promise.resolve(fresh.checked)
      running ??= run().finally(() => (running = undefined))
      return running
    },
    close: async () => {
      await worker?.terminate()
    },
  }
}

function start({ settings, keys }: Pick<Kernel, 'settings' | 'keys'>): Worker {
  const order: Order = {
    path: databasePath(settings.data_dir),
    key: keys.derive('audit'),
    signing_key: checkpointKey(keys),
    checkpoints_path: checkpointsPath(settings.data_dir),
  }
  return new Worker(new URL('./integrity-worker.ts', import.meta.url), { workerData: order })
}

async function answerOf(worker: Worker, clock: Kernel['clock']): Promise<Findings> {
  const { promise, resolve, reject } = Promise.withResolvers<Findings>()
  worker.on('message', resolve).on('error', reject)
  worker.on('exit', () => reject(new ActionError('The check was stopped before its end.')))
  const cancel = clock.after(CHECK_MS_MAX, () => {
    reject(new ActionError('The check took too long.'))
    void worker.terminate()
  })
  try {
    return await promise
  } finally {
    cancel()
  }
}
