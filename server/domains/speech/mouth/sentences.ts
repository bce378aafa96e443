import { isSayable } from './readable.ts'

/** A sentence is made as a whole, so a longer one would keep its hearer waiting and the memory of the engine busy. */
const SENTENCE_CHARS_MAX = 200
/** The first is what somebody waits for: it ends at the first comma and the like from here on. */
const FIRST_CHARS_MAX = 60
const FIRST_CHARS_MIN = 12

/** A text in pieces that are spoken one by one: sentences, long ones at commas and then at spaces. */
export function splitSentences(text: string, language: string): string[] {
  const segmenter = new Intl.Segmenter(segmenterLanguage(language), { granularity: 'sentence' })
  const pieces = [...segmenter.segment(text)]
    .flatMap(({ segment }) => segment.split('\n'))
    .flatMap((sentence) => bounded(sentence.trim()))
    .filter((sentence) => isSayable(sentence))
  const [first, ...rest] = pieces
  return first === undefined ? [] : [...opening(first), ...rest]
}

/** An unknown tag would make the segmenter throw; sentences end alike nearly everywhere. */
function segmenterLanguage(language: string): string {
  return /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/iu.test(language) ? language : 'en'
}

function bounded(sentence: string): string[] {
  const pieces: string[] = []
  let rest = sentence
  while (rest.length > SENTENCE_CHARS_MAX) {
    const at = cut(rest.slice(0, SENTENCE_CHARS_MAX))
    pieces.push(rest.slice(0, at).trim())
    rest = rest.slice(at).trim()
  }
  return [...pieces, rest]
}

/** Where to end a piece: behind the last comma of its second half, else at its last space, else at its end. */
function cut(part: string): number {
  const comma = Math.max(...[', ', '; ', ': ', ' - '].map((sign) => part.lastIndexOf(sign)))
  if (comma > part.length / 2) return comma + 1
  const space = part.lastIndexOf(' ')
  if (space > 0) return space
  // Half a character of two units would be no character.
  return /[\uD800-\uDBFF]$/u.test(part) ? part.length - 1 : part.length
}

function opening(first: string): string[] {
  if (first.length <= FIRST_CHARS_MAX) return [first]
  const comma = /[,;:](?=\s)/u.exec(first.slice(FIRST_CHARS_MIN))
  const at = comma === null ? first.length : FIRST_CHARS_MIN + comma.index + 1
  const [now, later] = [first.slice(0, at).trim(), first.slice(at).trim()]
  return isSayable(later) ? [now, later] : [first]
}
