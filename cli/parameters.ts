/** What of JSON Schema is read; anything else is "anything". */
interface Schema {
  type?: string | readonly string[]
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  items?: Schema | boolean
  format?: string
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list',
}
/** Objects within each other that are shown with their fields. */
const DEPTH_MAX = 4

/** The parameters that a schema takes, on one line: `{items: list of text, list?: text}`. */
export function sayParameters(schema: unknown, depth = 0): string {
  const { properties = {}, required = [] } = schema as Schema
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required.includes(name) ? '' : '?'}: ${sayForm(field, depth)}`,
  )
  return `{${fields.join(', ')}}`
}

function sayForm(schema: Schema, depth: number): string {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map((one) => sayForm(one, depth)))].join(' or ')
  if (schema.enum !== undefined) return schema.enum.map(sayValue).join(' or ')
  if (schema.const !== undefined) return sayValue(schema.const)
  if (schema.properties !== undefined && depth < DEPTH_MAX) return sayParameters(schema, depth + 1)
  if (schema.format === 'date-time') return 'time'
  const types = [schema.type ?? []].flat()
  if (types.length === 0) return 'anything'
  const { items } = schema
  if (types[0] === 'array' && typeof items === 'object' && depth < DEPTH_MAX)
    return `list of ${sayForm(items, depth + 1)}`
  return types.map((type) => WORDS[type] ?? type).join(' or ')
}

function sayValue(value: unknown): string {
  return JSON.stringify(value)
}
