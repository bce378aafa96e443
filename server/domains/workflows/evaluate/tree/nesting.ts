import type { Token } from 'acorn'
import { Refused } from './refused.ts'

/** Levels of brackets and operators within each other. The parser calls itself for each, and so does the evaluation. */
export const NESTING_MAX = 200

const OPENS: ReadonlySet<string> = new Set(['(', '[', '{', '${'])
const CLOSES: ReadonlySet<string> = new Set([')', ']', '}'])
/** Parts for which the parser needs no further call of itself. */
const FLAT: ReadonlySet<string> = new Set('name num string template ` . ?. true false null eof'.split(' '))

/** Stops the parser where brackets and operators are within each other too often, before it has no stack left. */
export class Nesting {
  /** Operators since the last comma, for each bracket that is open. */
  readonly #operators = [0]
  #depth = 0

  take({ type: { label }, start }: Token): void {
    if (CLOSES.has(label)) this.#close()
    else if (OPENS.has(label)) this.#open()
    else if (label === ',') this.#count(-(this.#operators.at(-1) ?? 0))
    else if (!FLAT.has(label)) this.#count(1)
    if (this.#depth > NESTING_MAX)
      throw new Refused(`This is nested more than ${NESTING_MAX} levels deep.`, start)
  }

  #open(): void {
    this.#operators.push(0)
    this.#depth += 1
  }

  #close(): void {
    // A closing bracket too many is the parser's to refuse.
    if (this.#operators.length > 1) this.#depth -= 1 + (this.#operators.pop() ?? 0)
  }

  #count(more: number): void {
    this.#operators.push((this.#operators.pop() ?? 0) + more)
    this.#depth += more
  }
}
