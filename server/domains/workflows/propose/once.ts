import { CLOCK, readClock } from './clock.ts'
import type { Part } from './clock.ts'
import { DAYS } from './days.ts'
import { around, lineOf, phrase, readPieces } from './line.ts'
import type { Line, PieceRule } from './line.ts'

/** One time that lies ahead, as it was said: a day and a time of it, or how long it takes until then. */
export interface Once {
  /** Days from today on, or a day of the week, 1 for Monday; the next one that comes if neither was said. */
  day?: number | { weekday: number; next: boolean }
  clock?: string
  part?: Part
  in_ms?: number
}

/** Such a time in a sentence, with what stands before and after it. */
export interface FoundOnce {
  once: Once
  before: string
  after: string
}

const MINUTE_MS = 60_000
const AHEAD: Readonly<Record<string, number>> = { today: 0, tomorrow: 1, 'the day after tomorrow': 2 }
const PIECES_MAX = 3
/** By ISO 8601; in a list of days it is the first. */
const SUNDAY = 7

const RULES: readonly PieceRule<Once>[] = [
  rule(
    '(today|tomorrow|the day after tomorrow)(?: (morning|afternoon|evening|night))?',
    ([, day = '', part = '']) => ({
      day: AHEAD[day] ?? 0,
      ...(part !== '' && { part: part as Part }),
    }),
  ),
  rule('tonight', () => ({ day: 0, part: 'evening' })),
  rule('this (morning|afternoon|evening)', ([, part]) => ({ day: 0, part: part as Part })),
  rule(
    `(?:on )?(next |this )?(${DAYS.join('|')})(?: (morning|afternoon|evening|night))?`,
    ([, which = '', name = '', part = '']) => ({
      day: { weekday: DAYS.indexOf(name) || SUNDAY, next: which === 'next ' },
      ...(part !== '' && { part: part as Part }),
    }),
  ),
  rule(`at (?:about )?(${CLOCK})`, ([, clock = '']) => ({ clock })),
  rule('in (\\d{1,3}|an?|half an) (minute|min|hour)s?(?: time)?', ([, count = '', unit = '']) => ({
    in_ms: (count === 'half an' ? 0.5 : Number(count) || 1) * (unit === 'hour' ? 60 : 1) * MINUTE_MS,
  })),
  rule('in (\\d{1,3}|a) days?(?: time)?', ([, count = '']) => ({ day: count === 'a' ? 1 : Number(count) })),
]

function rule(pattern: string, read: PieceRule<Once>['read']): PieceRule<Once> {
  return { pattern: phrase(pattern), read }
}

/** The one time with which a sentence begins or ends, where it says the time of the day or how long it takes until then. */
export function findOnce(source: string): FoundOnce | undefined {
  const line = lineOf(source)
  const first = piecesFrom(line, 0)
  if (isWhole(first.once)) return { once: first.once, ...around(line, 0, first.next), before: '' }
  for (const start of line.starts.slice(1)) {
    const { once, next } = piecesFrom(line, start)
    if (next >= line.text.length && isWhole(once)) return { once, ...around(line, start, next), after: '' }
  }
  return undefined
}

/** How long it takes until then and when that is are said by nobody together. */
function isWhole({ clock, in_ms, day, part }: Once): boolean {
  return in_ms === undefined
    ? clock !== undefined
    : clock === undefined && day === undefined && part === undefined
}

function piecesFrom(line: Line, start: number): { once: Once; next: number } {
  const { draft, next } = readPieces<Once>(RULES, line, start, { most: PIECES_MAX, known: {} })
  return { once: draft, next }
}

/**
 * The moment, as the user's clock shows it: `2026-11-28T09:00`, which has no zone. Nothing for one that is none, has passed,
 * or is said in another zone. `sentence` tells whether a bare "six" is early: "wake", "breakfast".
 */
export function momentOf(
  { day, clock, part, in_ms }: Once,
  sentence: string,
  { now, time_zone }: { now: number; time_zone: string },
): string | undefined {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(time_zone)
  if (in_ms !== undefined) return shown(here.add({ milliseconds: in_ms }))
  const read = readClock(clock ?? '', part, sentence)
  if (read === undefined || read.zone !== undefined) return undefined
  const at = (date: Temporal.ZonedDateTime) => date.withPlainTime({ hour: read.hour, minute: read.minute })
  const isAhead = (date: Temporal.ZonedDateTime): boolean => Temporal.ZonedDateTime.compare(date, here) > 0
  if (typeof day === 'object') {
    const days = (day.weekday - here.dayOfWeek + 7) % 7
    const first = at(here.add({ days }))
    return shown(isAhead(first) && (days > 0 || !day.next) ? first : at(here.add({ days: days + 7 })))
  }
  const said = at(here.add({ days: day ?? 0 }))
  if (day === undefined) return shown(isAhead(said) ? said : at(here.add({ days: 1 })))
  return isAhead(said) ? shown(said) : undefined
}

function shown(moment: Temporal.ZonedDateTime): string {
  return moment.toPlainDateTime().toString({ smallestUnit: 'minute' })
}
