export type Part = 'morning' | 'afternoon' | 'evening' | 'night'

/** A time of the day. `zone` is there when one was said. */
export interface Clock {
  hour: number
  minute: number
  zone?: string
}

/** When a part of the day is meant to begin if no time is said. */
export const PART_HOURS: Readonly<Record<Part, number>> = {
  morning: 8,
  afternoon: 15,
  evening: 18,
  night: 22,
}

/** From which hour to before which one a part lasts, for what is done again and again in it; the night ends on the next day. */
export const PART_SPANS: Readonly<Record<Part, readonly [from: number, to: number]>> = {
  morning: [6, 12],
  afternoon: [12, 18],
  evening: [18, 22],
  night: [22, 30],
}

const NUMBER = '(?:[01]?\\d|2[0-4])'
/** Also what is said as a time and is none, which is told rather than passed over. */
const NONE = '\\d{1,3}:\\d\\d|\\d{1,3}(?= (?:oclock|o clock))'
const HOUR = `(?:${NUMBER}[:.][0-5]\\d|${NUMBER} [0-5]\\d(?! (?:minutes?|mins?|hours?|days?))|${NUMBER}[0-5]\\d|${NUMBER}|${NONE}|noon|midday|midnight)`
/** A time of the day in a line. */
export const CLOCK =
  `(?:(?:half|quarter|a quarter|[1-5]?\\d)(?: minutes?)? (?:past|after|to|before) )?${HOUR}` +
  '(?: (?:am|pm|a m|p m|oclock|o clock|sharp|hours))*(?: in the (?:morning|afternoon|evening)| at night)?(?: (?:utc|gmt))?'

const PARTS =
  /^(?:(?<minutes>half|quarter|a quarter|\d+)(?: minutes?)? (?<side>past|after|to|before) )?(?<hour>\d+(?:[:.]\d\d)?(?: [0-5]\d)?|noon|midday|midnight)(?<rest>.*)$/u
/** What is done early in the day, so that a bare "six" is the morning's. */
const EARLY = /\b(?:alarms?|wake|get(?:ting)? up|breakfast|early|briefing|good morning)\b/iu

/**
 * Reads what `CLOCK` found. A bare hour from one to six is the afternoon's, as it is in reminders, unless the part of the
 * day or what is to be done says otherwise; one with a zero before it, and one from seven on, is as it is said.
 */
export function readClock(text: string, part: Part | undefined, sentence: string): Clock | undefined {
  const { minutes, side, hour = '', rest = '' } = PARTS.exec(text)?.groups ?? {}
  const named = hour === 'noon' || hour === 'midday' ? 12 : hour === 'midnight' ? 0 : undefined
  const [whole = '', after = '0'] = /^\d{4}$/u.test(hour)
    ? [hour.slice(0, 2), hour.slice(2)]
    : hour.split(/[:. ]/u)
  let value = named ?? Number(whole)
  const minute = named === undefined ? Number(after) : 0
  if (value > 24 || minute > 59 || (value === 24 && minute > 0) || Number.isNaN(value)) return undefined
  const half = /\b([ap]) ?m\b/u.exec(rest)?.[1]
  const own =
    (/in the (morning|afternoon|evening)|at (night)/u.exec(rest)?.slice(1).find(Boolean) as
      | Part
      | undefined) ?? part
  if (half !== undefined) {
    if (value > 12 || value === 0)
      return half === 'p' && value > 12 ? shifted(value, minute, minutes, side, rest) : undefined
    value = (value % 12) + (half === 'p' ? 12 : 0)
  } else if (named === undefined && value >= 1 && value <= 12 && !whole.startsWith('0')) {
    value = halfOf(value, own, EARLY.test(sentence))
  }
  return shifted(value, minute, minutes, side, rest)
}

function halfOf(hour: number, part: Part | undefined, early: boolean): number {
  const small = hour % 12
  switch (part) {
    case 'morning':
      return small
    case 'afternoon':
    case 'evening':
      return small + 12
    case 'night':
      return small >= 1 && small < 6 ? small : (small + 12) % 24 === 12 ? 0 : small + 12
    case undefined:
      return small < 7 && !(early && small >= 4) ? small + 12 : hour
  }
}

/** "quarter to nine", "half past six". */
function shifted(
  hour: number,
  minute: number,
  minutes: string | undefined,
  side: string | undefined,
  rest: string,
): Clock | undefined {
  const zone = /\b(?:utc|gmt)\b/u.test(rest) ? { zone: 'UTC' } : {}
  if (minutes === undefined) return { hour: hour % 24, minute, ...zone }
  const by = minutes === 'half' ? 30 : minutes.endsWith('quarter') ? 15 : Number(minutes)
  if (by > 59 || minute !== 0) return undefined
  const total = (hour * 60 + (side === 'past' || side === 'after' ? by : -by) + 1440) % 1440
  return { hour: Math.floor(total / 60), minute: total % 60, ...zone }
}
