import { elementsOf, joinList, sameValueZero, toInteger, toNumber, toText } from '../coerce.ts'
import { Stop } from '../place.ts'
import { DEPTH_MAX, isList } from '../value.ts'
import type { Value } from '../value.ts'
import { truthy } from '../operators.ts'
import type { Budget } from '../budget.ts'
import type { Call, Callback, Method } from './call.ts'

type List = readonly Value[]

/** Methods whose first argument is a function, and whether it may be left out. */
export const WITH_FUNCTION: ReadonlyMap<string, 'needed' | 'possible'> = new Map([
  ...[
    'map',
    'filter',
    'find',
    'findIndex',
    'findLast',
    'findLastIndex',
    'some',
    'every',
    'reduce',
    'flatMap',
  ].map((name) => [name, 'needed'] as const),
  ...['sort', 'toSorted'].map((name) => [name, 'possible'] as const),
])

/** What an array can do. Nothing changes an array: what JavaScript does in place is done on a copy. */
export const ARRAY_METHODS: ReadonlyMap<string, Method<List>> = new Map<string, Method<List>>([
  ['at', (list, { values, budget }) => list.at(toInteger(values[0], budget))],
  ['concat', concat],
  ['every', (list, call) => list.every((item, index) => truthy(given(call)(item, index, list)))],
  ['filter', filter],
  ['find', (list, call) => list.find((item, index) => truthy(given(call)(item, index, list)))],
  ['findIndex', (list, call) => list.findIndex((item, index) => truthy(given(call)(item, index, list)))],
  ['findLast', (list, call) => list.findLast((item, index) => truthy(given(call)(item, index, list)))],
  [
    'findLastIndex',
    (list, call) => list.findLastIndex((item, index) => truthy(given(call)(item, index, list))),
  ],
  ['flat', flat],
  ['flatMap', flatMap],
  ['includes', includes],
  ['indexOf', indexOf],
  ['join', join],
  ['lastIndexOf', lastIndexOf],
  ['map', (list, call) => made(list.length, call.budget, () => mapped(list, given(call)))],
  ['reduce', reduce],
  ['reverse', (list, { budget }) => made(list.length, budget, () => list.toReversed())],
  ['slice', slice],
  ['some', (list, call) => list.some((item, index) => truthy(given(call)(item, index, list)))],
  ['sort', sorted],
  ['toReversed', (list, { budget }) => made(list.length, budget, () => list.toReversed())],
  ['toSorted', sorted],
  ['toString', (list, { budget }) => toText(list, budget)],
])

function given({ callback }: Call): Callback {
  if (callback === undefined) throw new Stop('A function is missing here.')
  return callback
}

/** Charges for an array before it is made. */
function made(count: number, budget: Budget, make: () => List): List {
  budget.items(count)
  return make()
}

function mapped(list: List, callback: Callback): List {
  return list.map((item, index) => callback(item, index, list))
}

function filter(list: List, call: Call): List {
  const callback = given(call)
  const kept = list.filter((item, index) => truthy(callback(item, index, list)))
  call.budget.items(kept.length)
  return kept
}

function concat(list: List, { values, budget }: Call): List {
  const count = values.reduce<number>((sum, value) => sum + (isList(value) ? value.length : 1), list.length)
  return made(count, budget, () => list.concat(...values))
}

function flat(list: List, { values: [levels], budget }: Call): List {
  const depth = toInteger(levels, budget, 1)
  const flattened: Value[] = []
  const take = (items: List, left: number, level: number): void => {
    if (level > DEPTH_MAX) throw new Stop(`Arrays may be nested at most ${DEPTH_MAX} deep.`)
    // An array of nothing costs too: the same one may stand there very often.
    budget.spend(1 + Math.floor(items.length / 16))
    for (const item of items) {
      if (isList(item) && left > 0) take(item, left - 1, level + 1)
      else flattened.push(item)
    }
    if (flattened.length > budget.limits.items) budget.items(flattened.length)
  }
  take(list, depth, 0)
  budget.items(flattened.length)
  return flattened
}

function flatMap(list: List, call: Call): List {
  const { budget } = call
  const callback = given(call)
  const flattened: Value[] = []
  for (const [index, item] of list.entries()) {
    const value = callback(item, index, list)
    const items = isList(value) ? value : [value]
    if (flattened.length + items.length > budget.limits.items) budget.items(flattened.length + items.length)
    for (const one of items) flattened.push(one)
  }
  budget.items(flattened.length)
  return flattened
}

/** Charges for looking at all elements, which is quick. */
function look(list: List, sought: Value, budget: Budget): void {
  budget.scan(list.length * (typeof sought === 'string' ? Math.max(sought.length, 16) : 16))
}

function includes(list: List, { values: [sought, from], budget }: Call): boolean {
  look(list, sought, budget)
  return list.slice(toInteger(from, budget)).some((item) => sameValueZero(item, sought))
}

function indexOf(list: List, { values: [sought, from], budget }: Call): number {
  look(list, sought, budget)
  return list.indexOf(sought, toInteger(from, budget))
}

function lastIndexOf(list: List, { values: [sought], budget }: Call): number {
  look(list, sought, budget)
  return list.lastIndexOf(sought)
}

function join(list: List, { values: [separator], budget }: Call): string {
  return joinList(list, separator === undefined ? ',' : toText(separator, budget), budget)
}

function slice(list: List, { values: [from, to], budget }: Call): List {
  const part = list.slice(toInteger(from, budget), to === undefined ? undefined : toInteger(to, budget))
  budget.items(part.length)
  return part
}

function reduce(list: List, call: Call): Value {
  const callback = given(call)
  if (call.values.length === 0 && list.length === 0)
    throw new Stop('An empty array cannot be reduced without a value to begin with.')
  const rest = call.values.length === 0 ? 1 : 0
  let reached = rest === 1 ? list[0] : call.values[0]
  for (let index = rest; index < list.length; index += 1)
    reached = callback(reached, list[index], index, list)
  return reached
}

function sorted(list: List, { callback, budget }: Call): List {
  budget.items(list.length)
  if (callback !== undefined) return list.toSorted((a, b) => toNumber(callback(a, b), budget))
  const worded = list.map((item) => ({ item, text: item === undefined ? undefined : toText(item, budget) }))
  // Sorting compares each element about as often as the length has binary digits.
  const characters = worded.reduce((sum, { text }) => sum + (text?.length ?? 0) + 16, 0)
  budget.scan(characters * Math.ceil(Math.log2(list.length + 1)))
  return worded.toSorted((a, b) => inOrder(a.text, b.text)).map(({ item }) => item)
}

/** By UTF-16 units, with what is undefined at the end. */
function inOrder(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  return b === undefined || a < b ? -1 : 1
}

/** All arguments of a call, where some are spread. */
export function spreadInto(values: Value[], value: Value, budget: Budget): void {
  const elements = elementsOf(value, budget)
  if (values.length + elements.length > budget.limits.items) budget.items(values.length + elements.length)
  for (const element of elements) values.push(element)
}
