import { toForm } from '../../kernel/unicode.ts'
import { stem } from './stem.ts'

/** Words that are in so many entries that they would only cost time. */
const STOP_WORDS = new Set(
  `a about all am an and any are as at be been but by can could did do does for from had has have he her his how i if in is
  it its me my of on or our out say said she should so tell than that the their them then there these they this to us was
  we were what when where which who whom whose why will with would you your remember know think anything something note
  notes please s t d ll m re ve don didn doesn isn wasn`.split(/\s+/),
)

/** Words that a search uses, and how many of them there may be. */
const WORDS_MAX = 12
const WORD_LENGTH_MAX = 64
/** Words of an entry that are indexed. */
const TERMS_MAX = 20_000

/** The plain words of a text, in order: small letters without accents. A pictogram is a word. */
export function plainWords(text: string): string[] {
  const plain = toForm(text, 'NFKD').toLowerCase()
  const words: string[] = []
  for (const [found] of plain.matchAll(/[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu)) {
    const word = found.replaceAll(/\p{M}/gu, '')
    if (word !== '' && word.length <= WORD_LENGTH_MAX) words.push(word)
  }
  return words
}

/** The words of a question that are worth searching for; all of its words when it has no others. */
export function searchWords(query: string): string[] {
  const words = plainWords(query)
  const telling = words.filter((word) => !STOP_WORDS.has(word))
  return [...new Set(telling.length > 0 ? telling : words)].slice(0, WORDS_MAX)
}

/** The stems under which an entry is found, in order; words that are everywhere are indexed too. */
export function termsOf(text: string): string[] {
  return plainWords(text).slice(0, TERMS_MAX).map(stem)
}

/** Characters of an entry that are indexed. */
const TEXT_MAX = 100_000

/** The text of any JSON content: its strings and numbers, in order. */
export function textOf(content: unknown): string {
  const parts: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') parts.push(String(value))
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  visit(content)
  return parts.join(' ').slice(0, TEXT_MAX)
}
