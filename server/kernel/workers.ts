import { Worker } from 'node:worker_threads'
import type { Clock } from './clock.ts'
import { Fault } from './fault.ts'

/** What one worker may take, and how many tasks there may be. */
export interface WorkerBounds {
  workers_max: number
  waiting_max: number
  /** Megabytes of the heap of a worker; one that needs more is ended. */
  heap_mb: number
  /** A worker without work is ended after so long. */
  idle_ms: number
}

const BOUNDS: WorkerBounds = { workers_max: 1, waiting_max: 64, heap_mb: 128, idle_ms: 30_000 }

/** Why a task came to nothing: `refused` by itself with a sentence for the user, `failed` inside, or beyond its bounds. */
export class WorkerError extends Error {
  readonly reason: 'refused' | 'failed' | 'memory'
  constructor(reason: WorkerError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** What a worker answers to `{id, task}`. */
export type WorkerAnswer = { id: number } & ({ value: unknown } | { refused: string } | { failed: string })

export interface Done {
  value: unknown
  /** Milliseconds of processor time, and bytes of the heap at the end. */
  cpu_ms: number
  heap_bytes: number
}

interface Task {
  id: number
  task: unknown
  signal: AbortSignal
  resolve: (done: Done) => void
  reject: (error: unknown) => void
}

interface Hand {
  worker: Worker
  task: Task | undefined
  cpu_before: number
  cancelIdle: () => void
}

/** Work that would hold up the event loop, done beside it. */
export interface Workers {
  /**
   * Does a task in a worker. The signal ends it, and the worker with it, at once.
   *
   * @throws WorkerError for what went wrong inside; Fault `SYSTEM_OVERLOADED` when too many wait; the signal's reason.
   */
  run(task: unknown, signal: AbortSignal): Promise<Done>
  close(): Promise<void>
}

/** @param entry - module that answers each message `{id, task}` with a `WorkerAnswer`. */
export function openWorkers(clock: Clock, entry: URL, given: Partial<WorkerBounds> = {}): Workers {
  const bounds = { ...BOUNDS, ...given }
  const hands = new Set<Hand>()
  const waiting: Task[] = []
  let ids = 0

  const drop = (hand: Hand): void => {
    hand.cancelIdle()
    hands.delete(hand)
    hand.worker.removeAllListeners()
    // What it still says while it ends is nobody's business.
    hand.worker.on('error', () => {})
    void hand.worker.terminate()
  }
  const settle = (hand: Hand): Task | undefined => {
    const { task } = hand
    hand.task = undefined
    return task
  }
  const hire = (): Hand => {
    const worker = new Worker(entry, {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: bounds.heap_mb, stackSizeMb: 4 },
    })
    worker.unref()
    const hand: Hand = { worker, task: undefined, cpu_before: 0, cancelIdle: () => {} }
    hands.add(hand)
    worker.on('message', (answer: WorkerAnswer) => void finish(hand, answer))
    worker.on('error', (error: Error & { code?: string }) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      settle(hand)?.reject(
        isMemory
          ? new WorkerError('memory', `That needs more than ${bounds.heap_mb} MB of memory.`)
          : new WorkerError('failed', error.message),
      )
      drop(hand)
      next()
    })
    return hand
  }
  const finish = async (hand: Hand, answer: WorkerAnswer): Promise<void> => {
    const task = hand.task?.id === answer.id ? settle(hand) : undefined
    if (task === undefined) return
    const used = await measure(hand)
    if ('value' in answer) task.resolve({ value: answer.value, ...used })
    else if ('refused' in answer) task.reject(new WorkerError('refused', answer.refused))
    else task.reject(new WorkerError('failed', answer.failed))
    hand.cancelIdle = clock.after(bounds.idle_ms, () => drop(hand))
    next()
  }
  const next = (): void => {
    while (waiting.length > 0) {
      const hand =
        [...hands].find(({ task }) => task === undefined) ??
        (hands.size < bounds.workers_max ? hire() : undefined)
      const task = hand === undefined ? undefined : waiting.shift()
      if (hand === undefined || task === undefined) return
      hand.cancelIdle()
      hand.task = task
      hand.worker.postMessage({ id: task.id, task: task.task })
    }
  }
  const abort = (task: Task): void => {
    const place = waiting.indexOf(task)
    if (place >= 0) waiting.splice(place, 1)
    const hand = [...hands].find((one) => one.task === task)
    if (hand !== undefined) drop(hand)
    task.reject(task.signal.reason)
    next()
  }
  return {
    run: (work, signal) =>
      new Promise<Done>((resolve, reject) => {
        signal.throwIfAborted()
        if (waiting.length >= bounds.waiting_max)
          throw new Fault('SYSTEM_OVERLOADED', 'Too much heavy work waits already.', undefined, {
            retry_after_s: 5,
          })
        const task: Task = { id: (ids += 1), task: work, signal, resolve, reject }
        const onAbort = (): void => abort(task)
        signal.addEventListener('abort', onAbort, { once: true })
        task.resolve = (done) => {
          signal.removeEventListener('abort', onAbort)
          resolve(done)
        }
        task.reject = (error) => {
          signal.removeEventListener('abort', onAbort)
          reject(error as Error)
        }
        waiting.push(task)
        next()
      }),
    close: async () => {
      const ending = [...hands].map(({ worker }) => worker)
      for (const hand of hands) {
        settle(hand)?.reject(new WorkerError('failed', 'The server is stopping.'))
        drop(hand)
      }
      for (const task of waiting.splice(0)) task.reject(new WorkerError('failed', 'The server is stopping.'))
      await Promise.all(ending.map((worker) => worker.terminate()))
    },
  }
}

/** What a task has used. A worker that is gone by now is not asked twice. */
async function measure(hand: Hand): Promise<Pick<Done, 'cpu_ms' | 'heap_bytes'>> {
  try {
    const [{ user, system }, heap] = await Promise.all([
      hand.worker.cpuUsage(),
      hand.worker.getHeapStatistics(),
    ])
    const cpu_ms = (user + system) / 1000
    const used = { cpu_ms: Math.max(0, cpu_ms - hand.cpu_before), heap_bytes: heap.used_heap_size }
    hand.cpu_before = cpu_ms
    return used
  } catch {
    return { cpu_ms: 0, heap_bytes: 0 }
  }
}
