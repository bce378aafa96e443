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
  const conflicts = touched.filter(
    ({ path, after: left }) =>
      !same(valueAt(now, path), left) || (path.length > 0 && !isFields(valueAt(now, path.slice(0, -1)))),
  )
  if (conflicts.length > 0) return { conflicts: conflicts.map(({ path }) => pointer(path)) }
  if (touched.some(({ path }) => path.length === 0)) return { state: before }
  const state = structuredClone(now) as Record<string, unknown>
  for (const { path, before: was } of touched) put(state, path, was)
  return { state }
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

function valueAt(state: unknown, path: readonly string[]): unknown {
  return path.reduce((value, name) => (isFields(value) ? fieldOf(value, name) : undefined), state)
}

function put(state: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [last] = path.slice(-1)
  const parent = valueAt(state, path.slice(0, -1))
  if (last === undefined || !isFields(parent)) return
  if (value === undefined) Reflect.deleteProperty(parent, last)
  else set(parent, last, value)
}

/** As an own field, whatever its name. */
function set(fields: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
}

function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b
  return a === b || canonical(a) === canonical(b)
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
