/** A word of a sentence; a number of any length, spoken or typed, is one word. */
export interface Lexeme {
  /** Lower case; a number is written in digits, an ordinal as digits and `th`. */
  readonly key: string
  readonly start: number
  readonly end: number
  readonly value?: number
  readonly ordinal?: true
}

/** Whether "second" on its own may count things ("march second") or is always a unit ("a ten second timer"). */
export type SecondIs = 'ordinal' | 'unit'

interface Read {
  readonly value: number
  readonly next: number
  readonly ordinal?: true
}

interface Words {
  readonly list: readonly Lexeme[]
  readonly second: SecondIs
}

const WORD =
  /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|(?<![\d\p{L}])\.\d+|\d+(?:[.:]\d+)*|[ap]\.m(?!\p{L})\.?|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\S/giu
const TYPED = /^(?:\d[\d,]*(?:\.\d+)?|\.\d+)$/
const FRACTION_SIGNS: Readonly<Record<string, number>> = { '½': 0.5, '¼': 0.25, '¾': 0.75 }

const SMALL = numbered(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
    'seventeen eighteen nineteen',
  1,
)
const TENS = numbered('- - twenty thirty forty fifty sixty seventy eighty ninety', 10)
const SMALL_ORDINALS = numbered(
  '- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth ' +
    'fifteenth sixteenth seventeenth eighteenth nineteenth',
  1,
)
const TENS_ORDINALS = numbered(
  '- - twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth',
  10,
)
const SCALES = new Map([
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['trillion', 1e12],
])
const PARTS = new Map([
  ['half', 2],
  ['halves', 2],
  ['third', 3],
  ['thirds', 3],
  ['quarter', 4],
  ['quarters', 4],
  ['fourths', 4],
  ['fifths', 5],
  ['sixths', 6],
  ['eighths', 8],
  ['tenths', 10],
])

/** Cuts a text into words and numbers; the offsets are those of the text as given. */
export function lex(text: string, second: SecondIs = 'ordinal'): Lexeme[] {
  const words: Words = { list: rawWords(text), second }
  const lexemes: Lexeme[] = []
  for (let at = 0; at < words.list.length;) {
    const read = readAt(words, at)
    const first = words.list[at]
    const last = words.list[(read?.next ?? at + 1) - 1]
    if (first === undefined || last === undefined) break
    lexemes.push(read === undefined ? first : numberLexeme(words, at, read, first.start, last.end))
    at = read?.next ?? at + 1
  }
  return lexemes
}

/** Writes every spoken number in digits: "half past seven" is "half past 7". */
export function replaceNumbers(text: string): string {
  let out = ''
  let from = 0
  const lexemes = lex(text)
  for (const [at, lexeme] of lexemes.entries()) {
    const fraction = spokenFraction(lexemes, at)
    if (fraction === undefined && lexeme.value === undefined) continue
    if (lexeme.start < from) continue
    out += text.slice(from, lexeme.start)
    out += fraction?.digits ?? (lexeme.ordinal ? withSuffix(lexeme.value ?? 0) : lexeme.key)
    from = lexemes[at + (fraction?.length ?? 1) - 1]?.end ?? lexeme.end
  }
  return out + text.slice(from)
}

/** The number a text consists of, spoken or typed; `undefined` when it is anything else. */
export function readNumber(text: string): number | undefined {
  let lexemes = lex(text.trim())
  const sign = lexemes[0]?.key
  const negative = sign === '-' || sign === 'minus' || sign === 'negative'
  if (negative || sign === '+' || sign === 'plus') lexemes = lexemes.slice(1)
  const fraction = spokenFraction(lexemes, 0)
  const length = fraction?.length ?? 1
  const value = fraction === undefined ? lexemes[0]?.value : Number(fraction.digits)
  if (value === undefined || lexemes.length !== length) return undefined
  return negative ? 0 - value : value
}

function numbered(words: string, step: number): ReadonlyMap<string, number> {
  const counted = words.split(' ').map((word, index) => [word, index * step] as const)
  return new Map(counted.filter(([word]) => word !== '-'))
}

function rawWords(text: string): Lexeme[] {
  const words: Lexeme[] = []
  for (const match of text.matchAll(WORD)) {
    const [raw] = match
    const start = match.index
    const end = start + raw.length
    const previous = words.at(-1)
    const glued = previous?.end === start
    const hyphen = raw === '-' && /\p{L}-\p{L}/u.test(text.slice(start - 1, end + 1))
    if (hyphen) continue
    if (glued && previous.value !== undefined && !previous.ordinal) {
      const joined = joinedToNumber(previous, previous.value, raw, end)
      if (joined !== undefined) {
        words[words.length - 1] = joined
        continue
      }
    }
    words.push(rawWord(raw, start, end))
  }
  return words
}

function rawWord(raw: string, start: number, end: number): Lexeme {
  const sign = FRACTION_SIGNS[raw]
  if (sign !== undefined) return { key: String(sign), start, end, value: sign }
  if (TYPED.test(raw)) {
    const key = raw.replaceAll(',', '')
    return { key, start, end, value: Number(key) }
  }
  const key = raw
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]s$/u, '')
    .replaceAll(/['’]/gu, '')
  return { key: /^[ap]\.m/u.test(key) ? key.replaceAll('.', '') : key, start, end }
}

/** What is written without a space after a number and belongs to it: "3rd", "1.5k", "2½". */
function joinedToNumber(previous: Lexeme, value: number, raw: string, end: number): Lexeme | undefined {
  const { start } = previous
  if (/^(?:st|nd|rd|th)$/iu.test(raw) && Number.isInteger(value)) {
    return { key: `${value}th`, start, end, value, ordinal: true }
  }
  const sum = raw.toLowerCase() === 'k' ? round(value * 1000) : value + (FRACTION_SIGNS[raw] ?? Number.NaN)
  return Number.isNaN(sum) ? undefined : { key: String(sum), start, end, value: sum }
}

function numberLexeme(words: Words, at: number, read: Read, start: number, end: number): Lexeme {
  const only = words.list[at]
  // A single typed number keeps its digits: "0800" and "7.30" say more than their value.
  if (read.next === at + 1 && only?.value !== undefined) return only
  const { value } = read
  if (read.ordinal) return { key: `${value}th`, start, end, value, ordinal: true }
  return { key: String(value), start, end, value }
}

function readAt(words: Words, at: number): Read | undefined {
  const key = words.list[at]?.key ?? ''
  if (key === 'point') return pointDigits(words, at, 0)
  const half = halfOfScale(words, at)
  if (half !== undefined) return half
  const couple = key === 'a' ? at + 1 : at
  if (words.list[couple]?.key === 'couple') {
    const next = couple + 1
    return { value: 2, next: words.list[next]?.key === 'of' ? next + 1 : next }
  }
  const whole = cardinal(words, at)
  if (whole === undefined || whole.ordinal) return whole
  const value = withTail(words, whole)
  return scaled(words, value)
}

function halfOfScale(words: Words, at: number): Read | undefined {
  if (words.list[at]?.key !== 'half') return undefined
  if (words.list[at + 1]?.key !== 'a') return undefined
  const key = words.list[at + 2]?.key ?? ''
  const scale = key === 'dozen' ? 12 : key === 'hundred' ? 100 : SCALES.get(key)
  return scale === undefined ? undefined : { value: scale / 2, next: at + 3 }
}

/** Groups below a thousand with their scales, largest first. */
function cardinal(words: Words, at: number): Read | undefined {
  let total = 0
  let next = at
  for (let limit = Infinity; limit > 1;) {
    const joined = next > at && words.list[next]?.key === 'and' ? next + 1 : next
    const group = belowThousand(words, joined)
    if (group === undefined) break
    const scale = group.ordinal ? undefined : SCALES.get(words.list[group.next]?.key ?? '')
    if ((scale ?? 1) >= limit || (next > at && (group.value >= limit || group.value >= 1000))) break
    total = round(total + group.value * (scale ?? 1))
    next = scale === undefined ? group.next : group.next + 1
    if (group.ordinal) return { value: total, next, ordinal: true }
    limit = scale ?? 1
  }
  return next === at ? undefined : { value: total, next }
}

function belowThousand(words: Words, at: number): Read | undefined {
  const base = belowHundred(words, at) ?? article(words, at)
  if (base === undefined || base.ordinal) return base
  const key = words.list[base.next]?.key
  if (key === 'dozen') return { value: base.value * 12, next: base.next + 1 }
  if (key === 'hundredth') return { value: base.value * 100, next: base.next + 1, ordinal: true }
  if (key !== 'hundred' || base.value >= 100) return base
  const value = round(base.value * 100)
  const next = base.next + 1
  const rest = belowHundred(words, words.list[next]?.key === 'and' ? next + 1 : next)
  const after = rest && words.list[rest.next]?.key
  const fits = rest !== undefined && rest.value < 100 && after !== 'hundred' && after !== 'dozen'
  return fits ? { ...rest, value: value + rest.value } : { value, next }
}

function article(words: Words, at: number): Read | undefined {
  const key = words.list[at]?.key
  const after = words.list[at + 1]?.key ?? ''
  const counts = after === 'hundred' || after === 'dozen' || SCALES.has(after)
  return counts && (key === 'a' || key === 'an') ? { value: 1, next: at + 1 } : undefined
}

function belowHundred(words: Words, at: number): Read | undefined {
  const word = words.list[at]
  if (word === undefined) return undefined
  if (word.value !== undefined) {
    return { value: word.value, next: at + 1, ...(word.ordinal && { ordinal: true }) }
  }
  const tens = TENS.get(word.key) ?? 0
  if (tens > 0) {
    const unit = words.list[at + 1]?.key ?? ''
    const small = SMALL.get(unit) ?? 0
    if (small > 0 && small < 10) return { value: tens + small, next: at + 2 }
    const nth = unit === 'second' && words.second === 'unit' ? 0 : (SMALL_ORDINALS.get(unit) ?? 0)
    return nth > 0 && nth < 10
      ? { value: tens + nth, next: at + 2, ordinal: true }
      : { value: tens, next: at + 1 }
  }
  const small = SMALL.get(word.key)
  if (small !== undefined) return { value: small, next: at + 1 }
  const nth = TENS_ORDINALS.get(word.key) ?? SMALL_ORDINALS.get(word.key) ?? 0
  return nth > 0 && !isUnit(words, at) ? { value: nth, next: at + 1, ordinal: true } : undefined
}

/** "a second", "one second" and "ten second" measure; "the second" and "march second" count. */
function isUnit(words: Words, at: number): boolean {
  if (words.list[at]?.key !== 'second') return false
  const before = words.list[at - 1]
  const key = before?.key ?? ''
  const counted = before?.value !== undefined || SMALL.has(key)
  return words.second === 'unit' || counted || /^(?:an?|per|half|every|each|this|any)$/u.test(key)
}

function withTail(words: Words, whole: Read): Read {
  const key = words.list[whole.next]?.key ?? ''
  if (key === 'point') return pointDigits(words, whole.next, whole.value) ?? whole
  const parts = key.endsWith('s') ? PARTS.get(key) : undefined
  if (parts !== undefined) return { value: whole.value / parts, next: whole.next + 1 }
  if (key !== 'and') return whole
  const piece = words.list[whole.next + 1]?.key ?? ''
  const name = words.list[whole.next + 2]?.key ?? ''
  const count = /^(?:an?|one)$/u.test(piece) ? 1 : (SMALL.get(piece) ?? 0)
  const divisor = PARTS.get(name) ?? 0
  if (count === 0 || divisor <= count) return whole
  return { value: whole.value + count / divisor, next: whole.next + 3 }
}

function pointDigits(words: Words, point: number, whole: number): Read | undefined {
  let digits = ''
  let next = point + 1
  for (; digits.length < 12; next += 1) {
    const word = words.list[next]
    const key = word?.key === 'oh' ? 'zero' : (word?.key ?? '')
    const digit = word?.value ?? SMALL.get(key) ?? TENS.get(key)
    if (digit === undefined || digit < 0 || !Number.isInteger(digit) || word?.ordinal) break
    digits += word?.value === undefined ? String(digit) : word.key
  }
  return digits === '' || !Number.isInteger(whole) ? undefined : { value: Number(`${whole}.${digits}`), next }
}

/** "two and a half million", "1.5 thousand". */
function scaled(words: Words, read: Read): Read {
  const key = words.list[read.next]?.key ?? ''
  const scale = key === 'dozen' ? 12 : SCALES.get(key)
  if (scale === undefined || Number.isInteger(read.value)) return read
  return { value: round(read.value * scale), next: read.next + 1 }
}

/** A fraction on its own: "half", "a quarter", "one third"; never the half and quarter of a clock. */
function spokenFraction(
  lexemes: readonly Lexeme[],
  at: number,
): { digits: string; length: number } | undefined {
  const led = /^(?:an?|1)$/u.test(lexemes[at]?.key ?? '') ? 1 : 0
  const name = lexemes[at + led]
  const ordinal = name?.ordinal ? ordinalPart(name.value) : undefined
  const parts = ordinal ?? PARTS.get(name?.key ?? '')
  const after = lexemes[at + led + 1]?.key ?? ''
  if (parts === undefined || /^(?:past|to|till|til|after|before)$/u.test(after)) return undefined
  if (led === 0 && name?.key !== 'half') return undefined
  const trailing = led === 0 && /^an?$/u.test(after) ? 1 : 0
  return { digits: String(1 / parts), length: led + 1 + trailing }
}

function ordinalPart(value: number | undefined): number | undefined {
  return value !== undefined && value >= 3 && value <= 10 ? value : undefined
}

function withSuffix(value: number): string {
  const teen = value % 100 >= 11 && value % 100 <= 13
  const suffix = teen ? undefined : { 1: 'st', 2: 'nd', 3: 'rd' }[value % 10]
  return `${value}${suffix ?? 'th'}`
}

/** Twelve digits hide the noise of binary fractions: 1.1 thousand is 1100. */
function round(value: number): number {
  return Number(value.toPrecision(15)) === value ? value : Number(value.toPrecision(12))
}
