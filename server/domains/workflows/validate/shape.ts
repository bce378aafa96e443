import type { Static, TObject, TSchema } from 'typebox'
import { findIssues } from '../../../kernel/validate.ts'
import { below } from './pointer.ts'

/** Unknown fields of one object that are told. */
const UNKNOWN_MAX = 100

/** Hears of a field that is not as it must be; `message` goes on after the name of the field. */
export type Report = (path: string, kind: 'unknown' | 'missing' | 'wrong', message: string) => void

/**
 * The fields of an object that follow their schema, for what goes on with them; everything else is reported.
 *
 * @param apart - Fields that somebody else looks into: they are only asked to be there.
 */
export function readFields<T extends TObject>(
  schema: T,
  value: unknown,
  at: string,
  report: Report,
  apart: readonly string[] = [],
): Partial<Static<T>> {
  const fields: Record<string, unknown> = {}
  if (!isObject(value)) {
    report(at, 'wrong', 'must be an object')
    return fields as Partial<Static<T>>
  }
  const required = new Set(schema.required)
  for (const [key, property] of Object.entries(schema.properties)) {
    const given = Object.hasOwn(value, key) ? value[key] : undefined
    const path = below(at, key)
    if (given === undefined && !required.has(key)) continue
    if (!Object.hasOwn(value, key)) report(path, 'missing', 'is required')
    else if (apart.includes(key) || follows(property, given, path, report)) fields[key] = given
  }
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(schema.properties, key))
  for (const key of unknown.slice(0, UNKNOWN_MAX)) report(below(at, key), 'unknown', 'is not a known field')
  return fields as Partial<Static<T>>
}

/** The elements of a list, or nothing if it is none. */
export function readList(value: unknown, at: string, report: Report): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  report(at, 'wrong', 'must be a list')
  return undefined
}

export function follows(schema: TSchema, value: unknown, at: string, report: Report): boolean {
  const issues = findIssues(schema, value)
  for (const { path, message } of issues) report(`${at}${path}`, 'wrong', message)
  return issues.length === 0
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
