import { lineOf, matchAt, phrase, sourceSpan, without } from './line.ts'

/** A length of time in the three units that do not convert into each other on a calendar. */
export interface Length {
  readonly months: number
  readonly days: number
  readonly seconds: number
}

const UNIT =
  'secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|wks?|weeks?|fortnights?|months?|mths?|yrs?|years?'
const SPOKEN =
  'an?|another|half(?: an?)?|an? half|quarter(?: of an?)?|an? quarter(?: of an?)?|an? few|few|several'
/** One letter is a unit only after digits: "5 a m" is a time of day. */
const TERM = phrase(
  `(\\d+(?:\\.\\d+)?)(?: of an?)? (${UNIT}|[smhdwy])(?! m(?: |$))|(${SPOKEN})(?: of an?)? (${UNIT})`,
)
const TAIL = phrase('and an? (half|quarter)')
const BARE_MINUTES = phrase('(?:and )?([0-5]?\\d)')
const AND = phrase('and')

/** Longer lengths are not meant: nothing is planned for ten thousand years. */
const DAYS_MAX = 366 * 1000

const PER_UNIT: Readonly<Record<string, Length>> = {
  s: { months: 0, days: 0, seconds: 1 },
  m: { months: 0, days: 0, seconds: 60 },
  h: { months: 0, days: 0, seconds: 3600 },
  d: { months: 0, days: 1, seconds: 0 },
  w: { months: 0, days: 7, seconds: 0 },
  f: { months: 0, days: 14, seconds: 0 },
  mo: { months: 1, days: 0, seconds: 0 },
  y: { months: 12, days: 0, seconds: 0 },
}

/** Seconds in "an hour and a half", "5m", "1h30"; a month counts 30 days and a year 365. */
export function parseDuration(text: string): number | undefined {
  const line = lineOf(text, 'unit')
  const start = matchAt(LEAD, line.text, 0)?.next ?? 0
  const read = readLength(line.text, start)
  return read !== undefined && read.next >= line.text.length ? secondsOf(read.length) : undefined
}

const LEAD = phrase(
  '(?:for|in|within|about|around|roughly|exactly)(?: about| around)?(?: the)?(?: next)?|the next',
)
const FOR = phrase('(?:for|in|within|of|lasting|after|every)(?: about| around)?(?: the)?(?: next)?')

/** Finds a length of time inside a sentence; `rest` is the sentence without it. */
export function findDuration(text: string): { seconds: number; rest: string } | undefined {
  const line = lineOf(text, 'unit')
  for (const start of line.starts) {
    const lead = matchAt(FOR, line.text, start)
    const read = (lead && readLength(line.text, lead.next)) ?? readLength(line.text, start)
    if (read === undefined) continue
    const span = sourceSpan(line, start, read.next)
    return { seconds: secondsOf(read.length), rest: without(text, [span]) }
  }
  return undefined
}

export function secondsOf({ months, days, seconds }: Length): number {
  const years = Math.floor(months / 12)
  return (years * 365 + (months % 12) * 30 + days) * 86_400 + seconds
}

/** Reads a length at this position of a line: one or more counted units. */
export function readLength(text: string, at: number): { length: Length; next: number } | undefined {
  let length: Length = { months: 0, days: 0, seconds: 0 }
  let next = at
  let unit = ''
  for (let terms = 0; terms < 6; terms += 1) {
    const joined = next > at ? (matchAt(AND, text, next)?.next ?? next) : next
    const term = matchAt(TERM, text, joined)
    if (term === undefined) break
    const [, digits = '', short = '', spoken = '', long = ''] = term.groups
    const count = digits || spoken
    unit = unitOf(short || long)
    const tail = matchAt(TAIL, text, term.next)
    const fraction = tail === undefined ? 0 : tail.groups[1] === 'half' ? 0.5 : 0.25
    length = plus(length, times(unit, countOf(count) + fraction))
    next = tail?.next ?? term.next
  }
  if (next === at) return undefined
  const minutes = unit === 'h' ? matchAt(BARE_MINUTES, text, next) : undefined
  // "1h30" and "an hour thirty"; but the "5" of "in an hour 5 people" stays out of it.
  if (minutes !== undefined && minutes.next >= text.length) {
    length = plus(length, times('m', Number(minutes.groups[1])))
    next = minutes.next
  }
  return secondsOf(length) > DAYS_MAX * 86_400 ? undefined : { length, next }
}

function unitOf(name: string): string {
  if (/^mo|^mth/u.test(name)) return 'mo'
  return name.charAt(0)
}

function countOf(count: string): number {
  if (/quarter/u.test(count)) return 0.25
  if (/half/u.test(count)) return 0.5
  if (/few|several/u.test(count)) return 3
  return /^\d/u.test(count) ? Number(count) : 1
}

/** Fractions of months become days, and fractions of days seconds: "half a year" is six months. */
function times(unit: string, count: number): Length {
  const per = PER_UNIT[unit] ?? { months: 0, days: 0, seconds: 0 }
  const months = Math.floor(per.months * count)
  const all_days = per.days * count + (per.months * count - months) * 30
  const days = Math.floor(all_days)
  return { months, days, seconds: Math.round(per.seconds * count + (all_days - days) * 86_400) }
}

function plus(a: Length, b: Length): Length {
  return { months: a.months + b.months, days: a.days + b.days, seconds: a.seconds + b.seconds }
}
