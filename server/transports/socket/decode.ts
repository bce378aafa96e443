import { APPROVAL_FIELD } from '../../../contract/approvals.ts'
import { PROOF_FIELD } from '../../../contract/credentials.ts'
import type { Issue } from '../../../contract/errors.ts'
import type { Operation } from '../../../contract/operation.ts'
import type { Arguments } from '../dispatch.ts'

type Fields = Readonly<Record<string, unknown>>

/** Makes the input of an operation from the arguments of an event, and finds what cannot be made into one. */
export function decodeEvent(operation: Operation, args: readonly unknown[]): Omit<Arguments, 'signal'> {
  const { args: names, drop = [], rename = {} } = operation.socket ?? {}
  const renamed = Object.entries(rename).map(([sent, own]) => [own, sent] as const)
  const called = renamed.length === 0 ? {} : { called: new Map(renamed) }
  if (names !== undefined) return { ...positional(names, args), ...called }
  // A client that sends `undefined` sends null.
  const sent = args[0] ?? {}
  if (args.length > 1 || typeof sent !== 'object' || Array.isArray(sent)) {
    return { input: {}, issues: [{ path: '', message: 'must be one object' }] }
  }
  const issues: Issue[] = []
  const input = new Map<string, unknown>()
  for (const [name, value] of Object.entries(sent as Fields)) {
    if (drop.includes(name)) continue
    const own = Object.hasOwn(rename, name) ? (rename[name] ?? name) : name
    if (own !== name || !Object.values(rename).includes(name)) input.set(own, value)
    else issues.push({ path: `/${name}`, message: 'is not a known field' })
  }
  return { ...lift(operation, input, issues), ...called }
}

function positional(names: readonly string[], given: readonly unknown[]): Omit<Arguments, 'signal'> {
  // Where nothing is to be said, an empty object says that.
  const args = names.length === 0 && given.length === 1 && isEmpty(given[0]) ? [] : given
  const issues =
    args.length > names.length
      ? [{ path: '', message: `takes ${names.length} arguments, not ${args.length}` }]
      : []
  const entries = names.map((name, index) => [name, args[index]] as const)
  return { input: Object.fromEntries(entries.filter(([, value]) => value !== undefined)), issues }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true
  return typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0
}

/** Takes out of the input what travels in the payload for want of headers. */
function lift(operation: Operation, input: Map<string, unknown>, issues: Issue[]): Omit<Arguments, 'signal'> {
  const takeOut = (name: string): unknown => {
    const value = input.get(name)
    input.delete(name)
    return value
  }
  const isProven = operation.proof !== 'none'
  const proof = isProven ? takeOut(PROOF_FIELD) : undefined
  const approval = isProven ? takeOut(APPROVAL_FIELD) : undefined
  if (approval !== undefined && approval !== true) {
    issues.push({ path: `/${APPROVAL_FIELD}`, message: 'can only be true' })
  }
  const isKeyed = operation.key === 'header' && typeof input.get('request_id') === 'string'
  const key = isKeyed ? String(takeOut('request_id')) : undefined
  return {
    input: Object.fromEntries(input),
    issues,
    ...(key === undefined ? {} : { key }),
    ...(proof === undefined ? {} : { proof }),
    ...(approval === undefined ? {} : { approval: true }),
  }
}

/** The id that the client itself gave to its call, to be told with a failure that nobody acknowledges. */
export function requestIdOf(operation: Operation | undefined, args: readonly unknown[]): string | undefined {
  const path = operation?.key === undefined || operation.key === 'header' ? 'request_id' : operation.key
  const found = path
    .split('.')
    .reduce<unknown>((value, name) => (isFields(value) ? value[name] : undefined), args[0])
  return typeof found === 'string' ? found.slice(0, 128) : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
