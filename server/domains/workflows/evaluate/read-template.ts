import { pointTo } from '../../../kernel/json-pointer.ts'
import type { Compiled } from './expression.ts'
import { problemIn } from './place.ts'
import type { PointedProblem } from './place.ts'
import { growTree } from './tree/grow.ts'
import type { Read } from './tree/growth.ts'
import { parseAt } from './tree/parse.ts'
import { Refused } from './tree/refused.ts'
import { DEPTH_MAX } from './value.ts'
import type { Json } from './value.ts'

/** Expressions in one value, so that reading it takes a bounded time. */
const EXPRESSIONS_MAX = 200
/** `{{` opens an expression; with a backslash before it, it is text. */
const OPENING = /(?<escaped>\\)?\{\{/g

/** What is to be done with a part of a value. */
export type Part =
  | { readonly kind: 'plain'; readonly value: Json }
  /** The expression is all there is, so its value keeps its type. */
  | { readonly kind: 'lone'; readonly expression: Compiled; readonly pointer: string }
  | { readonly kind: 'text'; readonly pieces: readonly (string | Compiled)[]; readonly pointer: string }
  | { readonly kind: 'array'; readonly parts: readonly Part[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, Part])[] }

/** Finds the expressions in a value, and everything that is wrong with them. */
export class Reader {
  readonly problems: PointedProblem[] = []
  readonly reads: Read[] = []
  #expressions = 0

  read(value: Json, pointer: string, depth: number): Part {
    if (depth > DEPTH_MAX)
      return this.#problem(pointer, '', () => {
        throw new Refused(`A value may be nested at most ${DEPTH_MAX} deep.`, 0)
      })
    if (typeof value === 'string') return this.#problem(pointer, value, () => this.#text(value, pointer))
    if (typeof value !== 'object' || value === null) return { kind: 'plain', value }
    if (isJsonList(value)) {
      const parts = value.map((item, index) => this.read(item, `${pointer}/${index}`, depth + 1))
      return parts.every((part, index) => isSame(part, value[index]))
        ? { kind: 'plain', value }
        : { kind: 'array', parts }
    }
    const fields = Object.entries(value).map(
      ([key, field]) => [key, this.read(field, `${pointer}${pointTo(key)}`, depth + 1)] as const,
    )
    return fields.every(([key, part]) => isSame(part, value[key]))
      ? { kind: 'plain', value }
      : { kind: 'object', fields }
  }

  /** A text with a problem is plain: nothing of it will be evaluated. */
  #problem(pointer: string, text: string, read: () => Part): Part {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.problems.push({ pointer, ...problemIn(text, error) })
      return { kind: 'plain', value: text }
    }
  }

  #text(text: string, pointer: string): Part {
    const pieces: (string | Compiled)[] = []
    let done = 0
    OPENING.lastIndex = 0
    for (let found = OPENING.exec(text); found !== null; found = OPENING.exec(text)) {
      if (found.index > done) pieces.push(text.slice(done, found.index))
      done = OPENING.lastIndex
      if (found.groups?.['escaped'] !== undefined) pieces.push('{{')
      else {
        const { compiled, end } = this.#expression(text, done)
        pieces.push(compiled)
        done = end
      }
      OPENING.lastIndex = done
    }
    if (done < text.length) pieces.push(text.slice(done))
    const [first] = pieces
    if (pieces.every((piece) => typeof piece === 'string')) return { kind: 'plain', value: pieces.join('') }
    if (pieces.length === 1 && typeof first === 'object') return { kind: 'lone', expression: first, pointer }
    return { kind: 'text', pieces, pointer }
  }

  #expression(text: string, start: number): { compiled: Compiled; end: number } {
    this.#expressions += 1
    if (this.#expressions > EXPRESSIONS_MAX)
      throw new Refused(`A value may hold at most ${EXPRESSIONS_MAX} expressions.`, start)
    if (/^\s*\}\}/.test(text.slice(start, start + 100)))
      throw new Refused('There is nothing between {{ and }}.', start)
    const { expression, end } = parseAt(text, start)
    const closing = end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0)
    if (!text.startsWith('}}', closing))
      throw new Refused('The expression ends before this, and }} is missing.', closing)
    const { node, reads } = growTree(expression, start)
    this.reads.push(...reads)
    return { compiled: { source: text, node, reads }, end: closing + 2 }
  }
}

function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** Whether nothing has to be done with a part: it is what was written. */
function isSame(part: Part, value: Json | undefined): boolean {
  return part.kind === 'plain' && part.value === value
}
