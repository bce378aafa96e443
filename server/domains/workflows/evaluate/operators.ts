import type { Budget } from './budget.ts'
import { looselyEqual, toNumber, toPrimitive, toText } from './coerce.ts'
import { Stop } from './place.ts'
import { kindOf } from './value.ts'
import type { Value } from './value.ts'

export type Binary = (left: Value, right: Value, budget: Budget) => Value
export type Unary = (value: Value, budget: Budget) => Value

/** Operators on two values, as JavaScript defines them for plain data. */
export const BINARY: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['+', add],
  ['-', arithmetic((a, b) => a - b)],
  ['*', arithmetic((a, b) => a * b)],
  ['/', arithmetic((a, b) => a / b)],
  ['%', arithmetic((a, b) => a % b)],
  ['**', arithmetic((a, b) => a ** b)],
  ['&', arithmetic((a, b) => a & b)],
  ['|', arithmetic((a, b) => a | b)],
  ['^', arithmetic((a, b) => a ^ b)],
  ['<<', arithmetic((a, b) => a << b)],
  ['>>', arithmetic((a, b) => a >> b)],
  ['>>>', arithmetic((a, b) => a >>> b)],
  ['===', (a, b, budget) => same(a, b, budget)],
  ['!==', (a, b, budget) => !same(a, b, budget)],
  ['==', (a, b, budget) => looselyEqual(a, b, budget)],
  ['!=', (a, b, budget) => !looselyEqual(a, b, budget)],
  ['<', order((a, b) => a < b)],
  ['<=', order((a, b) => a <= b)],
  ['>', order((a, b) => a > b)],
  ['>=', order((a, b) => a >= b)],
  ['in', has],
])

export const UNARY: ReadonlyMap<string, Unary> = new Map<string, Unary>([
  ['!', (value) => !truthy(value)],
  ['-', (value, budget) => -toNumber(value, budget)],
  ['+', (value, budget) => toNumber(value, budget)],
  ['~', (value, budget) => ~toNumber(value, budget)],
  ['typeof', (value) => typeof value],
])

/** JavaScript's truth: everything but false, 0, NaN, the empty text, null and undefined. */
export function truthy(value: Value): boolean {
  return Boolean(value)
}

function add(left: Value, right: Value, budget: Budget): Value {
  const a = toPrimitive(left, budget)
  const b = toPrimitive(right, budget)
  if (typeof a !== 'string' && typeof b !== 'string') return Number(a) + Number(b)
  const start = String(a)
  const end = String(b)
  budget.text(start.length + end.length)
  return start + end
}

function arithmetic(work: (a: number, b: number) => number): Binary {
  return (left, right, budget) => work(toNumber(left, budget), toNumber(right, budget))
}

function same(left: Value, right: Value, budget: Budget): boolean {
  if (typeof left === 'string') budget.scan(left.length)
  return left === right
}

function order(holds: (a: number | string, b: number | string) => boolean): Binary {
  return (left, right, budget) => {
    const a = toPrimitive(left, budget)
    const b = toPrimitive(right, budget)
    if (typeof a !== 'string' || typeof b !== 'string') return holds(Number(a), Number(b))
    budget.scan(Math.min(a.length, b.length))
    return holds(a, b)
  }
}

function has(key: Value, object: Value, budget: Budget): boolean {
  if (typeof object === 'object' && object !== null) return Object.hasOwn(object, toText(key, budget))
  throw new Stop(`Only an object or an array can be asked with \`in\`; this is ${kindOf(object)}.`)
}
