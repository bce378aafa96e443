import type { Days } from './calendar.ts'
import type { Length } from './duration.ts'
import { matchAt, phrase } from './line.ts'

/** The days meant, counted from `from` on; `today` differs from it when an earlier answer had passed. */
export type FindDays = (from: Temporal.PlainDate, today: Temporal.PlainDate) => Days | undefined

/** A time of day. `fixed` is false while "six" may be morning or evening; 24 is the midnight that ends a day. */
export interface Clock {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly fixed: boolean
}

export type DayPart = 'morning' | 'afternoon' | 'evening' | 'night'

type IntervalUnit = 'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years'

/** How often; days of the week are those of RFC 5545: `weekly on MO,TH`. */
export type Repeat =
  | 'hourly'
  | 'daily'
  | 'weekdays'
  | 'weekends'
  | 'weekly'
  | 'monthly'
  | 'yearly'
  | `every ${number} ${IntervalUnit}`
  | `weekly on ${string}`

/** A step from now or from another time; `spanned` when all the time between is meant ("the next two hours"). */
export interface Shift {
  readonly length: Length
  readonly sign: 1 | -1
  readonly spanned?: boolean
}

/** What has been understood of a time before it is known what time it is now. */
export interface Draft {
  readonly days?: FindDays
  /** The next such days are meant when these have passed. */
  readonly rolls?: boolean
  /** Only a weekday, which a date beside it makes precise: "friday april 14th". */
  readonly weekday?: boolean
  readonly clock?: Clock
  readonly until?: Clock
  readonly part?: DayPart
  readonly shift?: Shift
  readonly offset?: Shift
  readonly repeat?: Repeat
  /** Days of the week, 1 for Monday, on which what repeats does not happen. */
  readonly except?: readonly number[]
  /** How often such a day comes round, should it be said to. */
  readonly cycle?: 'monthly' | 'yearly'
  /** Where a repetition begins when no day is named. */
  readonly start?: FindDays
  /** The days from the first to the last one, where they are looked at and nothing is repeated: "monday to friday". */
  readonly stretch?: FindDays
  readonly zone?: string
}

/** A part of a time read from a line. `needs`: inside a sentence it counts only after one of these words. */
export interface Reading {
  readonly draft: Draft
  readonly next: number
  readonly needs?: readonly string[]
  /** Only a number: what follows it decides whether it counts something else. */
  readonly bare?: boolean
}

export type Reader = (text: string, at: number) => Reading | undefined

export interface Rule {
  readonly pattern: RegExp
  readonly read: (groups: readonly string[]) => Draft | undefined
  readonly needs?: readonly string[]
  readonly bare?: boolean
}

/** Words after which a short or ambiguous name is a day: "on sat", "by the 15th". */
export const DATED = ['on', 'by', 'for', 'until', 'till', 'til', 'before', 'after', 'since', 'from']

/** For what is a time only where nothing but a time is expected, like "week". */
export const NEVER: readonly string[] = []

export function rule(
  pattern: string,
  read: (groups: readonly string[]) => Draft | undefined,
  needs?: readonly string[],
  bare = false,
): Rule {
  return { pattern: phrase(pattern), read, ...(needs && { needs }), ...(bare && { bare }) }
}

/** Tries the rules at this position; the longest reading wins, the earlier rule of equals. */
export function readRules(rules: readonly Rule[], text: string, at: number): Reading | undefined {
  let best: Reading | undefined
  for (const { pattern, read, needs, bare } of rules) {
    const match = matchAt(pattern, text, at)
    if (match === undefined || match.next <= (best?.next ?? at)) continue
    const draft = read(match.groups)
    if (draft === undefined) continue
    best = { draft, next: match.next, ...(needs && { needs }), ...(bare && { bare }) }
  }
  return best
}

/** Whether a date says which of these weekdays is meant: "friday april 14th". */
function isPrecise(date: Draft, weekday: Draft): boolean {
  return date.cycle !== undefined && weekday.weekday === true
}

/** A date with the day of the week beside it. "Friday the 13th" is the next one that is both. */
function dated(a: Draft, b: Draft): Draft {
  const [date, weekday] = a.weekday === true ? [b, a] : [a, b]
  const both = { ...weekday, ...date }
  if (date.cycle !== 'monthly' || date.repeat !== undefined) return both
  const days: FindDays = (from, today) => {
    const wanted = weekday.days?.(from, today)?.from.dayOfWeek
    let found = date.days?.(from, today)
    for (let tries = 0; tries < MONTHS_MAX && found !== undefined; tries += 1) {
      if (found.from.dayOfWeek === wanted) return found
      found = date.days?.(found.from.add({ days: 1 }), today)
    }
    return found
  }
  return { ...both, days }
}
/** Within so many months every day of the month has been every day of the week. */
const MONTHS_MAX = 48

/** Joins what was read in two places; `undefined` when they contradict each other. */
export function merge(a: Draft, b: Draft): Draft | undefined {
  if ((a.clock && b.clock) || (a.repeat && b.repeat) || (a.offset && b.offset)) return undefined
  if (a.part && b.part && a.part !== b.part) return undefined
  if (a.days && b.days && !isPrecise(a, b) && !isPrecise(b, a)) return undefined
  const both = a.days && b.days ? dated(a, b) : { ...a, ...b }
  const { shift, ...merged } = both
  if (shift === undefined) return merged
  if (a.shift && b.shift) return undefined
  if ((both.days ?? both.clock ?? both.part) === undefined) return both
  // "every two hours from nine": the clock says when the first of them is.
  return both.repeat === undefined ? undefined : merged
}
