import { CronPattern } from 'croner'
import { readCron } from '../triggers/schedule-cron.ts'
import { readDays } from '../triggers/schedule-days.ts'
import type { Days } from '../triggers/schedule-days.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const NTH = ['first', 'second', 'third', 'fourth', 'fifth', 'last']
/** Every day of the week, Monday first. */
const WEEK = [1, 2, 3, 4, 5, 6, 0]
/** All five days of their name that a month may have. */
const EACH = 0b11111
/** Times of the day that are named one by one. */
const TIMES_MAX = 4

/** A cron expression in words, "Every weekday at 08:00"; `undefined` for what is none. */
export function sayCron(cron: string): string | undefined {
  if (!('timetable' in readCron(cron))) return undefined
  const pattern = new CronPattern(cron, undefined, { mode: '5-or-6-parts' })
  const [second, minute, hour] = [pattern.second, pattern.minute, pattern.hour].map(listed)
  return `${sayDays(readDays(pattern))} ${sayTimes(hour ?? [], minute ?? [])}${saySeconds(second ?? [])}`
}

function listed(flags: readonly number[]): number[] {
  return [...flags.keys()].filter((value) => flags[value] === 1)
}

function sayDays({ months, dates, near, last_date, last_workday, weekdays, both }: Days): string {
  const month = listed(months)
  const date = listed(dates).map((at) => at + 1)
  const special = [
    ...near.map((one) => `the working day nearest to day ${one}`),
    ...(last_date ? ['the last day'] : []),
    ...(last_workday ? ['the last working day'] : []),
  ]
  const anyDate = date.length === 31
  const anyDay = weekdays.every((bits) => (bits & EACH) === EACH)
  const [only_month = 0] = month
  if (date.length === 1 && special.length === 0 && month.length === 1 && anyDay)
    return `Every year on ${date.join('')} ${MONTHS[only_month]}`
  const within = month.length === 12 ? '' : ` in ${joined(month.map((one) => MONTHS[one] ?? ''))}`
  if (anyDate && anyDay) return `Every day${within}`
  const numbers = date.length === 0 ? [] : [`${date.length === 1 ? 'day' : 'days'} ${joined(ranges(date))}`]
  const of_month = `On ${joined([...numbers, ...special])} ${sayMonths(month)}`
  if (anyDay) return of_month
  const of_week = sayWeekdays(weekdays)
  if (anyDate) return `${of_week}${of_week.startsWith('On') ? ` ${sayMonths(month)}` : within}`
  const small = `${of_week.charAt(0).toLowerCase()}${of_week.slice(1)}`
  return both ? `${of_month} if it is ${small.replace(/^(?:every|on) /u, '')}` : `${of_month} and ${small}`
}

/** "of every month", "of every 3 months", "of March and June". */
function sayMonths(months: readonly number[]): string {
  if (months.length === 12) return 'of every month'
  const step = stepOf(months)
  if (months[0] === 0 && step !== undefined && step * months.length === 12) return `of every ${step} months`
  return `of ${joined(months.map((one) => MONTHS[one] ?? ''))}`
}

/** "Every weekday", "Every Monday and Friday", "On the first Monday". */
function sayWeekdays(weekdays: readonly number[]): string {
  const whole = WEEK.filter((day) => ((weekdays[day] ?? 0) & EACH) === EACH)
  const some = WEEK.filter((day) => !whole.includes(day)).flatMap((day) =>
    NTH.flatMap((nth, at) => (((weekdays[day] ?? 0) & (1 << at)) === 0 ? [] : [`the ${nth} ${DAYS[day]}`])),
  )
  const names = whole.map((day) => DAYS[day] ?? '')
  if (whole.length === 0) return `On ${joined(some)}`
  const plain = whole.join() === '1,2,3,4,5' ? 'weekday' : joined(names)
  return `Every ${joined([plain, ...some])}`
}

function sayTimes(hours: readonly number[], minutes: readonly number[]): string {
  const [minute = 0] = minutes
  const window = windowOf(hours)
  const step = stepOf(hours)
  if (hours.length * minutes.length <= TIMES_MAX)
    return `at ${joined(hours.flatMap((hour) => minutes.map((one) => clock(hour, one))))}`
  if (minutes.length === 1 && step !== undefined) {
    const often = step === 1 ? 'every hour' : `every ${step} hours`
    const past = minute === 0 ? '' : `, ${minute} minutes past`
    // Of what goes on through the day and the night, no hour is the first.
    if (hours.length * step === 24 && hours[0] === 0) return `${often}${past}`
    return `${often}, from ${clock(hours[0] ?? 0, minute)} to ${clock(hours.at(-1) ?? 0, minute)}`
  }
  const during =
    hours.length === 24
      ? ''
      : window === undefined
        ? `, in the hours ${joined(ranges(hours))}`
        : `, from ${clock(window.from, 0)} to ${clock(window.to, 59)}`
  const pace = stepOf(minutes)
  if (minutes[0] === 0 && pace !== undefined && pace * minutes.length === 60)
    return `every ${pace === 1 ? 'minute' : `${pace} minutes`}${during}`
  return `at ${joined(ranges(minutes))} minutes past the hour${during}`
}

function saySeconds(seconds: readonly number[]): string {
  if (seconds.length === 1 && seconds[0] === 0) return ''
  const step = stepOf(seconds)
  if (step !== undefined && step * seconds.length === 60)
    return `, every ${step === 1 ? 'second' : `${step} seconds`}`
  return `, at ${joined(ranges(seconds))} seconds`
}

/** How far apart at least two numbers are, when all are equally far. */
function stepOf(numbers: readonly number[]): number | undefined {
  const [first, second] = numbers
  if (first === undefined || second === undefined) return undefined
  const step = second - first
  return numbers.every((number, at) => number === first + at * step) ? step : undefined
}

/** The first and the last of hours that follow each other, also past midnight. */
function windowOf(hours: readonly number[]): { from: number; to: number } | undefined {
  const begins = hours.filter((hour) => !hours.includes((hour + 23) % 24))
  const [from] = begins
  if (from === undefined || begins.length > 1) return undefined
  return { from, to: (from + hours.length - 1) % 24 }
}

/** "1, 3 to 5" as a list of its pieces. */
function ranges(numbers: readonly number[]): string[] {
  const pieces: [from: number, to: number][] = []
  for (const number of numbers) {
    const last = pieces.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else pieces.push([number, number])
  }
  return pieces.flatMap(([from, to]) => {
    if (to - from > 1) return [`${from} to ${to}`]
    return from === to ? [String(from)] : [String(from), String(to)]
  })
}

function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
