import type { Remark } from '../../../../contract/integrations.ts'
import { pointTo } from '../../../kernel/json-pointer.ts'
import { isMap } from '../settled.ts'

/** References that lead to references: more are a circle. */
const HOPS_MAX = 20
const REMARKS_MAX = 100

/** Collects what is to be said of a document: what keeps it from being imported, and what is left out of it. */
export class Remarks {
  readonly problems: Remark[] = []
  readonly #warnings = new Map<string, Remark>()
  #more = 0

  problem(path: string, message: string): void {
    if (this.problems.length < REMARKS_MAX) this.problems.push({ path, message })
  }

  warn(path: string, message: string): void {
    if (this.#warnings.size < REMARKS_MAX) this.#warnings.set(`${path} ${message}`, { path, message })
    else this.#more += 1
  }

  get warnings(): Remark[] {
    const more = this.#more === 0 ? [] : [{ path: '', message: `And ${this.#more} more.` }]
    return [...this.#warnings.values(), ...more]
  }
}

/** Something in a document, with the JSON pointer of where it stands. */
export interface Part {
  value: unknown
  at: string
}

export type Found = Part | { missing: 'nowhere' | 'elsewhere' | 'circle'; ref: string }

/** A parsed document whose references are followed, as far as they lead to the document itself. */
export class Document {
  readonly root: Record<string, unknown>

  constructor(root: Record<string, unknown>) {
    this.root = root
  }

  /** What a part is, after its references. What lies in another document is never fetched. */
  follow({ value, at }: Part): Found {
    let part: Part = { value, at }
    for (let hops = 0; hops < HOPS_MAX; hops += 1) {
      const ref = refOf(part.value)
      if (ref === undefined) return part
      if (!ref.startsWith('#')) return { missing: 'elsewhere', ref }
      const target = this.#at(ref)
      if (target === undefined) return { missing: 'nowhere', ref }
      part = target
    }
    return { missing: 'circle', ref: refOf(value) ?? '' }
  }

  #at(ref: string): Part | undefined {
    let value: unknown = this.root
    for (const escaped of ref.slice(1).split('/').slice(1)) {
      const key = decode(escaped).replaceAll('~1', '/').replaceAll('~0', '~')
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
      value = (value as Record<string, unknown>)[key]
    }
    return { value, at: ref.slice(1) }
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export function refOf(value: unknown): string | undefined {
  const ref = isMap(value) && Object.hasOwn(value, '$ref') ? value['$ref'] : undefined
  return typeof ref === 'string' ? ref : undefined
}

/** A field of an object, with where it stands. */
export function fieldOf({ value, at }: Part, name: string): Part {
  const has = isMap(value) && Object.hasOwn(value, name)
  return { value: has ? value[name] : undefined, at: `${at}${pointTo(name)}` }
}

/** The fields of an object, in their order; none of what is no object. */
export function fieldsOf({ value, at }: Part): (readonly [name: string, part: Part])[] {
  if (!isMap(value)) return []
  return Object.entries(value).map(
    ([name, one]) => [name, { value: one, at: `${at}${pointTo(name)}` }] as const,
  )
}

export function itemsOf({ value, at }: Part): Part[] {
  return Array.isArray(value)
    ? value.map((one: unknown, index) => ({ value: one, at: `${at}/${index}` }))
    : []
}

/** A text of a document, or nothing. */
export function textOf({ value }: Part): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
