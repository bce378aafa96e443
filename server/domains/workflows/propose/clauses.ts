import { bare, isOwnThing, opensClause, orderOfGerund } from './words.ts'

const CLAUSES_MAX = 50
/** Signs that always part two clauses, and words that do only where another order follows. */
const PARTING =
  /(?<strong>\s*[;\n]\s*|\s*,?\s+(?:and\s+)?(?:then|afterwards|after that|finally)\s+(?:also\s+)?)|(?<weak>\s*,\s*(?:(?:and|but)\s+)?(?:also\s+)?|\s+(?:and|but)\s+(?:also\s+)?)/giu

const OF_SEVERAL =
  /^(?<verb>(?:list|show|read|display|tell|give|get|check|count)(?: me)?(?: out| up)?) (?<things>(?:my|the|our|all my)\b.+)$/iu

/** The orders of a sentence, one by one. What is quoted is never parted. */
export function splitClauses(said: string): string[] {
  // Runs of spaces and commas say no more than one, and cost the pattern as much as their square.
  const text = said.replaceAll(/[^\S\n]{2,}/gu, ' ').replaceAll(/,(?:[^\S\n]?,)+/gu, ',')
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
  return clauses
    .map(bare)
    .filter((clause) => clause !== '')
    .flatMap(each)
    .flatMap(askedBefore)
}

/** "Ask me before clearing the list" is a question, and an order that hangs on it. */
export const ASKED_BEFORE =
  /^ask me (?:first )?before (?:(?:i|you|we) (?<verb>[a-z]{2,20})|(?<doing>[a-z]{3,20}ing)) (?<what>(?!do\b|it\b|that\b|so\b).+)$/iu

function askedBefore(clause: string): string[] {
  const { verb, doing = '', what } = ASKED_BEFORE.exec(clause)?.groups ?? {}
  if (what === undefined) return [clause]
  return ['ask me first', `${verb ?? orderOfGerund(doing, what) ?? doing} ${what}`]
}

/** "List my notes and my tasks" orders two things, which are done one after the other. */
function each(clause: string): string[] {
  const { verb, things = '' } = OF_SEVERAL.exec(clause)?.groups ?? {}
  const parts = things.split(/\s*,\s*(?:and\s+)?|\s+and\s+/iu)
  const own = parts.filter((part) => isOwnThing(part))
  if (verb === undefined || parts.length < 2 || own.length < 2) return [clause]
  return parts.map((part) => `${verb} ${part}`)
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
