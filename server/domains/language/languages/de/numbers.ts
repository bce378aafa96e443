import { plain, wordsIn } from '../rewrite.ts'

const UNITS: Readonly<Record<string, number>> = {
  null: 0,
  ein: 1,
  eins: 1,
  zwei: 2,
  zwo: 2,
  drei: 3,
  vier: 4,
  funf: 5,
  sechs: 6,
  sieben: 7,
  acht: 8,
  neun: 9,
  zehn: 10,
  elf: 11,
  zwolf: 12,
  dreizehn: 13,
  vierzehn: 14,
  funfzehn: 15,
  sechzehn: 16,
  siebzehn: 17,
  achtzehn: 18,
  neunzehn: 19,
}
const TENS: Readonly<Record<string, number>> = {
  zwanzig: 20,
  dreissig: 30,
  vierzig: 40,
  funfzig: 50,
  sechzig: 60,
  siebzig: 70,
  achtzig: 80,
  neunzig: 90,
}
const ORDINALS: Readonly<Record<string, number>> = { erst: 1, dritt: 3, siebt: 7, siebent: 7, acht: 8 }
const WORD_CHARACTERS_MAX = 60

/** Letters as they are compared: "Müll", "Muell" and "Mull" are one word. */
export function foldGerman(word: string): string {
  return plain(word).replaceAll(/([aou])e/gu, '$1')
}

/** The number that one word is: "fünfundzwanzig", "zweihundertdreißig". */
export function numberWord(folded: string): number | undefined {
  if (folded.length > WORD_CHARACTERS_MAX) return undefined
  const thousand = splitAt(folded, 'tausend')
  if (thousand === undefined) return belowThousand(folded)
  const [before, after] = thousand
  const count = before === '' ? 1 : belowThousand(before)
  const rest = after === '' ? 0 : belowThousand(after)
  return count === undefined || rest === undefined ? undefined : count * 1000 + rest
}

function belowThousand(word: string): number | undefined {
  const hundred = splitAt(word, 'hundert')
  if (hundred === undefined) return belowHundred(word)
  const [before, after] = hundred
  const count = before === '' ? 1 : UNITS[before]
  const rest = after === '' ? 0 : belowHundred(after)
  return count === undefined || rest === undefined || count > 19 ? undefined : count * 100 + rest
}

function belowHundred(word: string): number | undefined {
  const small = UNITS[word] ?? TENS[word]
  if (small !== undefined) return small
  const [, unit = '', tens = ''] = /^(\p{L}+?)und(\p{L}+)$/u.exec(word) ?? []
  const [ones, ten] = [UNITS[unit], TENS[tens]]
  return ones === undefined || ten === undefined || ones < 1 || ones > 9 ? undefined : ten + ones
}

function splitAt(word: string, scale: string): [before: string, after: string] | undefined {
  const place = word.indexOf(scale)
  return place < 0 ? undefined : [word.slice(0, place), word.slice(place + scale.length).replace(/^und/u, '')]
}

/** The number of an ordinal: "dritten", "einundzwanzigster". */
function ordinalWord(folded: string): number | undefined {
  const stem = /^(\p{L}+?)(?:e|en|er|es|em)$/u.exec(folded)?.[1] ?? ''
  if (Object.hasOwn(ORDINALS, stem)) return ORDINALS[stem]
  const tenth = /^(\p{L}+)st$/u.exec(stem)?.[1]
  const value = tenth === undefined ? UNITS[/^(\p{L}+)t$/u.exec(stem)?.[1] ?? ''] : numberWord(tenth)
  if (value === undefined) return undefined
  return tenth === undefined
    ? value >= 2 && value < 20
      ? value
      : undefined
    : value >= 20
      ? value
      : undefined
}

/** A text in small letters without marks, its numbers in digits and its ordinals as "3th". "Ein" stays a word. */
export function lineOf(text: string): string {
  const words = wordsIn(text).map(foldGerman)
  const line: string[] = []
  for (let at = 0; at < words.length;) {
    const read = numberAt(words, at)
    line.push(read?.said ?? words[at] ?? '')
    at = read?.next ?? at + 1
  }
  return line.join(' ')
}

function numberAt(words: readonly string[], at: number): { said: string; next: number } | undefined {
  const word = words[at] ?? ''
  const scaled = scaledAt(words, at)
  if (scaled !== undefined) return scaled
  const value = valueOf(word)
  if (value === undefined) {
    const nth = ordinalWord(word)
    return nth === undefined ? undefined : { said: `${nth}th`, next: at + 1 }
  }
  const next = words[at + 1] ?? ''
  const tens = TENS[words[at + 2] ?? '']
  // Recognisers write "fünf und zwanzig" apart.
  if (next === 'und' && tens !== undefined && value > 0 && value < 10 && !/^\d/u.test(word))
    return { said: String(tens + value), next: at + 3 }
  const digits = next === 'komma' ? digitsFrom(words, at + 2) : ''
  if (digits !== '') return { said: `${value}.${digits}`, next: at + 2 + digits.length }
  return { said: String(value), next: at + 1 }
}

/** "zwei Millionen", "eine Million". */
function scaledAt(words: readonly string[], at: number): { said: string; next: number } | undefined {
  const scale = { million: 1e6, millionen: 1e6, milliarde: 1e9, milliarden: 1e9 }[words[at + 1] ?? '']
  const word = words[at] ?? ''
  const count = /^ein(?:e|er|en)?$/u.test(word)
    ? 1
    : /^\d+(?:\.\d+)?$/u.test(word)
      ? Number(word)
      : numberWord(word)
  if (scale === undefined || count === undefined) return undefined
  return { said: String(Number((count * scale).toPrecision(12))), next: at + 2 }
}

/** A number that is written in digits is no word for one, and "ein" is mostly an article. */
function valueOf(word: string): number | undefined {
  return word === 'ein' ? undefined : numberWord(word)
}

/** The digits that are said after "Komma", each a word of its own. */
function digitsFrom(words: readonly string[], at: number): string {
  let digits = ''
  for (
    let value = UNITS[words[at] ?? ''];
    value !== undefined && value < 10;
    value = UNITS[words[at + digits.length] ?? '']
  )
    digits += String(value)
  return digits
}

/** The number that a text consists of: "minus zwölf", "2,5", "eine". */
export function readNumber(text: string): number | undefined {
  const line = lineOf(text)
  const [, sign = '', said = ''] = /^(minus |- )?(.*)$/u.exec(line) ?? []
  const value = /^ein(?:e|en|er|em|es)?$/u.test(said)
    ? 1
    : /^\d+(?:\.\d+)?$/u.test(said)
      ? Number(said)
      : undefined
  if (value === undefined) return undefined
  return sign === '' ? value : 0 - value
}
