import { toForm } from '../../../kernel/unicode.ts'

/** Abbreviations whose dot ends no sentence. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  dr: 'doctor',
  mr: 'mister',
  mrs: 'missus',
  ms: 'miz',
  prof: 'professor',
  'e.g': 'for example',
  'i.e': 'that is',
  etc: 'and so on',
  vs: 'versus',
  approx: 'approximately',
}

const UNITS: Readonly<Record<string, string>> = {
  'km/h': 'kilometers per hour',
  km: 'kilometers',
  cm: 'centimeters',
  mm: 'millimeters',
  kg: 'kilograms',
  mg: 'milligrams',
  ml: 'milliliters',
  kb: 'kilobytes',
  mb: 'megabytes',
  gb: 'gigabytes',
  tb: 'terabytes',
  ms: 'milliseconds',
  kwh: 'kilowatt hours',
  mph: 'miles per hour',
  '°c': 'degrees Celsius',
  '°f': 'degrees Fahrenheit',
  '°': 'degrees',
}

const CURRENCIES: Readonly<Record<string, string>> = { '€': 'euros', '£': 'pounds', '¥': 'yen' }

const MONTHS = Array.from({ length: 12 }, (_, month) =>
  new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2000, month)),
)

/** Letters that no decomposition makes plain. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
}

/** A longer address is said by its host alone: nobody remembers the rest from hearing it. */
const ADDRESS_CHARS_MAX = 50
/** The engine takes a time that grows with the square of the length of a word, and no word is as long. */
const WORD_CHARS_MAX = 30

/** One step of making text readable: what it looks for, and what is said instead. */
type Rule = readonly [RegExp, string | ((...found: string[]) => string)]

const RULES: readonly Rule[] = [
  // What looks like markup is never said, and never means anything to the engine.
  [/<\/?[a-z!?][^<>]{0,500}>/giu, ' '],
  [/[‘’‛´]/gu, "'"],
  [/[“”„«»"]/gu, ' '],
  [/\s[–—]\s|[—]/gu, ', '],
  [/(?<=\d)–(?=\d)/gu, ' to '],
  [/[–−‐‑]/gu, '-'],
  [/\b(?:https?:\/\/|www\.)([^\s<>)\]]{1,500})/giu, (_, address = '') => sayAddress(address)],
  [/\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gu, (address) => saySigns(address ?? '')],
  [
    /\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:T(\d\d:\d\d)(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?/gu,
    (_, year = '', month = '', day = '', time) =>
      `${MONTHS[Number(month) - 1] ?? ''} ${Number(day)} ${year}${time === undefined ? '' : ` at ${time}`}`,
  ],
  [/\b(\d{1,2}:\d\d):(\d\d)\b/gu, (_, time = '', seconds = '') => `${time} and ${Number(seconds)} seconds`],
  [/\b(\d+(?:\.\d+){2,8})\b/gu, (version = '') => version.replaceAll('.', ' point ')],
  [/([€£¥])\s?(\d[\d,]*(?:\.\d+)?)/gu, (_, sign = '', sum = '') => `${sum} ${CURRENCIES[sign] ?? ''}`],
  [/(?<=\d)\s?([€£¥])/gu, (_, sign = '') => ` ${CURRENCIES[sign] ?? ''}`],
  [
    /(?<=\d)\s?(km\/h|kwh|mph|km|cm|mm|kg|mg|ml|kb|mb|gb|tb|ms|°c|°f|°)(?![\w/])/giu,
    (_, unit = '') => ` ${UNITS[unit.toLowerCase()] ?? ''}`,
  ],
  [
    /\b(dr|mrs?|ms|prof|vs|approx|e\.g|i\.e)\.(?=\s|,)/giu,
    (_, short = '') => ABBREVIATIONS[short.toLowerCase()] ?? '',
  ],
  [/\betc\./giu, () => `${ABBREVIATIONS['etc'] ?? ''}.`],
  [/(?<=\d)\s?%/gu, ' percent'],
  [/#(?=\d)/gu, ' number '],
  [/(?<=^|[\s(])\+(?=\d)/gu, ' plus '],
  [/(?<=\d)\/(?=\d)/gu, ' slash '],
  [/(?<=\d)\s?[×*]\s?(?=\d)/gu, ' times '],
  [/(?<=\w)\+\+/gu, ' plus plus '],
  [/\s<\s/gu, ' less than '],
  [/\s>\s/gu, ' greater than '],
  [/\s=\s/gu, ' equals '],
  [/\s\+\s/gu, ' plus '],
  [/&/gu, ' and '],
  [/@/gu, ' at '],
  // A mark at the start of a line makes a list, and each of its points a sentence.
  [/^[ \t]*(?:[-*•+]|\d{1,3}[.)])[ \t]+/gmu, ''],
]

/** English as it is said: numbers, addresses, units and signs in words, and letters that the engine knows. */
export function toReadable(text: string): string {
  let readable = toForm(text, 'NFKC').toWellFormed()
  for (const [pattern, said] of RULES)
    readable = typeof said === 'string' ? readable.replace(pattern, said) : readable.replace(pattern, said)
  return (
    toForm(
      readable.replace(/[ßæÆœŒøØđĐłŁ]/gu, (letter) => PLAIN[letter] ?? ''),
      'NFKD',
    )
      .replaceAll(/\p{M}/gu, '')
      .replaceAll(/[^\n\w\s.,;:!?'$%-]|_/gu, ' ')
      .replaceAll(/[^\n\u0020-\u007e]/gu, ' ')
      // A dash that is no minus and stands in no word.
      .replaceAll(/(?<!\w)-+(?!\d)|-+(?!\w)/gu, ' ')
      .replaceAll(new RegExp(`[^\\s]{${WORD_CHARS_MAX}}(?=\\S)`, 'gu'), '$& ')
      .replaceAll(/[^\S\n]+/gu, ' ')
      .replaceAll(/ ?\n ?/gu, '\n')
      .replaceAll(/\s+(?=[.,;:!?](?:\s|$))/gu, '')
      .trim()
  )
}

/** Whether there is anything in it that can be said. */
export function isSayable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text)
}

function sayAddress(address: string): string {
  const trimmed = address.replace(/[.,;:!?'/]+$/u, '')
  const [host = ''] = trimmed.split(/[/?#]/u)
  return `${saySigns(trimmed.length > ADDRESS_CHARS_MAX ? host : trimmed)} ${address.slice(trimmed.length).replaceAll('/', '')}`
}

function saySigns(address: string): string {
  return address
    .replaceAll('@', ' at ')
    .replaceAll('.', ' dot ')
    .replaceAll('/', ' slash ')
    .replaceAll('-', ' dash ')
    .replaceAll('_', ' underscore ')
    .replaceAll('+', ' plus ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
