import type { Kysely } from 'kysely'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import { Fault } from '../fault.ts'
import { rollBack } from './connection.ts'
import type { Connection } from './connection.ts'
import { queries } from './dialect.ts'
import type { Syncer } from './sync.ts'

/** One transaction. It is the only store in reach of the code that runs in it, and that code may await nothing else. */
export interface Tx {
  /** The tables that the caller names, for this transaction. */
  tables<T>(): Kysely<T>
  readonly connection: Connection
  /** Runs after the commit, before it is durable: for waking what only reads the database. It must not throw. */
  afterCommit(callback: () => void): void
  /**
   * Runs a part of the transaction that leaves nothing when it throws, or is only tried: neither rows nor what it wanted
   * to run after the commit. What it throws is thrown.
   */
  attempt<T>(work: () => Promise<T>, fate?: 'kept' | 'tried'): Promise<T>
  /** Runs when the attempt that it lies in leaves nothing: for what is kept in memory about this transaction. */
  afterAttempt(undo: () => void): void
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
  /** Whether a transaction is open. */
  #open = false
  #committed = 0
  #durable = 0
  #log_pages = 0
  #syncing = false
  #checkpointing: Promise<void> | undefined
  #fatal: Fault | undefined
  #closing: Promise<void> | undefined
  #settling: { target: number; resolve: () => void; reject: (error: Fault) => void }[] = []

  constructor(options: StoreOptions) {
    this.#options = options
    this.#tables = queries(options.writer)
    const connection = this.#reading(options)
    const reading = queries<unknown>(connection)
    this.reader = { tables: <T>() => reading as Kysely<T>, connection }
  }

  /**
   * Reads between transactions go to the connection that writes: each commit empties the cache of every other one. While
   * a transaction is open they go to the other, which sees the newest commit and nothing beyond it.
   */
  #reading({ reader, writer }: StoreOptions): Connection {
    return {
      ...reader,
      all: (sql, values) => (this.#open || !SELECT.test(sql) ? reader : writer).all(sql, values),
    }
  }

  /** Commits so far and how many of them are on the disk. */
  get progress(): { committed: number; durable: number } {
    return { committed: this.#committed, durable: this.#durable }
  }

  /**
   * Runs `work` in a transaction of its own, after those that came before. Anything thrown rolls it back.
   *
   * @throws Fault `SYSTEM_OVERLOADED` when too many wait; `SERVICE_UNAVAILABLE` when the disk is full or failed, or the
   * store is closing.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#fatal !== undefined) return Promise.reject(this.#fatal)
    if (this.#closing !== undefined)
      return Promise.reject(new Fault('SERVICE_UNAVAILABLE', 'The server is stopping.'))
    const reason = this.#options.refuseWrites?.()
    if (reason !== undefined)
      return Promise.reject(new Fault('SERVICE_UNAVAILABLE', reason, { reason: 'disk_full' }))
    if (this.#waiting.length >= (this.#options.waiting_max ?? 10_000)) {
      return Promise.reject(new Fault('SYSTEM_OVERLOADED', 'Too many writes are waiting.'))
    }
    return new Promise<T>((resolve, reject) => {
      this.#line(() => this.#transact(work).then(resolve, reject))
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

  /** Ends after the transactions that wait, with everything on the disk; takes no more of them. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.#committedSoFar()
    await this.settled().catch(() => {})
    await this.#checkpointing
    await this.#options.syncer.close()
    this.#options.reader.close()
    this.#options.writer.close()
  }

  #line(run: Waiting['run']): void {
    this.#waiting.push({ run })
    if (!this.#draining) void this.#drain()
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
    let result: T
    try {
      if (this.#fatal !== undefined) throw this.#fatal
      this.#open = true
      writer.run('BEGIN IMMEDIATE', [])
      result = await work({
        tables: <U>() => this.#tables as Kysely<U>,
        connection: writer,
        afterCommit: (callback) => callbacks.push(callback),
        ...openAttempts(writer, callbacks),
      })
      writer.run('COMMIT', [])
    } catch (error) {
      rollBack(writer)
      this.#open = false
      throw toFault(error)
    }
    this.#open = false
    this.#committed += 1
    for (const callback of callbacks) runApart(callback)
    return result
  }

  async #sync(): Promise<void> {
    this.#syncing = true
    while (this.#settling.length > 0 && this.#fatal === undefined) {
      // Transactions that wait already take part in this sync.
      if (this.#waiting.length > 0) await this.#committedSoFar()
      const target = this.#committed
      try {
        await this.#options.syncer.sync()
        this.#durable = target
        const reached = this.#settling.filter((waiter) => waiter.target <= target)
        this.#settling = this.#settling.filter((waiter) => waiter.target > target)
        for (const waiter of reached) waiter.resolve()
        this.#log_pages = pagesToCheckpoint(this.#options.reader)
        if (this.#log_pages > CHECKPOINT_PAGES) void this.#checkpoint()
      } catch (error) {
        this.#fail(error)
      }
    }
    this.#syncing = false
  }

  /** Resolves when the transactions that wait, and the one under way, have ended. */
  #committedSoFar(): Promise<void> {
    return new Promise((resolve) => {
      this.#line(() => Promise.resolve(resolve()))
    })
  }

  #checkpoint(): Promise<void> {
    this.#checkpointing ??= Promise.try(() => this.#options.syncer.checkpoint()).then(
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

/** Savepoints in a transaction, one inside the other. */
function openAttempts(writer: Connection, callbacks: unknown[]): Pick<Tx, 'attempt' | 'afterAttempt'> {
  const undoing: (() => void)[] = []
  let depth = 0
  const inside = async <T>(work: () => Promise<T>): Promise<T> => {
    depth += 1
    try {
      return await work()
    } finally {
      depth -= 1
    }
  }
  return {
    attempt: async (work, fate = 'kept') => {
      const [kept, known] = [callbacks.length, undoing.length]
      const leave = (): void => {
        writer.exec('ROLLBACK TO attempt; RELEASE attempt')
        callbacks.length = kept
        for (const undo of undoing.splice(known).toReversed()) undo()
      }
      writer.run('SAVEPOINT attempt', [])
      let result
      try {
        result = await inside(work)
      } catch (error) {
        leaveQuietly(leave)
        throw error
      }
      if (fate === 'tried') leave()
      else writer.run('RELEASE attempt', [])
      return result
    },
    // Outside of all attempts the whole transaction is kept, or forgotten with everything about it.
    afterAttempt: (undo) => void (depth > 0 && undoing.push(undo)),
  }
}

/** A full disk has ended the whole transaction already: what is thrown is what happened first. */
function leaveQuietly(leave: () => void): void {
  try {
    leave()
  } catch {
    // The commit fails then.
  }
}

/** The commit stands whatever a callback does: one that throws ends the process, as any uncaught error does. */
function runApart(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

/** What reads and does nothing else. */
const SELECT = /^\s*select\b/i

/** Pages in the log that are not in the database yet. */
function pagesToCheckpoint(reader: Connection): number {
  const [row] = reader.all('PRAGMA wal_checkpoint(NOOP)', [])
  return Number(row?.['log'] ?? 0) - Number(row?.['checkpointed'] ?? 0)
}

/** A full disk is the caller's to know about; everything else keeps its own meaning. */
function toFault(error: unknown): unknown {
  if (error instanceof Error && /database or disk is full|disk I\/O error/.test(error.message)) {
    return new Fault('SERVICE_UNAVAILABLE', 'The disk is full.', { reason: 'disk_full' }, { cause: error })
  }
  return error
}
