import type { Clock, DayPart, Draft, Reading, Rule } from './draft.ts'
import { readRules, rule } from './draft.ts'
import { matchAt, phrase } from './line.ts'

const HOUR = '([01]?\\d|2[0-3])'
const MINUTE = '([0-5]\\d)'
const HALF_DAY = '(?: (am|pm|a m|p m))'
const SIDE = '(past|after|to|till|til|of|before)'
const NAMED = '(\\d{1,2}|noon|midday|midnight)'

/** Words after which a plain number is a time: "at 6", "by 6". */
const TIMED = ['at', 'by', 'around', 'before', 'after', 'until', 'till', 'til', 'since', 'from', 'between']

const ZONES: Readonly<Record<string, string>> = {
  utc: 'UTC',
  gmt: 'UTC',
  bst: 'Europe/London',
  cet: 'Europe/Berlin',
  cest: 'Europe/Berlin',
  eet: 'Europe/Athens',
  est: 'America/New_York',
  edt: 'America/New_York',
  cst: 'America/Chicago',
  cdt: 'America/Chicago',
  mst: 'America/Denver',
  mdt: 'America/Denver',
  pst: 'America/Los_Angeles',
  pdt: 'America/Los_Angeles',
  ist: 'Asia/Kolkata',
  jst: 'Asia/Tokyo',
  aest: 'Australia/Sydney',
  aedt: 'Australia/Sydney',
}
const ZONE = phrase(`(${Object.keys(ZONES).join('|')})(?: ([+-]) (1[0-4]|0?\\d))?`)
const TO = phrase('(to|until|till|til|-|–|and)')
const OCLOCK = phrase('oclock|o clock|sharp')

function clock(hour: number, minute: number, half = '', second = 0, written = ''): Draft | undefined {
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return undefined
  const side = half.charAt(0)
  if (side !== '' && hour <= 12) {
    if (hour === 0) return side === 'a' ? at(0, minute, second, true) : undefined
    return at((hour % 12) + (side === 'p' ? 12 : 0), minute, second, true)
  }
  if (side === 'a') return undefined
  return at(hour, minute, second, hour > 12 || hour === 0 || /^0\d/u.test(written))
}

function at(hour: number, minute: number, second: number, fixed: boolean): Draft {
  return { clock: { hour, minute, second, fixed } }
}

/** "530", "1300" as spoken: hours and minutes in one number. */
function hundreds(digits: string, half: string): Draft | undefined {
  const number = Number(digits)
  return clock(Math.floor(number / 100), number % 100, half, 0, digits.length === 4 ? digits : '')
}

/** "quarter to nine", "ten past midnight". */
function beside(minutes: number, side: string, hour: string, half: string): Draft | undefined {
  if (minutes < 1 || minutes > 59) return undefined
  const named = hour === 'midnight' ? 0 : /^\d/u.test(hour) ? Number(hour) : 12
  const fixed = !/^\d/u.test(hour) || named > 12
  if (named > 24 || (!fixed && named === 0)) return undefined
  const after = side === 'past' || side === 'after'
  const total = (named * 60 + (after ? minutes : -minutes) + 1440) % 1440
  if (fixed) return at(Math.floor(total / 60), total % 60, 0, true)
  return clock(Math.floor(total / 60) || 12, total % 60, half)
}

/** "five to six" is a time, "three to five" is from three until five. */
function minutesToHour(
  minutes: string,
  unit: string,
  side: string,
  hour: string,
  half: string,
): Draft | undefined {
  const usual = ['5', '10', '20', '25'].includes(minutes)
  return usual || unit !== '' || side === 'past' ? beside(Number(minutes), side, hour, half) : undefined
}

/** "five to six": after "from" and "between" it is not a time of day but where a range ends. */
const TO_HOUR = rule(
  `(\\d{1,2}) (to|till|til|of) ${NAMED}${HALF_DAY}?`,
  ([, m = '', side = '', h = '', half = '']) => minutesToHour(m, '', side, h, half),
  TIMED,
)

const RULES: readonly Rule[] = [
  rule(`(\\d{1,2}):${MINUTE}(?::${MINUTE})?${HALF_DAY}?`, ([, h = '', m = '', s = '', half = '']) =>
    clock(Number(h), Number(m), half, Number(s), h),
  ),
  rule(`${HOUR}\\.${MINUTE}${HALF_DAY}`, ([, h = '', m = '', half = '']) =>
    clock(Number(h), Number(m), half),
  ),
  rule(`${HOUR}\\.${MINUTE}`, ([, h = '', m = '']) => clock(Number(h), Number(m), '', 0, h), [
    'at',
    'by',
    'until',
  ]),
  rule(
    `${HOUR} (?:oh|o|0) (\\d)${HALF_DAY}?`,
    ([, h = '', m = '', half = '']) => clock(Number(h), Number(m), half),
    [...TIMED, 'for'],
  ),
  rule(`${HOUR} ${MINUTE}${HALF_DAY}`, ([, h = '', m = '', half = '']) => clock(Number(h), Number(m), half)),
  rule(`${HOUR} ${MINUTE}`, ([, h = '', m = '']) => clock(Number(h), Number(m)), [...TIMED, 'for']),
  rule(`(\\d{3,4})(?: hours)?${HALF_DAY}`, ([, digits = '', half = '']) => hundreds(digits, half)),
  rule('(\\d{3,4}) hours', ([, digits = '']) => hundreds(digits.padStart(4, '0'), '')),
  rule('(\\d{3,4})', ([, digits = '']) => hundreds(digits, ''), TIMED, true),
  rule(`${HOUR} (?:oclock|o clock)${HALF_DAY}?`, ([, h = '', half = '']) => clock(Number(h), 0, half)),
  rule(`${HOUR} hours?`, ([, h = '']) => clock(Number(h), 0, '', 0, h), ['at']),
  rule(`${HOUR}${HALF_DAY}`, ([, h = '', half = '']) => clock(Number(h), 0, half)),
  rule(HOUR, ([, h = '']) => clock(Number(h), 0, '', 0, h), TIMED, true),
  rule(`${HOUR} (?:in the (morning|afternoon|evening)|at (night))`, ([, h = '', day = '', night = '']) => {
    const draft = clock(Number(h), 0)
    return draft && { ...draft, part: (day || night) as DayPart }
  }),
  rule(`half past ${NAMED}${HALF_DAY}?`, ([, h = '', half = '']) => beside(30, 'past', h, half)),
  rule(`half ${HOUR}${HALF_DAY}?`, ([, h = '', half = '']) => beside(30, 'past', h, half), TIMED),
  rule(`(?:an? )?quarter ${SIDE} ${NAMED}${HALF_DAY}?`, ([, side = '', h = '', half = '']) =>
    beside(15, side, h, half),
  ),
  rule(`(\\d{1,2}) (past) ${NAMED}${HALF_DAY}?`, ([, m = '', side = '', h = '', half = '']) =>
    minutesToHour(m, '', side, h, half),
  ),
  rule(
    `(\\d{1,2}) (minutes?|mins?) ${SIDE} ${NAMED}${HALF_DAY}?`,
    ([, m = '', unit = '', side = '', h = '', half = '']) => minutesToHour(m, unit, side, h, half),
  ),
  TO_HOUR,
  rule('(?:12 )?(?:noon|midday)|lunch ?time', () => at(12, 0, 0, true), [...TIMED, 'for', 'joined']),
  rule('(?:12 )?midnight', () => at(24, 0, 0, true), [...TIMED, 'for', 'joined']),
]

const PARTS: readonly Rule[] = [
  rule('(?:early |late )?(morning|afternoon|evening|night)', ([, part]) => ({ part: part as DayPart }), [
    'in',
    'at',
    'by',
    'on',
    'during',
    'of',
    'until',
    'before',
    'joined',
  ]),
]

/** Reads a part of the day at this position: "morning", "night". */
export function readPart(text: string, position: number): Reading | undefined {
  return readRules(PARTS, text, position)
}

/** Reads a time of day, or two with "to" or "and" between them, at this position. */
export function readClock(text: string, position: number, anchors: readonly string[]): Reading | undefined {
  const between = anchors.includes('between') || anchors.includes('from')
  const first = oneClock(text, position, between)
  if (first === undefined) return undefined
  const to = matchAt(TO, text, first.next)
  const second = to && oneClock(text, matchAt(phrase('at'), text, to.next)?.next ?? to.next, between)
  if (to === undefined || second?.draft.clock === undefined) return first
  const and = to.groups[1] === 'and'
  const spoken = second.bare !== true || !and || between || second.next > text.length
  const ranged = spoken && rangeOf(first.draft.clock, second.draft.clock)
  if (!ranged) return first
  const strong = !first.bare || !second.bare || between
  const needs = strong && !(and && first.bare && !between) ? undefined : TIMED
  return { draft: { ...second.draft, ...ranged }, next: second.next, ...(needs && { needs }) }
}

/** In "three to five pm" the afternoon is that of both, in "eleven to one pm" only of the later. */
function rangeOf(first: Clock | undefined, second: Clock): Draft | undefined {
  if (first === undefined) return undefined
  if (first.fixed) return { clock: first, until: second }
  const [start, end] = [first.hour % 12, second.hour % 12]
  if (!second.fixed) {
    // "nine to five" crosses noon; hardly anything is planned across midnight.
    if (end > start) return { clock: first, until: second }
    return {
      clock: { ...first, hour: start, fixed: true },
      until: { ...second, hour: end + 12, fixed: true },
    }
  }
  const same = start < end || end === 0
  const afternoon = second.hour >= 12 && second.hour < 24
  return { clock: { ...first, hour: start + (same === afternoon ? 12 : 0), fixed: true }, until: second }
}

function oneClock(text: string, position: number, between: boolean): Reading | undefined {
  const rules = between ? RULES.filter((entry) => entry !== TO_HOUR) : RULES
  const read = readRules(rules, text, position)
  if (read === undefined) return undefined
  const next = matchAt(OCLOCK, text, read.next)?.next ?? read.next
  const zone = matchAt(ZONE, text, next)
  if (zone === undefined) return { ...read, next }
  const [, name = '', sign, hours] = zone.groups
  const named = hours ? `${sign}${hours.padStart(2, '0')}:00` : ZONES[name]
  return { draft: { ...read.draft, ...(named && { zone: named }) }, next: zone.next }
}
