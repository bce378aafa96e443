import type { JCal, JCalProperty } from './file.ts'

/** Years for which changes of a zone are written: before the first event, and ahead. */
const YEARS_BEFORE = 1
const YEARS_AHEAD = 5
const CHANGES_MAX = 50

/**
 * Describes a zone of the database for a calendar file: a standard part from the beginning, and one part for each kind
 * of change with the dates on which it happens.
 *
 * @param tzid - what the events call the zone.
 * @param from - start of the earliest event, epoch milliseconds.
 */
export function zonePart(tzid: string, zone: string, from: number, now: number): JCal {
  const begin = zonedAt(from, zone).subtract({ years: YEARS_BEFORE })
  const end = zonedAt(now, zone).add({ years: YEARS_AHEAD })
  const base = onset('standard', begin.offset, begin.offset, ['1970-01-01T00:00:00'])
  const kinds = new Map<string, { from: string; to: string; is_daylight: boolean; walls: string[] }>()
  let before = begin
  for (let count = 0; count < CHANGES_MAX; count += 1) {
    const change = before.getTimeZoneTransition('next')
    if (change === null || Temporal.ZonedDateTime.compare(change, end) > 0) break
    const last = change.subtract({ nanoseconds: 1 })
    const is_daylight = change.offsetNanoseconds > last.offsetNanoseconds
    const kind = { from: last.offset, to: change.offset, is_daylight, walls: [] }
    // The standard has an onset told on the clock that was shown until then.
    const wall = change.toInstant().toZonedDateTimeISO(last.offset).toPlainDateTime()
    kinds.getOrInsert(`${kind.from} ${kind.to}`, kind).walls.push(wall.toString({ smallestUnit: 'second' }))
    before = change
  }
  const onsets = [...kinds.values()].map((kind) =>
    onset(kind.is_daylight ? 'daylight' : 'standard', kind.from, kind.to, kind.walls),
  )
  return ['vtimezone', [['tzid', {}, 'text', tzid]], [base, ...onsets]]
}

function onset(name: string, from: string, to: string, walls: readonly string[]): JCal {
  const [first, ...further] = walls
  const dates: JCalProperty[] = further.map((wall) => ['rdate', {}, 'date-time', wall])
  return [
    name,
    [
      ['dtstart', {}, 'date-time', first],
      ['tzoffsetfrom', {}, 'utc-offset', from],
      ['tzoffsetto', {}, 'utc-offset', to],
      ...dates,
    ],
    [],
  ]
}

function zonedAt(at: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
}
