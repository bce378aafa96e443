import { isIP } from 'node:net'
import { ibanLength } from './iban.ts'

export type SecretKind = 'credentials' | 'email' | 'iban' | 'card' | 'ip' | 'phone'

export interface Redacted {
  text: string
  found: { kind: SecretKind; count: number }[]
}

/** Where a secret of a kind may stand, and how much of the match really is one: 0 for none of it. */
interface Finder {
  kind: SecretKind
  pattern: RegExp
  secretLength: (match: string) => number
}

/** Taking one secret out may bare another one beside it; texts settle after one or two rounds. */
const ROUNDS_MAX = 10

/** In this order: the password in a URL looks like an e-mail address, and a card number like a phone number. */
const FINDERS: readonly Finder[] = [
  {
    kind: 'credentials',
    pattern: /(?<=[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,300}(?=@)/gi,
    secretLength: (match) => (match === '[credentials]' ? 0 : match.length),
  },
  {
    kind: 'email',
    pattern:
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/gu,
    secretLength: (match) => match.length,
  },
  { kind: 'iban', pattern: /(?<![a-z0-9])[a-z]{2}\d{2}[a-z0-9 \u00a0-]{11,50}/gi, secretLength: ibanLength },
  {
    kind: 'card',
    pattern: /(?<![\w.,+-])\d{4}[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{1,4})?(?:[ -]?\d{1,3})?(?!\d)/g,
    secretLength: (match) => prefixLength(match, isCard),
  },
  {
    kind: 'ip',
    pattern: /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)/g,
    secretLength: (match) => (isIP(match) === 0 ? 0 : match.length),
  },
  {
    kind: 'ip',
    pattern: /(?<![\w.:])[0-9a-f:]{2,39}(?:(?:\.\d{1,3}){3})?(?![\w:])/gi,
    // "a::b" is a valid address too, but more often a name in a program.
    secretLength: (match) => (isIP(match) === 6 && /\d/.test(match) ? match.length : 0),
  },
  {
    kind: 'phone',
    pattern:
      /(?<![\w.,:/#@+-])(?:(?:\+|\(\+)\d(?:[ ./()-]{0,2}\d){6,14}|(?:\(\d|0\d)(?:[ ./()-]{0,2}\d){5,13}|(?:1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}|\d{3}[-.]\d{4})(?![\w@])/g,
    secretLength: (match) => prefixLength(match, isPhone),
  },
]

const DATE = /^\d{1,2}[./-]\d{1,2}[./-](?:\d{4}(?!\d)|\d{2}(?![./-]?\d))/

/**
 * Replaces what identifies or opens something by its kind in brackets: e-mail addresses, phone numbers, IBANs and card
 * numbers with right check digits, IP addresses, and sign-in names and passwords in URLs. Names of people stay.
 */
export function redactSecrets(text: string): Redacted {
  const counts = new Map<SecretKind, number>()
  let rest = text
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = rest
    for (const finder of FINDERS) rest = redact(rest, finder, counts)
    if (rest === before) break
  }
  return { text: rest, found: [...counts].map(([kind, count]) => ({ kind, count })) }
}

function redact(text: string, finder: Finder, counts: Map<SecretKind, number>): string {
  const { kind, pattern } = finder
  let redacted = ''
  let kept = 0
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const length = finder.secretLength(match[0])
    // What is no secret as a whole may have one inside, so that the search goes on right behind its first sign.
    pattern.lastIndex = match.index + Math.max(1, length)
    if (length === 0) continue
    redacted += `${text.slice(kept, match.index)}[${kind}]`
    kept = match.index + length
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return redacted + text.slice(kept)
}

/** The longest beginning, up to the end of a group of digits, that passes the test. */
function prefixLength(match: string, test: (text: string) => boolean): number {
  const ends = [...match.matchAll(/\d(?!\d)/g)].map(({ index }) => index + 1)
  return ends.toReversed().find((end) => test(match.slice(0, end))) ?? 0
}

/** Whether the digits have the length and the check digit of a payment card (Luhn). */
function isCard(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '')
  if (digits.length < 13 || digits.length > 19 || !/^[2-6]/.test(digits)) return false
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 1 : 2)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return sum % 10 === 0
}

/** Enough digits, and no date; the pattern has seen to the rest. */
function isPhone(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '').length
  return digits >= 7 && digits <= 15 && !DATE.test(text)
}
