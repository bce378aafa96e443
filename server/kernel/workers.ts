import { Worker } from 'node:worker_threads'
import type { Clock } from './clock.ts'
import { Fault } from './fault.ts'

/** What one worker may take, and how many tasks there may be. */
export interface WorkerBounds {
  workers_max: number
  /** Tasks that may wait, of one user and in all. */
  waiting_per_user_max: number
  waiting_max: number
  /** Megabytes of the heap of a worker; one that needs more is ended. */
  heap_mb: number
  /** A worker without work is ended after so long. */
  idle_ms: number
}

const BOUNDS: WorkerBounds = {
  workers_max: 2,
  waiting_per_user_max: 16,
  waiting_max: 64,
  heap_mb: 128,
  idle_ms: 30_000,
}

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
  user_id: string
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
   * Does a task in a worker. One user never has all of them. The signal ends it, and the worker with it, at once.
   *
   * @throws WorkerError for what went wrong inside; Fault `SYSTEM_OVERLOADED` when too many wait; the signal's reason.
   */
  run(task: unknown, user_id: string, signal: AbortSignal): Promise<Done>
  close(): Promise<void>
}

/** @param entry - module that answers each message `{id, task}` with a `WorkerAnswer`. */
export function openWorkers(clock: Clock, entry: URL, given: Partial<WorkerBounds> = {}): Workers {
  return new Pool(clock, entry, { ...BOUNDS, ...given })
}

/** Workers that are made when there is work and ended when there is none for a while. */
class Pool implements Workers {
  readonly #clock: Clock
  readonly #entry: URL
  readonly #bounds: WorkerBounds
  readonly #hands = new Set<Hand>()
  readonly #waiting: Task[] = []
  #ids = 0

  constructor(clock: Clock, entry: URL, bounds: WorkerBounds) {
    this.#clock = clock
    this.#entry = entry
    this.#bounds = bounds
  }

  run(work: unknown, user_id: string, signal: AbortSignal): Promise<Done> {
    return new Promise<Done>((resolve, reject) => {
      signal.throwIfAborted()
      const own = this.#waiting.filter((one) => one.user_id === user_id).length
      if (own >= this.#bounds.waiting_per_user_max || this.#waiting.length >= this.#bounds.waiting_max)
        throw new Fault('SYSTEM_OVERLOADED', 'Too much heavy work waits already.', undefined, {
          retry_after_s: 5,
        })
      const onAbort = (): void => this.#abort(task)
      const ended = (): void => signal.removeEventListener('abort', onAbort)
      const task: Task = {
        id: (this.#ids += 1),
        user_id,
        task: work,
        signal,
        resolve: (done) => {
          ended()
          resolve(done)
        },
        reject: (error) => {
          ended()
          reject(error)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(task)
      this.#next()
    })
  }

  async close(): Promise<void> {
    const ending = [...this.#hands].map(({ worker }) => worker)
    for (const hand of this.#hands) {
      settle(hand)?.reject(stopping())
      this.#drop(hand)
    }
    for (const task of this.#waiting.splice(0)) task.reject(stopping())
    await Promise.all(ending.map((worker) => worker.terminate()))
  }

  /** Gives what waits to whoever is free, or to somebody new. */
  #next(): void {
    for (;;) {
      const place = this.#waiting.findIndex(({ user_id }) => this.#mayStart(user_id))
      if (place < 0) return
      const free = [...this.#hands].find(({ task }) => task === undefined)
      const hand = free ?? (this.#hands.size < this.#bounds.workers_max ? this.#hire() : undefined)
      const [task] = hand === undefined ? [] : this.#waiting.splice(place, 1)
      if (hand === undefined || task === undefined) return
      hand.cancelIdle()
      hand.task = task
      hand.worker.postMessage({ id: task.id, task: task.task })
    }
  }

  /** Whether a user leaves a worker for the others. */
  #mayStart(user_id: string): boolean {
    const busy = [...this.#hands].filter(({ task }) => task?.user_id === user_id).length
    return busy < Math.max(1, this.#bounds.workers_max - 1)
  }

  #hire(): Hand {
    const { heap_mb } = this.#bounds
    const worker = new Worker(this.#entry, {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heap_mb, stackSizeMb: 4 },
    })
    worker.unref()
    const hand: Hand = { worker, task: undefined, cpu_before: 0, cancelIdle: () => {} }
    this.#hands.add(hand)
    worker.on('message', (answer: WorkerAnswer) => void this.#finish(hand, answer))
    worker.on('error', (error: Error & { code?: string }) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      const why = isMemory ? `That needs more than ${heap_mb} MB of memory.` : error.message
      settle(hand)?.reject(new WorkerError(isMemory ? 'memory' : 'failed', why))
      this.#drop(hand)
      this.#next()
    })
    return hand
  }

  async #finish(hand: Hand, answer: WorkerAnswer): Promise<void> {
    const task = hand.task?.id === answer.id ? hand.task : undefined
    if (task === undefined) return
    const used = await measure(hand)
    // The signal may have ended it meanwhile.
    if (hand.task !== task) return
    settle(hand)
    if ('value' in answer) task.resolve({ value: answer.value, ...used })
    else if ('refused' in answer) task.reject(new WorkerError('refused', answer.refused))
    else task.reject(new WorkerError('failed', answer.failed))
    hand.cancelIdle = this.#clock.after(this.#bounds.idle_ms, () => this.#drop(hand))
    this.#next()
  }

  #abort(task: Task): void {
    const place = this.#waiting.indexOf(task)
    if (place >= 0) this.#waiting.splice(place, 1)
    const hand = [...this.#hands].find((one) => one.task === task)
    if (hand !== undefined) {
      settle(hand)
      this.#drop(hand)
    }
    task.reject(task.signal.reason)
    this.#next()
  }

  #drop(hand: Hand): void {
    hand.cancelIdle()
    this.#hands.delete(hand)
    hand.worker.removeAllListeners()
    // What it still says while it ends is nobody's business.
    hand.worker.on('error', () => {})
    void hand.worker.terminate()
  }
}

function stopping(): WorkerError {
  return new WorkerError('failed', 'The server is stopping.')
}

function settle(hand: Hand): Task | undefined {
  const { task } = hand
  hand.task = undefined
  return task
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
