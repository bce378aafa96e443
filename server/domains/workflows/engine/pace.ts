import type { Clock } from '../../../kernel/clock.ts'

/** Milliseconds from which on working something out is dear. */
const DEAR_MS = 10
/** No rest lasts longer: nobody's run shall wait for ever. */
const REST_MS_MAX = 1_000
/** No turn lies further off, however many wait. */
const TURN_MS_MAX = 60_000
const USERS_MAX = 1_000

/**
 * Keeps what is worked out for the runs of one user to half of the time, however many of them there are. A turn of the
 * event loop between two pieces would not do: whoever asks for something needs several turns, and would wait behind the next
 * dear piece for each.
 */
export interface Pace {
  /** Notes that something was worked out for a user for so many milliseconds. */
  spent(user_id: string, ms: number): void
  /** Milliseconds for which nothing is worked out for the user. */
  rest(user_id: string): number
  /**
   * Milliseconds until the turn of a run, which no other run of the user was given: woken together, one of them would work
   * something out, and all others would have been woken in vain. A run keeps its turn until that has come.
   */
  takeTurn(user_id: string, run_id: string): number
  /**
   * Whether the turn of a run has come, which is used up by asking. It goes before a rest of what was begun, never before
   * one of what was worked out in another turn: turns that come together would leave no rest.
   */
  hasTurn(user_id: string, run_id: string): boolean
}

interface Spent {
  /** When the rest is over. */
  until: number
  /** Milliseconds of what was worked out last. */
  spent_ms: number
  /** When the rest is over of what was worked out in a turn, and whether that is being worked out. */
  turned_until: number
  isTurn: boolean
  /** When the turns of the runs come that have one, soonest first, and the last that was given. */
  turns: Map<string, number>
  last_turn_at: number
}

export function openPace(clock: Pick<Clock, 'elapsed'>): Pace {
  const known = new Map<string, Spent>()
  const rest = (user_id: string): number => Math.max(0, (known.get(user_id)?.until ?? 0) - clock.elapsed())
  return {
    rest,
    takeTurn: (user_id, run_id) => {
      const kept = known.get(user_id)
      if (kept === undefined) return 0
      const now = clock.elapsed()
      // What has ended meanwhile does not ask after its turn.
      for (const [id, at] of kept.turns) {
        if (at > now - TURN_MS_MAX) break
        kept.turns.delete(id)
      }
      const own = kept.turns.get(run_id) ?? 0
      if (own > now) return own - now
      kept.turns.delete(run_id)
      // As long as the work of a turn, and the rest after it.
      const next = Math.max(kept.until, kept.last_turn_at + 2 * kept.spent_ms)
      kept.last_turn_at = Math.min(next, now + TURN_MS_MAX)
      if (kept.last_turn_at > now) kept.turns.set(run_id, kept.last_turn_at)
      return Math.max(0, kept.last_turn_at - now)
    },
    hasTurn: (user_id, run_id) => {
      const kept = known.get(user_id)
      const now = clock.elapsed()
      if (kept === undefined || kept.turned_until > now || (kept.turns.get(run_id) ?? Infinity) > now)
        return false
      kept.turns.delete(run_id)
      kept.isTurn = true
      return true
    },
    spent: (user_id, ms) => {
      const kept = known.get(user_id)
      const isTurn = kept?.isTurn === true
      if (kept !== undefined) kept.isTurn = false
      if (ms < DEAR_MS) return
      const { turns = new Map<string, number>(), last_turn_at = 0, turned_until = 0 } = kept ?? {}
      const until = clock.elapsed() + Math.min(rest(user_id) + ms, REST_MS_MAX)
      // Whoever worked something out longest ago goes first.
      known.delete(user_id)
      const [oldest] = known.size >= USERS_MAX ? known.keys() : []
      if (oldest !== undefined) known.delete(oldest)
      known.set(user_id, {
        until,
        turned_until: isTurn ? until : turned_until,
        isTurn: false,
        turns,
        last_turn_at,
        spent_ms: Math.min(ms, REST_MS_MAX),
      })
    },
  }
}
