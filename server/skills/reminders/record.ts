import { Type } from 'typebox'
import type { Stored } from '../capabilities.ts'
import type { Candidate } from '../match.ts'
import { shape } from '../skill.ts'
import { iso, spokenClock, spokenTime } from './spoken.ts'

export const REMINDERS = 'reminder'

/**
 * A reminder or timer. Its record is grouped by status, and sorted by when it is due or, once it has rung for good, by
 * when it did.
 */
export interface Reminder {
  kind: 'reminder' | 'timer'
  text: string
  status: 'waiting' | 'rung'
  /** Local time of the first occurrence, from which repetitions are counted. */
  first: string
  time_zone: string
  /** As `readRepeat` reads it. */
  repeat?: string
  /** Epoch milliseconds of the last time that it rang. */
  rang_at?: number
}

export const ReminderResult = shape({
  reminder_id: Type.String(),
  text: Type.String(),
  kind: Type.Enum(['reminder', 'timer']),
  due: Type.String(),
  repeat: Type.Optional(Type.String()),
})

export function shown({ id, at, body }: Stored<Reminder>, time_zone: string) {
  const { text, kind, repeat } = body
  return { reminder_id: id, text, kind, due: iso(at, time_zone), ...(repeat === undefined ? {} : { repeat }) }
}

/** "take your pills at 18:00": one entry of a spoken list. */
export function spokenEntry({ at, body }: Stored<Reminder>, now: number, time_zone: string): string {
  return `${body.text} ${spokenTime(at, now, time_zone)}`
}

/** How a reminder may be named: by its text, its kind, and the time at which it rings. */
export function asCandidate(record: Stored<Reminder>, time_zone: string): Candidate<Stored<Reminder>> {
  const clock = spokenClock(record.at, time_zone)
  const { kind, text, repeat } = record.body
  const names = kind === 'timer' ? 'timer countdown' : 'reminder'
  return {
    value: record,
    text,
    also: `all every ${names} alarm ${clock} ${twelveHour(clock)} ${repeat ?? ''}`,
  }
}

/** "6pm" for "18:00", "6:30pm" for "18:30". */
function twelveHour(clock: string): string {
  const hour = Number(clock.slice(0, 2))
  const minute = clock.endsWith(':00') ? '' : clock.slice(2)
  return `${hour % 12 === 0 ? 12 : hour % 12}${minute}${hour < 12 ? 'am' : 'pm'}`
}
