import type { Kysely } from 'kysely'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { Fault } from '../fault.ts'
import type { Connection } from './connection.ts'
import { queries } from './dialect.ts'
import type { Syncer } from './sync.ts'

/** One transaction. It is the only store in reach of the code that runs in it, and that code may await nothing else. */
export interface Tx {
  /** The tables that the caller names, for this transaction. */
  tables<T>(): Kysely<T>
  readonly connection: Connection
  /** Runs after the commit, before it is durable: for waking what only reads the database. */
  afterCommit(callback: () => void): void
}

/** Reads see the newest commit. */
export interface Reader {
  tables<T>(): Kysely<T>
  readonly connection: Connection
}

export interface StoreOptions {
  clock: Pick<Clock, 'elapsed'>
  writer: Connection
  reader: Connection
  syncer: Syncer
  /** Called once when durability can no longer be promised; the process must end. */
  onFatal: (error: unknown) => void
  /** Transactions that may wait for the writer; more are refused. */
  waiting_max?: number
  /** Whether the disk has room for writes; a sentence says why not. */
  refuseWrites?: () => string | undefined
}

/** Pages of log (of 4 KiB) after which it is checkpointed in the background, and after which the writer waits for it. */
const CHECKPOINT_PAGES = 1_024
const PAUSE_PAGES = 4_096
/** Transactions that follow each other keep everything else waiting; after this long the event loop gets a turn. */
const TURN_MS = 2

interface Waiting {
  run(): Promise<void>
}

/**
 * The embedded store: one serialised writer, a separate reader, and commits that are synced in groups.
 *
 * Invariants: S1 `write` resolves after its commit, which is not yet durable. S2 whatever leaves the process first
 * awaits `settled()`: then everything it has read or written is on the disk. S3 after a failed sync nothing settles.
 */
export class Store {
  readonly reader: Reader
  readonly #options: StoreOptions
  readonly #tables: Kysely<unknown>
  readonly #waiting: Waiting[] = []
  #draining = false
  #committed = 0
  #durable = 0
  #log_pages = 0
  #syncing = false
  #checkpointing: Promise<void> | undefined
  #fatal: Fault | undefined
  #settling: { target: number; resolve: () => void; reject: (error: Fault) => void }[] = []

  constructor(options: StoreOptions) {
    this.#options = options
    this.#tables = queries(options.writer)
    const reading = queries<unknown>(options.reader)
    this.reader = { tables: <T>() => reading as Kysely<T>, connection: options.reader }
  }

  /** Commits so far and how many of them are on the disk. */
  get progress(): { committed: number; durable: number } {
    return { committed: this.#committed, durable: this.#durable }
  }

  /**
   * Runs `work` in a transaction of its own, after those that came before. Anything thrown rolls it back.
   *
   * @throws Fault `SYSTEM_OVERLOADED` when too many wait; `SERVICE_UNAVAILABLE` when the disk is full or failed.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#fatal !== undefined) return Promise.reject(this.#fatal)
    const reason = this.#options.refuseWrites?.()
    if (reason !== undefined)
      return Promise.reject(new Fault('SERVICE_UNAVAILABLE', reason, { reason: 'disk_full' }))
    if (this.#waiting.length >= (this.#options.waiting_max ?? 10_000)) {
      return Promise.reject(new Fault('SYSTEM_OVERLOADED', 'Too many writes are waiting.'))
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run: () => this.#transact(work).then(resolve, reject) })
      if (!this.#draining) void this.#drain()
    })
  }

  /** Resolves once everything committed before the call is on the disk. */
  settled(): Promise<void> {
    if (this.#fatal !== undefined) return Promise.reject(this.#fatal)
    if (this.#durable >= this.#committed) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#settling.push({ target: this.#committed, resolve, reject })
      if (!this.#syncing) void this.#sync()
    })
  }

  /** Ends after the transactions that wait, with everything on the disk. */
  async close(): Promise<void> {
    if (this.#fatal === undefined) await this.write(() => Promise.resolve())
    await this.settled().catch(() => {})
    await this.#checkpointing
    await this.#options.syncer.close()
    this.#options.reader.close()
    this.#options.writer.close()
  }

  async #drain(): Promise<void> {
    const { clock } = this.#options
    this.#draining = true
    let turn = clock.elapsed()
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#log_pages > PAUSE_PAGES) await this.#checkpoint()
      await next.run()
      if (clock.elapsed() - turn < TURN_MS) continue
      await nextTurn()
      turn = clock.elapsed()
    }
    this.#draining = false
  }

  async #transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const { writer } = this.#options
    const callbacks: (() => void)[] = []
    writer.run('BEGIN IMMEDIATE', [])
    let result: T
    try {
      result = await work({
        tables: <U>() => this.#tables as Kysely<U>,
        connection: writer,
        afterCommit: (callback) => callbacks.push(callback),
      })
      writer.run('COMMIT', [])
    } catch (error) {
      rollBack(writer)
      throw toFault(error)
    }
    this.#committed += 1
    for (const callback of callbacks) callback()
    return result
  }

  async #sync(): Promise<void> {
    this.#syncing = true
    while (this.#settling.length > 0 && this.#fatal === undefined) {
      await this.#committedSoFar()
      const target = this.#committed
      try {
        await this.#options.syncer.sync()
      } catch (error) {
        this.#fail(error)
        break
      }
      this.#durable = target
      const reached = this.#settling.filter((waiter) => waiter.target <= target)
      this.#settling = this.#settling.filter((waiter) => waiter.target > target)
      for (const waiter of reached) waiter.resolve()
      this.#log_pages = pagesToCheckpoint(this.reader.connection)
      if (this.#log_pages > CHECKPOINT_PAGES) void this.#checkpoint()
    }
    this.#syncing = false
  }

  /** Lets the transactions that wait already take part in the next sync. */
  #committedSoFar(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push({ run: () => Promise.resolve(resolve()) })
    })
  }

  #checkpoint(): Promise<void> {
    this.#checkpointing ??= this.#options.syncer.checkpoint().then(
      () => {
        this.#log_pages = 0
        this.#checkpointing = undefined
      },
      (error: unknown) => this.#fail(error),
    )
    return this.#checkpointing
  }

  #fail(error: unknown): void {
    if (this.#fatal !== undefined) return
    this.#fatal = new Fault('SERVICE_UNAVAILABLE', 'The disk failed; the server is stopping.', undefined, {
      cause: error,
    })
    for (const waiter of this.#settling.splice(0)) waiter.reject(this.#fatal)
    this.#options.onFatal(error)
  }
}

/** Pages in the log that are not in the database yet. */
function pagesToCheckpoint(reader: Connection): number {
  const [row] = reader.all('PRAGMA wal_checkpoint(NOOP)', [])
  return Number(row?.['log'] ?? 0) - Number(row?.['checkpointed'] ?? 0)
}

function rollBack(writer: Connection): void {
  try {
    writer.exec('ROLLBACK')
  } catch {
    // A full disk makes SQLite roll back by itself; there is then no transaction to end.
  }
}

/** A full disk is the caller's to know about; everything else keeps its own meaning. */
function toFault(error: unknown): unknown {
  if (error instanceof Error && /database or disk is full|disk I\/O error/.test(error.message)) {
    return new Fault('SERVICE_UNAVAILABLE', 'The disk is full.', { reason: 'disk_full' }, { cause: error })
  }
  return error
}
