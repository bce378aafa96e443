import { splitSentences } from '../mouth/sentences.ts'

/** Characters that are sent to an engine at once. */
const PIECE_CHARACTERS_MAX = 600

/**
 * A text in pieces that are spoken one after the other. The first is short, so that something can be heard soon; those that
 * follow are as long as they may be, so that they sound like one speech and few requests are made.
 */
export function toPieces(text: string, language: string): string[] {
  const [first, ...rest] = splitSentences(text, language)
  if (first === undefined) return []
  const pieces: string[] = []
  for (const sentence of rest) {
    const last = pieces.at(-1)
    if (last !== undefined && last.length + 1 + sentence.length <= PIECE_CHARACTERS_MAX)
      pieces[pieces.length - 1] = `${last} ${sentence}`
    else pieces.push(sentence)
  }
  return [first, ...pieces]
}
