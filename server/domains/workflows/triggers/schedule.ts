import { dueAfter, reached } from './schedule-clock.ts'
import { readCron } from './schedule-cron.ts'

/** The conditions of a trigger `schedule`: exactly one of `cron`, `every_ms` and `at`. */
export interface ScheduleConditions {
  cron?: string
  every_ms?: number
  at?: string
  /** IANA zone of `cron` and of an `at` without an offset; the user's unless given. */
  timezone?: string
  /** What of the times that passed unnoticed is made up for: `one` unless given. */
  catch_up?: 'none' | 'one' | 'all'
}

export interface ScheduleContext {
  /** The user's IANA zone. */
  zone: string
  /** When the schedule was made active, epoch ms: nothing is due until after it. */
  anchor: number
}

/** `path` is a JSON pointer within the conditions, `message` goes on after it: "/cron never happens". */
export interface ScheduleProblem {
  path: string
  message: string
}

/** A due time is not missed before it is later than this: a busy minute is no absence. */
export const GRACE_MS = 60_000
/** A long absence must not end in a flood of runs that nobody waits for any more. */
export const MADE_UP_MAX = 100

const KINDS = ['cron', 'every_ms', 'at'] as const
const FIELDS: readonly string[] = [...KINDS, 'timezone', 'catch_up']
const EVERY_MS_MIN = 60_000
/** Ten years; beyond, an interval is a mistake in the unit. */
const EVERY_MS_MAX = 315_576_000_000
/** Later times have years of five digits, which are written differently everywhere. */
const LATEST = Date.UTC(9999, 0, 1)
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?<offset>Z|[+-]\d\d(?::?\d\d)?)?$/i

/** The first thing that is wrong with the conditions of a schedule. `zone` is that of the user. */
export function findScheduleProblem(conditions: unknown, zone: string): ScheduleProblem | undefined {
  if (typeof conditions !== 'object' || conditions === null || Array.isArray(conditions)) {
    return { path: '', message: 'must be an object' }
  }
  const given = new Map<string, unknown>(
    Object.entries(conditions).filter(([, value]) => value !== undefined),
  )
  const stranger = [...given.keys()].find((field) => !FIELDS.includes(field))
  if (stranger !== undefined) return { path: pointer(stranger), message: 'is no condition of a schedule' }
  if (KINDS.filter((kind) => given.has(kind)).length !== 1) {
    return { path: '', message: 'must have exactly one of cron, every_ms and at' }
  }
  const timezone = given.has('timezone') ? given.get('timezone') : zone
  const checks: [string, string | undefined][] = [
    ['timezone', isTimeZone(timezone) ? undefined : 'is not an IANA time zone'],
    ['cron', given.has('cron') ? cronProblem(given.get('cron')) : undefined],
    ['every_ms', given.has('every_ms') ? everyProblem(given.get('every_ms')) : undefined],
    ['at', given.has('at') ? atProblem(given.get('at')) : undefined],
    ['catch_up', isCatchUp(given.get('catch_up')) ? undefined : 'must be none, one or all'],
  ]
  for (const [field, message] of checks) if (message !== undefined) return { path: pointer(field), message }
  return undefined
}

/**
 * When a schedule is due for the first time after an instant, epoch ms, or `undefined` when it never is again.
 *
 * @throws Error when `findScheduleProblem` finds something in the conditions.
 */
export function nextDue(
  conditions: ScheduleConditions,
  { zone, anchor }: ScheduleContext,
  after: number,
): number | undefined {
  const { cron, every_ms, at, timezone = zone } = conditions
  // Whole milliseconds: what is due after half of one is due after its beginning, and not at it.
  const from = Math.floor(Math.max(after, anchor))
  const due =
    cron === undefined
      ? every_ms === undefined
        ? instantOf(at ?? '', timezone)
        : anchor + (Math.floor((from - anchor) / every_ms) + 1) * every_ms
      : cronDue(cron, timezone, from)
  return due !== undefined && due > from && due < LATEST ? due : undefined
}

/**
 * Which due times after `last`, up to `now`, are to be made up for, the oldest first.
 *
 * @param last - the last due time that was handled, or the anchor.
 */
export function missed(
  conditions: ScheduleConditions,
  context: ScheduleContext,
  last: number,
  now: number,
): number[] {
  const next = (after: number) => nextDue(conditions, context, after)
  const in_time = latest(next, Math.max(last, now - GRACE_MS - 1), now, MADE_UP_MAX)
  const { catch_up = 'one' } = conditions
  if (catch_up === 'all') return latest(next, last, now, MADE_UP_MAX)
  // What is due right now stands for all that was missed before it.
  return catch_up === 'none' || in_time.length > 0 ? in_time : latest(next, last, now, 1)
}

/**
 * The last due times up to `until`, at most `limit`. The beginning is found by halving, so that it takes at most
 * 45 times `limit` steps however many there were.
 */
function latest(
  next: (after: number) => number | undefined,
  from: number,
  until: number,
  limit: number,
): number[] {
  let [too_many, few] = [from, until]
  const all = upTo(next, from, until, limit + 1)
  if (all.length <= limit) return all
  while (few - too_many > 1) {
    const middle = Math.floor((too_many + few) / 2)
    if (upTo(next, middle, until, limit + 1).length > limit) too_many = middle
    else few = middle
  }
  return upTo(next, few, until, limit)
}

function upTo(
  next: (after: number) => number | undefined,
  from: number,
  until: number,
  limit: number,
): number[] {
  const found: number[] = []
  for (let due = next(from); due !== undefined && due <= until && found.length < limit; due = next(due)) {
    found.push(due)
  }
  return found
}

function cronDue(text: string, zone: string, after: number): number | undefined {
  const cron = readCron(text)
  if ('problem' in cron) throw new Error(`The cron expression "${text}" ${cron.problem}.`)
  // So late that the calendar ends before the next time could be looked up.
  return after < LATEST ? dueAfter(cron.timetable, zone, after) : undefined
}

/** A local time that does not exist is over when the clock passes it; of one that comes twice the first is meant. */
function instantOf(at: string, zone: string): number {
  const offset = TIME.exec(at)?.groups?.['offset']
  if (offset !== undefined) return Temporal.Instant.from(at).epochMilliseconds
  return reached(zone, Temporal.PlainDateTime.from(at).toZonedDateTime('UTC').epochMilliseconds)
}

function cronProblem(cron: unknown): string | undefined {
  if (typeof cron !== 'string') return 'must be text'
  const read = readCron(cron)
  return 'problem' in read ? read.problem : undefined
}

function everyProblem(every_ms: unknown): string | undefined {
  const is_right =
    typeof every_ms === 'number' &&
    Number.isInteger(every_ms) &&
    every_ms >= EVERY_MS_MIN &&
    every_ms <= EVERY_MS_MAX
  return is_right ? undefined : `must be a whole number from ${EVERY_MS_MIN} to ${EVERY_MS_MAX}`
}

function atProblem(at: unknown): string | undefined {
  const message = 'must be an ISO date and time, such as 2026-12-24T18:00 or 2026-12-24T17:00:00Z'
  if (typeof at !== 'string' || !TIME.test(at)) return message
  try {
    return instantOf(at, 'UTC') < LATEST ? undefined : 'must be before the year 9999'
  } catch {
    return message
  }
}

function isCatchUp(value: unknown): boolean {
  return value === undefined || value === 'none' || value === 'one' || value === 'all'
}

function isTimeZone(name: unknown): boolean {
  // The platform takes offsets such as +01:00 for zones; they would be wrong for half of the year.
  if (typeof name !== 'string' || !/^[A-Za-z][\w+/-]*$/.test(name)) return false
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId !== ''
  } catch {
    return false
  }
}

function pointer(field: string): string {
  return `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
