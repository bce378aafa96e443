import { Fault } from '../../kernel/fault.ts'
import type { Moment, Past } from '../changes/past.ts'

const CHANGE = /^[0-9a-f]{8}-/

/** Whether a moment is named by a change, and not by a time. */
export function isChange(text: string): boolean {
  return CHANGE.test(text)
}

/**
 * The moment that a caller names by a time or a change.
 *
 * @param field - where it was given, for what is said of a wrong one.
 * @throws Fault `VALIDATION_ERROR` for a time that no calendar has, 404 for a change that the user has not made.
 */
export async function toMoment(
  past: Past,
  user_id: string,
  text: string,
  field: string,
  side: 'before' | 'after' = 'after',
): Promise<Moment> {
  if (isChange(text)) return past.ofChange(user_id, text, side)
  const time = Date.parse(text)
  if (Number.isFinite(time) && time >= 0) return past.ofTime(time)
  const issues = [{ path: `/${field}`, message: 'is a time that no calendar has' }]
  throw new Fault('VALIDATION_ERROR', `/${field} is a time that no calendar has.`, { issues })
}
