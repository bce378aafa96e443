import type { Operation } from '../contract/operation.ts'

/** A call as HTTP writes it. */
interface Written {
  method: string
  /** Path with its query, below the origin. */
  path: string
  /** JSON, for methods that have a body. */
  body: string | undefined
}

type Given = Readonly<Record<string, unknown>>

const PARAMETER = /:(\w+)/g

/**
 * Writes the input of an operation as its HTTP binding says: into the path, then into the query (GET, DELETE) or the
 * body. Absent fields and `undefined` are the same.
 *
 * @throws TypeError when a path parameter is missing, or would make another path.
 */
export function toRequest({ name, http }: Pick<Operation, 'name' | 'http'>, input: Given): Written {
  const placed = new Set<string>()
  const path = http.path.replaceAll(PARAMETER, (_whole, parameter: string) => {
    placed.add(parameter)
    return segment(name, parameter, input[parameter])
  })
  const rest = Object.entries(input).filter(([key, value]) => !placed.has(key) && value !== undefined)
  if (http.method === 'GET' || http.method === 'DELETE') {
    const query = toQuery(rest)
    return { method: http.method, path: `/api${path}${query === '' ? '' : `?${query}`}`, body: undefined }
  }
  return { method: http.method, path: `/api${path}`, body: JSON.stringify(Object.fromEntries(rest)) }
}

function segment(operation: string, parameter: string, value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  // Addresses drop segments of dots, and an empty one makes the path of another operation.
  if (text === '' || text === '.' || text === '..') {
    throw new TypeError(
      `${operation} needs a ${parameter} that can stand in a path, not ${JSON.stringify(value)}.`,
    )
  }
  return encodeURIComponent(text)
}

function toQuery(fields: readonly (readonly [string, unknown])[]): string {
  const query = new URLSearchParams()
  for (const [name, value] of fields) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one))
  }
  return query.toString()
}
