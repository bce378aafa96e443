import { sentencesOf } from './sentences.ts'

/** Scripts that do not put spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

export interface TextLength {
  words: number
  characters: number
  sentences: number
}

/** How long a text is: words between spaces, characters as a reader sees them (an emoji is one), sentences. */
export function lengthOf(text: string): TextLength {
  return { words: countWords(text), characters: countCharacters(text), sentences: sentencesOf(text).length }
}

function countWords(text: string): number {
  if (!UNSPACED.test(text)) return text.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0
  let words = 0
  for (const { isWordLike } of new Intl.Segmenter('en', { granularity: 'word' }).segment(text))
    if (isWordLike === true) words += 1
  return words
}

function countCharacters(text: string): number {
  // Latin letters do not combine, so that plain text need not be looked at sign by sign.
  if (!/[^\t\n\u0020-\u024f\u2010-\u2027]/u.test(text)) return text.length
  let characters = 0
  for (const _ of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) characters += 1
  return characters
}
