import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Stored } from '../capabilities.ts'
import type { Candidate } from '../match.ts'
import { isReadable, keeping, shape } from '../skill.ts'
import { EVENTS, keptEvent } from './calendar/kept.ts'
import { readRepeat } from './repeat.ts'
import { iso, spokenClock, spokenTime, zoned } from './spoken.ts'

export const REMINDERS = 'reminder'

/** Days on which what repeats does not ring, at most. */
export const EXCEPT_MAX = 64
export const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })

/**
 * A reminder or timer. Its record is grouped by status, and sorted by when it is due or, once it has rung for good, by
 * when it did.
 */
const Reminder = shape({
  kind: Type.Enum(['reminder', 'timer']),
  text: Type.String({ minLength: 1, maxLength: 500 }),
  status: Type.Enum(['waiting', 'rung']),
  /** Local time of the first occurrence, from which repetitions are counted. */
  first: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,20}$' }),
  time_zone: Type.String({ minLength: 1, maxLength: 64 }),
  /** As `readRepeat` reads it. */
  repeat: Type.Optional(Type.String({ maxLength: 64 })),
  /** The last day on which it rings, and those on which it does not. */
  until: Type.Optional(Day),
  except: Type.Optional(Type.Array(Day, { maxItems: EXCEPT_MAX })),
  /** Epoch milliseconds of the last time that it rang. */
  rang_at: Type.Optional(Type.Number()),
})
export type Reminder = Static<typeof Reminder>

/** The last millisecond of the year 9999: beyond it times are not written as people write them. */
const AT_MAX = 253_402_300_799_999
export const keeps = {
  [REMINDERS]: keeping({
    group: Type.Enum(['waiting', 'rung']),
    at: Type.Number({ minimum: 0, maximum: AT_MAX }),
    body: Reminder,
    agrees: ({ group, body: { status, first, time_zone, repeat, until, except = [] } }) =>
      group === status &&
      isReadable(() => {
        Temporal.PlainDateTime.from(first)
        zoned(0, time_zone)
        if (repeat !== undefined) readRepeat(repeat)
        for (const day of [until ?? [], except].flat()) Temporal.PlainDate.from(day)
      }),
  }),
  [EVENTS]: keptEvent,
}

export const ReminderResult = shape({
  reminder_id: Type.String(),
  text: Type.String(),
  kind: Type.Enum(['reminder', 'timer']),
  due: Type.String(),
  repeat: Type.Optional(Type.String()),
  until: Type.Optional(Type.String()),
  except: Type.Optional(Type.Array(Type.String())),
})

export function shown({ id, at, body }: Stored<Reminder>, time_zone: string) {
  const { text, kind, repeat, until, except } = body
  return {
    reminder_id: id,
    text,
    kind,
    due: iso(at, time_zone),
    ...(repeat === undefined ? {} : { repeat }),
    ...(until === undefined ? {} : { until }),
    ...(except === undefined ? {} : { except }),
  }
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
