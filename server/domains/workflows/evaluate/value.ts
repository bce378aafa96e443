/** Plain data, as it comes in and as it goes out. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Plain data while it is worked with: `undefined` may stand anywhere, and numbers need not be finite. */
export type Value = undefined | null | boolean | number | string | readonly Value[] | Fields

export interface Fields {
  readonly [key: string]: Value
}

/** What an expression can read. `now` is epoch milliseconds; times without an offset are times of `time_zone`. */
export interface Scope {
  readonly input: Json
  readonly trigger: Json
  readonly steps: Json
  readonly vars: Json
  /** What steps that stand in for a failed one are told of it; null for all others. */
  readonly error?: Json
  readonly now: number
  readonly time_zone: string
}

/** Levels of arrays and objects in a result, and in whatever is turned into text. */
export const DEPTH_MAX = 64

export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value)
}

export function isFields(value: Value): value is Fields {
  return typeof value === 'object' && value !== null && !isList(value)
}

/** What a value is, in words for a message. */
export function kindOf(value: Value): string {
  if (value === undefined) return 'nothing (undefined)'
  if (value === null) return 'null'
  if (isList(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`
}
