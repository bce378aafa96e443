import { lineOf, sourceSpan, without } from './line.ts'

/** A time of the day that no day has, as it was said, and the text without it. */
export interface NoTime {
  said: string
  rest: string
}

const SAID =
  /(?<=^| )(?<word>(?:at|by|around|about|before|after|from|until|till) )?(?<time>(?<hour>\d{1,3}):(?<minute>\d\d)(?<side> (?:am|pm|a m|p m))?|(?<whole>\d{1,3}) (?:oclock|o clock|(?<half>am|pm|a m|p m)))(?= |$)/gu
/** After these words "25:00" is how long something lasts. */
const LASTING = /\b(?:timer|count ?down|stopwatch)\b/u

/** Finds what was said as a time of the day and is none: "at 25:00", "by 8:75", "at 30 o'clock". */
export function findNoTime(text: string): NoTime | undefined {
  const line = lineOf(text)
  if (LASTING.test(line.text)) return undefined
  for (const found of line.text.matchAll(SAID)) {
    const { word = '', time = '', hour, minute = '0', side, whole, half = side } = found.groups ?? {}
    if (isPossible(Number(hour ?? whole), Number(minute), half)) continue
    const from = found.index + word.length
    const to = from + time.length + 1
    const { start, end } = sourceSpan(line, from, to)
    const all = sourceSpan(line, found.index, to)
    return { said: text.slice(start, end), rest: without(text, [all]) }
  }
  return undefined
}

/** "13:00 pm" is said, and "13 am" is not. */
function isPossible(hour: number, minute: number, half: string | undefined): boolean {
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return false
  return half?.trim().startsWith('a') === true ? hour <= 12 : true
}
