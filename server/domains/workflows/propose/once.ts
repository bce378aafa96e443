import { CLOCK, PART_HOURS, readClock } from './clock.ts'
import type { Part } from './clock.ts'
import { around, lineOf, matchAt, phrase } from './line.ts'
import type { Line } from './line.ts'

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

interface Rule {
  pattern: RegExp
  read: (groups: readonly string[]) => Once
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const MINUTE_MS = 60_000
const UNIT_MS: Readonly<Record<string, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 1_440 * MINUTE_MS,
}
const AHEAD: Readonly<Record<string, number>> = {
  today: 0,
  tonight: 0,
  tomorrow: 1,
  'the day after tomorrow': 2,
}
const PIECES_MAX = 3

const RULES: readonly Rule[] = [
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
      day: { weekday: DAYS.indexOf(name) + 1, next: which === 'next ' },
      ...(part !== '' && { part: part as Part }),
    }),
  ),
  rule(`at (?:about )?(${CLOCK})`, ([, clock = '']) => ({ clock })),
  rule('in (\\d{1,3}|an?|half an) (minute|min|hour|day)s?(?: time)?', ([, count = '', unit = '']) => ({
    in_ms: (count === 'half an' ? 0.5 : Number(count) || 1) * (UNIT_MS[unit] ?? MINUTE_MS),
  })),
]

function rule(pattern: string, read: Rule['read']): Rule {
  return { pattern: phrase(pattern), read }
}

/** The one time with which a sentence begins or ends, where it says the time of the day or how long it takes until then. */
export function findOnce(source: string): FoundOnce | undefined {
  const line = lineOf(source)
  const first = readPieces(line, 0)
  if (isWhole(first.once)) return { once: first.once, ...around(line, 0, first.next), before: '' }
  for (const start of line.starts.slice(1)) {
    const { once, next } = readPieces(line, start)
    if (next >= line.text.length && isWhole(once)) return { once, ...around(line, start, next), after: '' }
  }
  return undefined
}

function isWhole({ clock, in_ms }: Once): boolean {
  return clock !== undefined || in_ms !== undefined
}

function readPieces(line: Line, start: number): { once: Once; next: number } {
  let once: Once = {}
  let next = start
  for (let piece = 0; piece < PIECES_MAX && next < line.text.length; piece += 1) {
    const read = longest(line, next, once)
    if (read === undefined) break
    once = { ...once, ...read.once }
    next = read.next
  }
  return { once, next }
}

/** The longest piece that says nothing again of what was said before. */
function longest(line: Line, at: number, known: Once): { once: Once; next: number } | undefined {
  let best: { once: Once; next: number } | undefined
  for (const { pattern, read } of RULES) {
    const found = matchAt(pattern, line, at)
    if (found === undefined || found.next <= (best?.next ?? at)) continue
    const once = read(found.groups)
    if (!Object.keys(once).some((key) => key in known)) best = { once, next: found.next }
  }
  return best
}

/** The moment, as the user's clock shows it: `2026-11-28T09:00`; nothing for one that is none or has passed. */
export function momentOf(
  { day, clock, part, in_ms }: Once,
  sentence: string,
  { now, time_zone }: { now: number; time_zone: string },
): string | undefined {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(time_zone)
  if (in_ms !== undefined) return shown(here.add({ milliseconds: in_ms }))
  const read =
    clock === undefined
      ? { hour: PART_HOURS[part ?? 'morning'], minute: 0 }
      : readClock(clock, part, sentence)
  if (read === undefined) return undefined
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
