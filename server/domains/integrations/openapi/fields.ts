import type { Place } from '../../../../contract/integrations.ts'
import { isSayableHeader } from '../check.ts'
import { fieldOf, itemsOf, textOf } from './document.ts'
import type { Document, Part, Remarks } from './document.ts'
import { short } from './schema.ts'

/** One thing that an operation takes, and where it goes. */
export interface Field {
  /** What it is called there. */
  name: string
  place: Place
  required: boolean
  schema: Part
}

/** The operation needs something that has no way into a request here. */
export class UnsupportedError extends Error {}

/** Headers that the request itself has: a parameter for one of them is none, by the standard. */
const OF_THE_REQUEST = /^(?:accept|content-type|authorization)$/i
/** How each place writes its values, as it is understood here. */
const STYLES: Readonly<Record<string, string>> = { path: 'simple', query: 'form', header: 'simple' }

/** The parameters of an operation, its own before those of its path. @throws UnsupportedError */
export function parameterFields(document: Document, item: Part, operation: Part, remarks: Remarks): Field[] {
  const found = new Map<string, Field>()
  for (const part of [
    ...itemsOf(fieldOf(operation, 'parameters')),
    ...itemsOf(fieldOf(item, 'parameters')),
  ]) {
    const field = parameterField(document, part, remarks)
    if (field !== undefined) {
      const key = `${field.place.in} ${field.name}`
      if (!found.has(key)) found.set(key, field)
    }
  }
  return [...found.values()]
}

function parameterField(document: Document, part: Part, remarks: Remarks): Field | undefined {
  const one = document.follow(part)
  if ('missing' in one) {
    if (one.missing === 'elsewhere')
      throw new UnsupportedError(`it has a parameter in another document, ${short(one.ref)}`)
    remarks.problem(part.at, `refers to ${short(one.ref)}, which leads nowhere`)
    return undefined
  }
  const name = textOf(fieldOf(one, 'name'))
  const where = textOf(fieldOf(one, 'in'))
  if (name === undefined || where === undefined || !/^(?:path|query|header|cookie)$/.test(where)) {
    remarks.problem(one.at, 'must have a name, and be in path, query, header or cookie')
    return undefined
  }
  if (where === 'header' && OF_THE_REQUEST.test(name)) return undefined
  const required = where === 'path' || fieldOf(one, 'required').value === true
  const why = unsupported(one, name, where)
  if (why !== undefined) {
    if (required) throw new UnsupportedError(`its parameter ${short(name)} ${why}`)
    remarks.warn(one.at, `is left out: the parameter ${short(name)} ${why}`)
    return undefined
  }
  const explode = fieldOf(one, 'explode').value === false ? { explode: false } : {}
  return { name, place: { in: where as Place['in'], ...explode }, required, schema: fieldOf(one, 'schema') }
}

/** Why a parameter has no way into a request. */
function unsupported(one: Part, name: string, where: string): string | undefined {
  if (where === 'cookie') return 'is a cookie'
  if (where === 'header' && !isSayableHeader(name))
    return 'is a header that is set otherwise, or for a secret'
  const style = textOf(fieldOf(one, 'style'))
  if (style !== undefined && style !== STYLES[where]) return `is written in the style ${short(style)}`
  if (fieldOf(one, 'content').value !== undefined) return 'is a document of its own'
  return undefined
}

/** The body of an operation, as the forms that are understood here. */
export interface BodyPart {
  kind: 'json' | 'form'
  required: boolean
  schema: Part
}

/** @throws UnsupportedError for a body that is needed and cannot be written. */
export function bodyOf(document: Document, operation: Part, remarks: Remarks): BodyPart | undefined {
  const part = fieldOf(operation, 'requestBody')
  if (part.value === undefined) return undefined
  const one = document.follow(part)
  if ('missing' in one) {
    if (one.missing === 'elsewhere')
      throw new UnsupportedError(`its body is in another document, ${short(one.ref)}`)
    remarks.problem(part.at, `refers to ${short(one.ref)}, which leads nowhere`)
    return undefined
  }
  const required = fieldOf(one, 'required').value === true
  const content = fieldOf(one, 'content')
  const types = Object.keys(content.value ?? {})
  const json = types.find((type) => /^(?:application\/(?:[\w.+-]+\+)?json)\s*(?:;|$)/i.test(type))
  const form = types.find((type) => /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type))
  const type = json ?? form
  if (type !== undefined)
    return {
      kind: json === undefined ? 'form' : 'json',
      required,
      schema: fieldOf(fieldOf(content, type), 'schema'),
    }
  const why = `is of the type ${short(types.join(', '))}`
  if (required) throw new UnsupportedError(`its body ${why}`)
  remarks.warn(one.at, `is left out: the body ${why}`)
  return undefined
}
