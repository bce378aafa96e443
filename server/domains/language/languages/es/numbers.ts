import { plain, wordsIn } from '../rewrite.ts'

const SMALL =
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete ' +
  'dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete ' +
  'veintiocho veintinueve'
const VALUES = new Map([
  ...SMALL.split(' ').map((word, value) => [word, value] as const),
  ...'treinta cuarenta cincuenta sesenta setenta ochenta noventa'
    .split(' ')
    .map((word, at) => [word, at * 10 + 30] as const),
  ['veintiun', 21],
  ['veintiuna', 21],
] as const)
const HUNDREDS = new Map([
  ['cien', 100],
  ['ciento', 100],
  ...'doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos'
    .split(' ')
    .flatMap((word, at) => [word, word.replace(/os$/u, 'as')].map((one) => [one, at * 100 + 200] as const)),
] as const)
/** Without the second and the fourth, which are units of time as well: "un segundo", "un cuarto de hora". */
const ORDINALS = new Map([
  ['primer', 1],
  ['tercer', 3],
  ['quint', 5],
  ['sext', 6],
  ['septim', 7],
  ['octav', 8],
  ['noven', 9],
  ['decim', 10],
])

/** Letters as they are compared: "mañana" and "manana" are one word. */
export const foldSpanish = plain

interface Read {
  value: number
  next: number
}

function belowHundred(words: readonly string[], at: number): Read | undefined {
  const value = VALUES.get(words[at] ?? '')
  if (value === undefined) return undefined
  const unit = words[at + 2] === 'un' || words[at + 2] === 'una' ? 1 : VALUES.get(words[at + 2] ?? '')
  const joins = value >= 30 && words[at + 1] === 'y' && unit !== undefined && unit > 0 && unit < 10
  return joins ? { value: value + unit, next: at + 3 } : { value, next: at + 1 }
}

function belowThousand(words: readonly string[], at: number): Read | undefined {
  const hundreds = HUNDREDS.get(words[at] ?? '')
  if (hundreds === undefined) return belowHundred(words, at)
  const rest = belowHundred(words, at + 1)
  return rest === undefined
    ? { value: hundreds, next: at + 1 }
    : { value: hundreds + rest.value, next: rest.next }
}

function belowMillion(words: readonly string[], at: number): Read | undefined {
  const first = words[at] === 'mil' ? { value: 1, next: at } : belowThousand(words, at)
  if (first === undefined || words[first.next] !== 'mil') return first
  const rest = belowThousand(words, first.next + 1)
  const value = first.value * 1000
  return rest === undefined ? { value, next: first.next + 1 } : { value: value + rest.value, next: rest.next }
}

function numberAt(words: readonly string[], at: number): Read | undefined {
  const typed = /^\d+(?:\.\d+)?$/u.test(words[at] ?? '')
    ? { value: Number(words[at]), next: at + 1 }
    : undefined
  // "Por ciento" counts nothing.
  if (words[at] === 'ciento' && words[at - 1] === 'por') return undefined
  const one = words[at] === 'un' ? { value: 1, next: at + 1 } : undefined
  const count = typed ?? belowMillion(words, at) ?? one
  if (count === undefined) return undefined
  if (/^millon(?:es)?$/u.test(words[count.next] ?? '')) {
    const from = words[count.next + 1] === 'de' ? count.next + 2 : count.next + 1
    const rest = belowMillion(words, count.next + 1)
    const value = Number((count.value * 1e6).toPrecision(12))
    return rest === undefined ? { value, next: from } : { value: value + rest.value, next: rest.next }
  }
  if (typed !== undefined || one !== undefined) return undefined
  return withDecimals(words, count)
}

/** "dos coma cinco", "tres punto uno cuatro". */
function withDecimals(words: readonly string[], whole: Read): Read {
  if (!/^(?:coma|punto)$/u.test(words[whole.next] ?? '')) return whole
  let digits = ''
  let next = whole.next + 1
  for (
    let value = VALUES.get(words[next] ?? '');
    value !== undefined;
    value = VALUES.get(words[next] ?? '')
  ) {
    digits += String(value)
    next += 1
  }
  return digits === '' ? whole : { value: Number(`${whole.value}.${digits}`), next }
}

/** A text in small letters without marks, its numbers in digits and its ordinals as "3th". "Un" stays a word. */
export function lineOf(text: string): string {
  const words = wordsIn(text).map(foldSpanish)
  const line: string[] = []
  for (let at = 0; at < words.length;) {
    const read = numberAt(words, at)
    const word = words[at] ?? ''
    const nth = ORDINALS.get(/^(\p{L}+?)[oa]?$/u.exec(word)?.[1] ?? '')
    line.push(read === undefined ? (nth === undefined ? word : `${nth}th`) : String(read.value))
    at = read?.next ?? at + 1
  }
  return line.join(' ')
}

/** The number that a text consists of: "menos doce", "2,5", "una". */
export function readNumber(text: string): number | undefined {
  const [, sign = '', said = ''] = /^(menos |- )?(.*)$/u.exec(lineOf(text)) ?? []
  const value = /^un[oa]?$/u.test(said) ? 1 : /^\d+(?:\.\d+)?$/u.test(said) ? Number(said) : undefined
  if (value === undefined) return undefined
  return sign === '' ? value : 0 - value
}
