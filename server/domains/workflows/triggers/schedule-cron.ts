import { CronPattern } from 'croner'
import { isListed, readDays } from './schedule-days.ts'
import type { Days } from './schedule-days.ts'

/**
 * What a cron expression says, apart from any zone. Readings are what a clock on the wall shows, in milliseconds as if
 * that clock were UTC's.
 */
export interface Timetable {
  /** Whether every hour is listed, so that the expression means "every so often" and not certain times of the day. */
  readonly every_hour: boolean
  /** The first listed reading after this one, at most 400 years ahead; `undefined` when there is none. */
  next(reading: number): number | undefined
}

export type Cron = { timetable: Timetable } | { problem: string }

/** Longer expressions list single minutes that a range says shorter; each costs time whenever it is read. */
const LENGTH_MAX = 256
/** What a thousand schedules say fits; an entry is about two kilobytes. */
const KEPT_MAX = 2_000
/** After 400 years the days of the week fall on the same dates again: what has not happened by then never happens. */
const MONTHS_MAX = 400 * 12

const DAY_S = 86_400
const FIELDS = [
  'second (0 to 59)',
  'minute (0 to 59)',
  'hour (0 to 23)',
  'day of the month (1 to 31, L, W)',
  'month (1 to 12, JAN to DEC)',
  'day of the week (0 to 7, SUN to SAT, #, L)',
]

const kept = new Map<string, Cron>()

/** Reads an expression of five fields, or six with the seconds first; a problem goes on after "the expression". */
export function readCron(text: string): Cron {
  if (text.length > LENGTH_MAX) return { problem: `is longer than ${LENGTH_MAX} characters` }
  const known = kept.get(text)
  if (known !== undefined) return known
  const cron = parse(text)
  const [oldest] = kept.keys()
  if (oldest !== undefined && kept.size >= KEPT_MAX) kept.delete(oldest)
  kept.set(text, cron)
  return cron
}

function parse(text: string): Cron {
  const pattern = patternOf(text)
  if (pattern === undefined) return { problem: problemIn(text) }
  const times = readTimes(pattern)
  const days = readDays(pattern)
  const timetable = {
    every_hour: times.hours.length === 24,
    next: (reading: number) => nextReading(days, times, reading),
  }
  return timetable.next(0) === undefined ? { problem: 'never happens' } : { timetable }
}

function patternOf(text: string): CronPattern | undefined {
  try {
    return new CronPattern(text, undefined, { mode: '5-or-6-parts' })
  } catch {
    return undefined
  }
}

/** The library numbers the fields its own way and counts days from 0, so what is wrong is said here. */
function problemIn(text: string): string {
  const fields = text.trim().split(/\s+/)
  const [first = ''] = fields
  if (first.startsWith('@')) return 'is none of @hourly, @daily, @midnight, @weekly, @monthly and @yearly'
  const missing = FIELDS.length - fields.length
  if (missing !== 0 && missing !== 1) {
    return `must have five fields, or six with the seconds first, and has ${first === '' ? 0 : fields.length}`
  }
  const alone = (field: string, at: number) =>
    FIELDS.map((_, index) => (index === at ? field : '*')).join(' ')
  const wrong = fields.findIndex((field, index) => patternOf(alone(field, index + missing)) === undefined)
  return wrong < 0
    ? 'cannot be read'
    : `has "${fields[wrong]}" where the ${FIELDS[wrong + missing]} belongs, which cannot be read`
}

interface Times {
  hours: readonly number[]
  minutes: readonly number[]
  seconds: readonly number[]
}

function readTimes(pattern: CronPattern): Times {
  return { hours: listed(pattern.hour), minutes: listed(pattern.minute), seconds: listed(pattern.second) }
}

function listed(flags: readonly number[]): number[] {
  return [...flags.keys()].filter((value) => flags[value] === 1)
}

function nextReading(days: Days, times: Times, reading: number): number | undefined {
  const from = Math.floor(reading / 1000) + 1
  const today = Math.floor(from / DAY_S)
  const day = nextDay(days, today)
  const time = day === today ? timeFrom(times, from - today * DAY_S) : undefined
  if (time !== undefined) return (today * DAY_S + time) * 1000
  const later = day === today ? nextDay(days, today + 1) : day
  return later === undefined ? undefined : (later * DAY_S + (timeFrom(times, 0) ?? 0)) * 1000
}

/** The first listed day from this one on, in days since 1970. */
function nextDay(days: Days, from: number): number | undefined {
  const start = new Date(from * DAY_S * 1000)
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth()]
  for (let index = 0; index <= MONTHS_MAX; index += 1) {
    const at = (month + index) % 12
    if (days.months[at] !== 1) continue
    const first = Date.UTC(year, month + index, 1) / (DAY_S * 1000)
    const length = Date.UTC(year, month + index + 1, 1) / (DAY_S * 1000) - first
    // The first of January 1970, day 0, was a Thursday.
    const page = { length, weekday: (((first + 4) % 7) + 7) % 7 }
    for (let date = Math.max(1, from - first + 1); date <= length; date += 1) {
      if (isListed(days, page, date)) return first + date - 1
    }
  }
  return undefined
}

/** The first listed time of a day from this second of it on, in seconds. */
function timeFrom({ hours, minutes, seconds }: Times, from: number): number | undefined {
  const [hour, minute, second] = [Math.floor(from / 3600), Math.floor(from / 60) % 60, from % 60]
  const [first_minute = 0] = minutes
  const [first_second = 0] = seconds
  if (hours.includes(hour)) {
    const same = minutes.includes(minute) ? seconds.find((one) => one >= second) : undefined
    if (same !== undefined) return hour * 3600 + minute * 60 + same
    const later = minutes.find((one) => one > minute)
    if (later !== undefined) return hour * 3600 + later * 60 + first_second
  }
  const next = hours.find((one) => one > hour)
  return next === undefined ? undefined : next * 3600 + first_minute * 60 + first_second
}

/** What is wrong with a cron expression, in words that go on after its place. */
export function findCronProblem(cron: string): string | undefined {
  const read = readCron(cron)
  return 'problem' in read ? read.problem : undefined
}
