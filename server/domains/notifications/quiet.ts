/** Times of day as `HH:MM`, by the clocks on the wall of a place. */
interface QuietHours {
  start: string
  end: string
  timezone?: string
}

/**
 * When the quiet hours end that a moment is in; nothing when it is in none. Quiet is what a clock on the wall shows: from
 * `start`, included, to `end`, across midnight when the end is the earlier one. Equal times are no quiet hours at all.
 * Clocks that are set back to before the start do not end them.
 *
 * @param zone - IANA name, for quiet hours that name none.
 * @param now - epoch ms, as is the answer: the first moment at which the clock no longer shows a quiet time.
 */
export function quietUntil(hours: QuietHours, zone: string, now: number): number | undefined {
  const [start, end] = [Temporal.PlainTime.from(hours.start), Temporal.PlainTime.from(hours.end)]
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(hours.timezone ?? zone)
  if (!isWithin(here.toPlainTime(), start, end)) return undefined
  const today = here.toPlainDate()
  // An hour that comes twice has two ends, and quiet time goes on to the next one that lies ahead.
  return [endOn(today, 'earlier'), endOn(today, 'later'), endOn(today.add({ days: 1 }), 'earlier')].find(
    (moment) => moment > now,
  )

  function endOn(day: Temporal.PlainDate, which: 'earlier' | 'later'): number {
    const moment = day.toPlainDateTime(end).toZonedDateTime(here.timeZoneId, { disambiguation: which })
    if (moment.toPlainTime().equals(end)) return moment.epochMilliseconds
    // That time does not exist on that day: clocks go from before it to after it at once.
    const leap = which === 'earlier' ? 'next' : 'previous'
    return (moment.getTimeZoneTransition(leap) ?? moment).epochMilliseconds
  }
}

function isWithin(time: Temporal.PlainTime, start: Temporal.PlainTime, end: Temporal.PlainTime): boolean {
  const isAfterStart = Temporal.PlainTime.compare(time, start) >= 0
  const isBeforeEnd = Temporal.PlainTime.compare(time, end) < 0
  return Temporal.PlainTime.compare(start, end) <= 0
    ? isAfterStart && isBeforeEnd
    : isAfterStart || isBeforeEnd
}
