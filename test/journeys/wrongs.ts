import type { TProperties } from 'typebox'
import { Value } from 'typebox/value'
import type { Operation } from '../../contract/operation.ts'
import type { Fields } from './ways.ts'

/** An input with one thing wrong; `path` is the JSON pointer to it. */
export interface Wrong {
  path: string
  input: Fields
}

/** One of each kind of value, and some that are only at the edge of one. */
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  7.5,
  2 ** 53 - 1,
  '',
  'no such thing, \u{1F600} \u202E',
  'x'.repeat(200_000),
  [],
  [[]],
  {},
]

interface ObjectSchema {
  properties?: TProperties
  required?: readonly string[]
  additionalProperties?: unknown
}

/** Everything that can be made wrong about an input by changing one field of it, at every depth. */
export function wrongsOf({ input: schema }: Operation, valid: Fields): Wrong[] {
  return [...walk(schema, valid, '')]
}

function* walk(schema: ObjectSchema, valid: Fields, at: string): Generator<Wrong> {
  const { properties = {}, required = [], additionalProperties } = schema
  if (additionalProperties === false) {
    yield { path: `${at}/foreign`, input: { ...valid, foreign: 1 } }
  }
  for (const [name, inner] of Object.entries(properties)) {
    const path = `${at}/${name}`
    const { [name]: value, ...others } = valid
    if (required.includes(name)) yield { path, input: others }
    for (const wrong of VALUES) {
      if (!Value.Check(inner, wrong)) yield { path, input: { ...valid, [name]: wrong } }
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    for (const deeper of walk(inner, value as Fields, path)) {
      yield { ...deeper, input: { ...valid, [name]: deeper.input } }
    }
  }
}
