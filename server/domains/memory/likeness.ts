/** Changes of one letter (a swap of two counts as one) that lead from one word to another; `max + 1` when more are needed. */
export function distance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1
  let older: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const changed = Math.min(
        at(above, column) + 1,
        at(line, column - 1) + 1,
        at(above, column - 1) + (isSame ? 0 : 1),
      )
      line.push(isSwap && row > 1 && column > 1 ? Math.min(changed, at(older, column - 2) + 1) : changed)
    }
    if (Math.min(...line) > max) return max + 1
    older = above
    above = line
  }
  return at(above, b.length)
}

function at(line: readonly number[], column: number): number {
  return line[column] ?? Infinity
}

/** Shorter words have too many neighbours to guess. */
const GUESSED_LENGTH_MIN = 4
const LIKE_MAX = 8

/**
 * The words of a memory that one may mean that it does not have: those that begin so, else those one letter away (two
 * for a long word) with the same first letter.
 */
export function alike(term: string, known: (start: string) => readonly string[]): string[] {
  if (term.length < GUESSED_LENGTH_MIN) return []
  const longer = known(term)
  if (longer.length > 0) return longer.slice(0, LIKE_MAX)
  const max = term.length < 8 ? 1 : 2
  return known(String.fromCodePoint(term.codePointAt(0) ?? 0))
    .map((word) => ({ word, away: distance(term, word, max) }))
    .filter(({ away }) => away <= max)
    .toSorted((a, b) => a.away - b.away)
    .slice(0, LIKE_MAX)
    .map(({ word }) => word)
}
