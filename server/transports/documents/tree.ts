import { nameOf } from './schemas.ts'
import type { Json } from './schemas.ts'

/** Text as HTML, also inside attributes. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** A sentence in which backticks mark code. */
export function prose(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}

const link = (name: string) => `<a href="#type-${name}">${name}</a>`

const number = (value: unknown) => Number(value).toLocaleString('en-US')

/** `1 to 80`, `at least 1`, `up to 80`, or nothing. A lower bound of 0 says nothing about a length. */
function range(least: unknown, most: unknown, unit: string): string {
  const end = unit === '' ? '' : ` ${unit}`
  const low = typeof least === 'number' && !(least === 0 && unit !== '')
  if (low && typeof most === 'number') return `, ${number(least)} to ${number(most)}${end}`
  if (low) return `, at least ${number(least)}${end}`
  return typeof most === 'number' ? `, up to ${number(most)}${end}` : ''
}

function scalar(schema: Json): string {
  const { type, format, minimum, maximum, minLength, maxLength } = schema
  if (type === 'string' && format === 'date-time') return 'time'
  if (type === 'string') return `string${range(minLength, maxLength, 'characters')}`
  if (typeof type === 'string') return `${type}${range(minimum, maximum, '')}`
  return 'anything'
}

const literal = (value: unknown) => `<code>${escaped(JSON.stringify(value))}</code>`

/** A schema in one line, by its name when it has one; what is inside an object stands below it. */
function line(schema: Json): string {
  const name = nameOf(schema)
  return name === undefined ? shape(schema) : link(name)
}

function shape(schema: Json): string {
  if ('const' in schema) return literal(schema['const'])
  if (Array.isArray(schema['enum'])) return schema['enum'].map(literal).join(' <i>or</i> ')
  if (Array.isArray(schema['anyOf'])) return schema['anyOf'].map(line).join(' <i>or</i> ')
  if (schema['type'] === 'array') {
    return `list of ${line(schema['items'] as Json)}${range(schema['minItems'], schema['maxItems'], 'items')}`
  }
  const values = Object.values((schema['patternProperties'] ?? {}) as Json)[0]
  if (values !== undefined) return `map of ${line(values as Json)}`
  return scalar(schema)
}

/** The objects inside a schema that have no name and so are shown where they stand. */
function inside(schema: Json): readonly Json[] {
  if (nameOf(schema) !== undefined) return []
  if (Array.isArray(schema['anyOf'])) return schema['anyOf'].flatMap(inside)
  if (schema['type'] === 'array') return inside(schema['items'] as Json)
  return 'properties' in schema ? [schema] : []
}

function field(name: string, schema: Json, optional: boolean): string {
  const nested = inside(schema).map(fields).join('')
  const mark = optional ? ' <i>optional</i>' : ''
  return `<li><b>${escaped(name)}</b> <span>${line(schema)}${mark}</span>${nested}</li>`
}

/** The fields of an object as a nested list, whether or not it has a name. */
export function fields(schema: object): string {
  const { properties = {}, required = [] } = schema as { properties?: Json; required?: readonly string[] }
  const rows = Object.entries(properties).map(([name, one]) =>
    field(name, one as Json, !required.includes(name)),
  )
  return rows.length === 0 ? '' : `<ul class="tree">${rows.join('')}</ul>`
}

/** What stands behind a name: the fields of an object, or the one line of anything else with its pattern. */
export function definition(schema: object): string {
  const { pattern } = schema as Json
  const matching = typeof pattern === 'string' ? `, matching <code>${escaped(pattern)}</code>` : ''
  return fields(schema) || `<p>${shape(schema as Json)}${matching}</p>`
}

/** A schema as a tree: its fields when it is an object without a name, else its one line and what is inside. */
export function tree(schema: object): string {
  const parts = inside(schema as Json)
  const nested = parts.map(fields).join('')
  if (parts[0] === schema) return nested || '<p>Nothing.</p>'
  return `<p>${line(schema as Json)}</p>${nested}`
}
