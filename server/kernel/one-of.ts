import { pointTo } from './json-pointer.ts'

/** A value that has to be one of several kinds of object, which are told apart by their `type`. */
export interface OneOf {
  path: string
  /** Schema of the kind that it says it is; nothing where it says none, or one that is not there. */
  meant: object | undefined
  types: string[]
  value: Record<string, unknown>
}

interface Schema {
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
  const?: unknown
}

/** Every such value, in the order in which they stand. */
export function* kindsIn(schema: Schema, value: unknown, path = ''): Generator<OneOf> {
  if (typeof value !== 'object' || value === null) return
  const types = (schema.anyOf ?? []).map(({ properties }) => properties?.['type']?.const)
  if (Array.isArray(value)) {
    if (schema.items === undefined) return
    for (const [place, one] of value.entries()) yield* kindsIn(schema.items, one, `${path}/${place}`)
  } else if (types.length > 0 && types.every((type) => typeof type === 'string')) {
    const own = value as Record<string, unknown>
    yield { path, meant: schema.anyOf?.[types.indexOf(own['type'] as string)], types, value: own }
  } else
    for (const [name, one] of Object.entries(schema.properties ?? {}))
      if (Object.hasOwn(value, name))
        yield* kindsIn(one, (value as Record<string, unknown>)[name], `${path}${pointTo(name)}`)
}
