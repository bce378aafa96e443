import type { Helper } from '../library/call.ts'
import type { Binary, Unary } from '../operators.ts'
import type { Value } from '../value.ts'

/** The names that an expression starts from. */
export const ROOTS = ['input', 'trigger', 'steps', 'vars', 'now', 'error'] as const
export type Root = (typeof ROOTS)[number]

interface At {
  /** Where the source says it: a message about this node points there. */
  readonly at: number
}

/** The whole language: what is not here cannot happen. */
export type Node = Link | (At & Plain)

type Plain =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'root'; readonly name: Root }
  | { readonly kind: 'variable'; readonly slot: number }
  | { readonly kind: 'unary'; readonly apply: Unary; readonly operand: Node }
  | { readonly kind: 'binary'; readonly apply: Binary; readonly left: Node; readonly right: Node }
  | { readonly kind: 'and' | 'or' | 'else'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'choice'; readonly test: Node; readonly yes: Node; readonly no: Node }
  /** A template literal: `texts` has one more than `values`. */
  | { readonly kind: 'text'; readonly texts: readonly string[]; readonly values: readonly Node[] }
  | { readonly kind: 'array'; readonly items: readonly Item[] }
  | { readonly kind: 'object'; readonly entries: readonly Entry[] }
  | { readonly kind: 'call'; readonly helper: Helper; readonly items: readonly Item[] }
  /** Where an optional chain ends: beyond it, `?.` skips nothing. */
  | { readonly kind: 'chain'; readonly inner: Node }

/** What can stand in an optional chain. */
export type Link = At &
  (
    | {
        readonly kind: 'member'
        readonly object: Node
        readonly key: string | Node
        readonly optional: boolean
      }
    | {
        readonly kind: 'method'
        readonly object: Node
        readonly name: string
        readonly optional: boolean
        readonly items: readonly Item[]
        readonly callback: Function | undefined
      }
  )

export interface Item {
  readonly spread: boolean
  readonly node: Node
}

export interface Entry {
  /** Left out where an object is spread. */
  readonly key?: string | Node
  readonly node: Node
}

/** A function written as an argument, or one of ours named there. It lives as long as the call. */
export type Function =
  | { readonly parameters: readonly Pattern[]; readonly body: Node }
  | { readonly helper: Helper }

/** Where an argument goes: a variable, or the parts of an array or object. */
export type Pattern =
  | { readonly slot: number }
  | { readonly at: number; readonly items: readonly (Pattern | undefined)[] }
  | { readonly at: number; readonly fields: readonly (readonly [string, Pattern])[] }
