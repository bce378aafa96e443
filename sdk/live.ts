import type { EventData, EventName, EventPlace } from '../contract/events.ts'
import type { Client } from './client.ts'
import { ApiFault, NoAnswer } from './fault.ts'
import { openLine } from './live/line.ts'
import type { After, Cut, Line } from './live/line.ts'
import { Listeners } from './live/listeners.ts'
import type { LiveEvent, Unlisten } from './live/listeners.ts'
import { Sequence } from './live/sequence.ts'
import type { Resumed } from './live/sequence.ts'
import { Subscriptions } from './live/subscriptions.ts'
import type { Tokens } from './session.ts'

export interface LiveOptions {
  /** Place after which to go on, as `last_seq` told it earlier. Default: from now on. */
  since?: number
  /** Milliseconds before the first try to come back; each further one waits twice as long, up to 30,000. Default: 500. */
  retry_ms?: number
  /** Epoch ms, by the clock that the sign-in is kept by. Default: the clock of this machine. */
  now?: () => number
  /** Default: the timers of the platform. */
  after?: After
}

/** Why live events ended: they were closed, or nobody is signed in any more. */
export type LiveEnd = 'closed' | 'signed_out'

/** What happens on the server, as it happens. */
export interface Live {
  /** Hears one kind of event; the answer stops it. */
  on<N extends EventName>(name: N, hear: (data: EventData<N>, place: EventPlace) => void): Unlisten
  /** Hears every event; the answer stops it. */
  onAny(hear: (event: LiveEvent) => void): Unlisten
  /** Hears that events before the next one may be lost: what is known from events must be read anew. */
  onGap(hear: () => void): Unlisten
  /** Hears when the connection is lost and tried again, and when it is there (again). */
  onState(hear: (isOpen: boolean) => void): Unlisten
  /**
   * Hears of an agent, by id or number, from now on and after every reconnection.
   *
   * @throws ApiFault when there is no such agent; without a connection that is not known, and nothing is heard of it.
   */
  subscribeAgent(ref: string): Promise<void>
  unsubscribeAgent(ref: string): Promise<void>
  /** Hears of changes of the whole. */
  subscribeArchitecture(): Promise<void>
  unsubscribeArchitecture(): Promise<void>
  /** Resolves once events are heard; false when that never came to be. What happens later is not missed. */
  opened(): Promise<boolean>
  /** Place of the last event, to go on from in another process. */
  readonly last_seq: number | undefined
  /** Resolves with why it ended; rejects with what the store of the tokens threw. */
  readonly ended: Promise<LiveEnd>
  close(): Promise<void>
}

/** The token of a connection is replaced this long before it expires. */
const RENEW_EARLY_MS = 60_000
/** Tokens that last shorter than that are still not renewed in a circle. */
const RENEW_MIN_MS = 1_000
const RETRY_MS = 500
const RETRY_MS_MAX = 30_000
/** A connection that lasted as long is a new beginning; one that is always lost at once comes back ever more slowly. */
const STEADY_MS = 10_000
/** Doubling further would change nothing. */
const FAILURES_MAX = 20
/** Connections in a row that a server refuses although it has just made their tokens. */
const REFUSALS_MAX = 3

/**
 * Hears what happens on the server of a client, with its sign-in. Comes back by itself when the connection is lost, and
 * then hears first what it missed.
 */
export function openLive(client: Pick<Client, 'url' | 'session'>, options: LiveOptions = {}): Live {
  const listening = new Listening(client, options)
  const { listeners, subscriptions } = listening
  return {
    on: (name, hear) => listeners.on(name, hear),
    onAny: (hear) => listeners.onAny(hear),
    onGap: (hear) => listeners.onGap(hear),
    onState: (hear) => listeners.onState(hear),
    subscribeAgent: (ref) => subscriptions.add(ref),
    unsubscribeAgent: (ref) => subscriptions.remove(ref),
    subscribeArchitecture: () => subscriptions.setArchitecture(true),
    unsubscribeArchitecture: () => subscriptions.setArchitecture(false),
    opened: () => Promise.race([listening.opened, listening.ended.then(isNever, isNever)]),
    get last_seq() {
      return listening.sequence.last
    },
    ended: listening.ended,
    close: () => listening.close(),
  }
}

const isNever = (): boolean => false

function startTimer(delay_ms: number, work: () => void): () => void {
  const timer = setTimeout(work, delay_ms)
  return () => clearTimeout(timer)
}

/**
 * Invariants: V1 there is at most one connection. V2 its token is replaced before it expires. V3 after `close`, and after
 * the end of the sign-in, there is no connection.
 */
class Listening {
  readonly listeners = new Listeners()
  readonly subscriptions: Subscriptions
  readonly sequence: Sequence
  readonly ended: Promise<LiveEnd>
  readonly opened: Promise<boolean>
  readonly #client: Pick<Client, 'url' | 'session'>
  readonly #after: After
  readonly #now: () => number
  readonly #retry_ms: number
  readonly #closing = Promise.withResolvers<undefined>()
  readonly #opening = Promise.withResolvers<boolean>()
  #isClosing = false
  /** As it was told. */
  #isOpen = false
  #line: Line | undefined
  #user_id: string | undefined
  #refused: string | undefined
  #refusals = 0
  #failures = 0

  constructor(client: Pick<Client, 'url' | 'session'>, options: LiveOptions) {
    const { since, retry_ms = RETRY_MS, now = Date.now, after = startTimer } = options
    this.#client = client
    this.#after = after
    this.#now = now
    this.#retry_ms = retry_ms
    this.subscriptions = new Subscriptions(after)
    const { listeners } = this
    this.sequence = new Sequence(
      since,
      (event) => listeners.tell(event),
      () => listeners.tellGap(),
    )
    this.opened = this.#opening.promise
    this.ended = this.#listen()
    // Whoever does not ask how it ended need not know.
    this.ended.catch(() => {})
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.#closing.resolve(undefined)
    this.#line?.close()
    await this.ended
  }

  async #listen(): Promise<LiveEnd> {
    while (!this.#isClosing) {
      const tokens = await this.#enter()
      if (tokens === undefined || this.#isOther(tokens)) return this.#isClosing ? 'closed' : 'signed_out'
      const cut = tokens === 'away' ? 'away' : await this.#connect(tokens)
      // Who is refused learns first whether that is the end; only what goes on like that is slowed down.
      if (cut === 'away' || this.#failures > 0) await this.#pause()
      else this.#failures = 1
    }
    return 'closed'
  }

  /** The sign-in for the next connection; nothing when there is none any more. */
  async #enter(): Promise<Tokens | 'away' | undefined> {
    const { session } = this.#client
    try {
      if (this.#refused !== undefined) {
        if (this.#refusals >= REFUSALS_MAX) return undefined
        await session.renew(this.#refused)
      }
      return await session.fresh(RENEW_EARLY_MS)
    } catch (error) {
      if (error instanceof ApiFault && error.status === 401) return undefined
      if (error instanceof ApiFault || error instanceof NoAnswer) return 'away'
      throw error
    }
  }

  /** Places count the events of one user: whoever signed in here meanwhile has others. */
  #isOther(tokens: Tokens | 'away'): boolean {
    if (tokens === 'away') return false
    this.#user_id ??= tokens.user_id
    return this.#user_id !== tokens.user_id
  }

  async #connect({ access_token: token, expires_at }: Tokens): Promise<Cut> {
    const { sequence, subscriptions } = this
    sequence.hold()
    const line = await openLine({
      url: this.#client.url,
      token,
      after: this.#after,
      hear: (event) => sequence.hear(event),
    })
    this.#line = line
    if (this.#isClosing) line.close()
    if ((await line.welcome) && (await this.#join(line))) {
      const since = this.#now()
      this.#refusals = 0
      this.#opening.resolve(true)
      this.#tellState(true)
      await this.#keepSignedIn(line, expires_at)
      if (this.#now() - since >= STEADY_MS) this.#failures = 0
    }
    const cut = await line.cut
    this.#line = undefined
    subscriptions.leave()
    this.#refused = cut === 'refused' ? token : undefined
    if (cut === 'refused') this.#refusals += 1
    return cut
  }

  /** Hears what was missed; false when that did not work, and the connection is given up. */
  async #join(line: Line): Promise<boolean> {
    try {
      const { last } = this.sequence
      // What was missed is sent only as far as it was subscribed to; who begins anew wants nothing of it.
      if (last !== undefined) await this.subscriptions.enter(line)
      const answer = await line.ask('resume', last ?? 0)
      if (answer.success) {
        this.sequence.release(answer.data as Resumed)
        if (last === undefined) await this.subscriptions.enter(line)
        return true
      }
    } catch {
      // No answer in time, or no connection any more: the next one begins again where this one did.
    }
    line.close()
    return false
  }

  /** Replaces the token of a connection before it ends, for as long as the connection lasts. */
  async #keepSignedIn(line: Line, expires_at: number): Promise<void> {
    try {
      for (let end: number | undefined = expires_at; end !== undefined; end = await this.#renew(line)) {
        const delay_ms = Math.max(end - this.#now() - RENEW_EARLY_MS, RENEW_MIN_MS)
        if ((await this.#sleep(delay_ms, line.cut)) === 'interrupted') return
      }
    } catch {
      // The next connection finds out whether that was the network or the end of the sign-in.
    }
    line.close()
  }

  /** When the next token ends; nothing when there is none, which the next connection finds out, too. */
  async #renew(line: Line): Promise<number | undefined> {
    const tokens = await this.#client.session.fresh(RENEW_EARLY_MS)
    if (tokens === undefined) return undefined
    const answer = await line.ask('authenticate', tokens.access_token)
    return answer.success ? tokens.expires_at : undefined
  }

  #tellState(isOpen: boolean): void {
    if (this.#isOpen === isOpen || this.#isClosing) return
    this.#isOpen = isOpen
    this.listeners.tellState(isOpen)
  }

  async #pause(): Promise<void> {
    this.#tellState(false)
    const delay_ms = Math.min(this.#retry_ms * 2 ** this.#failures, RETRY_MS_MAX)
    this.#failures = Math.min(this.#failures + 1, FAILURES_MAX)
    await this.#sleep(delay_ms, this.#closing.promise)
  }

  async #sleep(delay_ms: number, interruption: Promise<unknown>): Promise<'over' | 'interrupted'> {
    const over = Promise.withResolvers<'over'>()
    const cancel = this.#after(delay_ms, () => over.resolve('over'))
    const result = await Promise.race([over.promise, interruption.then(() => 'interrupted' as const)])
    cancel()
    return result
  }
}
