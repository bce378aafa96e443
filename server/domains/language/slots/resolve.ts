import type { Days } from './calendar.ts'
import type { Clock, DayPart, Draft, Shift } from './draft.ts'

type Moment = Temporal.ZonedDateTime

/** A time on the user's clock. */
export interface Resolved {
  readonly at: Moment
  readonly date_only: boolean
  readonly span?: { readonly from: Moment; readonly to: Moment }
}

/** Which half of the day the rest of the sentence speaks for: one wakes early and dines late. */
export type Lean = 'wake' | 'early' | 'late' | undefined

/** When a part of the day is meant to begin, for a reminder and nothing finer. */
const PART_HOURS: Readonly<Record<DayPart, number>> = { morning: 9, afternoon: 15, evening: 19, night: 20 }

/** An hour of the day, or of the day after from 24 on. */
interface Hour {
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** Says which moment a draft means at this time and place; `undefined` when there is none. */
export function resolve(draft: Draft, now: Moment, lean: Lean): Resolved | undefined {
  const there = draft.zone === undefined ? now : now.withTimeZone(draft.zone)
  const found = unshifted(draft, there, lean)
  if (found === undefined) return undefined
  const { offset } = draft
  const at = offset === undefined ? found.at : moved(found.at, offset)
  const date_only = found.date_only && (offset?.length.seconds ?? 0) === 0
  const here = (moment: Moment): Moment => moment.withTimeZone(now.timeZoneId)
  const span = offset === undefined ? found.span : undefined
  return { at: here(at), date_only, ...(span && { span: { from: here(span.from), to: here(span.to) } }) }
}

function unshifted(draft: Draft, now: Moment, lean: Lean): Resolved | undefined {
  const { shift, days, start } = draft
  if (shift !== undefined) return shiftedFrom(now, shift)
  if (days === undefined && start === undefined) return nextTime(draft, now, lean)
  const repeated = draft.repeat !== undefined
  const today = now.toPlainDate()
  let from = today
  for (let round = 0; round < 3; round += 1) {
    const found = daysOf(draft, from, today)
    if (found === undefined) return undefined
    const resolved = onDays(draft, found, now, lean)
    const timed = !resolved.date_only || repeated
    const passed = timed && Temporal.ZonedDateTime.compare(resolved.at, now) <= 0
    if (!passed || !(repeated || draft.rolls)) return resolved
    from = found.from.add({ days: 1 })
  }
  return undefined
}

function daysOf(
  { days, start }: Draft,
  from: Temporal.PlainDate,
  today: Temporal.PlainDate,
): Days | undefined {
  const named = days?.(from, today)
  if (named === undefined || start === undefined) return named ?? start?.(from, today)
  const single = Temporal.PlainDate.compare(named.from.add({ days: 1 }), named.to) >= 0
  // "every day next week": the week says from when, the repetition on which of its days.
  const first = Temporal.PlainDate.compare(named.from, from) > 0 ? named.from : from
  return single ? named : start(first, first)
}

function shiftedFrom(now: Moment, shift: Shift): Resolved {
  const at = moved(now, shift)
  if (!shift.spanned) return { at, date_only: false }
  const span = shift.sign < 0 ? { from: at, to: now } : { from: now, to: at }
  return { at: span.from, date_only: false, span }
}

function moved(moment: Moment, { length, sign }: Shift): Moment {
  const { months, days, seconds } = length
  return moment.add({ months: months * sign, days: days * sign }).add({ seconds: seconds * sign })
}

/** A time of day without a day is the next such time. */
function nextTime(draft: Draft, now: Moment, lean: Lean): Resolved | undefined {
  const today = now.toPlainDate()
  const hours = hoursOf(draft)
  // Nobody wants to be woken in the evening, even if that six o'clock is nearer.
  const meant = lean === 'wake' && isEarly(draft.clock) ? hours.slice(0, 1) : hours
  const at = [-1, 0, 1]
    .flatMap((days) => meant.map((hour) => momentAt(today.add({ days }), hour, now.timeZoneId)))
    .filter((moment) => Temporal.ZonedDateTime.compare(moment, now) > 0)
    .toSorted((a, b) => Temporal.ZonedDateTime.compare(a, b))[0]
  return at && withEnd({ at, date_only: false }, draft)
}

function onDays(draft: Draft, days: Days, now: Moment, lean: Lean): Resolved {
  const zone = now.timeZoneId
  const today = now.toPlainDate()
  const running =
    Temporal.PlainDate.compare(days.from, today) <= 0 && Temporal.PlainDate.compare(days.to, today) > 0
  const day = running ? today : days.from
  const hours = hoursOf(draft)
  if (hours.length === 0) {
    const single = Temporal.PlainDate.compare(days.from.add({ days: 1 }), days.to) === 0
    const span = { from: days.from.toZonedDateTime(zone), to: days.to.toZonedDateTime(zone) }
    return { at: day.toZonedDateTime(zone), date_only: true, ...(!single && { span }) }
  }
  const moments = hours.map((hour) => momentAt(day, hour, zone))
  const ahead = moments.filter((moment) => Temporal.ZonedDateTime.compare(moment, now) > 0)
  const spoken = moments[usualHalf(draft.clock, lean)] ?? moments[0]
  const soon = running && draft.repeat === undefined ? ahead[0] : undefined
  const at = soon ?? spoken ?? day.toZonedDateTime(zone)
  const tonight = draft.part === 'night' && draft.clock === undefined && draft.repeat === undefined
  if (tonight && running && ahead.length === 0) return { at: soonAfter(now), date_only: false }
  return withEnd({ at, date_only: false }, draft)
}

/** Late in the evening "tonight" can only mean soon. */
function soonAfter(now: Moment): Moment {
  return now.add({ hours: 1 }).round({ smallestUnit: 'minute', roundingMode: 'floor' })
}

/** The hours a draft may mean, earliest first; none when it only names days. */
function hoursOf({ clock, part }: Draft): Hour[] {
  if (clock === undefined) return part === undefined ? [] : [{ hour: PART_HOURS[part], minute: 0, second: 0 }]
  const { hour, minute, second, fixed } = clock
  const small = hour % 12
  const early = part === 'night' && (fixed ? hour < 5 : small < 5)
  if (early) return [{ hour: (fixed ? hour : small) + 24, minute, second }]
  if (fixed) return [{ hour, minute, second }]
  const [before, after] = [small, small + 12].map((each) => ({ hour: each, minute, second }))
  if (before === undefined || after === undefined) return []
  if (part === 'morning') return [before]
  return part === undefined ? [before, after] : [after]
}

/** Which of the two halves of a day is meant by an hour on a day ahead: most is done from seven to seven. */
function usualHalf(clock: Clock | undefined, lean: Lean): 0 | 1 {
  if (lean !== undefined && isEarly(clock)) return lean === 'late' ? 1 : 0
  return (clock?.hour ?? 0) % 12 >= 7 ? 0 : 1
}

/** From four on an hour may be that of getting up. */
function isEarly(clock: Clock | undefined): boolean {
  return (clock?.hour ?? 0) % 12 >= 4
}

function momentAt(day: Temporal.PlainDate, { hour, minute, second }: Hour, zone: string): Moment {
  const date = hour >= 24 ? day.add({ days: 1 }) : day
  return date.toPlainDateTime({ hour: hour % 24, minute, second }).toZonedDateTime(zone)
}

function withEnd(resolved: Resolved, { until }: Draft): Resolved {
  if (until === undefined) return resolved
  const end = nextTime({ clock: until }, resolved.at, undefined)
  return end === undefined ? resolved : { ...resolved, span: { from: resolved.at, to: end.at } }
}
