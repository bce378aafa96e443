import { SpeechError } from '../kinds.ts'
import type { HostBounds } from './bounds.ts'
import type { Child, ChildParts } from './child.ts'
import { late } from './child.ts'
import { sizeOf } from './protocol.ts'

export interface JobOptions {
  user_id: string
  /** Gives the job up: what is under way rejects with its reason, and the child is free for the next one. */
  signal: AbortSignal
  /** Hears what the job says unasked. */
  onMessage?: (message: unknown) => void
  /** It is the rest of a job that has made way for others: it waits its turn, and is not refused because many wait. */
  goes_on?: boolean
}

/** A job inside a child. */
export interface Session {
  /** Whether another user waits for a child: a long job may close, and go on in its next turn. */
  readonly is_wanted: boolean
  /** Resolves when the child has dealt with the message: who waits for it never fills a queue. @throws SpeechError */
  send(message: unknown): Promise<void>
  /** The answer to a message. @throws SpeechError */
  call(message: unknown): Promise<unknown>
  /** Ends the job. What is still under way rejects. */
  close(): void
}

interface JobParts {
  kind: string
  options: unknown
  about: JobOptions
  parts: ChildParts
  /** Called once, however it ends. */
  onClose: () => void
  isWanted: () => boolean
}

/** A job from the queue to its end. */
export class JobSession implements Session {
  /** Settles when a child has begun with it. */
  readonly begun: Promise<void>
  readonly kind: string
  readonly user_id: string
  readonly #given: JobParts
  readonly #begun = Promise.withResolvers<void>()
  readonly #underWay = new Set<(error: unknown) => void>()
  readonly #cancelDeadline: () => void
  readonly #cancelQueue: () => void
  readonly #onAbort: () => void
  #child: Child | undefined
  #tries = 0
  #ended: { why: unknown } | undefined

  constructor(given: JobParts) {
    const { kind, about, parts } = given
    this.kind = kind
    this.user_id = about.user_id
    this.#given = given
    this.begun = this.#begun.promise
    // It may fail before anybody has come to wait for it.
    this.begun.catch(() => {})
    this.#cancelDeadline = parts.clock.after(parts.bounds.job_ms, () => {
      parts.log.warn('A speech job was given up', { what: kind, after_ms: parts.bounds.job_ms })
      this.fail(late())
    })
    const leaveQueue = (): void => {
      if (this.#child === undefined)
        this.fail(new SpeechError('busy', 'Too much is being said at once; try again in a moment.'))
    }
    // The rest of a job waits its turn for as long as the job may take.
    this.#cancelQueue =
      about.goes_on === true ? () => {} : parts.clock.after(parts.bounds.queue_ms, leaveQueue)
    this.#onAbort = () => this.fail(about.signal.reason)
    about.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  async begin(child: Child): Promise<void> {
    this.#cancelQueue()
    this.#tries += 1
    this.#child = child
    await child.begin(this.kind, this.#given.options, (message) => {
      try {
        if (this.#ended === undefined) this.#given.about.onMessage?.(message)
      } catch (error) {
        // Who can't hear what is said has no use for the rest.
        this.fail(error)
      }
    })
    this.#begun.resolve()
  }

  get is_wanted(): boolean {
    return this.#given.isWanted()
  }

  get isOver(): boolean {
    return this.#ended !== undefined
  }

  /** Whether it may be begun another time with another child. */
  again(): boolean {
    this.#child = undefined
    return this.#tries < 2 && this.#ended === undefined
  }

  async send(message: unknown): Promise<void> {
    await this.call(message)
  }

  call(message: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) throw this.#ended.why
      const child = this.#child
      if (child === undefined || this.#underWay.size >= this.#given.parts.bounds.under_way_max)
        throw new SpeechError('busy', 'More is sent than can be taken; wait for what is under way.')
      checkSize(message, this.#given.parts.bounds)
      this.#underWay.add(reject)
      const settled = (): boolean => this.#underWay.delete(reject)
      child.call(message).then(
        (value) => settled() && resolve(value),
        (error: unknown) => settled() && reject(error),
      )
    })
  }

  close(): void {
    this.fail(new SpeechError('engine', 'That has been closed.'))
  }

  /** Ends it for a reason, which whoever waits for it is told. */
  fail(why: unknown): void {
    if (this.#ended !== undefined) return
    this.#ended = { why }
    this.#cancelQueue()
    this.#cancelDeadline()
    this.#given.about.signal.removeEventListener('abort', this.#onAbort)
    for (const reject of this.#underWay) reject(why)
    this.#underWay.clear()
    this.#begun.reject(why)
    this.#given.onClose()
  }
}

/** @throws SpeechError when a message is larger than may be sent. */
export function checkSize(message: unknown, { message_bytes_max }: HostBounds): void {
  if (sizeOf(message, message_bytes_max) > message_bytes_max)
    throw new SpeechError('audio', 'That is more sound than can be taken at once.')
}
