import { storedFields } from '../../../kernel/stored.ts'
import { LATEST, parseMoment } from './moment.ts'
import { dueAfter } from './schedule-clock.ts'
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

/** A due time is not missed before it is later than this: a busy minute is no absence. */
export const GRACE_MS = 60_000
/** A long absence must not end in a flood of runs that nobody waits for any more. */
export const MADE_UP_MAX = 100

/** The conditions of a schedule as they are kept; nothing of those that are damaged. */
export function readSchedule(text: string): ScheduleConditions | undefined {
  const conditions = storedFields<ScheduleConditions>(text)
  try {
    if (conditions !== undefined) nextDue(conditions, { zone: 'UTC', anchor: 0 }, 0)
    return conditions
  } catch {
    return undefined
  }
}

/**
 * When a schedule is due for the first time after an instant, epoch ms, or `undefined` when it never is again.
 *
 * @throws Error for a cron expression that validation refuses.
 */
export function nextDue(
  conditions: ScheduleConditions,
  { zone, anchor }: ScheduleContext,
  after: number,
): number | undefined {
  const { cron, every_ms, at, timezone = zone } = conditions
  if ((cron ?? every_ms ?? at) === undefined) throw new Error('A schedule has one of cron, every_ms and at.')
  // Whole milliseconds: what is due after half of one is due after its beginning, and not at it.
  const from = Math.floor(Math.max(after, anchor))
  const due =
    cron === undefined
      ? every_ms === undefined
        ? parseMoment(at ?? '', timezone)
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
