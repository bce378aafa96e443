import ICAL from 'ical.js'
import { ActionError } from '../../skill.ts'
import { floating, wallOf } from './clocks.ts'

/** Steps that may still be taken to work out recurrences; shared by all rules of one reading. */
export interface Budget {
  steps: number
}

const PERIODS: Readonly<Record<string, 'days' | 'weeks' | 'months' | 'years'>> = {
  DAILY: 'days',
  WEEKLY: 'weeks',
  MONTHLY: 'months',
  YEARLY: 'years',
}

/** Steps to a rule's first occurrence: a 29th of February that is a Saturday comes within 40 years. */
const FIRST_STEPS_MAX = 100

/** The library's iterator with a limit: a rule such as "the 30th of every February" would never return. */
class BoundedIterator extends ICAL.RecurIterator {
  // Without an initial value, because the library's constructor takes steps before it could be set.
  declare budget: Budget | undefined

  override check_contracting_rules(): boolean {
    this.step()
    return super.check_contracting_rules()
  }
  override increment_month(): void {
    this.step()
    super.increment_month()
  }
  override increment_year(increment: number): void {
    this.step()
    super.increment_year(increment)
  }
  private step(): void {
    this.budget ??= { steps: FIRST_STEPS_MAX }
    if (--this.budget.steps < 0)
      throw new ActionError('The calendar repeats more than I can work out at once.')
  }
}

/**
 * Wall-clock times at which a rule recurs from its start, between two wall-clock times, both included.
 *
 * @param start - the event's first start.
 * @param until - the rule's last time on the same wall clock; `undefined` when it has none.
 * @throws ActionError when the rule is more frequent than daily, or the budget ends first.
 */
export function* recurrences(
  rule: ICAL.Recur,
  start: Temporal.PlainDateTime,
  until: Temporal.PlainDateTime | undefined,
  window: { from: Temporal.PlainDateTime; to: Temporal.PlainDateTime },
  budget: Budget,
): Generator<Temporal.PlainDateTime> {
  if (PERIODS[rule.freq] === undefined) {
    throw new ActionError('The calendar has an event that repeats more often than every day.')
  }
  const local = rule.clone()
  local.until = until === undefined ? null : floating(until)
  const begin = skipped(rule, start, window.from)
  const iterator = new BoundedIterator({ rule: local, dtstart: floating(begin) })
  budget.steps -= FIRST_STEPS_MAX - (iterator.budget?.steps ?? FIRST_STEPS_MAX)
  iterator.budget = budget
  for (let next = iterator.next(); isTime(next); next = iterator.next()) {
    const wall = wallOf(next)
    if (Temporal.PlainDateTime.compare(wall, window.to) > 0) return
    if (Temporal.PlainDateTime.compare(wall, window.from) >= 0) yield wall
  }
}

/** The library declares that its iterator always gives a time, and gives null at the end. */
function isTime(next: ICAL.Time | null): next is ICAL.Time {
  return next !== null
}

/**
 * The start moved forward by whole periods to shortly before the window, so that a daily event from years ago is not
 * counted day by day. A counted rule must be counted, and the 29th to 31st are not in every month.
 */
function skipped(
  rule: ICAL.Recur,
  start: Temporal.PlainDateTime,
  from: Temporal.PlainDateTime,
): Temporal.PlainDateTime {
  const unit = PERIODS[rule.freq]
  const movable = unit === 'days' || unit === 'weeks' || start.day <= 28
  if (unit === undefined || rule.count !== null || !movable) return start
  const interval = Math.max(1, rule.interval)
  const passed = start.until(from, { largestUnit: unit })[unit]
  return start.add({ [unit]: Math.max(0, Math.floor(passed / interval) - 1) * interval })
}
