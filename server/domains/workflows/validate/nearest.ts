/** The name that takes the fewest changes of one letter. */
export function nearest(wanted: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let fewest = Infinity
  for (const name of names) {
    const changes = changesBetween(wanted, name, fewest)
    if (changes < fewest) [best, fewest] = [name, changes]
  }
  return best
}

/** Letters to add, leave out or replace (Levenshtein), or `limit` when there are as many or more. */
export function changesBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      line.push(Math.min(replaced, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1))
    }
    if (Math.min(...line) >= limit) return limit
    above = line
  }
  return above[b.length] ?? limit
}
