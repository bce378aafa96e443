import { canonical } from '../../kernel/canonical.ts'
import { pointTo } from '../../kernel/json-pointer.ts'
import type { State } from './kinds.ts'

/** One step of a JSON patch (RFC 6902). An array is one value: what moved in it can be told by no index. */
export interface Patch {
  op: 'add' | 'remove' | 'replace'
  path: string
  value?: unknown
}

/** A place in a state that a change touched, with what it put there; `undefined` where nothing was, or is. */
interface Leaf {
  path: readonly string[]
  before: unknown
  after: unknown
  /** Of a value in an object that came or went as a whole: the length of the path to that object. */
  within?: number
}

/** Levels of a state that are looked into; what lies deeper is compared as one value. */
const DEPTH_MAX = 32

/** What a change did to a state, field by field. A state that was not there, or is not, changes as a whole. */
export function diff(before: State | undefined, after: State | undefined): Patch[] {
  return leaves(before, after).map(({ path, before: from, after: to }) => {
    const at = pointer(path)
    if (to === undefined) return { op: 'remove', path: at }
    return { op: from === undefined ? 'add' : 'replace', path: at, value: to }
  })
}

/** What of a change can be taken back now, or the places where something later stands in the way. */
export type Reverted = { state: State | undefined } | { conflicts: string[] }

/**
 * The state without a change: what it put somewhere must still be there; whatever else has changed since stays.
 *
 * @param now - the state as it is.
 */
export function revert(
  now: State | undefined,
  before: State | undefined,
  after: State | undefined,
): Reverted {
  const touched = leaves(before, after)
  const values = touched.flatMap(inside)
  const conflicts = values.filter((leaf) => !same(valueAt(now, leaf.path), leaf.after) || !hasRoom(now, leaf))
  if (conflicts.length > 0) return { conflicts: conflicts.map(({ path }) => pointer(path)) }
  if (touched.some(({ path }) => path.length === 0)) return { state: before }
  const state = structuredClone(now) as Record<string, unknown>
  for (const { path, before: was } of values) put(state, path, was)
  for (const { path, before: was, after: left } of touched) {
    if (was === undefined) prune(state, path, left)
    if (left === undefined) regrow(state, path, was)
  }
  return { state }
}

/** The values in a state by JSON pointer, as canonical JSON: an array is one value, and what is empty is none. */
export function valuesIn(state: State | undefined): ReadonlyMap<string, string> | undefined {
  if (state === undefined) return undefined
  const values = leaves({}, state).flatMap(inside)
  return new Map(
    values.filter(({ after }) => !isEmpty(after)).map(({ path, after }) => [pointer(path), canonical(after)]),
  )
}

/** Takes objects away that a change brought, where nothing is in them any more. */
function prune(state: Record<string, unknown>, path: readonly string[], brought: unknown): void {
  const there = valueAt(state, path)
  if (!isFields(there) || !isFields(brought)) return
  for (const [name, value] of Object.entries(brought)) prune(state, [...path, name], value)
  if (isEmpty(there)) put(state, path, undefined)
}

/** Brings objects back that a change took away, also those in which nothing was. */
function regrow(state: Record<string, unknown>, path: readonly string[], taken: unknown): void {
  if (!isFields(taken)) return
  if (valueAt(state, path) === undefined && hasRoom(state, { path })) put(state, path, {})
  for (const [name, value] of Object.entries(taken)) regrow(state, [...path, name], value)
}

/** An object that came or went as a field is each of its values: what was put beside them meanwhile stays. */
function inside(leaf: Leaf): Leaf[] {
  const { path, before, after, within = path.length } = leaf
  const isBare = path.length === 0 || path.length >= DEPTH_MAX
  if (isBare || (before !== undefined && after !== undefined)) return [leaf]
  const fields = before ?? after
  if (!isFields(fields) || (isEmpty(fields) && leaf.within === undefined)) return [leaf]
  return Object.entries(fields).flatMap(([name, value]) =>
    inside({
      path: [...path, name],
      within,
      before: before === undefined ? undefined : value,
      after: after === undefined ? undefined : value,
    }),
  )
}

/** Whether a place could have a value: objects lie around it, or nothing where they came or went with it. */
function hasRoom(
  state: State | undefined,
  { path, within = path.length }: Pick<Leaf, 'path' | 'within'>,
): boolean {
  return path.every((_, depth) => {
    const around = valueAt(state, path.slice(0, depth))
    return isFields(around) || (around === undefined && depth >= within)
  })
}

/** A state with a merge patch (RFC 7396) applied: null takes a field away. */
export function merge(state: State, patch: Readonly<Record<string, unknown>>): State {
  const merged = { ...state }
  for (const [name, value] of Object.entries(patch)) {
    const known = fieldOf(state, name)
    if (value === null) Reflect.deleteProperty(merged, name)
    else set(merged, name, isFields(value) ? merge(isFields(known) ? known : {}, value) : value)
  }
  return merged
}

function leaves(before: unknown, after: unknown, path: readonly string[] = []): Leaf[] {
  if (same(before, after)) return []
  if (!isFields(before) || !isFields(after) || path.length >= DEPTH_MAX) return [{ path, before, after }]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return names.flatMap((name) => leaves(fieldOf(before, name), fieldOf(after, name), [...path, name]))
}

function pointer(path: readonly string[]): string {
  return path.map(pointTo).join('')
}

function fieldOf(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

export function valueAt(state: unknown, path: readonly string[]): unknown {
  return path.reduce((value, name) => (isFields(value) ? fieldOf(value, name) : undefined), state)
}

/** Makes the objects around a value that comes. */
function put(state: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path
  if (rest.length === 0) {
    if (value === undefined) Reflect.deleteProperty(state, name)
    else set(state, name, value)
    return
  }
  const known = fieldOf(state, name)
  const fields = isFields(known) ? known : {}
  if (fields !== known) set(state, name, fields)
  put(fields, rest, value)
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** As an own field, whatever its name. */
function set(fields: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
}

function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b
  return a === b || canonical(a) === canonical(b)
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
