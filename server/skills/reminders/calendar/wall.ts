import type ICAL from 'ical.js'

/** The wall-clock reading of a calendar library's time; a day begins at midnight. */
export function wallOf(time: ICAL.Time): Temporal.PlainDateTime {
  const { year, month, day, hour, minute, second } = time
  return new Temporal.PlainDateTime(year, month, day, hour, minute, Math.min(second, 59))
}
