import { fieldsOf, objectOf, toInteger, toText } from '../coerce.ts'
import { Stop } from '../place.ts'
import { DEPTH_MAX, isList, kindOf } from '../value.ts'
import type { Value } from '../value.ts'
import { truthy } from '../operators.ts'
import type { Budget } from '../budget.ts'
import type { Call, Helper } from './call.ts'

export const OBJECT_FUNCTIONS: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  ['Array.isArray', ({ values: [value] }) => isList(value)],
  ['Boolean', ({ values: [value] }) => truthy(value)],
  ['JSON.parse', parse],
  ['JSON.stringify', stringify],
  ['Object.entries', ({ values: [value], budget }) => fieldsOf(existing(value), budget)],
  ['Object.fromEntries', fromEntries],
  ['Object.hasOwn', hasOwn],
  ['Object.keys', ({ values: [value], budget }) => fieldsOf(existing(value), budget).map(([key]) => key)],
  [
    'Object.values',
    ({ values: [value], budget }) => fieldsOf(existing(value), budget).map(([, field]) => field),
  ],
  ['String', ({ values, budget }) => (values.length === 0 ? '' : toText(values[0], budget))],
])

function existing(value: Value): Value {
  if (value === undefined || value === null) throw new Stop(`This has no fields: it is ${kindOf(value)}.`)
  return value
}

function hasOwn({ values: [value, key], budget }: Call): boolean {
  const object = existing(value)
  return (typeof object === 'object' || typeof object === 'string') && object !== null
    ? Object.hasOwn(Object(object), toText(key, budget))
    : false
}

function fromEntries({ values: [list], budget }: Call): Value {
  if (!isList(list)) throw new Stop(`Entries are an array of pairs; this is ${kindOf(list)}.`)
  budget.spend(Math.floor(list.length / 16))
  const pairs = list.map((pair): [string, Value] => {
    if (!isList(pair)) throw new Stop(`An entry is a pair of key and value; this is ${kindOf(pair)}.`)
    return [toText(pair[0], budget), pair[1]]
  })
  return objectOf(pairs, budget)
}

function parse({ values: [value], budget }: Call): Value {
  const text = toText(value, budget)
  budget.text(text.length)
  let parsed: Value
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new Stop('This text is no JSON.', { cause: error })
  }
  measure(parsed, '', budget)
  return parsed
}

/** JavaScript's own, for which the size is known before. */
function stringify({ values: [value, only, space], budget }: Call): Value {
  if (only !== undefined && only !== null)
    throw new Stop('JSON.stringify takes null as its second argument, and nothing else.')
  const indent = typeof space === 'number' ? ' '.repeat(within(toInteger(space, budget))) : ''
  const between = typeof space === 'string' ? space.slice(0, 10) : indent
  budget.text(measure(value, between, budget))
  const text: string | undefined = JSON.stringify(value, null, between)
  // Characters that JSON writes as \\u0000 were counted as one.
  if (text !== undefined && text.length > budget.limits.size_bytes) budget.text(text.length)
  return text
}

function within(spaces: number): number {
  return Math.min(Math.max(spaces, 0), 10)
}

/** About how long a value is as JSON; escaped characters may make it longer. */
function measure(value: Value, indent: string, budget: Budget): number {
  let size = 0
  const add = (part: Value, depth: number): void => {
    if (depth > DEPTH_MAX) throw new Stop(`Data may be nested at most ${DEPTH_MAX} deep.`)
    size += 1 + indent.length * depth
    if (typeof part === 'string') size += part.length + 2
    else if (isList(part)) for (const item of part) add(item, depth + 1)
    else if (typeof part === 'object' && part !== null) {
      for (const [key, field] of Object.entries(part)) {
        size += key.length + 3
        add(field, depth + 1)
      }
    } else size += String(part).length
    if (size > budget.limits.size_bytes) budget.text(size)
  }
  add(value, 0)
  budget.scan(size * 16)
  return size
}
