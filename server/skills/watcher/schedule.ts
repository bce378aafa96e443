import type { Findings, Watch } from './record.ts'

export const EVERY_SECONDS_MIN = 10
export const EVERY_SECONDS_MAX = 7 * 86_400
const LOCAL_SECONDS = 60
const REMOTE_SECONDS = 300
/** What cannot be reached is asked less and less often, but at least this often unless more was never wanted. */
const BACK_OFF_MS_MAX = 6 * 3_600_000
const DOUBLINGS_MAX = 10
/** Share of the interval by which a check is late at most, so that watches made together part ways. */
const JITTER = 0.1

/** How often something is looked at unless it was said: what lies on this machine costs nobody else anything. */
export function usualSeconds(kind: Watch['kind']): number {
  return ['file', 'folder', 'path'].includes(kind) ? LOCAL_SECONDS : REMOTE_SECONDS
}

/**
 * When to look again.
 *
 * @param key - what tells this watch from others.
 * @param now - epoch milliseconds, as the answer.
 */
export function nextDue(
  { every_seconds }: Pick<Watch, 'every_seconds'>,
  { failures }: Pick<Findings, 'failures'>,
  key: string,
  now: number,
): number {
  // Nothing is looked at without a pause, whatever was kept.
  const every_ms = Math.max(EVERY_SECONDS_MIN, every_seconds) * 1_000
  const longer_ms = every_ms * 2 ** Math.min(failures, DOUBLINGS_MAX)
  const wait_ms = Math.max(every_ms, Math.min(longer_ms, BACK_OFF_MS_MAX))
  return now + wait_ms + Math.floor(wait_ms * JITTER * fraction(`${key} ${now}`))
}

/** A number from 0 to 1 that is the same for the same text (FNV-1a). */
function fraction(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  // The last step mixes the high bits down, in which texts differ that differ only at their ends.
  return ((hash ^ (hash >>> 15)) >>> 0) / 0x1_0000_0000
}
