import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TSchema } from 'typebox'
import { operations } from '../contract/index.ts'
import type { Operation } from '../contract/operation.ts'

/** What clients of a version rely on; it only grows. */
export const SNAPSHOT = 'docs/api/v1.txt'

interface Shape {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Shape[]
  items?: Shape
  properties?: Record<string, Shape>
  patternProperties?: Record<string, Shape>
  required?: string[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  format?: string
}

/** Bounds of a value, in the order in which they are written. */
const BOUNDS = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'format',
] as const
const DEPTH_MAX = 12

/**
 * Every promise of the contract in a line of its own: `<method> <path> <request|response> <field> <required|optional>
 * <type>`. Fields of lists end in `[]`, of maps in `{}`.
 */
export function contractFacts(all: Readonly<Record<string, Operation>> = operations): string[] {
  return Object.values(all)
    .flatMap(({ http, input, output, who }) => {
      const name = `${http.method} ${http.path}`
      return [
        `${name} answers ${http.status} ${http.envelope} to ${who}`,
        ...walk(`${name} request`, input),
        ...walk(`${name} response`, output),
      ]
    })
    .toSorted()
}

function walk(prefix: string, schema: TSchema): string[] {
  return fields(prefix, '', schema, 0)
}

function fields(prefix: string, path: string, shape: Shape, depth: number): string[] {
  if (depth > DEPTH_MAX) return []
  const own = Object.entries(shape.properties ?? {}).flatMap(([name, inner]) => {
    const need = shape.required?.includes(name) === true ? 'required' : 'optional'
    const field = `${path}/${name}`
    return [`${prefix} ${field} ${need} ${typeOf(inner)}`, ...fields(prefix, field, inner, depth + 1)]
  })
  const [free] = Object.values(shape.patternProperties ?? {})
  return [
    ...own,
    ...(shape.items === undefined ? [] : fields(prefix, `${path}[]`, shape.items, depth + 1)),
    ...(free === undefined ? [] : fields(prefix, `${path}{}`, free, depth + 1)),
    ...(shape.anyOf ?? []).flatMap((option) => fields(prefix, path, option, depth + 1)),
  ]
}

function typeOf(shape: Shape): string {
  if (shape.const !== undefined) return JSON.stringify(shape.const)
  if (shape.enum !== undefined) return shape.enum.map((value) => JSON.stringify(value)).join('|')
  if (shape.anyOf !== undefined) return shape.anyOf.map(typeOf).join('|')
  const kind = [shape.type ?? 'any'].flat().join('|')
  const bounds = BOUNDS.flatMap((name) => {
    const value = shape[name]
    return value === undefined ? [] : [`${name}=${value}`]
  })
  const inside = shape.items === undefined ? '' : `<${typeOf(shape.items)}>`
  return [kind + inside, ...bounds].join(' ')
}

/** What of the earlier facts clients would miss, and what they would have to send that they do not know. */
export function findBreaks(earlier: readonly string[], current: readonly string[]): string[] {
  const now = new Map(current.map(split))
  const before = new Map(earlier.map(split))
  const lost = [...before].flatMap(([subject, promise]) => {
    const kept = now.get(subject)
    if (kept === undefined) return [`gone: ${subject}`]
    return isKept(subject, promise, kept) ? [] : [`changed: ${subject} from "${promise}" to "${kept}"`]
  })
  const known = new Set([...before.keys()].map((subject) => subject.split(' ').slice(0, 2).join(' ')))
  const asked = [...now].flatMap(([subject, promise]) => {
    const isOfKnown = known.has(subject.split(' ').slice(0, 2).join(' '))
    const isNew = !before.has(subject) && subject.includes(' request ') && promise.startsWith('required')
    // What stands inside of a field that may be left out is not asked of anybody.
    return isOfKnown && isNew && !isInsideNew(subject, before, now) ? [`asked for: ${subject}`] : []
  })
  return [...lost, ...asked]
}

function isInsideNew(
  subject: string,
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): boolean {
  const parent = subject.slice(0, subject.lastIndexOf('/')).replace(/(?:\[\]|\{\})+$/, '')
  return now.has(parent) && !before.has(parent)
}

/** A request may ask less, an answer may promise more. */
function isKept(subject: string, before: string, now: string): boolean {
  if (before === now) return true
  const [from, to] = subject.includes(' request ') ? ['required', 'optional'] : ['optional', 'required']
  return before.replace(from, to) === now
}

/** The subject of a fact, and what is promised of it. */
function split(fact: string): [string, string] {
  const words = fact.split(' ')
  const at = words[2] === 'answers' ? 3 : 4
  return [words.slice(0, at).join(' '), words.slice(at).join(' ')]
}

/** Adds what is new to the snapshot. @throws Error while something is broken. */
function release(): void {
  const current = contractFacts()
  const breaks = findBreaks(readSnapshot(), current)
  if (breaks.length > 0) throw new Error(`The contract breaks its version:\n${breaks.join('\n')}`)
  writeFileSync(SNAPSHOT, `${current.join('\n')}\n`)
}

export function readSnapshot(): string[] {
  return readFileSync(SNAPSHOT, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}

if (process.argv[1]?.endsWith(join('scripts', 'contract-facts.ts')) === true) release()
