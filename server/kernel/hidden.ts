import {
  AND,
  BACKSLASH,
  CODES,
  CONTROLS,
  DIGITS_MAX,
  ESC,
  ESCAPED,
  GREATER,
  HEX,
  IS_CODE,
  LESS,
  NAMES,
  NAME_CHARACTERS,
  NONE,
  NUL,
  PERCENT,
  UNCLEAR,
  glance,
} from './codes.ts'

/** Where a text stands although parts of it are written as codes, and which one it is. */
export interface Hit {
  from: number
  to: number
  /** Place in the list of texts. */
  text: number
}

/** One way to read a character: its bytes as UTF-8, and where it ends. */
interface Reading {
  bytes: string
  next: number
}

/** Codes within codes that are read: JSON that holds HTML, or JSON that holds JSON. */
const DEPTH = 2
/** Steps for each byte; a text that takes more of them was made for that, and is held to be one great hit. */
const STEPS_PER_BYTE = 0.5
const STEPS_FREE = 2_000
/** What a character costs that is no code. */
const PLAIN_STEP = 0.25

const TAG_BYTES = 512
const CDATA = '<![CDATA['
const DECIMAL = /^\d$/
const LETTER = /^[a-z]$/i

/**
 * Finds texts in bytes of which each character may be written as it is or as a code: of JSON, of HTML, percent-encoded,
 * codes in codes two deep, with tags or zero bytes in between. Whoever parses that has the text plain again. What is
 * written without any code is not looked for.
 *
 * @param texts - as latin1, one character for each byte of UTF-8; none is empty.
 */
export function findHidden(bytes: Uint8Array, texts: readonly string[]): Hit[] {
  if (!CODES.some((code) => bytes.includes(code))) return []
  const source = { bytes, steps: STEPS_FREE + bytes.length * STEPS_PER_BYTE }
  const hits: Hit[] = []
  for (let at = 0; at < bytes.length; at += 1) {
    for (const index of startingAt(source, texts, at)) {
      const to = endOf(source, texts[index] ?? '', at)
      if (to === undefined) continue
      hits.push({ from: at, to, text: index })
      at = to - 1
      break
    }
    if (source.steps < 0) return [{ from: 0, to: bytes.length, text: 0 }]
  }
  return hits
}

/** What is looked at, and how many steps are left for it. */
interface Source {
  bytes: Uint8Array
  steps: number
}

/** Which texts may begin at a place. */
function startingAt(source: Source, texts: readonly string[], at: number): readonly number[] {
  const { bytes } = source
  const first = bytes[at] ?? 0
  const second = bytes[at + 1] ?? 0
  const isCode = first === PERCENT || first === AND || first === BACKSLASH
  const { byte, inner } = isCode ? glance(bytes, at) : NONE
  const coded = byte === UNCLEAR || inner === UNCLEAR ? readings(source, at, DEPTH) : NO_READINGS
  let found: number[] | undefined
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts[index] ?? ''
    const begins = text.charCodeAt(0)
    const isPlain = begins === first && (text.charCodeAt(1) === second || IS_CODE[second] === 1)
    if (isPlain || begins === byte || begins === inner || coded.some((one) => text.startsWith(one.bytes)))
      (found ??= []).push(index)
  }
  return found ?? NOTHING
}

const NOTHING: readonly number[] = []
const NO_READINGS: readonly Reading[] = []

/** Where a text ends that begins at a place, if it does. */
function endOf(source: Source, text: string, start: number): number | undefined {
  let places: readonly Place[] = [{ at: start, done: 0 }]
  while (places.length > 0 && source.steps >= 0) {
    const next = new Map<string, Place>()
    for (const place of places) {
      for (const one of onwards(source, text, place)) {
        if (one.done === text.length) return one.at
        next.set(`${one.at} ${one.done}`, one)
      }
    }
    places = [...next.values()]
  }
  return undefined
}

/** How much of a text was found up to a place. */
interface Place {
  at: number
  done: number
}

/** A step further: past the next character in any way that it is written in, or past a tag. */
function onwards(source: Source, text: string, { at, done }: Place): Place[] {
  source.steps -= PLAIN_STEP
  const first = source.bytes[at]
  if (first === undefined) return []
  if (IS_CODE[first] !== 1) return first === text.charCodeAt(done) ? [{ at: at + 1, done: done + 1 }] : []
  const found = readings(source, at, DEPTH)
    .filter((one) => text.startsWith(one.bytes, done))
    .map((one) => ({ at: one.next, done: done + one.bytes.length }))
  const past = done > 0 && first === LESS ? tagEnd(source.bytes, at) : undefined
  return past === undefined ? found : [...found, { at: past, done }]
}

/** Every way to read the character at a place: as it is, and as the code that begins there. */
function readings(source: Source, start: number, depth: number): Reading[] {
  const { bytes } = source
  const at = pastNothing(bytes, start)
  const byte = bytes[at]
  if (byte === undefined) return []
  const plain = { bytes: String.fromCharCode(byte), next: at + 1 }
  if (depth === 0 || IS_CODE[byte] !== 1 || source.steps < 0) return [plain]
  source.steps -= 1
  const read = (from: number): Reading[] => readings(source, from, depth - 1)
  const known = read(at)
  const coded = known.flatMap(({ bytes: said, next }): Reading[] => {
    if (said === '\\') return escapes(read, next)
    if (said === '&') return entities(read, next)
    if (said !== '%') return []
    return digits(read, next, 2, HEX).map((one) => ({
      bytes: String.fromCharCode(Number.parseInt(one.text, 16)),
      next: one.next,
    }))
  })
  if (coded.length === 0) return known
  return [...new Map([...known, ...coded].map((one) => [`${one.next} ${one.bytes}`, one])).values()]
}

type Read = (from: number) => Reading[]

/** Past what decoders leave out: zero bytes, as wide characters have them, and what only switches alphabets. */
function pastNothing(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at] === NUL || (bytes[at] === ESC && isSwitch(bytes, at))) at += bytes[at] === NUL ? 1 : 3
  return at
}

/** To the Latin letters of ISO-2022-JP. */
function isSwitch(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 40 && (bytes[at + 2] === 66 || bytes[at + 2] === 74)
}

function tagEnd(bytes: Uint8Array, at: number): number | undefined {
  const cdata = Buffer.from(bytes.subarray(at, at + CDATA.length)).toString('latin1')
  if (cdata === CDATA) return at + CDATA.length
  const end = bytes.subarray(at, at + TAG_BYTES).indexOf(GREATER)
  return end < 0 ? undefined : at + end + 1
}

/** What stands for characters after a backslash. */
function escapes(read: Read, from: number): Reading[] {
  return read(from).flatMap(({ bytes: kind, next }): Reading[] => {
    if (kind === 'u') return units(read, next)
    if (kind === 'x')
      return digits(read, next, 2, HEX).map((one) => ({
        bytes: utf8(Number.parseInt(one.text, 16)),
        next: one.next,
      }))
    const control = CONTROLS.get(kind)
    if (control !== undefined) return [{ bytes: control, next }]
    return ESCAPED.includes(kind) ? [{ bytes: kind, next }] : []
  })
}

/** Four digits, and those of the other half where they are half a character. */
function units(read: Read, from: number): Reading[] {
  return digits(read, from, 4, HEX).flatMap(({ text, next }): Reading[] => {
    const unit = Number.parseInt(text, 16)
    if (unit < 0xd800 || unit > 0xdbff) return [{ bytes: utf8(unit), next }]
    return read(next)
      .filter(({ bytes }) => bytes === '\\')
      .flatMap((backslash) => read(backslash.next).filter(({ bytes }) => bytes === 'u'))
      .flatMap((letter) => digits(read, letter.next, 4, HEX))
      .map((low) => ({
        bytes: Buffer.from(String.fromCharCode(unit, Number.parseInt(low.text, 16))).toString('latin1'),
        next: low.next,
      }))
  })
}

/** What stands for characters after `&`. */
function entities(read: Read, from: number): Reading[] {
  return read(from).flatMap(({ bytes: kind, next }): Reading[] => {
    if (kind !== '#') return named(read, from)
    const hex = read(next).filter(({ bytes }) => bytes === 'x' || bytes === 'X')
    const found = [
      ...hex.flatMap((x) => some(read, x.next, HEX).map((one) => ({ ...one, radix: 16 }))),
      ...some(read, next, DECIMAL).map((one) => ({ ...one, radix: 10 })),
    ]
    return found.flatMap((one) =>
      closed(read, one.next).map((end) => ({
        bytes: utf8(Number.parseInt(one.text, one.radix)),
        next: end,
      })),
    )
  })
}

function named(read: Read, from: number): Reading[] {
  let name = ''
  let next = from
  for (let length = 0; length < NAME_CHARACTERS; length += 1) {
    const letter = read(next).find(({ bytes }) => LETTER.test(bytes))
    if (letter === undefined) break
    name += letter.bytes
    next = letter.next
    const byte = NAMES.get(name)
    if (byte === undefined) continue
    const ends = closed(read, next)
    return ends.map((end) => ({ bytes: byte, next: end }))
  }
  return []
}

/** Past the semicolon, if there is one: browsers do without. */
function closed(read: Read, from: number): number[] {
  const ends = read(from).filter(({ bytes }) => bytes === ';')
  return ends.length > 0 ? ends.map(({ next }) => next) : [from]
}

interface Digits {
  text: string
  next: number
}

/** So many digits. */
function digits(read: Read, from: number, count: number, form: RegExp): Digits[] {
  let found: Digits[] = [{ text: '', next: from }]
  for (let length = 0; length < count; length += 1)
    found = found.flatMap(({ text, next }) =>
      read(next)
        .filter(({ bytes }) => form.test(bytes))
        .map((one) => ({ text: text + one.bytes, next: one.next })),
    )
  return found
}

/** As many digits as there are. */
function some(read: Read, from: number, form: RegExp): Digits[] {
  let text = ''
  let next = from
  while (text.length < DIGITS_MAX) {
    const digit = read(next).find(({ bytes }) => form.test(bytes))
    if (digit === undefined) break
    text += digit.bytes
    next = digit.next
  }
  return text === '' ? [] : [{ text, next }]
}

/** The bytes of a character, each as one of latin1. */
function utf8(code: number): string {
  if (code > 0x10_ffff) return '\ufffd'
  return Buffer.from(String.fromCodePoint(code)).toString('latin1')
}
