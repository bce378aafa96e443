import { isMap } from '../settled.ts'
import { fieldOf, fieldsOf, itemsOf } from './document.ts'
import type { Document, Part } from './document.ts'

/** What a body consists of, when it is one object whose fields are known. */
export interface Flat {
  fields: Map<string, Part>
  required: Set<string>
}

/** Objects that are made of others: deeper is a circle, or as good as one. */
const DEPTH_MAX = 6
const FIELDS_MAX = 120

/**
 * The fields of a body, so that each can be a parameter of its own; nothing of a body that is no object, or may have
 * others.
 */
export function flatten(document: Document, part: Part): Flat | undefined {
  const flat: Flat = { fields: new Map(), required: new Set() }
  const isFlat = collect(document, part, flat, 0)
  if (!isFlat || flat.fields.size === 0 || flat.fields.size > FIELDS_MAX) return undefined
  return flat
}

function collect(document: Document, part: Part, flat: Flat, depth: number): boolean {
  const found = document.follow(part)
  if ('missing' in found || !isMap(found.value) || depth > DEPTH_MAX) return false
  const type = found.value['type'] ?? 'object'
  const more = found.value['additionalProperties']
  if (type !== 'object' || more === true || isMap(more)) return false
  for (const [name, one] of fieldsOf(fieldOf(found, 'properties'))) {
    const field = document.follow(one)
    if ('value' in field && isMap(field.value) && field.value['readOnly'] === true) continue
    flat.fields.set(name, one)
  }
  for (const { value } of itemsOf(fieldOf(found, 'required')))
    if (typeof value === 'string') flat.required.add(value)
  // What only says which of the fields go together is left to the service itself.
  const choices = [...itemsOf(fieldOf(found, 'anyOf')), ...itemsOf(fieldOf(found, 'oneOf'))]
  if (choices.some((one) => !onlyRequires(one))) return false
  return itemsOf(fieldOf(found, 'allOf')).every((one) => collect(document, one, flat, depth + 1))
}

function onlyRequires({ value }: Part): boolean {
  return (
    isMap(value) && Object.keys(value).every((key) => key === 'required' || key === 'type' || key === 'title')
  )
}
