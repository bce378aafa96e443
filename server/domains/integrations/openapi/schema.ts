import { isMap } from '../settled.ts'
import { fieldOf, fieldsOf, itemsOf, refOf } from './document.ts'
import type { Document, Part, Remarks } from './document.ts'

export type Schema = Record<string, unknown>

/** Keywords that are taken as they are. What only narrows a text (pattern, format) is left to the service itself. */
const KEPT = [
  'type',
  'enum',
  'const',
  'description',
  'default',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
  'deprecated',
]
const DESCRIPTION_CHARACTERS_MAX = 200
const ENUM_MAX = 200
/** Parts of one schema: more are hardly about what is said, and each costs when a value is held against it. */
const PARTS_MAX = 280
const TYPES = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'])

/** The schema has more in it than may be. */
export class TooLargeError extends Error {}

/** Writes schemas of a document without references, no deeper than is wanted; a circle ends where it begins again. */
export class SchemaWriter {
  readonly #document: Document
  readonly #remarks: Remarks
  readonly #depth_max: number
  #parts = 0

  constructor(document: Document, remarks: Remarks, depth_max: number) {
    this.#document = document
    this.#remarks = remarks
    this.#depth_max = depth_max
  }

  /** @throws TooLargeError */
  write(part: Part): Schema {
    return this.#write(part, 0, [])
  }

  #write(part: Part, depth: number, refs: readonly string[]): Schema {
    this.#parts += 1
    if (this.#parts > PARTS_MAX) throw new TooLargeError()
    const ref = refOf(part.value)
    if (ref !== undefined && refs.includes(ref)) return {}
    const found = this.#document.follow(part)
    if ('missing' in found) {
      if (found.missing === 'elsewhere')
        this.#remarks.warn(
          part.at,
          `refers to ${short(found.ref)}, which is not fetched: anything is taken there`,
        )
      else this.#remarks.problem(part.at, `refers to ${short(found.ref)}, which leads nowhere`)
      return {}
    }
    if (!isMap(found.value)) return {}
    const inner = ref === undefined ? refs : [...refs, ref]
    const plain = this.#plain(found.value)
    if (depth >= this.#depth_max) return onlyType(plain)
    return { ...plain, ...this.#nested(found, depth + 1, inner) }
  }

  #plain(value: Record<string, unknown>): Schema {
    const kept: Schema = {}
    for (const keyword of KEPT) {
      const is = Object.hasOwn(value, keyword) ? value[keyword] : undefined
      if (isSound(keyword, is)) kept[keyword] = is
    }
    const { description } = kept
    if (typeof description === 'string') kept['description'] = lineOf(description, DESCRIPTION_CHARACTERS_MAX)
    return nullable(bounded(kept, value), value)
  }

  #nested(part: Part, depth: number, refs: readonly string[]): Schema {
    const write = (one: Part): Schema => this.#write(one, depth, refs)
    const nested: Schema = {}
    const properties = fieldsOf(fieldOf(part, 'properties'))
    if (properties.length > 0) {
      const written = properties
        .filter(([, one]) => !this.#isReadOnly(one))
        .map(([name, one]) => [name, write(one)])
      nested['properties'] = Object.fromEntries(written)
      const required = fieldOf(part, 'required').value
      const names = new Set(written.map(([name]) => name))
      if (Array.isArray(required)) nested['required'] = required.filter((name) => names.has(name as string))
    }
    const items = fieldOf(part, 'items')
    if (isMap(items.value)) nested['items'] = write(items)
    const additional = fieldOf(part, 'additionalProperties')
    if (additional.value === false) nested['additionalProperties'] = false
    else if (isMap(additional.value)) nested['additionalProperties'] = write(additional)
    // Without its patterns one alternative may take what another is for: one that fits is enough.
    const any = [...itemsOf(fieldOf(part, 'anyOf')), ...itemsOf(fieldOf(part, 'oneOf'))]
    if (any.length > 0) nested['anyOf'] = any.map(write)
    const all = itemsOf(fieldOf(part, 'allOf'))
    if (all.length > 0) nested['allOf'] = all.map(write)
    return nested
  }

  /** What only answers have is not asked for. */
  #isReadOnly(part: Part): boolean {
    const found = this.#document.follow(part)
    return 'value' in found && isMap(found.value) && found.value['readOnly'] === true
  }
}

/** Whether a keyword has a value that it can have. */
function isSound(keyword: string, value: unknown): boolean {
  switch (keyword) {
    case 'type':
      return [value].flat().every((one) => typeof one === 'string' && TYPES.has(one))
    case 'enum':
      return Array.isArray(value) && value.length <= ENUM_MAX
    case 'required':
      return Array.isArray(value) && value.every((name) => typeof name === 'string')
    case 'description':
      return typeof value === 'string'
    case 'const':
    case 'default':
      return value !== undefined && (typeof value !== 'object' || value === null)
    case 'deprecated':
      return value === true
    default:
      return typeof value === 'number' && Number.isFinite(value)
  }
}

/** OpenAPI 3.0 says with a word that a bound itself does not count. */
function bounded(schema: Schema, given: Record<string, unknown>): Schema {
  const { minimum, maximum, ...rest } = schema
  const low = given['exclusiveMinimum'] === true ? { exclusiveMinimum: minimum } : { minimum }
  const high = given['exclusiveMaximum'] === true ? { exclusiveMaximum: maximum } : { maximum }
  return {
    ...rest,
    ...(minimum === undefined ? {} : low),
    ...(maximum === undefined ? {} : high),
  }
}

/** The same of what may be nothing. */
function nullable(schema: Schema, given: Record<string, unknown>): Schema {
  const { type, enum: values } = schema
  if (given['nullable'] !== true || type === undefined) return schema
  const listed =
    Array.isArray(values) && !values.includes(null) ? { enum: [...(values as unknown[]), null] } : {}
  return { ...schema, type: [...new Set([type, 'null'].flat())], ...listed }
}

function onlyType({ type, description, enum: values }: Schema): Schema {
  return {
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
    ...(values === undefined ? {} : { enum: values }),
  }
}

/** A text of somebody else as one line. */
export function lineOf(text: string, characters_max: number): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > characters_max ? `${line.slice(0, characters_max - 1)}…` : line
}

export function short(text: string): string {
  return JSON.stringify(lineOf(text, 120))
}
