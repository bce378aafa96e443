import type { KeyObject } from 'node:crypto'
import { link } from './audit/chain.ts'
import type { AuditRow, ChainHead } from './audit/chain.ts'
import { Checkpointer } from './audit/checkpointer.ts'
import { checkpointKey } from './audit/checkpoints.ts'
import { readLines } from './audit/lines.ts'
import { sealOld } from './audit/retention.ts'
import { auditStore } from './audit/store.ts'
import type { CountedCall } from './audit/store.ts'
import { verifyAudit } from './audit/verify.ts'
import type { AuditReport } from './audit/verify.ts'
import type { Clock } from './clock.ts'
import { iso } from './clock.ts'
import { Fault } from './fault.ts'
import type { Keys } from './crypto.ts'
import type { Log } from './log.ts'
import type { Store, Tx } from './store/store.ts'

/** One call, whoever made it and however it ended. No bodies, no secrets. */
export interface AuditLine {
  request_id: string
  actor: string | null
  session_id: string | null
  transport: string
  /** Name of the operation, or `unknown`. */
  operation: string
  /** Id in the path, when there is one. */
  target: string | null
  status: number
  /** `ok`, or the error code. */
  outcome: string
  ip: string
  /** 1 when it used up some of a quota of its user. */
  counted: number
  duration_ms: number
}

type Timed = AuditLine & { time: string }

/** Lines of calls without an effect are written together, at most this long after the call. */
const GROUP_MS = 10
/** A full disk passes: what could not be written is tried again after so long. */
const RETRY_MS = 1_000
/** Lines that may wait for the writer; when it cannot keep up, calls are refused. */
const WAITING_MAX = 10_000
/** Lines that are kept at all: what comes beyond is only that a call was refused for the bound above. */
const KEPT_MAX = 2 * WAITING_MAX

/** Lines are kept for so long, and looked through for older ones so often. */
const RETAIN_MS = 400 * 86_400_000
const RETENTION_EVERY_MS = 86_400_000

export interface AuditOptions {
  store: Store
  clock: Clock
  log: Log
  keys: Keys
  /** The file of the checkpoints: outside the database, so that cutting off the end of that is noticed. */
  checkpoints_path: string
  instance: () => string
}

/**
 * The record of every call: a chain of lines, each of which covers the one before.
 *
 * Invariants: L1 lines are numbered without a gap, in the order of their commits. L2 a checkpoint covers only lines that
 * are on the disk.
 */
export class Audit {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Log
  readonly #key: Buffer
  readonly #signing_key: KeyObject
  readonly #checkpoints_path: string
  readonly #checkpointer: Checkpointer
  /** Where the committed chain stands, and where it will when a transaction that runs is committed. */
  #head: ChainHead
  readonly #heads = new WeakMap<Tx, ChainHead>()
  #cancelRetention: () => void = () => {}
  #waiting: Timed[] = []
  #writing: Promise<void> = Promise.resolve()
  #scheduled = false
  #cancelTimer: () => void = () => {}

  constructor({ store, clock, log, keys, checkpoints_path, instance }: AuditOptions) {
    this.#store = store
    this.#clock = clock
    this.#log = log
    this.#key = keys.derive('audit')
    this.#signing_key = checkpointKey(keys)
    this.#checkpoints_path = checkpoints_path
    this.#checkpointer = new Checkpointer({
      store,
      clock,
      log,
      signing_key: this.#signing_key,
      path: checkpoints_path,
      instance,
    })
    this.#head = auditStore.head(store.reader.connection)
    if (this.#checkpointer.covered > this.#head.seq) {
      const [from, to] = [this.#head.seq + 1, this.#checkpointer.covered]
      log.error('lines are missing at the end of the audit', { from, to })
    }
    this.#retain()
  }

  /** Writes the line of a call in the transaction of its effect. */
  write(tx: Tx, line: AuditLine): void {
    this.#append(tx, { ...line, time: iso(this.#clock.now()) })
  }

  /** Writes the line of a call without an effect soon. */
  note(line: AuditLine): void {
    if (this.#waiting.length < KEPT_MAX) this.#waiting.push({ ...line, time: iso(this.#clock.now()) })
    this.#schedule(GROUP_MS)
  }

  /** @throws Fault `SYSTEM_OVERLOADED` while too many lines wait to be written: nothing happens unrecorded. */
  admit(): void {
    if (this.#waiting.length >= WAITING_MAX) throw new Fault('SYSTEM_OVERLOADED', 'The audit cannot keep up.')
  }

  /** The calls since `since` (epoch ms) that used up some of a quota, oldest first. */
  counted(since: number): CountedCall[] {
    return auditStore.counted(this.#store.reader.connection, iso(since))
  }

  /** Writes what waits, after what is being written. */
  flush(): Promise<void> {
    this.#cancelTimer()
    this.#scheduled = false
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  /** Reads the whole chain and holds it against its checkpoints. */
  verify(): Promise<AuditReport> {
    return verifyAudit({
      connection: this.#store.reader.connection,
      key: this.#key,
      signing_key: this.#signing_key,
      checkpoints_path: this.#checkpoints_path,
    })
  }

  /** Lines after a number, oldest first; without one the newest. */
  lines(after: number | undefined, limit: number): AuditRow[] {
    return readLines(this.#store.reader.connection, after, limit)
  }

  /** Removes old lines in sealed stretches; answers how many. */
  sealOld(retain_ms = RETAIN_MS): Promise<number> {
    return sealOld({ store: this.#store, clock: this.#clock, key: this.#key }, retain_ms)
  }

  /** Writes what waits and covers it with a checkpoint, and nothing after it. */
  async close(): Promise<void> {
    this.#cancelRetention()
    await this.flush()
    await this.#checkpointer.flush()
    this.#cancelTimer()
    this.#scheduled = true
  }

  #append(tx: Tx, line: Timed): void {
    const before = this.#heads.get(tx)
    const row = link(this.#key, before ?? this.#head, line)
    auditStore.insert(tx.connection, row)
    this.#heads.set(tx, row)
    tx.afterAttempt(() => (before === undefined ? this.#heads.delete(tx) : this.#heads.set(tx, before)))
    if (before !== undefined) return
    tx.afterCommit(() => {
      const { seq, mac } = this.#heads.get(tx) ?? this.#head
      this.#head = { seq, mac }
      this.#checkpointer.moved(this.#head)
    })
  }

  #retain(): void {
    this.#cancelRetention = this.#clock.after(RETENTION_EVERY_MS, () => {
      this.sealOld().catch((error: unknown) =>
        this.#log.error('old audit lines could not be sealed', { error }),
      )
      this.#retain()
    })
  }

  #schedule(delay_ms: number): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#cancelTimer = this.#clock.after(delay_ms, () => void this.flush())
  }

  async #write(): Promise<void> {
    const lines = this.#waiting
    if (lines.length === 0) return
    this.#waiting = []
    try {
      await this.#store.write((tx) => {
        for (const line of lines) this.#append(tx, line)
        return Promise.resolve()
      })
    } catch (error) {
      this.#waiting = [...lines, ...this.#waiting]
      this.#log.error('audit lines could not be written', { lines: lines.length, error })
      this.#schedule(RETRY_MS)
    }
  }
}
