import type { Budget } from './budget.ts'
import { elementsOf, fieldsOf, objectOf, toText } from './coerce.ts'
import { spreadInto } from './library/arrays.ts'
import { isoOf } from './library/dates.ts'
import type { Call, Callback } from './library/call.ts'
import { methodOf } from './library/table.ts'
import { truthy } from './operators.ts'
import { Stop } from './place.ts'
import type { Entry, Function, Item, Link, Node, Pattern, Root } from './tree/node.ts'
import { isFields, isList, kindOf } from './value.ts'
import type { Fields, Scope, Value } from './value.ts'

/** What an optional chain gives from where it met null on. */
const SKIPPED = Symbol('skipped')

/**
 * One evaluation. It goes through our own tree over plain data and looks nothing up on a value but own properties; the
 * depth of the tree is bounded when it is made, and a function cannot call itself, so neither can the stack overflow.
 */
export class Run {
  readonly #scope: Scope
  readonly #budget: Budget
  /** Each parameter of each function has a place of its own, which is enough because no function is running twice. */
  readonly #variables: Value[] = []

  constructor(scope: Scope, budget: Budget) {
    this.#scope = scope
    this.#budget = budget
  }

  value(node: Node): Value {
    this.#step(node.at)
    switch (node.kind) {
      case 'constant':
        return node.value
      case 'root':
        return this.#root(node.name)
      case 'variable':
        return this.#variables[node.slot]
      case 'member':
      case 'method': {
        const value = this.#link(node)
        return value === SKIPPED ? undefined : value
      }
      case 'chain':
        return this.value(node.inner)
      case 'unary': {
        const operand = this.value(node.operand)
        this.#budget.at = node.at
        return node.apply(operand, this.#budget)
      }
      case 'binary': {
        const left = this.value(node.left)
        const right = this.value(node.right)
        this.#budget.at = node.at
        return node.apply(left, right, this.#budget)
      }
      case 'and': {
        const left = this.value(node.left)
        return truthy(left) ? this.value(node.right) : left
      }
      case 'or': {
        const left = this.value(node.left)
        return truthy(left) ? left : this.value(node.right)
      }
      case 'else':
        return this.value(node.left) ?? this.value(node.right)
      case 'choice':
        return this.value(truthy(this.value(node.test)) ? node.yes : node.no)
      default:
        return this.#make(node)
    }
  }

  #make(node: Extract<Node, { kind: 'text' | 'array' | 'object' | 'call' }>): Value {
    switch (node.kind) {
      case 'text':
        return this.#text(node.texts, node.values)
      case 'array': {
        const items = this.#items(node.items)
        this.#budget.items(items.length)
        return items
      }
      case 'object':
        return this.#object(node.entries, node.at)
      case 'call': {
        const call = this.#call(node.items, undefined)
        this.#budget.at = node.at
        return node.helper(call)
      }
    }
  }

  #step(at: number): void {
    this.#budget.at = at
    this.#budget.spend(1)
  }

  #root(name: Root): Value {
    if (name === 'now') return isoOf(Temporal.Instant.fromEpochMilliseconds(Math.trunc(this.#scope.now)))
    return this.#scope[name]
  }

  /** A member or method whose object may be in the same optional chain. */
  #link(node: Link): Value | typeof SKIPPED {
    const { object: of } = node
    const object = of.kind === 'member' || of.kind === 'method' ? this.#nested(of) : this.value(of)
    if (object === SKIPPED) return SKIPPED
    if (node.optional && (object === undefined || object === null)) return SKIPPED
    return node.kind === 'member' ? this.#member(node, object) : this.#method(node, object)
  }

  #nested(node: Link): Value | typeof SKIPPED {
    this.#step(node.at)
    return this.#link(node)
  }

  #member(node: Extract<Link, { kind: 'member' }>, object: Value): Value {
    const { key } = node
    const value = typeof key === 'string' ? key : this.value(key)
    this.#budget.at = node.at
    if (object === undefined || object === null)
      throw new Stop(`There is no ${named(key)} to read of ${kindOf(object)}.`)
    const name = typeof value === 'number' ? value : toText(value, this.#budget)
    return ownOf(object, name)
  }

  #method(node: Extract<Link, { kind: 'method' }>, receiver: Value): Value {
    const method = methodOf(receiver, node.name)
    if (method === undefined) {
      this.#budget.at = node.at
      throw new Stop(`There is no ${node.name}() of ${kindOf(receiver)}.`)
    }
    const call = this.#call(
      node.items,
      node.callback === undefined ? undefined : this.#callback(node.callback, node.at),
    )
    this.#budget.at = node.at
    return method(call)
  }

  #call(items: readonly Item[], callback: Callback | undefined): Call {
    const { now, time_zone } = this.#scope
    return { values: this.#items(items), callback, budget: this.#budget, now, time_zone }
  }

  /** A host function around a function of the expression, for the time of the call. */
  #callback(written: Function, at: number): Callback {
    const budget = this.#budget
    return (...values) => {
      budget.spend(1)
      if ('helper' in written) {
        const { now, time_zone } = this.#scope
        return written.helper({ values, callback: undefined, budget, now, time_zone })
      }
      for (const [index, pattern] of written.parameters.entries()) this.#bind(pattern, values[index])
      const value = this.value(written.body)
      budget.at = at
      return value
    }
  }

  #bind(pattern: Pattern, value: Value): void {
    if ('slot' in pattern) {
      this.#variables[pattern.slot] = value
      return
    }
    this.#step(pattern.at)
    if ('items' in pattern) {
      const elements = elementsOf(value, this.#budget)
      for (const [index, part] of pattern.items.entries()) {
        if (part !== undefined) this.#bind(part, elements[index])
      }
      return
    }
    if (value === undefined || value === null) throw new Stop(`There are no fields of ${kindOf(value)}.`)
    for (const [key, part] of pattern.fields) this.#bind(part, ownOf(value, key))
  }

  #items(items: readonly Item[]): Value[] {
    const values: Value[] = []
    for (const { node, spread } of items) {
      const value = this.value(node)
      if (spread) spreadInto(values, value, this.#budget)
      else values.push(value)
    }
    return values
  }

  #object(entries: readonly Entry[], at: number): Fields {
    const fields: [string, Value][] = []
    for (const { key, node } of entries) {
      if (key === undefined) {
        for (const field of fieldsOf(this.value(node), this.#budget)) fields.push(field)
      } else {
        const name = typeof key === 'string' ? key : toText(this.value(key), this.#budget)
        fields.push([name, this.value(node)])
      }
    }
    this.#budget.at = at
    return objectOf(fields, this.#budget)
  }

  #text(texts: readonly string[], values: readonly Node[]): string {
    let text = texts[0] ?? ''
    for (const [index, node] of values.entries()) {
      const added = toText(this.value(node), this.#budget) + (texts[index + 1] ?? '')
      this.#budget.text(text.length + added.length)
      text += added
    }
    return text
  }
}

/** A key as it is written. What was worked out may be a secret, which no error tells. */
function named(key: string | Node): string {
  if (typeof key === 'string') return key.slice(0, 50)
  return key.kind === 'constant' && typeof key.value === 'number' ? String(key.value) : 'such field'
}

/** An own property of an object, an element of an array, a character or the length of a text; never anything inherited. */
function ownOf(value: Value, key: string | number): Value {
  if (typeof value === 'string') {
    if (key === 'length') return value.length
    return Object.hasOwn(Object(value), key) ? value[Number(key)] : undefined
  }
  if (isList(value)) {
    if (key === 'length') return value.length
    return Object.hasOwn(value, key) ? value[Number(key)] : undefined
  }
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined
}
