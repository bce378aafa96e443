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
   * Milliseconds until a turn that no other run of the user was given: woken together, one of them would work something
   * out, and all others would have been woken in vain.
   */
  turn(user_id: string): number
}

interface Spent {
  /** When the rest is over, and the last turn that was given. */
  until: number
  turn: number
  /** Milliseconds of what was worked out last. */
  ms: number
}

export function openPace(clock: Pick<Clock, 'elapsed'>): Pace {
  const known = new Map<string, Spent>()
  const rest = (user_id: string): number => Math.max(0, (known.get(user_id)?.until ?? 0) - clock.elapsed())
  return {
    rest,
    turn: (user_id) => {
      const spent = known.get(user_id)
      if (spent === undefined) return 0
      const now = clock.elapsed()
      // As long as the work of a turn, and the rest after it.
      const next = Math.max(spent.until, spent.turn + 2 * spent.ms)
      spent.turn = Math.min(next, now + TURN_MS_MAX)
      return Math.max(0, spent.turn - now)
    },
    spent: (user_id, ms) => {
      if (ms < DEAR_MS) return
      const [oldest] = known.size >= USERS_MAX ? known.keys() : []
      if (oldest !== undefined) known.delete(oldest)
      const until = clock.elapsed() + Math.min(rest(user_id) + ms, REST_MS_MAX)
      known.set(user_id, { until, turn: known.get(user_id)?.turn ?? 0, ms: Math.min(ms, REST_MS_MAX) })
    },
  }
}
