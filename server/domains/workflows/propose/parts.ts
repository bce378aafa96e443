import type { SaidCondition } from './conditions.ts'
import { literal } from './quoting.ts'
import { outcome } from './results.ts'
import type { Telling } from './results.ts'

/** A text that is still to be told: worked out by an expression, or as it was said. */
export interface Part {
  expression?: string
  text?: string
  condition: string | undefined
  step?: string
}

/** A step of an agent that later clauses may speak of. */
export interface Done {
  id: string
  telling: Telling
  summary: string
  subject: string
}

/** What is told of a step on a condition: of one that has failed, why. */
export function aboutOne(
  { id, telling, summary, subject }: Done,
  { kind }: SaidCondition,
): Omit<Part, 'condition'> {
  if (kind === 'worked') return { text: `${subject}: it works.` }
  if (kind !== 'failed') return { expression: outcome(id, telling, summary) }
  const lead = telling.refused === undefined ? 'This could not be done' : 'No good answer'
  const error = `(steps.${id}.error ?? 'no reason given')`
  const why =
    telling.refused !== undefined && telling.refused('') !== 'false'
      ? `(steps.${id}.status === 'completed' ? 'status ' + steps.${id}.result.status : ${error})`
      : error
  return { expression: `${literal(`${lead}: ${subject} (`)} + ${why} + ')'` }
}

export function both(one: string | undefined, other: string | undefined): string | undefined {
  return one === undefined || other === undefined ? (one ?? other) : `(${one}) && (${other})`
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const IT = /^(?:it|that|them|this|those|(?:the )?results?)$/iu

/** Whether a value only points at what was found. */
export function isAnaphor(value: unknown): boolean {
  return typeof value === 'string' && IT.test(value)
}

/** A part of what a page or an address has answered, which nobody can take out by its name. */
const PART =
  /^(?:the|its) (?:title|titles|headline|headlines|first \w+|name|price|value|number|date|status|temperature|weather|subject|sender|author|link|links|total)$/iu

/** Whether a value names a part of what was found, as "the title" does: written down as it is, it would be of no use. */
export function isPartOfIt(name: string, value: unknown): boolean {
  const values = Array.isArray(value) ? value : name === 'text' ? [value] : []
  return values.some((one) => typeof one === 'string' && PART.test(one))
}

/** An expression for what is told of a step, whatever came of it. */
export function outcomeOf({ id, telling, summary }: Done): string {
  return outcome(id, telling, summary)
}
