import type { Session } from '../../../contract/auth.ts'
import type { Call } from '../../kernel/answers.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { ABSOLUTE_MS, IDLE_MS, judge, refusal } from './refresh.ts'
import { authQueries } from './store.ts'
import type { AuthTables, Horizon, SessionRow } from './store.ts'

/** What is known of a session that has not ended, without asking the store. */
export type LiveSession = Pick<
  SessionRow,
  'id' | 'user_id' | 'version' | 'password_at' | 'code_at' | 'may_enrol'
>

/** How somebody has just signed in: the password proves things for a while, a backup code may enrol a passkey. */
export type Entrance = 'password' | 'passkey' | 'code'

/** A session with the refresh token that was just made for it. */
export interface Opened {
  session: LiveSession
  refresh_token: string
}

/** Sessions of a user at once; another sign-in ends the one that was not used for longest. */
const PER_USER_MAX = 100
/** A session that is over is remembered this long, so that its tokens are still told what became of it. */
const REMEMBERED_MS = 30 * 86_400_000
const USER_AGENT_MAX = 256
const TOKEN_BYTES = 32

/**
 * The sessions, each the family of its refresh tokens.
 *
 * Invariants: S1 what is in memory is what is committed, so that an end is felt by the very next call. S2 of each family
 * one token is current, and only a transaction that finds it current moves on to the next.
 */
export class Sessions {
  readonly #kernel: Kernel
  readonly #live = new Map<string, LiveSession>()
  readonly #hooks: ((session_id: string) => void)[] = []

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  async load(): Promise<void> {
    for (const session of await this.#reading().allSessions(this.#horizon())) this.#keep(session)
  }

  find(session_id: string): LiveSession | undefined {
    return this.#live.get(session_id)
  }

  /** Hears of the end of each session, after it is committed. */
  onEnd(hook: (session_id: string) => void): void {
    this.#hooks.push(hook)
  }

  /** Those of the user that can still be used, the one used last first. */
  async list(user_id: string, current: string | undefined): Promise<Session[]> {
    const rows = await this.#reading().sessionsOf(user_id, this.#horizon())
    return rows.map(({ id, created_at, last_used_at, user_agent, ip }) => ({
      id,
      created_at,
      last_used_at,
      user_agent,
      ip,
      current: id === current,
    }))
  }

  /** Opens a session for a user who has just signed in. */
  async open(
    tx: Tx,
    user_id: string,
    { ip, user_agent }: Pick<Call, 'ip' | 'user_agent'>,
    by: Entrance,
  ): Promise<Opened> {
    const queries = authQueries(tx.tables<AuthTables>())
    const now = this.#kernel.now()
    const at = this.#kernel.clock.now()
    await this.#makeRoom(tx, user_id)
    const session = {
      id: this.#kernel.id(),
      user_id,
      version: 1,
      generation: 0,
      password_at: by === 'password' ? at : null,
      code_at: by === 'code' ? at : null,
      may_enrol: by === 'code' ? 1 : 0,
      user_agent: user_agent.slice(0, USER_AGENT_MAX),
      ip,
      created_at: now,
      last_used_at: now,
      ended_at: null,
    }
    const refresh_token = Buffer.from(this.#kernel.random(TOKEN_BYTES)).toString('base64url')
    await queries.insertSession(session)
    await queries.insertToken({ hash: this.#hash(refresh_token), session_id: session.id, generation: 0 })
    tx.afterCommit(() => this.#keep(session))
    return { session, refresh_token }
  }

  /**
   * Refuses a refresh token that cannot be exchanged, before the transaction that would exchange it: a reused one ends
   * its family, and that end must not be rolled back with the refusal.
   *
   * @throws Fault `UNAUTHORIZED`, `TOKEN_EXPIRED` or `INVALID_CREDENTIALS`, as decision 5 says.
   */
  async admit(refresh_token: string): Promise<void> {
    const found = await this.#reading().findToken(this.#hash(refresh_token))
    const verdict = judge(found, this.#kernel.clock.now())
    if (verdict === 'exchange' || verdict === 'repeat') return
    if (verdict === 'reused' && found !== undefined) {
      const { user_id, id } = found
      await this.#kernel.store.write((tx) => this.end(tx, user_id, id))
      this.#kernel.log.warn('a spent refresh token came back, so its session was ended', {
        session: id,
        user_id,
      })
    }
    throw refusal(verdict)
  }

  /** Exchanges an admitted refresh token for its successor. */
  async exchange(tx: Tx, refresh_token: string): Promise<Opened> {
    const queries = authQueries(tx.tables<AuthTables>())
    const found = await queries.findToken(this.#hash(refresh_token))
    const verdict = judge(found, this.#kernel.clock.now())
    if (found === undefined) throw refusal('unknown')
    const successor = this.#successor(refresh_token)
    if (verdict === 'repeat') return { session: found, refresh_token: successor }
    // Used up twice since it was admitted: the next try is judged afresh, and then ends the family if it must.
    if (verdict === 'reused')
      throw new Fault('SERVICE_UNAVAILABLE', 'This session is being refreshed. Try again.')
    if (verdict !== 'exchange') throw refusal(verdict)
    if (!(await queries.nextGeneration(found, this.#kernel.now()))) throw refusal('ended')
    const generation = found.generation + 1
    await queries.insertToken({ hash: this.#hash(successor), session_id: found.id, generation })
    const session = { ...found, password_at: null }
    tx.afterCommit(() => this.#keep(session))
    return { session, refresh_token: successor }
  }

  /** Ends a session of the user; the answer is false when there is none to end. */
  async end(tx: Tx, user_id: string, session_id: string): Promise<boolean> {
    const ended = await authQueries(tx.tables<AuthTables>()).endSession(
      user_id,
      session_id,
      this.#kernel.now(),
    )
    if (ended) tx.afterCommit(() => this.#drop(session_id))
    return ended
  }

  /** Ends all sessions of the user but the one that is kept; those that hear of it hear before the next call. */
  async endAll(tx: Tx, user_id: string, kept: string | undefined): Promise<void> {
    const rows = await authQueries(tx.tables<AuthTables>()).sessionsOf(user_id, this.#horizon())
    for (const { id } of rows) if (id !== kept) await this.end(tx, user_id, id)
  }

  /** A sign-in by a backup code enrols one passkey. */
  async noteEnrolment(tx: Tx, user_id: string, session_id: string): Promise<void> {
    await authQueries(tx.tables<AuthTables>()).noteEnrolment(user_id, session_id)
    const session = this.#live.get(session_id)
    if (session !== undefined) tx.afterCommit(() => this.#live.set(session_id, { ...session, may_enrol: 0 }))
  }

  /** Lets go of the sessions of a user whose rows are gone. */
  dropAll(user_id: string): void {
    for (const { id, user_id: owner } of this.#live.values()) if (owner === user_id) this.#drop(id)
  }

  #reading(): ReturnType<typeof authQueries> {
    return authQueries(this.#kernel.store.reader.tables<AuthTables>())
  }

  async #makeRoom(tx: Tx, user_id: string): Promise<void> {
    const queries = authQueries(tx.tables<AuthTables>())
    const ended_at = iso(this.#kernel.clock.now() - REMEMBERED_MS)
    const forgotten = await queries.forgetSessions(user_id, { ...this.#horizon(REMEMBERED_MS), ended_at })
    tx.afterCommit(() => forgotten.forEach((id) => this.#live.delete(id)))
    const open = await queries.sessionsOf(user_id, this.#horizon())
    for (const { id } of open.slice(PER_USER_MAX - 1)) await this.end(tx, user_id, id)
  }

  #horizon(later_ms = 0): Horizon {
    const now = this.#kernel.clock.now()
    return { last_used_at: iso(now - IDLE_MS - later_ms), created_at: iso(now - ABSOLUTE_MS - later_ms) }
  }

  #keep({ id, user_id, version, password_at, code_at, may_enrol }: LiveSession): void {
    this.#live.set(id, { id, user_id, version, password_at, code_at, may_enrol })
  }

  #drop(session_id: string): void {
    this.#live.delete(session_id)
    for (const hook of this.#hooks) {
      try {
        hook(session_id)
      } catch (error) {
        this.#kernel.log.error('a listener failed at the end of a session', { error })
      }
    }
  }

  #hash(refresh_token: string): string {
    return this.#kernel.keys.mac('token-hash', refresh_token)
  }

  /**
   * The successor follows from its parent and the root key, so that whoever asks twice gets the same one, also across a
   * restart, and no token is ever stored. The prefix keeps it apart from the hash: no token has a space in it.
   */
  #successor(refresh_token: string): string {
    return this.#kernel.keys.mac('token-hash', `successor of ${refresh_token}`)
  }
}
