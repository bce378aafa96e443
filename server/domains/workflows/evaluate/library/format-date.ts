const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')
/** What stands in square brackets is text. */
const TOKEN = /\[(?<literal>[^\]]*)\]|YYYY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|H|hh|h|mm|ss|SSS|A|Z/g

const WRITTEN: Readonly<Record<string, (time: Temporal.ZonedDateTime) => string>> = {
  YYYY: ({ year }) => padded(year, 4),
  MMMM: ({ month }) => MONTHS[month - 1] ?? '',
  MMM: ({ month }) => (MONTHS[month - 1] ?? '').slice(0, 3),
  MM: ({ month }) => padded(month, 2),
  M: ({ month }) => String(month),
  DD: ({ day }) => padded(day, 2),
  D: ({ day }) => String(day),
  dddd: ({ dayOfWeek }) => DAYS[dayOfWeek - 1] ?? '',
  ddd: ({ dayOfWeek }) => (DAYS[dayOfWeek - 1] ?? '').slice(0, 3),
  HH: ({ hour }) => padded(hour, 2),
  H: ({ hour }) => String(hour),
  hh: ({ hour }) => padded(hour % 12 || 12, 2),
  h: ({ hour }) => String(hour % 12 || 12),
  mm: ({ minute }) => padded(minute, 2),
  ss: ({ second }) => padded(second, 2),
  SSS: ({ millisecond }) => padded(millisecond, 3),
  A: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  Z: ({ offset }) => offset,
}

/** A local time as a pattern such as `dddd, D MMMM YYYY [at] HH:mm` says it. */
export function formatDate(time: Temporal.ZonedDateTime, pattern: string): string {
  return pattern.replace(
    TOKEN,
    (token, literal: string | undefined) => literal ?? WRITTEN[token]?.(time) ?? token,
  )
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
}
