/** What follows a wake word, and which it was. */
export interface Addressed {
  word: string
  rest: string
}

/** One letter in so many may be heard otherwise. */
const LETTERS_PER_MISTAKE = 4
/** Words before it that say nothing. */
const FILLERS = new Set(['uh', 'um', 'oh', 'hey', 'ok', 'okay', 'so', 'and'])

/**
 * Finds a wake word at the start of what was said, written as the recogniser would: `pay os what time is it` after
 * `paios`. `undefined` when none is there, which tells a false alarm from a command.
 */
export function takeWakeWord(text: string, words: readonly string[]): Addressed | undefined {
  const said = [...text.matchAll(/[\p{L}\p{N}']+/gu)]
  const starts = FILLERS.has(said[0]?.[0].toLowerCase() ?? '') ? [0, 1] : [0]
  // A longer one first: with `house` and `hey house`, the second was said.
  for (const word of words.toSorted((a, b) => b.length - a.length)) {
    const wanted = lettersOf(word)
    if (wanted === '') continue
    for (const start of starts) {
      const end = matchedUntil(
        said.slice(start).map(([part]) => lettersOf(part)),
        wanted,
      )
      const last = end === 0 ? undefined : said[start + end - 1]
      if (last === undefined) continue
      const rest = text.slice(last.index + last[0].length).replace(/^[\s,.:;!?-]+/u, '')
      return { word, rest }
    }
  }
  return undefined
}

/** How many of the first words together are the wanted one, or 0. */
function matchedUntil(said: readonly string[], wanted: string): number {
  const mistakes_max = Math.floor(wanted.length / LETTERS_PER_MISTAKE)
  let best = { count: 0, mistakes: mistakes_max + 1 }
  let joined = ''
  // With another first letter it is mostly another word: `a house` is not addressed to the house.
  if (said[0]?.[0] !== wanted[0]) return 0
  for (const [index, part] of said.entries()) {
    joined += part
    if (joined.length > wanted.length + mistakes_max) break
    const mistakes = mistakesBetween(joined, wanted)
    if (mistakes < best.mistakes) best = { count: index + 1, mistakes }
  }
  return best.count
}

function lettersOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** Letters to add, drop or change. */
function mistakesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [index, letter] of Array.from(a).entries()) {
    const next = [index + 1]
    for (let at = 1; at <= b.length; at += 1)
      next.push(
        Math.min(
          (next[at - 1] ?? 0) + 1,
          (row[at] ?? 0) + 1,
          (row[at - 1] ?? 0) + (letter === b[at - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] ?? 0
}
