import type { Issue } from '../../contract/errors.ts'

/** Names of fields in which there are secrets, or what belongs to them. */
const SECRETIVE = /pass(?:word|phrase|code)|secret|api_?keys?$|credential_data|private_?key/i
const NAME_CHARACTERS_MAX = 40
/** A key of a service has more of them, and a name that somebody gave to a field seldom as many. */
const DIGITS_MAX = 3
const VEIL = '…'

/**
 * Takes names out of the paths of issues that no schema knows and that could be secrets: all below a field for secrets,
 * elsewhere those that are not as fields are called. An answer that says what is wrong goes further than what was sent,
 * into logs and screens.
 */
export function veilNames(schema: object, issues: readonly Issue[]): Issue[] {
  const veiled = issues.map(({ path, message }) => ({ path: veilPath(schema, path), message }))
  return [...new Map(veiled.map((one) => [`${one.path} ${one.message}`, one])).values()]
}

/** Whether a name that nobody knows may be said again. */
export function isSayable(name: string): boolean {
  return name.length <= NAME_CHARACTERS_MAX && name.replaceAll(/\D/g, '').length <= DIGITS_MAX
}

function veilPath(schema: object, path: string): string {
  let schemas: readonly object[] = [schema]
  let isSecretive = false
  const steps = path.split('/').map((step, index) => {
    if (index === 0) return step
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    const named = schemas.flatMap((one) => under(one, 'properties', name))
    const isKnown = named.length > 0 || schemas.some(isList)
    schemas = named.length > 0 ? named : schemas.flatMap(others)
    const shown = isKnown || (!isSecretive && isSayable(name)) ? step : VEIL
    isSecretive ||= SECRETIVE.test(name)
    return shown
  })
  return steps.join('/')
}

type Schema = Readonly<Record<string, unknown>>

/** The alternatives of a schema, or itself. */
function alternatives(schema: object): Schema[] {
  const { anyOf, allOf } = schema as Schema
  const all = [anyOf, allOf].filter((one) => Array.isArray(one)).flat() as Schema[]
  return all.length === 0 ? [schema as Schema] : all.flatMap(alternatives)
}

function under(schema: object, part: string, name: string): object[] {
  return alternatives(schema).flatMap((one) => {
    const named = one[part]
    if (typeof named !== 'object' || named === null || !Object.hasOwn(named, name)) return []
    return [(named as Record<string, object>)[name] ?? {}]
  })
}

function isList(schema: object): boolean {
  return alternatives(schema).some((one) => 'items' in one)
}

/** What stands under a name that the schema leaves free, or in a list. */
function others(schema: object): object[] {
  return alternatives(schema).flatMap(({ items, patternProperties }) => {
    const free = typeof patternProperties === 'object' && patternProperties !== null ? patternProperties : {}
    return [items, ...Object.values(free)].filter((one) => typeof one === 'object' && one !== null)
  })
}
