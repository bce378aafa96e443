import type { KeyObject } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { iso } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import type { ChainHead } from './chain.ts'
import { appendCheckpoint, mendCheckpoints, readCheckpoints, signCheckpoint } from './checkpoints.ts'

/** A checkpoint follows so many lines, or so long after the first line that none covers. */
const LINES_MAX = 256
const DELAY_MS = 60_000

export interface CheckpointerOptions {
  store: Pick<Store, 'settled'>
  clock: Clock
  log: Log
  signing_key: KeyObject
  path: string
  /** Names the data folder in its first checkpoint. */
  instance: () => string
}

/** Writes signed checkpoints of a chain, each only after what it covers is on the disk. */
export class Checkpointer {
  readonly #options: CheckpointerOptions
  readonly #instance: string
  #covered: number
  #head: ChainHead | undefined
  #writing: Promise<void> = Promise.resolve()
  #cancelTimer: (() => void) | undefined

  constructor(options: CheckpointerOptions) {
    this.#options = options
    mendCheckpoints(options.path)
    const { checkpoints } = readCheckpoints(options.path, options.signing_key)
    const newest = checkpoints.at(-1)
    this.#instance = newest?.instance ?? options.instance()
    this.#covered = newest?.seq ?? 0
  }

  /** Number of the last line that a checkpoint covers. */
  get covered(): number {
    return this.#covered
  }

  /** Hears where the chain stands after each commit. */
  moved(head: ChainHead): void {
    this.#head = head
    if (head.seq - this.#covered >= LINES_MAX) void this.flush()
    else this.#cancelTimer ??= this.#options.clock.after(DELAY_MS, () => void this.flush())
  }

  /** Covers everything so far. */
  flush(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    const { store, clock, log, signing_key, path } = this.#options
    const head = this.#head
    if (head === undefined || head.seq <= this.#covered) return
    try {
      await store.settled()
      const { seq, mac } = head
      const checkpoint = { seq, mac, instance: this.#instance, time: iso(clock.now()) }
      await appendCheckpoint(path, signCheckpoint(signing_key, checkpoint))
      this.#covered = seq
    } catch (error) {
      log.error('a checkpoint of the audit could not be written', { error })
    }
  }
}
