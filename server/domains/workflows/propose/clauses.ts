import { bare, opensClause } from './words.ts'

const CLAUSES_MAX = 50
/** Signs that always part two clauses, and words that do only where another order follows. */
const PARTING =
  /(?<strong>\s*[;\n]\s*|\s*,?\s+(?:and\s+)?(?:then|afterwards|after that|finally)\s+(?:also\s+)?)|(?<weak>\s*,\s*(?:(?:and|but)\s+)?(?:also\s+)?|\s+(?:and|but)\s+(?:also\s+)?)/giu

/** The orders of a sentence, one by one. What is quoted is never parted. */
export function splitClauses(text: string): string[] {
  const clauses: string[] = []
  let from = 0
  for (const found of text.matchAll(PARTING)) {
    const end = found.index + found[0].length
    if (found.index < from || isQuoted(text, found.index)) continue
    const isStrong = found.groups?.['strong'] !== undefined
    if (!isStrong && (!opensClause(text.slice(end)) || isOpen(text.slice(from, found.index)))) continue
    clauses.push(text.slice(from, found.index))
    from = end
    if (clauses.length >= CLAUSES_MAX) break
  }
  clauses.push(text.slice(from))
  return clauses.map(bare).filter((clause) => clause !== '')
}

/** Nothing was ordered yet: the words so far, such as the name of an agent, only lead to an order. */
function isOpen(clause: string): boolean {
  return /^(?:agent (?:number )?\w+)?$/iu.test(bare(clause))
}

function isQuoted(text: string, at: number): boolean {
  const before = text.slice(0, at)
  const straight = before.match(/"/gu)?.length ?? 0
  return straight % 2 === 1 || (before.match(/[“«]/gu)?.length ?? 0) > (before.match(/[”»]/gu)?.length ?? 0)
}
