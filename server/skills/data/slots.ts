import { aggregationNamed } from './rows/aggregate.ts'
import { parseArithmetic } from './arithmetic/parse.ts'
import { baseOf } from './units/bases.ts'
import { momentOf } from './units/clock.ts'
import { isDuration } from './units/duration.ts'
import { unitOf } from './units/units.ts'
import { zoneOf } from './units/zones.ts'

/**
 * Whether the text is arithmetic, in signs or words, that calculates something: "12 * 8", "half of 90", also inside
 * "what is ..., please". A lone number is none, so that an answer such as "five" is never taken for a calculation.
 */
export function isExpression(text: string): boolean {
  try {
    return parseArithmetic(text).calculates
  } catch {
    // The parser refuses by throwing; for what reason does not matter here.
    return false
  }
}

/** Whether the text names a unit, a place with a time zone, a number base or a form of durations. */
export function isUnit(text: string): boolean {
  const words = text.trim()
  return (
    (words !== '' && (unitOf(words) ?? zoneOf(words, 'UTC') ?? baseOf(words)) !== undefined) ||
    isDuration(words)
  )
}

/** Nobody says a longer one, and looking at it takes longer than its length. */
const AMOUNT_CHARACTERS_MAX = 200

/** Whether the text is an amount to convert: a number in digits or words, or a time of day. */
export function isAmount(text: string): boolean {
  const words = text.trim()
  if (words.length > AMOUNT_CHARACTERS_MAX) return false
  if (/^(?:an?|now|(?:0x|#)[0-9a-f]+|[0-9a-f]*\d[0-9a-f]*|\d+(?::\d\d){1,2})$/i.test(words)) return true
  return isNumber(words) || momentOf(words) !== undefined
}

function isNumber(text: string): boolean {
  try {
    return !parseArithmetic(text).calculates
  } catch {
    return false
  }
}

const DELIMITERS = [',', ';', '\t', '|']

/** Whether the text is pasted data: JSON, or at least two lines with the same delimiter of columns. */
export function isData(text: string): boolean {
  const data = text.trim()
  if (/^(?:\[\s*[[{"\dtfn\]-]|\{\s*["}])/.test(data)) return /[\]}]$/.test(data)
  const [header = '', first = ''] = data.split(/\r?\n/, 2)
  return DELIMITERS.some((delimiter) => {
    const at = header.indexOf(delimiter)
    return at > 0 && at < header.trimEnd().length - 1 && first.includes(delimiter)
  })
}

/** Whether the text names a way to sum up a column: "total", "mean", "highest". */
export function isAggregation(text: string): boolean {
  return aggregationNamed(text) !== undefined
}
