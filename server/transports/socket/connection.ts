import type { Socket } from 'socket.io'
import type { APIError } from '../../../contract/errors.ts'
import type { SocketError } from '../../../contract/events.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Told } from '../../kernel/events.ts'
import { concerns, executionOf } from './audience.ts'
import type { Audience } from './audience.ts'
import type { Spoken } from './listening.ts'
import type { Missed, Speaker } from './operations.ts'

/** A call of this socket that is not answered yet. */
export interface Flight {
  readonly event: string
  readonly away: AbortController
  /** Events of executions that may turn out to be started by this call. */
  readonly held: Told[]
}

/** Messages that may wait for a client to take them, and their length in characters. */
export interface Backlog {
  messages_max: number
  characters_max: number
}

/** Executions that a socket is remembered to have started. */
const STARTED_MAX = 1_000
/** Events that are kept back while one of those questions is open. */
const HELD_MAX = 1_000
/** How full the backlog may be before more of what was missed is put into it. */
const REPLAY_FULLNESS = 0.5

export interface ConnectionOptions {
  socket: Socket
  clock: Clock
  /** Makes ids. */
  id: () => string
  speaker: Speaker
  token: string
  backlog: Backlog
}

interface Replay {
  held: Told[]
  isOverfull: boolean
}

/**
 * One socket of a signed-in user.
 *
 * Invariants: K1 it sends events of its own user alone, each at most once and those of an execution in their order.
 * K2 what waits for a slow client is bounded: beyond it the connection ends, and the client comes back and resumes.
 * K3 it ends with its token, unless a fresh one of the same session came before.
 */
export class Connection implements Audience {
  readonly socket: Socket
  readonly user_id: string
  readonly session_id: string
  readonly agents = new Map<string, number>()
  readonly started = new Set<string>()
  readonly flights = new Set<Flight>()
  /** Utterances that came in pieces, by the client's own id. */
  readonly spoken = new Map<string, Spoken>()
  readonly role: Speaker['role']
  readonly agent_id: string | undefined
  token: string
  readonly id: () => string
  readonly #clock: Clock
  readonly #backlog: Backlog
  #isOpen = false
  #replay: Replay | undefined
  #replayed_to = 0
  #waiting = { messages: 0, characters: 0 }
  #isCutting = false
  #cancelExpiry: () => void = () => {}
  #stopFollowing: (() => void) | undefined
  #inTurn: Promise<void> = Promise.resolve()

  constructor({ socket, clock, id, speaker, token, backlog }: ConnectionOptions) {
    this.id = id
    this.socket = socket
    this.user_id = speaker.user_id
    this.session_id = speaker.session_id
    this.role = speaker.role
    this.agent_id = speaker.agent_id
    this.token = token
    this.#clock = clock
    this.#backlog = backlog
  }

  /** Whether it is between its welcome and its end. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Watches what waits for the client. */
  watch(): void {
    const { conn } = this.socket
    conn.on('packetCreate', ({ data }: { data?: string }) => {
      this.#waiting.messages += 1
      this.#waiting.characters += data?.length ?? 0
      if (this.#fullness() > 1) this.#cutLater()
    })
    conn.on('drain', () => (this.#waiting = { messages: 0, characters: 0 }))
  }

  /** Begins to send events. */
  open(user: unknown): void {
    this.#isOpen = true
    this.socket.emit('authenticated', user)
  }

  /** Takes a token of the same session; at `expires_at` (epoch ms) the connection ends. */
  renew(token: string, expires_at: number): void {
    this.token = token
    this.#cancelExpiry()
    this.#cancelExpiry = this.#clock.after(expires_at - this.#clock.now(), () =>
      this.dismiss('token expired'),
    )
  }

  /** Performs what must not overtake what was begun so before. */
  inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#inTurn.then(work)
    this.#inTurn = mine.catch(() => {})
    return mine
  }

  /** Epoch ms. */
  now(): number {
    return this.#clock.now()
  }

  get architecture(): boolean {
    return this.#stopFollowing !== undefined
  }

  /** Begins to listen to the architecture; what it is given is called when that ends. */
  follow(stop: () => void): void {
    this.unfollow()
    this.#stopFollowing = stop
  }

  unfollow(): void {
    this.#stopFollowing?.()
    this.#stopFollowing = undefined
  }

  /** Ends the connection because of who it speaks for. A client does not come back by itself then. */
  dismiss(reason: string): void {
    this.socket.emit('unauthorized', reason)
    this.socket.disconnect(true)
    this.release()
  }

  /** Ends the connection for the server's own reasons. A client comes back by itself. */
  sendAway(error: APIError): void {
    this.fail(error, {})
    this.socket.conn.close()
    this.release()
  }

  /** Lets go of everything; the connection has ended. */
  release(): void {
    this.#isOpen = false
    this.#cancelExpiry()
    this.unfollow()
    for (const flight of this.flights) flight.away.abort()
  }

  /** Tells of a failure that nobody acknowledges. */
  fail(error: APIError, own: { event?: string; request_id?: string }): void {
    this.socket.emit('error', { ...error, message: error.error.message, ...own } satisfies SocketError)
  }

  /** Takes an event that happened, and sends it if it is for this socket. */
  hear(event: Told): void {
    if (!this.#isOpen || event.user_id !== this.user_id || event.seq <= this.#replayed_to) return
    if (this.#replay === undefined) this.#judge(event)
    else if (this.#replay.held.length < HELD_MAX) this.#replay.held.push(event)
    else this.#replay.isOverfull = true
  }

  /** Begins a call. */
  depart(event: string): Flight {
    const flight: Flight = { event, away: new AbortController(), held: [] }
    this.flights.add(flight)
    return flight
  }

  /** Ends a call; when it started an execution, its events are for this socket from now on. */
  land(flight: Flight, execution_id: string | undefined): void {
    this.flights.delete(flight)
    if (execution_id === undefined) return
    const [oldest] = this.started
    if (this.started.size >= STARTED_MAX && oldest !== undefined) this.started.delete(oldest)
    this.started.add(execution_id)
    for (const event of flight.held) if (executionOf(event) === execution_id) this.#send(event)
  }

  /** Holds back live events until what was missed has been sent; false when that is happening already. */
  pause(): boolean {
    if (this.#replay !== undefined) return false
    this.#replay = { held: [], isOverfull: false }
    return true
  }

  /** Sends missed events at the pace of the client. */
  async replay(events: readonly Told[]): Promise<void> {
    for (const event of events) {
      if (this.#fullness() > REPLAY_FULLNESS) await this.#drained()
      if (!this.#isOpen) return
      if (concerns(event, this)) this.#send(event)
      this.#replayed_to = event.seq
    }
  }

  /** Goes on with live events, after those that were held back; false when more must be read first. */
  catchUp({ more }: Pick<Missed, 'more'>): boolean {
    const { held, isOverfull } = this.#replay ?? { held: [], isOverfull: false }
    if (more || isOverfull) {
      this.#replay = { held: [], isOverfull: false }
      return false
    }
    this.#replay = undefined
    for (const event of held) this.hear(event)
    return true
  }

  #judge(event: Told): void {
    if (concerns(event, this)) this.#send(event)
    else if (executionOf(event) !== undefined) {
      for (const { held } of this.flights) if (held.length < HELD_MAX) held.push(event)
    }
  }

  #send({ name, data, seq, created_at }: Told): void {
    this.socket.emit(name, data, { seq, created_at })
  }

  /** How much of the backlog is taken; above 1 it is too much. */
  #fullness(): number {
    const { messages, characters } = this.#waiting
    return Math.max(messages / this.#backlog.messages_max, characters / this.#backlog.characters_max)
  }

  /** Ends the connection unless it drains by itself, as it does at once when the client reads. */
  #cutLater(): void {
    if (this.#isCutting) return
    this.#isCutting = true
    setImmediate(() => {
      setImmediate(() => {
        this.#isCutting = false
        if (this.#fullness() <= 1) return
        this.release()
        this.socket.conn.close(true)
      })
    })
  }

  #drained(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const { conn } = this.socket
    const done = () => {
      conn.off('drain', done)
      conn.off('close', done)
      resolve(undefined)
    }
    conn.on('drain', done)
    conn.on('close', done)
    return promise
  }
}
