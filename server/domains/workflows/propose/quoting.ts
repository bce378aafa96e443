import type { Json } from '../evaluate/value.ts'

/** Characters of a step's id. */
const ID_MAX = 40

/** A text as a literal of an expression, in which nothing looks like the end of one. */
export function literal(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll('}}', String.raw`\u007d\u007d`)
}

/** A text as it is said, in a parameter in which `{{` would be read as an expression. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll('{{', '\\{{')
}

/** Parameters as they were understood: none of their texts is an expression, whatever was said or pasted. */
export function plainValues(value: unknown): Json {
  if (typeof value === 'string') return plain(value)
  if (Array.isArray(value)) return value.map(plainValues)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plainValues(field)]))
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** An id for a step that none of these has, and that can be read as `steps.<id>`. */
export function idFor(name: string, taken: ReadonlySet<string>): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '_')
    .replaceAll(/^_+|_+$/gu, '')
    .slice(0, ID_MAX)
  const base = /^[a-z]/u.test(words) ? words : `step${words === '' ? '' : `_${words}`}`
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}_${number}`
    if (!taken.has(id)) return id
  }
}
