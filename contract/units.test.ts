import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server_events } from './events.ts'
import { operations } from './index.ts'

/** Numbers that are no measure: places in a picture, and factors. */
const BARE: ReadonlySet<string> = new Set(['x', 'y', 'speech_rate', 'pitch', 'volume'])
const UNIT_IN_NAME = /_(?:ms|bytes|seconds|days|count|percent)$/u

interface Schema {
  type?: unknown
  description?: unknown
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
}

/** The numbers in a schema that say no unit, by the names on the way to them. */
function unclear(schema: Schema, path: string[]): string[] {
  const { type, description, properties = {}, items, anyOf = [] } = schema
  const name = path.at(-1) ?? ''
  const isClear = description !== undefined || BARE.has(name) || path.some((part) => UNIT_IN_NAME.test(part))
  return [
    ...(type === 'number' && !isClear ? [path.join('.')] : []),
    ...Object.entries(properties).flatMap(([key, value]) => unclear(value, [...path, key])),
    ...[...anyOf, ...(items === undefined ? [] : [items])].flatMap((part) => unclear(part, path)),
  ]
}

test('every number of an answer or an event says its unit, by its name or beside it', () => {
  const found = [
    ...Object.entries(operations).flatMap(([name, { output }]) => unclear(output as Schema, [name])),
    ...Object.entries(server_events).flatMap(([name, data]) => unclear(data as Schema, [name])),
  ]
  assert.deepEqual([...new Set(found)], [])
})

test('what is a share says so, and a success rate what it is a share of', () => {
  const { output } = operations['workflows.get']
  const { success_rate } = output.properties
  assert.match(String((success_rate as Schema).description), /finished runs that completed, 0 to 1/)
})
