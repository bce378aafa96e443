import { ActionError } from '../../skill.ts'

/** More digits than this are no number that anybody reads. */
const DIGITS_MAX = 256

/** A way to write whole numbers. */
export interface Base {
  radix: number
  name: string
}

const BASES: readonly (readonly [number, string, RegExp])[] = [
  [2, 'binary', /^(?:binary|bin|base ?2|base two)$/],
  [8, 'octal', /^(?:octal|oct|base ?8|base eight)$/],
  [10, 'decimal', /^(?:decimal|dec|denary|base ?10|base ten)$/],
  [16, 'hexadecimal', /^(?:hexadecimal|hexa|hex|base ?16|base sixteen)$/],
]
const PREFIXES: Readonly<Record<number, RegExp>> = { 2: /^0b/, 8: /^0o/, 16: /^(?:0x|#)/ }
const NUMERALS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** The number base that these words name: "binary", "hex", "base 36", or `undefined`. */
export function baseOf(words: string): Base | undefined {
  const name = words
    .trim()
    .toLowerCase()
    .replace(/ (?:number|notation|digits|system)$/, '')
  const known = BASES.find(([, , pattern]) => pattern.test(name))
  if (known !== undefined) return { radix: known[0], name: known[1] }
  const radix = Number(/^base ?(\d{1,2})$/.exec(name)?.[1] ?? 0)
  return radix >= 2 && radix <= 36 ? { radix, name: `base ${radix}` } : undefined
}

/**
 * Writes a whole number in another base.
 *
 * @throws ActionError when the digits are not of the first base.
 */
export function rebase(value: string, from: Base, to: Base): string {
  const digits = value
    .trim()
    .toLowerCase()
    .replaceAll(/[\s,_]/g, '')
  const sign = digits.startsWith('-') ? '-' : ''
  const bare = digits.slice(sign.length).replace(PREFIXES[from.radix] ?? /^$/, '')
  if (bare === '' || bare.length > DIGITS_MAX) throw new ActionError('A number has 1 to 256 digits.')
  let total = 0n
  for (const numeral of bare) {
    const digit = NUMERALS.indexOf(numeral)
    if (digit < 0 || digit >= from.radix)
      throw new ActionError(`"${value.trim()}" is not a whole number in ${from.name}.`)
    total = total * BigInt(from.radix) + BigInt(digit)
  }
  return `${sign}${total.toString(to.radix)}`
}
