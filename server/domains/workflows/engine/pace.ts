import type { Clock } from '../../../kernel/clock.ts'

/** Milliseconds from which on working something out is dear. */
const DEAR_MS = 10
/** No rest lasts longer: nobody's run shall wait for ever. */
const REST_MS_MAX = 1_000
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
}

export function openPace(clock: Pick<Clock, 'elapsed'>): Pace {
  const until = new Map<string, number>()
  const rest = (user_id: string): number => Math.max(0, (until.get(user_id) ?? 0) - clock.elapsed())
  return {
    rest,
    spent: (user_id, ms) => {
      if (ms < DEAR_MS) return
      const [oldest] = until.size >= USERS_MAX ? until.keys() : []
      if (oldest !== undefined) until.delete(oldest)
      until.set(user_id, clock.elapsed() + Math.min(rest(user_id) + ms, REST_MS_MAX))
    },
  }
}
