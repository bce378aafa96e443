import type { Bounds } from './bounds.ts'

/** What a try came to that may be tried again. */
export interface Tried {
  /** Counts from 1. */
  tries: number
  /** `undefined` when there was no answer. */
  status: number | undefined
  /** The header, as it came. */
  retry_after: string | undefined
}

/** Statuses that say: not now. */
const BUSY = new Set([502, 503, 504])

/** Whether an answer says that the host, or what is behind it, cannot now. A 500 is about what it was asked. */
export function isBusy(status: number): boolean {
  return BUSY.has(status)
}

export function isLater(status: number): boolean {
  return status === 429 || isBusy(status)
}

/**
 * Milliseconds until the next try, or `undefined` when there is none: it was the last, or would start too late.
 *
 * @param chance - from 0 to below 1. Full jitter: those who failed together must not come back together.
 * @param left_ms - until the exchange must have ended.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function nextTry(
  { tries, retry_after }: Tried,
  { tries: tries_max, backoff_ms }: Bounds,
  { chance, left_ms, now }: { chance: number; left_ms: number; now: number },
): number | undefined {
  if (tries >= tries_max) return undefined
  const wait_ms = (asked(retry_after, now) ?? 0) + Math.floor(chance * backoff_ms * 2 ** (tries - 1))
  return wait_ms < left_ms ? wait_ms : undefined
}

/** Of `Retry-After`, in seconds or as a date; nonsense is as if nothing had been said. */
function asked(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const time = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? undefined : Math.max(time - now, 0)
}
