import type { Expression, MemberExpression, PrivateIdentifier, SpreadElement } from 'acorn'
import { FUNCTIONS, NAMESPACES } from '../library/table.ts'
import { constructNamed } from './constructs.ts'
import type { Item, Node, Root } from './node.ts'
import { Refused } from './refused.ts'

/**
 * One reading of what an expression starts from: `steps.fetch` has the key `fetch`, `steps` alone has none. That of
 * `steps.fetch.status` is told once more with the field.
 */
export interface Read {
  readonly root: Root
  readonly key: string | undefined
  readonly field?: string
  readonly position: number
}

/** Parameters of the functions around, each with its place. */
export type Names = ReadonlyMap<string, number>

/** What grows with a tree. */
export interface Growth {
  /** Where in the whole text the positions of the parser begin. */
  readonly offset: number
  readonly reads: Read[]
  /** How many parameters there are so far. */
  slots: number
  depth: number
  /** Our own tree of a part. */
  grow(node: Expression | PrivateIdentifier, names: Names): Node
}

export function growItem(element: Expression | SpreadElement, names: Names, growth: Growth): Item {
  return element.type === 'SpreadElement'
    ? { spread: true, node: growth.grow(element.argument, names) }
    : { spread: false, node: growth.grow(element, names) }
}

export function refused(node: { type: string; start: number }, { offset }: Growth): Refused {
  return new Refused(`${constructNamed(node.type)} is not allowed in an expression.`, offset + node.start)
}

/** The one name by which plain data would reach a prototype. */
export function proto(at: number): Refused {
  return new Refused('`__proto__` is not allowed in an expression.', at)
}

/** Why a name cannot stand where it does. */
export function unknown(name: string): string {
  if (FUNCTIONS.has(name)) return `\`${name}\` is a function and has to be called: \`${name}(...)\`.`
  if (NAMESPACES.has(name)) return `\`${name}\` can only stand before the name of one of its functions.`
  return `\`${shown(name)}\` is not known here. An expression reads input, trigger, steps, error and now.`
}

export function notOurs(name: string): string {
  return `\`${shown(name)}\` is not one of the helpers.`
}

function shown(name: string): string {
  return name.length > 50 ? `${name.slice(0, 50)}...` : name
}

/** `Math.max`, where `Math` is ours and not a parameter of that name. */
export function dotted(
  { object, property, computed, optional }: MemberExpression,
  names: Names,
): string | undefined {
  if (object.type !== 'Identifier' || names.has(object.name) || !NAMESPACES.has(object.name)) return undefined
  if (computed || optional || property.type !== 'Identifier') return undefined
  return `${object.name}.${property.name}`
}
