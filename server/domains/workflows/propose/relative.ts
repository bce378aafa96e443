import type { WorkflowStep } from '../../../../contract/workflows.ts'
import { CLOCK, readClock } from './clock.ts'
import { lineOf } from './line.ts'
import { plainValues } from './quoting.ts'

const AT = new RegExp(`(?:^| )at (${CLOCK})(?= |$)`, 'u')
const DATE =
  /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?<offset>Z|[+-]\d\d:?\d\d)?)?$/u
/** Words that mean another day at every run. */
const RELATIVE = /\b(?:today|tonight|tomorrow|yesterday|this morning|this afternoon|this evening)\b/iu
/** Words that mean other days in every week. */
const OF_WEEK = /\b(?:this|next|the|coming) (?:coming )?(?:week|weekend)\b/iu
/** Words that say a day for good. */
const ABSOLUTE =
  /\b(?:\d{4}-\d\d-\d\d|(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? )?(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|\d{1,2}[./]\d{1,2}[./]\d{2,4})/iu

interface Now {
  now: number
  time_zone: string
}

/**
 * What a time that was understood is at every run: "since yesterday" is not the day before today's. A day that was said
 * for good stays; `undefined` for a time that cannot be said anew, such as "last week".
 */
export function timeAtEachRun(value: string, clause: string, { now, time_zone }: Now): string | undefined {
  if (ABSOLUTE.test(clause)) return value
  const { day, time } = localOf(value, time_zone)
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(time_zone).toPlainDate()
  const ahead = today.until(Temporal.PlainDate.from(day)).days
  if (OF_WEEK.test(clause) && time === undefined)
    return `{{formatDate(addDays(now, ${ahead + today.dayOfWeek} - dayOfWeek(now)), 'YYYY-MM-DD')}}`
  if (!RELATIVE.test(clause)) {
    // Only a time of the day was said: it is that of the day of the run, and not the next such time from now on.
    const said = AT.exec(lineOf(clause).text)?.[1]
    const clock =
      said === undefined || ahead < 0 || ahead > 1 ? undefined : readClock(said, undefined, clause)
    if (time === undefined || clock === undefined) return undefined
    return momentOn('now', [clock.hour, clock.minute].map((part) => String(part).padStart(2, '0')).join(':'))
  }
  const moved = ahead === 0 ? 'now' : `addDays(now, ${ahead})`
  return time === undefined ? `{{formatDate(${moved}, 'YYYY-MM-DD')}}` : momentOn(moved, time)
}

/** The day and the time of the day on the user's clock. */
function localOf(value: string, time_zone: string): { day: string; time?: string } {
  const { day = '', time, offset } = DATE.exec(value)?.groups ?? {}
  if (time === undefined) return { day }
  if (offset === undefined) return { day, time }
  const local = Temporal.Instant.from(value).toZonedDateTimeISO(time_zone)
  return {
    day: local.toPlainDate().toString(),
    time: local.toPlainTime().toString({ smallestUnit: 'minute' }),
  }
}

function momentOn(day: string, time: string): string {
  return `{{date(formatDate(${day}, 'YYYY-MM-DD') + 'T${time}')}}`
}

/** Parameters in which times are those of each run; nothing when one cannot be. */
export function timesAtEachRun(
  parameters: Readonly<Record<string, unknown>>,
  clause: string,
  now: Now,
): WorkflowStep['parameters'] | undefined {
  const timed: WorkflowStep['parameters'] = {}
  for (const [name, value] of Object.entries(parameters)) {
    const anew = isTimeText(value) ? timeAtEachRun(value, clause, now) : plainValues(value)
    if (anew === undefined) return undefined
    timed[name] = anew
  }
  return timed
}

/** Whether a parameter is a time, which may be another one at the next run. */
function isTimeText(value: unknown): value is string {
  return typeof value === 'string' && DATE.test(value)
}
