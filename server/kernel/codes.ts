/** Bytes that codes begin with, or that stand between characters and are no part of them. */
export const [NUL, ESC, PERCENT, AND, LESS, GREATER, BACKSLASH] = [0, 27, 37, 38, 60, 62, 92]
export const CODES: readonly number[] = [NUL, ESC, PERCENT, AND, LESS, BACKSLASH]
export const IS_CODE = Uint8Array.from({ length: 256 }, (_, byte) => (CODES.includes(byte) ? 1 : 0))

/** What JSON and JavaScript write with a letter after a backslash, and what they write as it is. */
export const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
])
export const ESCAPED = '/\\"\'`$'

/** What HTML calls the characters of ASCII that secrets are written with. */
export const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '&': 'amp AMP',
    '<': 'lt LT',
    '>': 'gt GT',
    '"': 'quot QUOT',
    "'": 'apos',
    '/': 'sol',
    '\\': 'bsol',
    '+': 'plus',
    '=': 'equals',
    _: 'lowbar UnderBar',
    '.': 'period',
    ',': 'comma',
    ':': 'colon',
    ';': 'semi',
    '!': 'excl',
    '?': 'quest',
    '#': 'num',
    $: 'dollar',
    '%': 'percnt',
    '@': 'commat',
    '*': 'ast midast',
    '(': 'lpar',
    ')': 'rpar',
    '[': 'lsqb lbrack',
    ']': 'rsqb rbrack',
    '{': 'lcub lbrace',
    '}': 'rcub rbrace',
    '|': 'verbar vert VerticalLine',
    '^': 'Hat',
    '`': 'grave DiacriticalGrave',
    '\t': 'Tab',
    '\n': 'NewLine',
  }).flatMap(([character, names]) => names.split(' ').map((name) => [name, character] as const)),
)
/** Characters of the longest of them. */
export const NAME_CHARACTERS = 16
export const DIGITS_MAX = 12
export const HEX = /^[0-9a-f]$/i

const [HASH, SEMICOLON, SMALL_U, SMALL_X, LARGE_X] = [35, 59, 117, 120, 88]
const HEX_VALUE = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = String.fromCharCode(byte)
  return HEX.test(digit) ? Number.parseInt(digit, 16) : -1
})
const LETTER_VALUE = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[a-z]/i.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** There is no code; what there is takes a closer look. */
export const ABSENT = -1
export const UNCLEAR = -2

/** The first byte of what a code stands for, and of what that does where it begins a code itself. */
export interface Glance {
  byte: number
  inner: number
}
export const NONE: Glance = { byte: ABSENT, inner: ABSENT }

/** Where the last code that was read ends: answered beside its byte, since this is done for every code there is. */
let end = 0

/** What the code at a place begins with, as far as that is plain to see. */
export function glance(bytes: Uint8Array, at: number): Glance {
  const byte = byteAt(bytes, at, bytes[at] ?? 0)
  if (byte === ABSENT) return NONE
  if (byte !== PERCENT && byte !== AND && byte !== BACKSLASH) return { byte, inner: ABSENT }
  // What follows may be a code, too, and part of the inner one.
  return { byte, inner: IS_CODE[bytes[end] ?? 0] === 1 ? UNCLEAR : byteAt(bytes, end - 1, byte) }
}

/** The same of a code that begins with this byte, whatever stands at the place itself. */
function byteAt(bytes: Uint8Array, at: number, first: number): number {
  if (first === PERCENT) return hexAt(bytes, at + 1, 2)
  return first === AND ? entityByte(bytes, at + 1) : escapeByte(bytes, at + 1)
}

function escapeByte(bytes: Uint8Array, at: number): number {
  const kind = bytes[at] ?? 0
  end = at + 1
  if (kind === BACKSLASH) return kind
  if (IS_CODE[kind] === 1) return UNCLEAR
  if (kind !== SMALL_U && kind !== SMALL_X) {
    const name = String.fromCharCode(kind)
    return CONTROLS.get(name)?.charCodeAt(0) ?? (ESCAPED.includes(name) ? kind : ABSENT)
  }
  return firstOf(hexAt(bytes, at + 1, kind === SMALL_U ? 4 : 2))
}

/** The value of so many digits. */
function hexAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  end = at + count
  for (let index = at; index < end; index += 1) {
    const byte = bytes[index] ?? 0
    if (IS_CODE[byte] === 1) return UNCLEAR
    const digit = HEX_VALUE[byte] ?? -1
    if (digit < 0) return ABSENT
    value = value * 16 + digit
  }
  return value
}

function entityByte(bytes: Uint8Array, at: number): number {
  if (bytes[at] === HASH) return numberByte(bytes, at + 1)
  let name = ''
  for (let index = at; index <= at + NAME_CHARACTERS; index += 1) {
    const byte = bytes[index] ?? 0
    if (IS_CODE[byte] === 1) return UNCLEAR
    if (LETTER_VALUE[byte] !== 1) return ABSENT
    name += String.fromCharCode(byte)
    const meant = NAMES.get(name)
    if (meant === undefined) continue
    const after = bytes[index + 1] ?? 0
    end = index + (after === SEMICOLON ? 2 : 1)
    return IS_CODE[after] === 1 ? UNCLEAR : meant.charCodeAt(0)
  }
  return ABSENT
}

function numberByte(bytes: Uint8Array, at: number): number {
  const isHex = bytes[at] === SMALL_X || bytes[at] === LARGE_X
  let value = 0
  for (let index = isHex ? at + 1 : at; ; index += 1) {
    const byte = bytes[index] ?? 0
    if (IS_CODE[byte] === 1) return UNCLEAR
    const digit = HEX_VALUE[byte] ?? -1
    if (digit >= 0 && (isHex || digit < 10) && index < at + DIGITS_MAX) {
      value = value * (isHex ? 16 : 10) + digit
      continue
    }
    end = index + (byte === SEMICOLON ? 1 : 0)
    return firstOf(value)
  }
}

/** The first byte of a character as UTF-8. */
function firstOf(code: number): number {
  if (code < 0x80) return code
  if (code < 0x800) return 0xc0 | (code >> 6)
  if (code >= 0xd800 && code < 0xe000) return UNCLEAR
  return code < 0x1_0000 ? 0xe0 | (code >> 12) : 0xf0 | ((code >> 18) & 7)
}
