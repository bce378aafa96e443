import type { TSchema } from 'typebox'
import type { Issue } from '../../../../contract/errors.ts'
import { findIssues } from '../../../kernel/validate.ts'
import type { Action } from '../../../skills/skill.ts'
import { below } from './pointer.ts'
import type { Sketch } from './sketch.ts'

/** The keywords that say something about a value of which parts are unknown. */
interface Keywords {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly TSchema[]
  readonly oneOf?: readonly TSchema[]
  readonly allOf?: readonly TSchema[]
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly patternProperties?: Readonly<Record<string, TSchema>>
  readonly additionalProperties?: boolean | TSchema
  readonly required?: readonly string[]
  readonly items?: TSchema | readonly TSchema[]
  readonly minItems?: number
  readonly maxItems?: number
  readonly $ref?: string
}

const NO_ALTERNATIVE = 'must match a schema in anyOf'

/** What is wrong with the parameters of an action, whatever the expressions in them give. */
export function findParameterIssues({ check, parameters }: Action, sketch: Sketch): Issue[] {
  if (sketch.kind === 'known')
    return merged(check?.(sketch.value as Record<string, unknown>) ?? findIssues(parameters, sketch.value))
  // Its own check stands in place of the schema, and it knows only whole values.
  return check === undefined ? merged(issuesIn(parameters, sketch, '')) : []
}

/** A value that fits no alternative has one problem there, and not one for each of them. */
function merged(issues: readonly Issue[]): Issue[] {
  const paths = new Set(issues.flatMap(({ path, message }) => (message === NO_ALTERNATIVE ? [path] : [])))
  const messages = (wanted: string): string[] =>
    issues.flatMap(({ path, message }) => (path === wanted && message !== NO_ALTERNATIVE ? [message] : []))
  const joined = [...paths].map((path) => ({
    path,
    message: messages(path).join(' or ') || 'has a form that is not allowed',
  }))
  return [...issues.filter(({ path }) => !paths.has(path)), ...joined]
}

function issuesIn(schema: TSchema, sketch: Sketch, at: string): Issue[] {
  const { anyOf, oneOf, allOf = [], $ref } = schema as Keywords
  if (sketch.kind === 'unknown' || $ref !== undefined) return []
  if (sketch.kind === 'known') return placed(findIssues(schema, sketch.value), at)
  const alternatives = anyOf ?? oneOf
  if (alternatives !== undefined) {
    const fits = alternatives.some((one) => issuesIn(one, sketch, at).length === 0)
    return fits ? [] : [{ path: at, message: NO_ALTERNATIVE }]
  }
  const issues = allOf.flatMap((one) => issuesIn(one, sketch, at))
  if (sketch.kind === 'text')
    return [...issues, ...(takesText(schema) ? [] : placed(findIssues(schema, ''), at))]
  const empty = sketch.kind === 'list' ? [] : {}
  if (!takesType(schema, sketch.kind === 'list' ? 'array' : 'object'))
    return [...issues, ...placed(findIssues(schema, empty), at)]
  const found =
    sketch.kind === 'list' ? inList(schema, sketch.items, at) : inFields(schema, sketch.fields, at)
  return [...issues, ...found]
}

function placed(issues: readonly Issue[], at: string): Issue[] {
  return issues.map(({ path, message }) => ({ path: `${at}${path}`, message }))
}

function takesText(schema: TSchema): boolean {
  const { const: only, enum: choices } = schema as Keywords
  if (only !== undefined) return typeof only === 'string'
  if (choices !== undefined) return choices.some((choice) => typeof choice === 'string')
  return takesType(schema, 'string')
}

function takesType(schema: TSchema, wanted: string): boolean {
  const { type } = schema as Keywords
  return type === undefined || type === wanted || (typeof type === 'object' && type.includes(wanted))
}

function inList(schema: TSchema, items: readonly Sketch[], at: string): Issue[] {
  const { items: each, minItems = 0, maxItems = Infinity } = schema as Keywords
  const issues: Issue[] = []
  if (items.length < minItems)
    issues.push({ path: at, message: `must not have fewer than ${minItems} items` })
  if (items.length > maxItems) issues.push({ path: at, message: `must not have more than ${maxItems} items` })
  const schemaOf = (index: number): TSchema | undefined => (isSchemaList(each) ? each[index] : each)
  const inside = items.flatMap((item, index) => {
    const one = schemaOf(index)
    return one === undefined ? [] : issuesIn(one, item, below(at, index))
  })
  return [...issues, ...inside]
}

function isSchemaList(items: Keywords['items']): items is readonly TSchema[] {
  return Array.isArray(items)
}

function inFields(schema: TSchema, fields: readonly (readonly [string, Sketch])[], at: string): Issue[] {
  const { properties = {}, patternProperties = {}, additionalProperties, required = [] } = schema as Keywords
  const given = new Set(fields.map(([key]) => key))
  const missing = required
    .filter((key) => !given.has(key))
    .map((key) => ({ path: below(at, key), message: 'is required' }))
  const inside = fields.flatMap(([key, field]) => {
    const path = below(at, key)
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined
    const patterns = Object.entries(patternProperties).filter(([pattern]) =>
      new RegExp(pattern, 'u').test(key),
    )
    const schemas = [...(own === undefined ? [] : [own]), ...patterns.map(([, one]) => one)]
    if (schemas.length > 0) return schemas.flatMap((one) => issuesIn(one, field, path))
    if (additionalProperties === false) return [{ path, message: 'is not a known field' }]
    return typeof additionalProperties === 'object' ? issuesIn(additionalProperties, field, path) : []
  })
  return [...missing, ...inside]
}
