import ICAL from 'ical.js'
import type { Capabilities, Stored } from '../../capabilities.ts'
import { openClocks } from './clocks.ts'
import { occurrences } from './event.ts'
import type { Occurrence, Window } from './event.ts'
import { EVENTS } from './kept.ts'
import type { StoredEvent } from './kept.ts'
import { spokenDay, spokenTime, zoned } from '../spoken.ts'

/** Steps to work out all repetitions for one question: about half a second. */
const STEPS_MAX = 1_000_000

/** The end of time, for events that repeat: the largest instant that a clock can tell. */
export const NEVER_OVER = 8_640_000_000_000_000

export interface EventOccurrence extends Occurrence {
  event_id: string
}

/** When the user's events take place inside a window, soonest first; at most `limit` of each event. */
export async function upcoming(
  can: Pick<Capabilities, 'clock' | 'records'>,
  window: Window,
): Promise<EventOccurrence[]> {
  const stored = await can.records.list<StoredEvent>(EVENTS, { from: window.from })
  const clocks = openClocks(can.clock.time_zone)
  const budget = { steps: STEPS_MAX }
  const found = stored.flatMap(({ id, body }: Stored<StoredEvent>) =>
    occurrences(new ICAL.Component(body.calendar), clocks, window, budget).map((one) => ({
      ...one,
      event_id: id,
    })),
  )
  return found.toSorted((a, b) => a.start - b.start)
}

/** "Dentist tomorrow at 09:00", or "School trip on 12 June" for a whole day. */
export function spokenEvent(
  { title, start, all_day }: { title: string; start: number | string; all_day: boolean },
  now: number,
  time_zone: string,
): string {
  const at = typeof start === 'number' ? start : Temporal.Instant.from(start).epochMilliseconds
  if (!all_day) return `${title} ${spokenTime(at, now, time_zone)}`
  return `${title} ${spokenDay(zoned(at, time_zone).toPlainDate(), now, time_zone)}`
}
