import type { Compiled } from '../evaluate/expression.ts'
import type { PointedProblem } from '../evaluate/place.ts'
import { Reader } from '../evaluate/read-template.ts'
import { DEPTH_MAX } from '../evaluate/value.ts'
import type { Json } from '../evaluate/value.ts'
import { below } from './pointer.ts'

/** What is known of a value before its expressions are worked out. */
export type Sketch =
  | { readonly kind: 'known'; readonly value: Json }
  /** An expression alone: it may give anything. */
  | { readonly kind: 'unknown' }
  /** Text with an expression in it: some text. */
  | { readonly kind: 'text' }
  | { readonly kind: 'list'; readonly items: readonly Sketch[] }
  | { readonly kind: 'fields'; readonly fields: readonly (readonly [string, Sketch])[] }

/** An expression and where it stands. */
export interface Placed {
  readonly at: string
  readonly expression: Compiled
}

export interface Sketched {
  readonly sketch: Sketch
  readonly expressions: readonly Placed[]
  readonly problems: readonly PointedProblem[]
}

/** Reads the expressions in a value. What cannot be read is unknown: it has a problem already. */
export function sketchOf(given: Json, at: string): Sketched {
  const reader = new Reader()
  const expressions: Placed[] = []
  const read = (value: Json, pointer: string, depth: number): Sketch => {
    if (typeof value !== 'object' || value === null) return leaf(value, pointer, depth)
    // What is nested too deep is the reader's to refuse, which looks no deeper then.
    if (depth > DEPTH_MAX) return leaf(value, pointer, depth)
    if (isList(value)) return listOf(value.map((item, index) => read(item, below(pointer, index), depth + 1)))
    return fieldsOf(
      Object.entries(value).map(([key, item]) => [key, read(item, below(pointer, key), depth + 1)] as const),
    )
  }
  const leaf = (value: Json, pointer: string, depth: number): Sketch => {
    const problems = reader.problems.length
    const part = reader.read(value, pointer, depth)
    if (reader.problems.length > problems) return { kind: 'unknown' }
    if (part.kind === 'lone') {
      expressions.push({ at: pointer, expression: part.expression })
      return { kind: 'unknown' }
    }
    if (part.kind === 'text') {
      for (const expression of part.pieces)
        if (typeof expression !== 'string') expressions.push({ at: pointer, expression })
      return { kind: 'text' }
    }
    return { kind: 'known', value: part.kind === 'plain' ? part.value : value }
  }
  const sketch = read(given, at, 0)
  return { sketch, expressions, problems: reader.problems }
}

function listOf(items: readonly Sketch[]): Sketch {
  const values = items.flatMap((item) => (item.kind === 'known' ? [item.value] : []))
  return values.length === items.length ? { kind: 'known', value: values } : { kind: 'list', items }
}

function fieldsOf(fields: readonly (readonly [string, Sketch])[]): Sketch {
  const values = fields.flatMap(([key, item]) => (item.kind === 'known' ? [[key, item.value] as const] : []))
  return values.length === fields.length
    ? { kind: 'known', value: Object.fromEntries(values) }
    : { kind: 'fields', fields }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
