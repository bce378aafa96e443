import * as fc from 'fast-check'

/** The part of JSON Schema that the contract uses. */
export interface Shape {
  type?: string
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

/** Texts are cut to this: what is long is tested where lengths are. */
const TEXT_MAX = 60
const LIST_MAX = 4

/** Values that a schema takes. */
export function valuesOf(shape: Shape): fc.Arbitrary<unknown> {
  if (shape.const !== undefined) return fc.constant(shape.const)
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum)
  if (shape.anyOf !== undefined) return fc.oneof(...shape.anyOf.map(valuesOf))
  switch (shape.type) {
    case 'object':
      return objectsOf(shape)
    case 'array': {
      const maxLength = Math.min(shape.maxItems ?? LIST_MAX, Math.max(LIST_MAX, shape.minItems ?? 0))
      return fc.array(valuesOf(shape.items ?? {}), { minLength: shape.minItems ?? 0, maxLength })
    }
    case 'string':
      return textsOf(shape)
    case 'integer':
      return fc.integer({ min: shape.minimum ?? -1000, max: Math.min(shape.maximum ?? 1000, 2 ** 31 - 1) })
    case 'number':
      return fc.double({ min: shape.minimum ?? -1000, max: shape.maximum ?? 1000, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectsOf({ properties, patternProperties, required = [] }: Shape): fc.Arbitrary<unknown> {
  const [free] = Object.values(patternProperties ?? {})
  if (properties === undefined)
    return fc.dictionary(
      fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__'),
      valuesOf(free ?? {}),
      {
        maxKeys: 3,
      },
    )
  const fields = Object.entries(properties).map(([name, inner]) => [name, valuesOf(inner)] as const)
  return fc.record(Object.fromEntries(fields), { requiredKeys: required })
}

function textsOf({ pattern, format, minLength = 0, maxLength = TEXT_MAX }: Shape): fc.Arbitrary<string> {
  if (format === 'date-time')
    return fc
      .date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString())
  if (pattern !== undefined)
    return (
      fc
        // A length that only a filter keeps would be met by chance, which is never.
        .stringMatching(
          new RegExp(
            pattern.replace(/\+\$$/, `{${Math.max(1, minLength)},${Math.min(maxLength, minLength + 80)}}$`),
          ),
        )
        .filter((text) => text.length >= minLength && text.length <= maxLength)
    )
  const max = Math.max(minLength, Math.min(maxLength, TEXT_MAX))
  return fc.oneof(
    fc.string({ minLength, maxLength: max }),
    fc.string({ minLength, maxLength: max, unit: 'grapheme' }).filter((text) => text.length <= maxLength),
  )
}

/** Values that are near to what a schema takes, and mostly not taken: one thing in them is something else. */
export function mutantsOf(shape: Shape): fc.Arbitrary<unknown> {
  return fc
    .tuple(valuesOf(shape), fc.infiniteStream(fc.nat()), fc.jsonValue({ maxDepth: 1 }))
    .map(([value, dice, odd]) => {
      const roll = (bound: number): number => (dice.next().value ?? 0) % bound
      return mutate(value, roll, odd)
    })
}

function mutate(value: unknown, roll: (bound: number) => number, odd: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || roll(3) === 0) return roll(2) === 0 ? odd : [...value, odd]
    const at = roll(value.length)
    return value.map((item: unknown, index) => (index === at ? mutate(item, roll, odd) : item))
  }
  if (typeof value !== 'object' || value === null) return odd
  const entries = Object.entries(value)
  const at = entries[entries.length === 0 ? 0 : roll(entries.length)]
  switch (at === undefined ? 0 : roll(4)) {
    case 0:
      return { ...value, [`unknown${roll(9)}`]: odd }
    case 1:
      return Object.fromEntries(entries.filter((entry) => entry !== at))
    default:
      return Object.fromEntries(
        entries.map(([name, inner]) => [name, name === at?.[0] ? mutate(inner, roll, odd) : inner]),
      )
  }
}
