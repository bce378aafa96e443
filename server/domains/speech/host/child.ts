import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../../../kernel/clock.ts'
import type { Log } from '../../../kernel/log.ts'
import { SpeechError } from '../kinds.ts'
import type { HostBounds } from './bounds.ts'
import type { Answer, Order, Reply } from './protocol.ts'

export interface ChildParts {
  clock: Clock
  log: Log
  /** Module that calls `serveJobs`. */
  entry: URL
  /** The whole environment of a child; nothing of the server's own is passed on. */
  env: Readonly<Record<string, string>>
  bounds: HostBounds
}

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  cancelDeadline: () => void
}

/** What a child last wrote to its error output, for the log when it dies. */
const LAST_WORDS_MAX = 2_000

/** One child process, which takes one order after the other. */
export class Child {
  /** Kinds of jobs that it has done and what they need is loaded for. */
  readonly kinds = new Set<string>()
  readonly #parts: ChildParts
  readonly #process: ChildProcess
  readonly #onEnd: () => void
  readonly #waiting = new Map<number, Waiting>()
  readonly #exited: Promise<void>
  #ids = 0
  #job = 0
  #kind = ''
  #onTold: (message: unknown) => void = () => {}
  #cancelWatch: () => void = () => {}
  #lastWords = ''
  #ended: SpeechError | undefined

  constructor(parts: ChildParts, onEnd: () => void) {
    this.#parts = parts
    this.#onEnd = onEnd
    const child = fork(fileURLToPath(parts.entry), {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${parts.bounds.heap_mb}`],
      env: { ...parts.env },
      cwd: tmpdir(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#process = child
    child.on('message', (reply: Reply) => this.#take(reply))
    child.on('error', (error) => this.end(died(error.message)))
    child.stderr?.on('data', (part: Buffer) => {
      this.#lastWords = (this.#lastWords + part.toString('latin1')).slice(-LAST_WORDS_MAX)
    })
    this.#exited = new Promise((resolve) => {
      child.on('error', () => resolve())
      child.on('exit', (code, signal) => {
        this.end(died(signal ?? `code ${code}`))
        resolve()
      })
    })
    this.#rest()
  }

  /** Why it takes no orders any more. */
  get ended(): SpeechError | undefined {
    return this.#ended
  }

  get exited(): Promise<void> {
    return this.#exited
  }

  async begin(kind: string, options: unknown, onTold: (message: unknown) => void): Promise<void> {
    this.#job = this.#ids + 1
    this.#kind = kind
    this.#onTold = onTold
    await this.#order({ open: kind, options }, this.#parts.bounds.open_ms)
    this.kinds.add(kind)
  }

  call(message: unknown): Promise<unknown> {
    return this.#order({ message }, this.#parts.bounds.call_ms)
  }

  /** Ends the job that is open, after what it is still doing if that doesn't take long. */
  async reset(): Promise<void> {
    this.#onTold = () => {}
    await this.#order({ close: true }, this.#parts.bounds.reset_ms, UNWANTED)
  }

  /** Ends the process at once. What it was doing fails with the reason. */
  end(reason: SpeechError): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    this.#cancelWatch()
    this.#process.kill('SIGKILL')
    // Whoever waits for its end is not to wait in vain.
    this.#process.ref()
    if (this.#waiting.size > 0 && reason !== STOPPED && reason !== UNWANTED)
      this.#parts.log.warn('A speech process ended at work', {
        what: this.#kind,
        why: reason.message,
        cause: reason.cause instanceof Error ? reason.cause.message : undefined,
        last_words: this.#lastWords,
      })
    for (const { reject, cancelDeadline } of this.#waiting.values()) {
      cancelDeadline()
      reject(reason)
    }
    this.#waiting.clear()
    this.#onEnd()
  }

  #order(
    body: { open: string; options: unknown } | { message: unknown } | { close: true },
    ms: number,
    reason = late(),
  ) {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#ended !== undefined) throw this.#ended
      const order: Order = { id: (this.#ids += 1), ...body }
      const cancelDeadline = this.#parts.clock.after(ms, () => this.end(reason))
      this.#waiting.set(order.id, { resolve, reject, cancelDeadline })
      this.#work()
      try {
        this.#process.send(order, (error) => {
          if (error instanceof Error) this.end(died(error.message))
        })
      } catch (error) {
        // What can't be copied is the fault of who sent it, and the child never hears of it.
        this.#settled(order.id)
        throw error
      }
    })
  }

  #take(reply: Reply): void {
    // What it said before it was ended may still come in.
    if (this.#ended !== undefined) return
    if ('told' in reply) {
      if (reply.job === this.#job) this.#onTold(reply.told)
      return
    }
    const waiting = this.#settled(reply.id)
    if (waiting !== undefined) settle(waiting, reply)
    this.#bound(reply.resident_bytes)
  }

  #settled(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.cancelDeadline()
    if (this.#waiting.size === 0) this.#rest()
    return waiting
  }

  /** The server waits for a child at work, and not for one that has nothing to do. */
  #work(): void {
    if (this.#waiting.size > 1) return
    this.#process.ref()
    this.#process.channel?.ref()
    this.#watch()
  }

  #rest(): void {
    this.#cancelWatch()
    this.#process.unref()
    this.#process.channel?.unref()
    const output = this.#process.stderr
    if (output !== null && 'unref' in output && typeof output.unref === 'function') output.unref()
  }

  #watch(): void {
    this.#cancelWatch()
    this.#cancelWatch = this.#parts.clock.after(this.#parts.bounds.watch_ms, () => {
      void residentBytes(this.#process.pid).then((bytes) => {
        this.#bound(bytes)
        if (this.#ended === undefined && this.#waiting.size > 0) this.#watch()
      })
    })
  }

  #bound(resident_bytes: number): void {
    const { resident_mb } = this.#parts.bounds
    if (resident_bytes <= resident_mb * 1024 * 1024) return
    this.end(new SpeechError('engine', `That needs more than ${resident_mb} MB of memory.`))
  }
}

function settle({ resolve, reject }: Waiting, answer: Answer): void {
  if ('value' in answer) resolve(answer.value)
  else if ('refused' in answer) reject(new SpeechError(answer.refused.reason, answer.refused.message))
  else reject(new SpeechError('engine', 'The speech engine failed.', { cause: new Error(answer.failed) }))
}

function died(how: string): SpeechError {
  return new SpeechError('engine', 'The speech engine ended unexpectedly; try again.', {
    cause: new Error(how),
  })
}

/** Nobody needs it any more. */
export const STOPPED = new SpeechError('engine', 'The server is stopping.')

/** Its job was given up already, for a reason that was told, and it did not let go of it in time. */
const UNWANTED = new SpeechError('engine', 'That has been closed.')

export function late(): SpeechError {
  return new SpeechError('deadline', 'That took too long, and was given up.')
}

/** What a process keeps in memory; 0 where the system has no such file, and the answers of the child must do. */
async function residentBytes(pid: number | undefined): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
