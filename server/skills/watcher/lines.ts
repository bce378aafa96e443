const LINES_MAX = 20
const LINE_CHARACTERS_MAX = 300

/** Lines that came and went between two texts, wherever they stand; at most 20 of each. */
export function changedLines(before: string, after: string): { added: string[]; removed: string[] } {
  const [old, fresh] = [countLines(before), countLines(after)]
  return { added: missing(fresh, old), removed: missing(old, fresh) }
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of text.split(/\r?\n/)) {
    const clean = line.trim()
    if (clean !== '') counts.set(clean, (counts.get(clean) ?? 0) + 1)
  }
  return counts
}

function missing(from: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): string[] {
  const lines: string[] = []
  for (const [line, count] of from) {
    const more = count - (other.get(line) ?? 0)
    for (let times = 0; times < more && lines.length < LINES_MAX; times += 1) lines.push(shortened(line))
  }
  return lines
}

export function shortened(line: string): string {
  return line.length > LINE_CHARACTERS_MAX
    ? `${line.slice(0, LINE_CHARACTERS_MAX - 1)}…`.toWellFormed()
    : line
}
