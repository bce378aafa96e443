/** Names of days and months as patterns, and the numbers they stand for. */
export const FULL_WEEKDAYS = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday'
export const WEEKDAYS =
  'mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|mon|tues?|weds?|thurs?|thu|fri|sat|sun'
export const MONTHS =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|' +
  'oct(?:ober)?|nov(?:ember)?|dec(?:ember)?'
/** What may stand before a week or a weekday: "next friday", "this coming week". */
export const LEADS =
  'this coming|this past|this upcoming|this|current|next|last|past|previous|coming|upcoming|following'

const WEEKDAY_STEMS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']
const MONTH_STEMS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Monday is 1. */
export function weekdayNumber(name: string): number {
  return WEEKDAY_STEMS.indexOf(name.slice(0, 2)) + 1
}

/** January is 1. */
export function monthNumber(name: string): number {
  return MONTH_STEMS.indexOf(name.slice(0, 3)) + 1
}

/** How many weeks, months or years away "next" or "last" is. */
export function movedBy(lead: string): number {
  if (lead === 'next' || lead === 'following') return 1
  return /^(?:last|past|previous|this past)$/u.test(lead) ? -1 : 0
}
