import { toForm } from '../../../kernel/unicode.ts'

/** A word of a sentence as it is compared, and where it stands. */
interface Word {
  key: string
  start: number
  end: number
}

/** A sentence as times are read from it: small words with one space between, spoken numbers in digits. */
export interface Line {
  readonly source: string
  readonly text: string
  readonly words: readonly Word[]
  /** Where each word begins in `text`. */
  readonly starts: readonly number[]
}

const WORD =
  /\w+:\/\/\S+|(?<!\S)[~/]\S+|[ap]\.\s?m\b\.?|\d{1,2}[:.]\d\d(?!\d)|\d+(?:st|nd|rd|th)\b|\d+|[\p{L}\p{M}]+(?:['’]\p{L}+)*/giu
const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty']
const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'.split(
    ' ',
  )

/** Reads a sentence into words. */
export function lineOf(source: string): Line {
  const words: Word[] = []
  for (const { 0: raw, index } of source.matchAll(WORD)) {
    const word = { key: keyOf(raw), start: index, end: index + raw.length }
    const last = words.at(-1)
    const joined = last && joinedKey(last.key, word.key, source.slice(last.end, word.start))
    if (last !== undefined && joined !== undefined)
      words[words.length - 1] = { ...last, key: joined, end: word.end }
    else words.push(word)
  }
  let text = ''
  const starts: number[] = []
  const plain = words.map((word) => ({ ...word, key: numberKey(word.key) }))
  for (const { key } of plain) {
    if (text !== '') text += ' '
    starts.push(text.length)
    text += key
  }
  return { source, text, words: plain, starts }
}

/** A pattern that begins at one place of a line and ends with a word. */
export function phrase(pattern: string): RegExp {
  return new RegExp(`(?:${pattern})(?= |$)`, 'uy')
}

/** What a pattern finds exactly there, and where the next word begins. */
export function matchAt(
  pattern: RegExp,
  line: Line,
  at: number,
): { groups: string[]; next: number } | undefined {
  pattern.lastIndex = at
  const found = pattern.exec(line.text)
  if (found === null || found[0] === '') return undefined
  return { groups: [...found].map((group) => group ?? ''), next: at + found[0].length + 1 }
}

/** The source before the word that begins at `from`, and after the words before `to`. */
export function around(line: Line, from: number, to: number): { before: string; after: string } {
  const first = line.words[line.starts.indexOf(from)]
  const next = line.starts.findIndex((start) => start >= to)
  const last = line.words.at(next === -1 ? -1 : next - 1)
  return {
    before: line.source.slice(0, first?.start ?? 0).replace(/[\s,;:]+$/u, ''),
    after: line.source.slice(last?.end ?? line.source.length).replace(/^[\s,;:.]+/u, ''),
  }
}

function keyOf(raw: string): string {
  if (/^(?:\w+:\/\/|[~/])/u.test(raw)) return '"'
  const key = toForm(raw, 'NFKC').toLowerCase().replaceAll(/['’]/gu, '')
  return /^[ap]\./u.test(key) ? `${key.charAt(0)}m` : key
}

/** "twenty" and "five", which are one number. */
function joinedKey(first: string, second: string, between: string): string | undefined {
  const tens = TENS.indexOf(first)
  if (tens < 2 || !/^[ -]$/u.test(between)) return undefined
  const unit = UNITS.indexOf(second)
  if (unit > 0 && unit < 10) return String(tens * 10 + unit)
  const nth = ORDINALS.indexOf(second)
  return nth >= 0 && nth < 9 ? `${tens * 10 + nth + 1}th` : undefined
}

function numberKey(key: string): string {
  const unit = UNITS.indexOf(key)
  if (unit >= 0) return String(unit)
  const tens = TENS.indexOf(key)
  if (tens >= 2) return String(tens * 10)
  const nth = ORDINALS.indexOf(key)
  if (nth >= 0) return `${nth + 1}th`
  if (key === 'thirtieth') return '30th'
  return key.replace(/^(\d+)(?:st|nd|rd)$/u, '$1th')
}

/** A piece of what is read, by a pattern that begins at one place of a line. */
export interface PieceRule<T> {
  pattern: RegExp
  read: (groups: readonly string[]) => T
}

/** As many pieces as follow each other from there on, each the longest that says nothing again. */
export function readPieces<T extends object>(
  rules: readonly PieceRule<T>[],
  line: Line,
  start: number,
  { most, known }: { most: number; known: T },
): { draft: T; next: number } {
  let draft = known
  let next = start
  for (let piece = 0; piece < most && next < line.text.length; piece += 1) {
    const read = longest(rules, line, next, draft)
    if (read === undefined) break
    draft = { ...draft, ...read.draft }
    next = read.next
  }
  return { draft, next }
}

function longest<T extends object>(
  rules: readonly PieceRule<T>[],
  line: Line,
  at: number,
  known: T,
): { draft: T; next: number } | undefined {
  let best: { draft: T; next: number } | undefined
  for (const { pattern, read } of rules) {
    const found = matchAt(pattern, line, at)
    if (found === undefined || found.next <= (best?.next ?? at)) continue
    const draft = read(found.groups)
    if (!Object.keys(draft).some((key) => key in known)) best = { draft, next: found.next }
  }
  return best
}
