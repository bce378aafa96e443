import type { Budget } from './budget.ts'
import { Stop } from './place.ts'
import { DEPTH_MAX, isList, kindOf } from './value.ts'
import type { Fields, Value } from './value.ts'

type Primitive = undefined | null | boolean | number | string

/** What JavaScript's `String(value)` gives for plain data. */
export function toText(value: Value, budget: Budget): string {
  return typeof value === 'string' ? value : String(toPrimitive(value, budget))
}

export function toNumber(value: Value, budget: Budget): number {
  return typeof value === 'number' ? value : Number(toPrimitive(value, budget))
}

/** JavaScript's ToIntegerOrInfinity; `otherwise` stands in for what was left out. */
export function toInteger(value: Value, budget: Budget, otherwise = 0): number {
  if (value === undefined) return otherwise
  const number = Math.trunc(toNumber(value, budget))
  return Number.isNaN(number) ? 0 : number
}

export function toPrimitive(value: Value, budget: Budget): Primitive {
  if (typeof value !== 'object' || value === null) return value
  return isList(value) ? joinList(value, ',', budget) : '[object Object]'
}

/** JavaScript's `join`, for lists in lists too. It stops as soon as it is too long: a list may hold the same list often. */
export function joinList(list: readonly Value[], separator: string, budget: Budget): string {
  let length = 0
  const join = (items: readonly Value[], between: string, depth: number): string => {
    if (depth > DEPTH_MAX) throw new Stop(`Arrays may be nested at most ${DEPTH_MAX} deep.`)
    budget.spend(1 + Math.floor(items.length / 16))
    const texts = items.map((item, index) => {
      const text = isList(item) ? join(item, ',', depth + 1) : toText(item ?? '', budget)
      length += (isList(item) ? 0 : text.length) + (index === 0 ? 0 : between.length)
      if (length > budget.limits.size_bytes) budget.text(length)
      return text
    })
    return texts.join(between)
  }
  const text = join(list, separator, 1)
  budget.text(text.length)
  return text
}

/** JavaScript's `==`: two objects are equal when they are the same one. */
export function looselyEqual(a: Value, b: Value, budget: Budget): boolean {
  if (isObject(a) && isObject(b)) return a === b
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null)
  const left = toPrimitive(a, budget)
  const right = toPrimitive(b, budget)
  if (typeof left === typeof right) return left === right
  return Number(left) === Number(right)
}

/** JavaScript's includes, which finds NaN. */
export function sameValueZero(a: Value, b: Value): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}

/** The own fields of anything, as spread and `Object.entries` see them. */
export function fieldsOf(value: Value, budget: Budget): [string, Value][] {
  if (typeof value !== 'object' && typeof value !== 'string') return []
  if (value === null) return []
  if (typeof value === 'string' && value.length > budget.limits.items) budget.items(value.length)
  const fields = Object.entries<Value>(typeof value === 'string' ? [...indexed(value)] : value)
  budget.items(fields.length)
  return fields
}

/** What can be spread into an array: the elements of an array, or the characters of a text. */
export function elementsOf(value: Value, budget: Budget): readonly Value[] {
  if (isList(value)) return value
  if (typeof value !== 'string')
    throw new Stop(`Only an array or a text has elements; this is ${kindOf(value)}.`)
  if (value.length > budget.limits.items) budget.items(value.length)
  return Array.from(value)
}

/** An object of these fields. The one key that would set a prototype is refused. */
export function objectOf(fields: Iterable<readonly [string, Value]>, budget: Budget): Fields {
  const object: Record<string, Value> = {}
  let count = 0
  for (const [key, value] of fields) {
    if (key === '__proto__') throw new Stop('An object cannot have a key __proto__.')
    object[key] = value
    count += 1
    if (count > budget.limits.items) break
  }
  budget.items(count)
  return object
}

/** A text by its UTF-16 units, as objects made of texts have them; spread into an array has whole characters. */
function* indexed(text: string): Iterable<string> {
  for (let index = 0; index < text.length; index += 1) yield text.charAt(index)
}

function isObject(value: Value): value is readonly Value[] | Fields {
  return typeof value === 'object' && value !== null
}
