import type { JSONValue, jsonpath } from 'json-p3'
import { ActionError } from '../../skill.ts'
import { costOf } from './cost.ts'
import type { Extent } from './cost.ts'

const DEPTH_MAX = 64
const VALUES_MAX = 500_000
/** Work that one query may be: at the worst some 0.3 s of a worker. */
const COST_MAX = 2_800_000
/** Characters of a text that are compared as fast as a value is visited. */
const COMPARED_CHARACTERS = 1_000
const MATCHES_MAX = 1_000
const RESULT_CHARACTERS_MAX = 500_000

export interface Matches {
  matches: unknown[]
  /** Whether there were more than are handed on. */
  truncated: boolean
}

/**
 * The values of a document that a path (RFC 9535) leads to. `match` and `search` are left out: their patterns can take
 * longer than anybody waits.
 *
 * @param document - a value, or its JSON.
 * @throws ActionError for a path or document that is malformed, or that would be at it for too long.
 */
export async function queryJson(document: unknown, path: string): Promise<Matches> {
  const value = typeof document === 'string' ? parse(document) : document
  const extent = extentOf(value)
  const { jsonpath } = await import('json-p3')
  const query = compile(jsonpath, path.trim())
  if (costOf(jsonpath, query, extent) > COST_MAX) throw tooMany()
  return collect(query.lazyQuery(value as JSONValue))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ActionError('That is not JSON.', { cause })
  }
}

/** Measured level by level, since a document may be deeper than functions can call themselves. */
function extentOf(document: unknown): Extent {
  let level: object[] = [[document]]
  let [values, depth, width] = [0, 0, 0]
  for (;;) {
    const below: object[] = []
    const before = values
    for (const outer of level) {
      const inner: unknown[] = Object.values(outer)
      width = Math.max(width, inner.length)
      for (const value of inner) {
        values += 1 + (typeof value === 'string' ? Math.floor(value.length / COMPARED_CHARACTERS) : 0)
        if (typeof value === 'object' && value !== null) below.push(value)
      }
    }
    if (values === before) return { values, depth, width }
    depth += 1
    if (depth > DEPTH_MAX) throw new ActionError(`The document has more than ${DEPTH_MAX} levels.`)
    if (values > VALUES_MAX) throw new ActionError(`The document has more than ${VALUES_MAX} values.`)
    level = below
  }
}

function compile(library: typeof jsonpath, path: string): jsonpath.JSONPathQuery {
  const environment = new library.JSONPathEnvironment({ maxRecursionDepth: DEPTH_MAX + 2 })
  for (const name of ['match', 'search']) environment.functionRegister.delete(name)
  try {
    return environment.compile(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/ \('.*$/s, '') : 'malformed'
    throw new ActionError(`"${path.slice(0, 100)}" is not a path that I can follow: ${why}.`, { cause })
  }
}

function collect(found: Iterable<{ value: unknown }>): Matches {
  const matches: unknown[] = []
  let characters = 0
  try {
    for (const { value } of found) {
      characters += JSON.stringify(value).length
      if (matches.length === MATCHES_MAX || characters > RESULT_CHARACTERS_MAX)
        return { matches, truncated: true }
      matches.push(value)
    }
  } catch (cause) {
    // Within a filter the library hands on all that a step found as the arguments of one call, and there is a most of those.
    throw cause instanceof RangeError ? tooMany({ cause }) : cause
  }
  return { matches, truncated: false }
}

function tooMany(options?: ErrorOptions): ActionError {
  return new ActionError('That path would look at too many values of this document.', options)
}
