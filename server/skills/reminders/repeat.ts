import { ActionError } from '../skill.ts'
import { zoned } from './spoken.ts'

/** How often something repeats: every so many of a unit, or on certain days of the week (1 is Monday). */
export type Rule =
  | { every: number; unit: 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years' }
  | { weekdays: readonly number[] }

const RULES: Readonly<Record<string, Rule>> = {
  hourly: { every: 1, unit: 'hours' },
  daily: { every: 1, unit: 'days' },
  weekdays: { weekdays: [1, 2, 3, 4, 5] },
  weekends: { weekdays: [6, 7] },
  weekly: { every: 1, unit: 'weeks' },
  monthly: { every: 1, unit: 'months' },
  yearly: { every: 1, unit: 'years' },
}
export const DAY_CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const ON_DAYS = /^weekly on ((?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)$/
const INTERVAL = /^every ([1-9]\d{0,2}) (minutes|hours|days|weeks|months|years)$/

/**
 * Reads a repetition: `daily`, `weekdays`, `weekends`, `weekly`, `monthly`, `yearly`, `hourly`, `weekly on MO,TH`, or
 * `every 2 weeks`, in minutes to years.
 *
 * @throws ActionError for any other.
 */
export function readRepeat(repeat: string): Rule {
  const known = Object.hasOwn(RULES, repeat) ? RULES[repeat] : undefined
  if (known !== undefined) return known
  const days = ON_DAYS.exec(repeat)?.[1]
  if (days !== undefined) return { weekdays: days.split(',').map((code) => DAY_CODES.indexOf(code) + 1) }
  const [, every = '', unit] = INTERVAL.exec(repeat) ?? []
  if (unit !== undefined) return { every: Number(every), unit: unit as 'days' }
  if (repeat.endsWith(' with an end'))
    throw new ActionError(
      'What comes again has no end yet, neither a last day nor a time of the day: say it without, and cancel it when it is enough.',
    )
  throw new ActionError(
    `I cannot repeat "${repeat}": say daily, weekdays, weekly, monthly, yearly, or every so many minutes to years.`,
  )
}

/**
 * The first occurrence after an instant, epoch milliseconds. Each is counted from the first one and not from the one
 * before it, so that what begins on the 31st falls on the 28th of February and again on the 31st of March.
 */
export function nextDue(first: Temporal.PlainDateTime, time_zone: string, rule: Rule, after: number): number {
  const instant = (wall: Temporal.PlainDateTime) => wall.toZonedDateTime(time_zone).epochMilliseconds
  if ('every' in rule && (rule.unit === 'minutes' || rule.unit === 'hours')) {
    const step = rule.every * (rule.unit === 'hours' ? 3_600_000 : 60_000)
    const begin = instant(first)
    return begin + Math.max(0, Math.floor((after - begin) / step) + 1) * step
  }
  const begin = periodsBefore(first, rule, zoned(after, time_zone).toPlainDateTime())
  // At the longest the same day of the week was today, and is the eighth day after the one that is tried first.
  for (let index = begin; index < begin + 10; index += 1) {
    const wall = first.add('every' in rule ? { [rule.unit]: index * rule.every } : { days: index })
    if ('weekdays' in rule && !rule.weekdays.includes(wall.dayOfWeek)) continue
    const due = instant(wall)
    if (due > after) return due
  }
  throw new RangeError(`No occurrence of ${JSON.stringify(rule)} from ${String(first)} after ${after}`)
}

/** What is kept of something that repeats. */
export interface Repeating {
  /** Local time of the first occurrence. */
  first: string
  time_zone: string
  repeat: string
  /** The last day on which it happens, and days on which it does not, as `2026-12-24`. */
  until?: string
  except?: readonly string[]
}

/** When it happens next after an instant, epoch milliseconds; nothing when it is over. */
export function nextOf(
  { first, time_zone, repeat, until, except }: Repeating,
  after: number,
): number | undefined {
  const [begin, rule] = [Temporal.PlainDateTime.from(first), readRepeat(repeat)]
  let from = after
  for (let tries = 0; tries <= (except?.length ?? 0); tries += 1) {
    const due = nextDue(begin, time_zone, rule, from)
    const day = zoned(due, time_zone).toPlainDate()
    if (until !== undefined && Temporal.PlainDate.compare(day, until) > 0) return undefined
    if (except?.includes(String(day)) !== true) return due
    from = day.add({ days: 1 }).toZonedDateTime(time_zone).epochMilliseconds - 1
  }
  return undefined
}

/** A number of whole periods between the first occurrence and a time, at least one too few. */
function periodsBefore(first: Temporal.PlainDateTime, rule: Rule, until: Temporal.PlainDateTime): number {
  const { unit, every } = 'every' in rule ? rule : { unit: 'days' as const, every: 1 }
  const passed = first.until(until, { largestUnit: unit })[unit]
  return Math.max(0, Math.floor(passed / every) - 1)
}
