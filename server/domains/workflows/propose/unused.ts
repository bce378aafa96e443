import type { ProposeContext, UnderstoodClause } from './proposal.ts'

/** Parts of a clause that are looked at one by one. */
const PARTS_MAX = 6

/** Of a clause that was guessed, the parts and the words of which nothing is done. */
export async function leftOutOf(
  clause: string,
  found: UnderstoodClause,
  understand: ProposeContext['understand'],
): Promise<string[]> {
  const parts = await unusedIn(clause, found, understand)
  const words = found.unread ?? []
  return [...parts, ...words.filter((word) => !parts.some((part) => part.toLowerCase().includes(word)))]
}

/** The parts of a clause without which it would mean the same, so that nothing is done of them. */
async function unusedIn(
  clause: string,
  { agent_number, action, parameters }: UnderstoodClause,
  understand: ProposeContext['understand'],
): Promise<string[]> {
  const parts = clause.split(/,\s*(?:and\s+)?|\s+(?:and|or|nor)\s+/iu)
  if (parts.length < 2 || parts.length > PARTS_MAX) return []
  const unused: string[] = []
  for (const [at, part] of parts.entries()) {
    const found = await understand(parts.toSpliced(at, 1).join(' and '))
    const isSame =
      found?.agent_number === agent_number &&
      found.action === action &&
      JSON.stringify(found.parameters) === JSON.stringify(parameters)
    if (isSame) unused.push(part)
  }
  return unused.length < parts.length ? unused : []
}
