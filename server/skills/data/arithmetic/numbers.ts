import { peek, skip } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import { call, number } from './tree.ts'
import type { Tree } from './tree.ts'

const SMALL_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
const TENS_WORDS = 'twenty thirty forty fifty sixty seventy eighty ninety'

const SMALL = new Map(SMALL_WORDS.split(' ').map((word, value) => [word, value]))
const TENS = new Map(TENS_WORDS.split(' ').map((word, index) => [word, (index + 2) * 10]))
const SCALES = new Map([
  ['thousand', 1e3],
  ['k', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['bn', 1e9],
  ['trillion', 1e12],
])
/** What follows a finished number and multiplies it: "3 dozen", "1.5 million", "2 hundred thousand". */
const MULTIPLES = new Map([...SCALES, ['hundred', 100], ['hundreds', 100], ['dozen', 12], ['dozens', 12]])
const PART_WORDS: readonly (readonly [string, number])[] = [
  ['third', 3],
  ['quarter', 4],
  ['fourth', 4],
  ['fifth', 5],
  ['sixth', 6],
  ['seventh', 7],
  ['eighth', 8],
  ['ninth', 9],
  ['tenth', 10],
  ['hundredth', 100],
  ['thousandth', 1000],
]
/** What a number is divided by: "three quarters". The singular ones are ordinals too: "to the third". */
const PARTS = new Map([
  ['half', 2],
  ['halves', 2],
  ...PART_WORDS.flatMap(([word, parts]) => [[word, parts] as const, [`${word}s`, parts] as const]),
])

/** Reads a number in digits or words at the cursor: "2340", "twenty five", "1.5 million", "two and a half". */
export function readNumber(cursor: Cursor): Tree | undefined {
  const start = cursor.at
  const whole = readPart(cursor) ?? readDecimal(cursor)
  if (whole === undefined) {
    cursor.at = start
    return undefined
  }
  return readMultiples(cursor, readMixed(cursor, whole))
}

/** Reads the exponent in "to the 10th" and "to the third". */
export function readOrdinal(cursor: Cursor): Tree | undefined {
  const parts = PARTS.get(peek(cursor))
  if (parts !== undefined && /(?:d|th)$/.test(peek(cursor))) {
    cursor.at += 1
    return number(parts)
  }
  const suffixed = /^\d+$/.test(peek(cursor)) && /^(?:st|nd|rd|th)$/.test(peek(cursor, 1))
  if (!suffixed) return undefined
  cursor.at += 2
  return number(peek(cursor, -2))
}

/** "half", "a quarter", "three fifths". */
function readPart(cursor: Cursor): Tree | undefined {
  const counted = count(cursor)
  const parts = PARTS.get(peek(cursor, counted === undefined ? 0 : 1))
  if (parts === undefined) return undefined
  cursor.at += counted === undefined ? 1 : 2
  return call('fraction', number(counted ?? 1), number(parts))
}

function count(cursor: Cursor): number | string | undefined {
  const token = peek(cursor)
  if (token === 'a' || token === 'an') return 1
  return /^\d+$/.test(token) ? token : SMALL.get(token)
}

function readDecimal(cursor: Cursor): Tree | undefined {
  const literal = /^[\d.]/.test(peek(cursor)) ? peek(cursor) : undefined
  if (literal !== undefined) cursor.at += 1
  const whole = literal ?? readWords(cursor)
  if (peek(cursor) !== 'point') return whole === undefined ? undefined : number(whole)
  cursor.at += 1
  let digits = ''
  for (let next = digit(cursor); next !== undefined; next = digit(cursor)) {
    digits += next
    cursor.at += 1
  }
  return digits === '' ? undefined : number(`${whole ?? 0}.${digits}`)
}

function digit(cursor: Cursor): string | undefined {
  const token = peek(cursor)
  const value = SMALL.get(token)
  if (value !== undefined) return value < 10 ? String(value) : undefined
  return /^\d+$/.test(token) ? token : undefined
}

/** "two thousand three hundred and forty five". */
function readWords(cursor: Cursor): number | undefined {
  let total = 0
  let group = 0
  let scale = Infinity
  let room = 100
  let seen = false
  for (;;) {
    const token = peek(cursor)
    const value = SMALL.get(token) ?? TENS.get(token)
    const multiple = SCALES.get(token)
    if (value !== undefined && value < room && (room === 100 || value > 0)) {
      group += value
      room = TENS.has(token) ? 10 : 0
    } else if (token === 'hundred' && group > 0 && group < 100) {
      group *= 100
      room = 100
    } else if (multiple !== undefined && group > 0 && multiple < scale) {
      total += group * multiple
      scale = multiple
      group = 0
      room = 100
    } else if (!seen && (token === 'a' || token === 'an') && MULTIPLES.has(peek(cursor, 1))) group = 1
    else if (!(token === 'and' && seen && room === 100 && isBelowHundred(peek(cursor, 1)))) break
    seen = true
    cursor.at += 1
  }
  return seen ? total + group : undefined
}

function isBelowHundred(token: string): boolean {
  return SMALL.has(token) || TENS.has(token)
}

/** "... and a half". */
function readMixed(cursor: Cursor, whole: Tree): Tree {
  const start = cursor.at
  if (whole.kind === 'number' && skip(cursor, 'and')) {
    const part = readPart(cursor)
    if (part !== undefined) return call('add', whole, part)
    cursor.at = start
  }
  return whole
}

function readMultiples(cursor: Cursor, value: Tree): Tree {
  const article = peek(cursor) === 'a' || peek(cursor) === 'an' ? 1 : 0
  const multiple = MULTIPLES.get(peek(cursor, article))
  if (multiple === undefined) return value
  cursor.at += article + 1
  return readMultiples(cursor, call('multiply', value, number(multiple)))
}
