import type { Clock } from '../../../kernel/clock.ts'
import type { Log } from '../../../kernel/log.ts'
import { SpeechError } from '../kinds.ts'
import { HOST_BOUNDS } from './bounds.ts'
import type { HostBounds } from './bounds.ts'
import { Child, late, STOPPED } from './child.ts'
import type { ChildParts } from './child.ts'
import { checkSize, JobSession } from './session.ts'
import type { JobOptions, Session } from './session.ts'

export type { JobOptions, Session }

export interface HostParts {
  clock: Clock
  log: Log
  /** Module that calls `serveJobs`. */
  entry: URL
  env?: Readonly<Record<string, string>>
  bounds?: Partial<HostBounds>
}

/** Child processes for work that would hold up the event loop, or take the server down with it. */
export interface Host {
  /**
   * Begins a job as soon as a child is free.
   *
   * @throws SpeechError `busy` when too many wait, `deadline`, `engine`, or what the job itself refuses; the signal's reason.
   */
  open(kind: string, options: unknown, job: JobOptions): Promise<Session>
  /** Ends every child. */
  close(): Promise<void>
}

/** Starts no child before there is work for it. */
export function openHost({ bounds, env = {}, ...parts }: HostParts): Host {
  return new Pool({ ...parts, env, bounds: { ...HOST_BOUNDS, ...bounds } })
}

/** A child, and the job that it does or is being rid of. */
interface Hand {
  child: Child
  job: JobSession | undefined
  cancelIdle: () => void
}

class Pool implements Host {
  readonly #parts: ChildParts
  readonly #hands = new Set<Hand>()
  readonly #waiting: JobSession[] = []
  /** Users in the order of their last turns; who is not among them had none, or long ago. */
  #served: string[] = []
  #closed = false

  constructor(parts: ChildParts) {
    this.#parts = parts
  }

  async open(kind: string, options: unknown, about: JobOptions): Promise<Session> {
    about.signal.throwIfAborted()
    const { waiting_per_user_max, waiting_max } = this.#parts.bounds
    const own = this.#waiting.filter(({ user_id }) => user_id === about.user_id).length
    if (this.#closed) throw STOPPED
    checkSize(options, this.#parts.bounds)
    const isFull = own >= waiting_per_user_max || this.#waiting.length >= waiting_max
    if (isFull && about.goes_on !== true)
      throw new SpeechError('busy', 'Too much is being said at once; try again in a moment.')
    const job: JobSession = new JobSession({
      kind,
      options,
      about,
      parts: this.#parts,
      onClose: () => this.#drop(job),
      isWanted: () => this.#waiting.some(({ user_id }) => user_id !== job.user_id),
    })
    this.#waiting.push(job)
    this.#next()
    await job.begun
    return job
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const job of this.#waiting.slice()) job.fail(STOPPED)
    const children = [...this.#hands].map(({ child }) => child)
    for (const { job } of this.#hands) job?.fail(STOPPED)
    for (const child of children) child.end(STOPPED)
    await Promise.all(children.map(({ exited }) => exited))
  }

  /**
   * Gives what waits to whoever is free, or to somebody new: first of those for whom least is being done, and among them
   * of those whose last turn is longest ago.
   */
  #next(): void {
    for (;;) {
      const [job] = this.#waiting.toSorted(
        (a, b) => this.#busyFor(a) - this.#busyFor(b) || this.#turnOf(a) - this.#turnOf(b),
      )
      if (job === undefined || this.#closed) return
      const hand = this.#handFor(job)
      // Who has failed has left the queue, and the next may be luckier.
      if (hand === undefined && job.isOver) continue
      if (hand === undefined) return
      this.#waiting.splice(this.#waiting.indexOf(job), 1)
      const others = this.#served.filter((user_id) => user_id !== job.user_id)
      this.#served = [...others, job.user_id].slice(-this.#parts.bounds.waiting_max)
      hand.cancelIdle()
      hand.job = job
      void this.#start(hand, job)
    }
  }

  #busyFor({ user_id }: JobSession): number {
    return [...this.#hands].filter(({ job }) => job?.user_id === user_id).length
  }

  #turnOf({ user_id }: JobSession): number {
    return this.#served.indexOf(user_id)
  }

  #handFor(job: JobSession): Hand | undefined {
    try {
      return this.#freeFor(job.kind)
    } catch (cause) {
      job.fail(new SpeechError('engine', 'The speech engine could not be started.', { cause }))
      return undefined
    }
  }

  /** Somebody who has done such jobs before, then somebody new, then anybody. */
  #freeFor(kind: string): Hand | undefined {
    const free = [...this.#hands].filter(({ job }) => job === undefined)
    const known = free.find(({ child }) => child.kinds.has(kind))
    if (known !== undefined) return known
    // One that is only being rid of its last job is sooner there than a new one.
    if ([...this.#hands].some(({ child, job }) => job?.isOver === true && child.kinds.has(kind)))
      return undefined
    return this.#hands.size < this.#parts.bounds.children_max ? this.#hire() : free[0]
  }

  #hire(): Hand {
    const hand: Hand = {
      child: new Child(this.#parts, () => {
        this.#hands.delete(hand)
        hand.cancelIdle()
        this.#next()
      }),
      job: undefined,
      cancelIdle: () => {},
    }
    this.#hands.add(hand)
    return hand
  }

  async #start(hand: Hand, job: JobSession): Promise<void> {
    const hasServed = hand.child.kinds.size > 0
    try {
      await job.begin(hand.child)
    } catch (error) {
      // A child may have died since it was last heard of, which is no fault of the job.
      if (hasServed && hand.child.ended !== undefined && job.again()) {
        this.#waiting.unshift(job)
        this.#next()
      } else job.fail(error)
    }
  }

  /** A job came to its end: it leaves the queue, or its child is freed of it. */
  #drop(job: JobSession): void {
    const place = this.#waiting.indexOf(job)
    if (place >= 0) this.#waiting.splice(place, 1)
    for (const hand of this.#hands) if (hand.job === job) void this.#free(hand)
  }

  async #free(hand: Hand): Promise<void> {
    try {
      await hand.child.reset()
    } catch {
      // It has ended, and been replaced.
      if (hand.child.ended === undefined) hand.child.end(late())
      return
    }
    hand.job = undefined
    hand.cancelIdle = this.#parts.clock.after(this.#parts.bounds.idle_ms, () => hand.child.end(STOPPED))
    this.#next()
  }
}
