/**
 * The one text of a JSON value (RFC 8785): keys sorted by UTF-16 code units, numbers and strings as ECMAScript writes
 * them. Keys are emitted in order, never by rebuilding objects, because engines move integer-like keys to the front.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item) => canonical(item === undefined ? null : item)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
