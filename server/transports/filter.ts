import type { TSchema } from 'typebox'

interface Shape {
  type?: string
  properties?: Record<string, Shape>
  additionalProperties?: unknown
  items?: Shape
  anyOf?: Shape[]
}

/** Leaves of an answer only what the contract promises, so that a column of a row can never leak. */
export function filterTo(schema: TSchema, value: unknown): unknown {
  return filter(schema, value)
}

function filter(shape: Shape, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = shape
    return items === undefined ? value : value.map((item: unknown) => filter(items, item))
  }
  if (typeof value !== 'object' || value === null) return value
  if (shape.anyOf !== undefined) {
    const fitting = shape.anyOf.find((option) => fits(option, value))
    return fitting === undefined ? value : filter(fitting, value)
  }
  const { properties } = shape
  if (properties === undefined) return value
  const kept: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(properties)) {
    const item = (value as Record<string, unknown>)[key]
    if (item !== undefined) kept[key] = filter(inner, item)
  }
  return kept
}

/** Whether an object has every required field of an option of a union. */
function fits(option: Shape & { required?: string[] }, value: object): boolean {
  return option.properties !== undefined && (option.required ?? []).every((key) => key in value)
}
