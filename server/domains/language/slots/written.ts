/** A date as programs and forms write it, found in a text. */
export interface Written {
  readonly at: Temporal.ZonedDateTime
  readonly date_only: boolean
  readonly start: number
  readonly end: number
}

const NUMERIC_DATE =
  /(?<![\d.])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2}\/\d{1,2}\/\d{2})(?![\d.]\d|\d)|^\s*\d{1,2}\/\d{1,2}\s*$|\b(?:on|by|until|before|after) \d{1,2}\/\d{1,2}\b/u
/** In these zones a date begins with the month; nearly everywhere else with the day. */
const MONTH_FIRST =
  /^(?:US\/|Pacific\/Honolulu$|America\/(?:New_York|Detroit|Chicago|Denver|Boise|Phoenix|Los_Angeles|Anchorage|Juneau|Indiana\/|Kentucky\/|North_Dakota\/))/u

/** A year first means that the month follows; the library would take one beyond December for the day. */
const MONTH_AFTER_TWELVE = /^\d{4}[-/.](?:1[3-9]|[2-9]\d)[-/.]/u

const LEAD = /(?:\b(?:on|at|by|for|from|until|till|before|after|since|starting|due)\s+){1,3}$/iu

/** Whether the text holds a date in figures, which only a reader of written dates understands. */
export function hasNumericDate(text: string): boolean {
  return NUMERIC_DATE.test(text)
}

/** Finds a written date such as "2026-03-03T09:00" or "3/4/2026 5pm"; `undefined` when there is none. */
export async function findWritten(text: string, now: Temporal.ZonedDateTime): Promise<Written | undefined> {
  // Loaded at the first such text: reading in the library takes longer than most commands altogether.
  const { GB, casual } = await import('chrono-node/en')
  const reader = MONTH_FIRST.test(now.timeZoneId) ? casual : GB
  const instant = new Date(now.epochMilliseconds)
  const timezone = now.offsetNanoseconds / 60e9
  const [found] = reader.parse(text, { instant, timezone }, { forwardDate: true })
  if (found === undefined || MONTH_AFTER_TWELVE.test(found.text)) return undefined
  const { start } = found
  const date_only = !start.isCertain('hour')
  const lead = LEAD.exec(text.slice(0, found.index))?.[0].length ?? 0
  const span = { start: found.index - lead, end: found.index + found.text.length }
  if (start.isCertain('timezoneOffset')) {
    const exact = Temporal.Instant.fromEpochMilliseconds(start.date().getTime())
    return { at: exact.toZonedDateTimeISO(now.timeZoneId), date_only, ...span }
  }
  const field = (name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): number =>
    start.get(name) ?? 0
  const day = Temporal.PlainDate.from({ year: field('year'), month: field('month'), day: field('day') })
  const time = { hour: field('hour'), minute: field('minute'), second: field('second') }
  const at = date_only
    ? day.toZonedDateTime(now.timeZoneId)
    : day.toPlainDateTime(time).toZonedDateTime(now.timeZoneId)
  return { at, date_only, ...span }
}
