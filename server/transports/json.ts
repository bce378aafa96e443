import { isSayable } from '../kernel/veil.ts'

/** Bounds of a document, so that one request cannot cost more than its size. */
const DEPTH_MAX = 32
const KEYS_MAX = 10_000

/** A text is no JSON document that may come in; the message says what is wrong and where. */
export class JsonError extends Error {
  /** UTF-16 code units before the place. */
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/**
 * Reads a JSON document so that nothing about it is lost or changed silently: UTF-8 without a byte order mark, every
 * key once and none of them `__proto__`, at most 32 levels and 10,000 keys, and only numbers and characters that come
 * out as they went in.
 *
 * @throws JsonError
 */
export function parseJson(bytes: Uint8Array): unknown {
  return parseJsonText(decode(bytes))
}

/** The same for a text that was decoded already. */
export function parseJsonText(text: string): unknown {
  const scan: Scan = { text, at: 0, keys: 0 }
  scanValue(scan, 0)
  if (scan.at < text.length) throw unexpected(scan)
  return JSON.parse(text) as unknown
}

function decode(bytes: Uint8Array): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw invalidBytes(bytes)
  }
  if (text.startsWith('\ufeff')) throw failure({ text, at: 0 }, 'a byte order mark is not allowed')
  return text
}

/** Finds the first character that decoding replaced and that was not in the bytes itself. */
function invalidBytes(bytes: Uint8Array): JsonError {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  let passed = 0
  let at = 0
  for (let next = text.indexOf('\ufffd'); next >= 0; next = text.indexOf('\ufffd', at)) {
    const offset = passed + Buffer.byteLength(text.slice(at, next))
    const genuine = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd
    if (!genuine) return failure({ text, at: next }, 'the bytes are not UTF-8')
    passed = offset + 3
    at = next + 1
  }
  return failure({ text, at: text.length }, 'the bytes are not UTF-8')
}

interface Scan {
  readonly text: string
  at: number
  keys: number
}

function failure({ text, at }: Pick<Scan, 'text' | 'at'>, what: string): JsonError {
  let line = 1
  let start = 0
  for (let place = 0; place < at; place += 1) {
    if (text.charCodeAt(place) !== LINE_FEED) continue
    line += 1
    start = place + 1
  }
  const column = at - start + 1
  return new JsonError(`line ${line}, column ${column}: ${what}`, at)
}

function unexpected(scan: Scan): JsonError {
  const point = scan.text.codePointAt(scan.at)
  if (point === undefined) return failure(scan, 'the document ends too early')
  return failure(scan, `${JSON.stringify(String.fromCodePoint(point))} is not expected here`)
}

const LINE_FEED = 0x0a
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Passes space, and then the character when it is this one. Written by codes: patterns were 20 times slower. */
function take(scan: Scan, expected?: number): boolean {
  const { text } = scan
  let { at } = scan
  let code = text.charCodeAt(at)
  // Most characters are beyond all of these.
  while (code <= 0x20 && (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09)) {
    at += 1
    code = text.charCodeAt(at)
  }
  const isExpected = code === expected
  scan.at = isExpected ? at + 1 : at
  return isExpected
}

function need(scan: Scan, expected: number): void {
  if (!take(scan, expected)) throw unexpected(scan)
}

/** Passes one value and the space around it. Recursion is as deep as a document may be. */
function scanValue(scan: Scan, depth: number): void {
  take(scan)
  const first = scan.text.charCodeAt(scan.at)
  if (first === QUOTE) scanString(scan)
  else if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
    if (depth === DEPTH_MAX) throw failure(scan, `more than ${DEPTH_MAX} levels`)
    scan.at += 1
    if (first === OPEN_OBJECT) scanObject(scan, depth + 1)
    else scanArray(scan, depth + 1)
  } else if (isDigit(first) || first === MINUS) scanNumber(scan)
  else scanWord(scan)
  take(scan)
}

function scanArray(scan: Scan, depth: number): void {
  if (take(scan, CLOSE_ARRAY)) return
  do scanValue(scan, depth)
  while (take(scan, COMMA))
  need(scan, CLOSE_ARRAY)
}

function scanObject(scan: Scan, depth: number): void {
  if (take(scan, CLOSE_OBJECT)) return
  const seen = new Set<string>()
  do {
    take(scan)
    scanKey(scan, seen)
    need(scan, COLON)
    scanValue(scan, depth)
  } while (take(scan, COMMA))
  need(scan, CLOSE_OBJECT)
}

function scanKey(scan: Scan, seen: Set<string>): void {
  const start = scan.at
  if (scan.text.charCodeAt(start) !== QUOTE) throw unexpected(scan)
  scanString(scan)
  const key = JSON.parse(scan.text.slice(start, scan.at)) as string
  const here = { text: scan.text, at: start }
  if (key === '__proto__') throw failure(here, 'the key "__proto__" is not allowed')
  if (seen.has(key))
    throw failure(here, `${isSayable(key) ? `the key ${JSON.stringify(key)}` : 'a key'} is there twice`)
  seen.add(key)
  scan.keys += 1
  if (scan.keys > KEYS_MAX) throw failure(here, `more than ${KEYS_MAX} keys`)
}

function scanWord(scan: Scan): void {
  const word = ['true', 'false', 'null'].find((one) => scan.text.startsWith(one, scan.at))
  if (word === undefined) throw unexpected(scan)
  scan.at += word.length
}

function scanString(scan: Scan): void {
  const { text } = scan
  let at = scan.at + 1
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) {
      scan.at = at
      scanEscape(scan)
      at = scan.at
    } else if (code >= 0x20) {
      at += 1
      if (code === QUOTE) break
    } else {
      scan.at = at
      throw unexpected(scan)
    }
  }
  scan.at = at
}

/** Passes an escape, or a pair of escapes that are one character together. */
function scanEscape(scan: Scan): void {
  const start = { text: scan.text, at: scan.at }
  const unit = takeEscape(scan)
  if (unit === undefined) throw failure(start, 'there is no such escape')
  if (unit < 0xd800 || unit > 0xdfff) return
  const low = unit < 0xdc00 ? (takeEscape(scan) ?? 0) : 0
  if (low < 0xdc00 || low > 0xdfff) throw failure(start, 'half a surrogate pair is no character')
}

/** The code unit of an escape; 0 for the short ones, which need no pair. */
function takeEscape(scan: Scan): number | undefined {
  const { text, at } = scan
  if (text.charCodeAt(at) !== BACKSLASH) return undefined
  if (SHORT_ESCAPES.has(text.charCodeAt(at + 1))) {
    scan.at += 2
    return 0
  }
  const digits = text.slice(at + 2, at + 6)
  if (text[at + 1] !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) return undefined
  scan.at += 6
  return Number.parseInt(digits, 16)
}

const SHORT_ESCAPES = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)))

const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const LARGE_E = 0x45
const SMALL_E = 0x65
/** Integers of so many digits are exact. */
const EXACT_DIGITS = 15

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function scanNumber(scan: Scan): void {
  const { text } = scan
  const start = scan.at
  if (text.charCodeAt(scan.at) === MINUS) scan.at += 1
  const isZero = text.charCodeAt(scan.at) === ZERO
  if (isZero) scan.at += 1
  else scanDigits(scan)
  const isInteger = !scanFraction(scan)
  if (isInteger && !isZero && scan.at - start <= EXACT_DIGITS) return
  const problem = problemOf(text.slice(start, scan.at), isInteger)
  if (problem !== undefined) throw failure({ text, at: start }, problem)
}

function scanDigits(scan: Scan): void {
  if (!isDigit(scan.text.charCodeAt(scan.at))) throw unexpected(scan)
  do scan.at += 1
  while (isDigit(scan.text.charCodeAt(scan.at)))
}

/** Passes fraction and exponent, and tells whether there was one. */
function scanFraction(scan: Scan): boolean {
  const { text, at } = scan
  if (text.charCodeAt(at) === POINT) {
    scan.at += 1
    scanDigits(scan)
  }
  const exponent = text.charCodeAt(scan.at)
  if (exponent === SMALL_E || exponent === LARGE_E) {
    scan.at += 1
    const sign = text.charCodeAt(scan.at)
    if (sign === PLUS || sign === MINUS) scan.at += 1
    scanDigits(scan)
  }
  return scan.at > at
}

/** Why a number would not come out as it went in. */
function problemOf(literal: string, isInteger: boolean): string | undefined {
  const value = Number(literal)
  if (!Number.isFinite(value)) return 'the number is too large'
  if (isInteger && !Number.isSafeInteger(value))
    return 'the integer is beyond 2^53 - 1 and would not stay exact'
  // The same integer may be written as a fraction.
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER && digitsOf(literal) !== digitsOf(String(value)))
    return 'the number has more digits than would stay exact'
  // Writing minus zero as JSON gives zero.
  if (Object.is(value, -0)) return 'minus zero would not keep its sign'
  if (value === 0 && /[1-9]/.test(literal.replace(/[eE].*/, ''))) return 'the number is too small'
  return undefined
}

/** The digits that tell a number from its neighbours, without its sign, its point and its magnitude. */
function digitsOf(literal: string): string {
  return literal
    .replace(/[eE].*/, '')
    .replaceAll(/[-.]/g, '')
    .replaceAll(/^0+|0+$/g, '')
}
