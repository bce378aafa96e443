/** What is needed of a JSON schema to read a text as a value. */
export interface Shape {
  type?: string
  items?: Shape
  anyOf?: readonly Shape[]
}

export type Read = { value: unknown } | { issue: string }

/** The parameters of an address with their values in order, or nothing when it is not percent-encoded UTF-8. */
export function readQuery(url: string): Map<string, string[]> | undefined {
  const query = new Map<string, string[]>()
  const start = url.indexOf('?')
  if (start < 0) return query
  for (const part of url.slice(start + 1).split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = decodePart(equals < 0 ? part : part.slice(0, equals))
    const value = equals < 0 ? '' : decodePart(part.slice(equals + 1))
    if (name === undefined || value === undefined) return undefined
    query.set(name, [...(query.get(name) ?? []), value])
  }
  return query
}

function decodePart(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

const INTEGER = /^(?:0|-?[1-9]\d{0,15})$/

/**
 * Reads the text of a parameter as its schema says, and only as JSON itself would write the value: nothing is rounded,
 * guessed or trimmed. A list is repeated, or one text with commas. Without a schema the text stays a text.
 */
export function typed(schema: Shape | undefined, texts: readonly string[]): Read {
  const shape = schema?.anyOf?.find(({ type }) => type !== 'null') ?? schema ?? {}
  if (shape.type === 'array') return list(shape.items, texts)
  const [text = ''] = texts
  if (texts.length > 1) return { issue: 'is given more than once' }
  switch (shape.type) {
    case 'integer':
      return INTEGER.test(text) && Number.isSafeInteger(Number(text))
        ? { value: Number(text) }
        : { issue: 'must be a whole number' }
    case 'number':
      return String(Number(text)) === text && Number.isFinite(Number(text))
        ? { value: Number(text) }
        : { issue: 'must be a number' }
    case 'boolean':
      return text === 'true' || text === 'false'
        ? { value: text === 'true' }
        : { issue: 'must be true or false' }
    case 'object':
      return { issue: 'cannot be given in the address' }
    default:
      return { value: text }
  }
}

function list(items: Shape | undefined, texts: readonly string[]): Read {
  const parts = texts.length === 1 ? (texts[0] ?? '').split(',') : texts
  const values: unknown[] = []
  for (const part of parts) {
    const read = typed(items, [part])
    if ('issue' in read) return read
    values.push(read.value)
  }
  return { value: values }
}
