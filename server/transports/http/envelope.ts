import type { Operation } from '../../../contract/operation.ts'

/** What the envelope `message` says, in a sentence for people. */
const MESSAGES: Readonly<Record<string, string>> = {
  'auth.login': 'You are signed in.',
  'auth.setup': 'This server is yours now.',
}

/** Wraps the answer of an operation as its contract says, for every transport alike. */
export function envelope(operation: Operation, data: unknown): unknown {
  if (operation.http.envelope === 'document') return data
  return { success: true, ...content(operation, data), ...warnings(operation) }
}

function content({ name, http }: Operation, data: unknown): object {
  if (http.envelope === 'flat') return data as object
  return http.envelope === 'message' ? { data, message: MESSAGES[name] ?? 'Done.' } : { data }
}

function warnings({ deprecation }: Operation): object {
  if (deprecation === undefined) return {}
  const { since, sunset, instead } = deprecation
  return { warnings: [`Deprecated since ${since} and gone on ${sunset}: use ${instead}.`] }
}

/** Headers of an operation that will be removed (RFC 9745 and RFC 8594). */
export function deprecationHeaders({ deprecation, name }: Operation): Record<string, string> {
  if (deprecation === undefined) return {}
  return {
    Deprecation: `@${Date.parse(deprecation.since) / 1000}`,
    Sunset: new Date(deprecation.sunset).toUTCString(),
    Link: `</docs#${name}>; rel="deprecation"; type="text/html"`,
  }
}
