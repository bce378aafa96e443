import { Errors } from 'typebox/schema'
import type { Issue } from '../../contract/errors.ts'
import { pointTo } from './json-pointer.ts'
import { toIssues } from './validate.ts'

/** How large a schema from outside may be. */
const BYTES_MAX = 32_768
const DEPTH_MAX = 12
const PARTS_MAX = 300
/** Alternatives in all: each may cost as much as reading the whole value. */
const ALTERNATIVES_MAX = 32
/** A value that is held against it. */
const VALUE_BYTES_MAX = 262_144
const ISSUES_MAX = 20

/**
 * Keywords of draft 2020-12 that a schema from outside may use: those whose cost is bounded by the size of the value and
 * the few alternatives. References, patterns and conditions are not among them.
 */
const PLAIN = new Set(
  `type enum const title description default examples minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength
  maxLength minItems maxItems minProperties maxProperties required deprecated readOnly writeOnly $schema $comment`.split(
    /\s+/,
  ),
)
const OF_ONE = new Set(['items', 'additionalProperties', 'contains', 'not', 'propertyNames'])
const OF_LIST = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])

/** Parts of a value times parts of its schema: as much as is looked at without keeping anybody waiting. */
const WORK_MAX = 500_000

/** A schema that was found to be bounded. */
export type ForeignSchema = Readonly<Record<string, unknown>>

/** Everything that is wrong with a schema from outside; `path` is a JSON pointer below `at`. */
export function findSchemaIssues(schema: unknown, at: string): Issue[] {
  const issues: Issue[] = []
  let parts = 0
  let alternatives = 0
  const wrong = (path: string, message: string): void => {
    if (issues.length < ISSUES_MAX) issues.push({ path, message })
  }
  const visit = (part: unknown, path: string, depth: number): void => {
    parts += 1
    if (parts > PARTS_MAX || issues.length >= ISSUES_MAX) return
    if (typeof part === 'boolean') return
    if (typeof part !== 'object' || part === null || Array.isArray(part))
      return wrong(path, 'must be a schema: an object or a boolean')
    if (depth > DEPTH_MAX) return wrong(path, `must not be deeper than ${DEPTH_MAX}`)
    for (const [keyword, value] of Object.entries(part)) {
      const below = `${path}${pointTo(keyword)}`
      if (OF_ONE.has(keyword)) visit(value, below, depth + 1)
      else if (OF_LIST.has(keyword)) visitList(value, below, depth + 1)
      else if (keyword === 'properties') visitMap(value, below, depth + 1)
      else if (!PLAIN.has(keyword)) wrong(below, 'is not a keyword that is understood here')
    }
  }
  const visitList = (list: unknown, path: string, depth: number): void => {
    if (!Array.isArray(list)) return wrong(path, 'must be a list of schemas')
    alternatives += list.length
    if (alternatives > ALTERNATIVES_MAX)
      return wrong(path, `must not have more than ${ALTERNATIVES_MAX} alternatives in all`)
    for (const [index, one] of list.entries()) visit(one, `${path}/${index}`, depth)
  }
  const visitMap = (map: unknown, path: string, depth: number): void => {
    if (typeof map !== 'object' || map === null || Array.isArray(map))
      return wrong(path, 'must be an object of schemas')
    for (const [name, one] of Object.entries(map)) visit(one, `${path}${pointTo(name)}`, depth)
  }
  if (Buffer.byteLength(JSON.stringify(schema ?? null)) > BYTES_MAX)
    return [{ path: at, message: `must not be larger than ${BYTES_MAX} bytes` }]
  visit(schema, at, 0)
  if (parts > PARTS_MAX) wrong(at, `must not have more than ${PARTS_MAX} parts`)
  return issues
}

/** What is wrong with a value by a schema from outside, which is read and never made into code. */
export function findValueIssues(schema: ForeignSchema, value: unknown): Issue[] {
  if (Buffer.byteLength(JSON.stringify(value ?? null)) > VALUE_BYTES_MAX)
    return [{ path: '', message: `must not be larger than ${VALUE_BYTES_MAX} bytes` }]
  if (partsOf(value) * partsOf(schema) > WORK_MAX)
    return [{ path: '', message: 'has too many parts for what describes it' }]
  const [isValid, errors] = Errors(schema, value)
  if (isValid) return []
  return errors.flatMap(toIssues).slice(0, ISSUES_MAX)
}

/** Values in a value, with itself. */
function partsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  let parts = 1
  for (const inner of Object.values(value)) parts += partsOf(inner)
  return parts
}
