import { oneDay } from './calendar.ts'
import type { DayPart, Draft, Repeat } from './draft.ts'
import { merge } from './draft.ts'
import type { Fragment } from './fragment.ts'
import { findFragments, readFragment } from './fragment.ts'
import type { Line } from './line.ts'
import { lineOf, sourceSpan, without } from './line.ts'
import { withoutDays } from './repeat.ts'
import type { Lean } from './resolve.ts'
import { resolve } from './resolve.ts'
import { findWritten, hasNumericDate } from './written.ts'

/** When and where a time is read. */
export interface TimeContext {
  readonly now: Date
  /** An IANA name such as `Europe/Berlin`. */
  readonly time_zone: string
  /** The whole command, when only a piece of it is read: "wake me" makes "six" the morning's. */
  readonly sentence?: string
}

export interface FoundTime {
  /** ISO 8601 with the offset of the zone; midnight when only a date is known. */
  readonly at: string
  readonly date_only: boolean
  /** The text without the time. */
  readonly rest: string
  readonly repeat?: Repeat
  /** Nothing but a time of the day was said: `exact`, or of `either` half of it. */
  readonly clock_alone?: 'exact' | 'either'
  /** The last of the days within which it is repeated: "every day in the first week of January". */
  readonly ends?: string
  /** A part of one day was said, and no time of it. */
  readonly part?: DayPart
  /** From and to (exclusive), when a stretch of time was named: "this week", "from 3 to 5". */
  readonly span?: { readonly from: string; readonly to: string }
}

const WAKING = /\bwake\b/iu
const EARLY = /\b(?:alarms?|get up|getting up|breakfast|early)\b/iu
const LATE = /\b(?:dinner|supper|drinks|party|movies?|film|concert|theat(?:er|re)|cinema|pub|date night)\b/iu

/** Reads a text that is a time, so that "six" or "ten minutes" is enough; what is left over is in `rest`. */
export async function parseTime(text: string, context: TimeContext): Promise<FoundTime | undefined> {
  if (hasNumericDate(text)) return writtenTime(text, context)
  return spokenTime(text, context) ?? findSpoken(text, context)
}

/** Finds the time anywhere inside a sentence, quoted passages left out. */
export async function findTime(text: string, context: TimeContext): Promise<FoundTime | undefined> {
  return hasNumericDate(text) ? writtenTime(text, context) : findSpoken(text, context)
}

/**
 * Whether all of a text is a time: the same grammar as `parseTime`, without knowing the present.
 *
 * @param unannounced - Nothing before the text says that a time follows, so "five" alone is none.
 */
export function isTime(text: string, unannounced = false): boolean {
  const line = lineOf(text)
  const read = readFragment(line, 0, unannounced ? 'sentence' : 'whole')
  if (read !== undefined && read.to >= line.text.length) return true
  return /^[\d\s:./TZ+-]+$/u.test(text) && hasNumericDate(text)
}

function spokenTime(text: string, context: TimeContext): FoundTime | undefined {
  const line = lineOf(text)
  const read = readFragment(line, 0, 'whole')
  return read && answer(line, [read], context)
}

function findSpoken(text: string, context: TimeContext): FoundTime | undefined {
  const line = lineOf(text)
  return answer(line, findFragments(line), context)
}

async function writtenTime(text: string, context: TimeContext): Promise<FoundTime | undefined> {
  const found = await findWritten(text, presentOf(context))
  if (found === undefined) return findSpoken(text, context)
  const rest = without(text, [found])
  if (!found.date_only) return { at: iso(found.at), date_only: false, rest }
  // What stands beside the date is spoken: "on 3/4/2027 at half past seven".
  const line = lineOf(rest)
  const day = oneDay(found.at.toPlainDate())
  return answer(line, findFragments(line, { days: () => day }), context, { days: () => day })
}

function answer(
  line: Line,
  found: readonly Fragment[],
  context: TimeContext,
  known: Draft = {},
): FoundTime | undefined {
  let draft = known
  for (const fragment of found) draft = merge(draft, fragment.draft) ?? draft
  if (draft === known && found.length === 0 && known.days === undefined) return undefined
  const left = withoutDays(draft)
  const resolved = left && resolve(left, presentOf(context), leanOf(context.sentence ?? line.source))
  if (resolved === undefined) return undefined
  const { at, date_only } = resolved
  const span = resolved.span ?? (date_only ? stretchOf(draft, presentOf(context)) : undefined)
  const ends = left?.repeat === undefined ? undefined : lastOf(draft, presentOf(context))
  const rest = without(
    line.source,
    found.map(({ from, to }) => sourceSpan(line, from, to)),
  )
  return {
    at: iso(at),
    date_only,
    rest,
    ...(left?.repeat && { repeat: left.repeat }),
    ...(ends && { ends: String(ends) }),
    ...(draft.part && draft.clock === undefined && { part: draft.part }),
    ...(isClockAlone(draft) && { clock_alone: draft.clock?.fixed === true ? 'exact' : 'either' }),
    ...(span && { span: { from: iso(span.from), to: iso(span.to) } }),
  }
}

/** The last of several days that are named beside a repetition. */
function lastOf({ days }: Draft, present: Temporal.ZonedDateTime): Temporal.PlainDate | undefined {
  const today = present.toPlainDate()
  const named = days?.(today, today)
  return named !== undefined && named.from.until(named.to).days > 1
    ? named.to.subtract({ days: 1 })
    : undefined
}

function isClockAlone({ clock, days, start, shift, offset, until, zone }: Draft): boolean {
  return clock !== undefined && [days, start, shift, offset, until, zone].every((said) => said === undefined)
}

/** The stretch of days that is meant where nothing repeats. */
function stretchOf(
  { stretch }: Draft,
  present: Temporal.ZonedDateTime,
): { from: Temporal.ZonedDateTime; to: Temporal.ZonedDateTime } | undefined {
  const today = present.toPlainDate()
  const found = stretch?.(today, today)
  return (
    found && {
      from: found.from.toZonedDateTime(present.timeZoneId),
      to: found.to.toZonedDateTime(present.timeZoneId),
    }
  )
}

function presentOf({ now, time_zone }: TimeContext): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(time_zone)
}

function leanOf(sentence: string): Lean {
  if (WAKING.test(sentence)) return 'wake'
  if (EARLY.test(sentence)) return 'early'
  return LATE.test(sentence) ? 'late' : undefined
}

function iso(moment: Temporal.ZonedDateTime): string {
  return moment.toString({ timeZoneName: 'never', smallestUnit: 'second' })
}
