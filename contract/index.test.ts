import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PROOF_FIELD } from './credentials.ts'
import { APPROVAL_FIELD } from './approvals.ts'
import { client_events, connection_events, operation_events, server_events } from './events.ts'
import { operations } from './index.ts'
import { TIERS } from './limits.ts'
import { methods } from './messages.ts'
import type { Method } from './messages.ts'
import type { Operation } from './operation.ts'

/** As much of a JSON schema as these rules look at. */
interface Shape {
  type?: string
  const?: unknown
  enum?: unknown[]
  format?: string
  pattern?: string
  maxLength?: number
  maxItems?: number
  items?: Shape
  anyOf?: Shape[]
  properties?: Record<string, Shape>
  patternProperties?: Record<string, Shape>
  required?: string[]
  additionalProperties?: boolean | Shape
}

const ALL = Object.entries<Operation>(operations)
const inputOf = ({ input }: Operation) => input as unknown as Shape
const parametersOf = ({ http }: Operation) => [...http.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)

/** What occurs more than once. */
function twice(names: readonly string[]): string[] {
  return names.filter((name, at) => names.indexOf(name) < at)
}

test('every operation is filed under its own name, in small letters, with a sentence about it', () => {
  for (const [name, one] of ALL) {
    assert.equal(one.name, name)
    assert.match(name, /^[a-z]+\.[a-z_]+$/)
    assert.match(one.summary, /^[A-Z].*\.$/, name)
  }
})

test('no two operations share a name, a route, a socket event or a method of the messages', () => {
  const routes = ALL.map(([, { http }]) => `${http.method} ${http.path.replaceAll(/:\w+/g, ':')}`)
  assert.deepEqual(twice(ALL.map(([name]) => name)), [])
  assert.deepEqual(twice(routes), [])
  assert.deepEqual(twice(ALL.flatMap(([, { socket }]) => socket?.event ?? [])), [])
  assert.deepEqual(twice(ALL.flatMap(([, { message }]) => message ?? [])), [])
})

test('every parameter of a path is a required field of the input', () => {
  for (const [name, one] of ALL) {
    for (const parameter of parametersOf(one)) {
      assert.ok(inputOf(one).properties?.[parameter], `${name} ${parameter}`)
      assert.ok(inputOf(one).required?.includes(parameter), `${name} ${parameter}`)
    }
  }
})

test('what changes nothing is a GET or says so, and no GET needs more than a query can hold', () => {
  const flat = new Set(['string', 'integer', 'boolean', 'array'])
  for (const [name, one] of ALL) {
    if (one.http.method !== 'GET') continue
    for (const [field, shape] of Object.entries(inputOf(one).properties ?? {}))
      assert.ok(shape.enum !== undefined || flat.has(shape.type ?? ''), `${name} ${field}`)
    // A webhook is whatever its sender can send, and some can only fetch an address.
    const isHook = one.carries === 'webhook'
    assert.ok(one.effect === 'none' || one.proof !== 'none' || isHook, name)
    assert.equal(one.key, undefined, name)
  }
})

test('inputs are closed, except that of a webhook, whose body is the sender’s', () => {
  const open = ALL.filter(([, one]) => inputOf(one).additionalProperties !== false).map(([name]) => name)
  assert.deepEqual(open, ['workflows.hook', 'workflows.hook_put', 'workflows.hook_get'])
})

/** Paths in a schema at which a text or a list may grow without a bound of its own. */
function unbounded(shape: Shape, path: string): string[] {
  const bounded =
    shape.maxLength ?? shape.pattern ?? shape.format ?? shape.enum ?? shape.const ?? shape.maxItems
  const here = (shape.type === 'string' || shape.type === 'array') && bounded === undefined ? [path] : []
  const below = [
    ...Object.entries(shape.properties ?? {}).map(([name, one]) => [`${path}.${name}`, one] as const),
    ...(shape.anyOf ?? []).map((one) => [path, one] as const),
    ...(shape.items === undefined ? [] : [[`${path}[]`, shape.items] as const]),
  ]
  return [...here, ...below.flatMap(([next, one]) => unbounded(one, next))]
}

test('every text and list of an input has a bound of its own, but the steps that are counted elsewhere', () => {
  const found = ALL.flatMap(([name, one]) => unbounded(inputOf(one), name))
  // Their number is refused with WORKFLOW_003 beside the other problems of a definition.
  assert.deepEqual(
    found.filter((path) => !/definition\.(?:error_handling\.fallback_)?steps$/.test(path)),
    [],
  )
})

test('what must always get through is neither limited nor proven, and what is stopped can be', () => {
  for (const [name, { unlimited, limits, proof, who }] of ALL) {
    if (!unlimited) continue
    assert.deepEqual([limits, proof, who], [[], 'none', 'user'], name)
  }
  for (const name of ['system.stop', 'agents.stop', 'workflows.stop'] as const)
    assert.ok(operations[name].unlimited, name)
})

test('limits are windows that the tiers have, and no call counts twice in one', () => {
  const kinds = Object.keys(TIERS.free)
  for (const [name, { limits }] of ALL) {
    assert.deepEqual(twice(limits), [], name)
    for (const kind of limits) assert.ok(kinds.includes(kind), `${name} ${kind}`)
  }
})

test('nobody who is not signed in can be asked for a proof, and what is the owner’s is not public', () => {
  for (const [name, { who, proof }] of ALL) if (who === 'public') assert.equal(proof, 'none', name)
  assert.ok(ALL.filter(([name]) => name.startsWith('users.')).every(([, { who }]) => who === 'owner'))
})

test('every idempotency key leads to a text of the input, or is the header', () => {
  for (const [name, one] of ALL) {
    if (one.key === undefined || one.key === 'header') continue
    const field = one.key
      .split('.')
      .reduce<Shape | undefined>((shape, part) => shape?.properties?.[part], inputOf(one))
    assert.equal(field?.type, 'string', `${name} ${one.key}`)
    assert.ok((field.maxLength ?? 0) > 0, name)
  }
})

test('proof and approval travel beside the input, so that no input has a field of that name', () => {
  for (const [name, one] of ALL) {
    for (const field of [PROOF_FIELD, APPROVAL_FIELD])
      assert.ok(!Object.hasOwn(inputOf(one).properties ?? {}, field), `${name} ${field}`)
  }
})

test('a list takes a limit and a cursor, and answers with the next', () => {
  for (const [name, one] of ALL) {
    const output = one.output as unknown as Shape
    const asks = Object.hasOwn(inputOf(one).properties ?? {}, 'cursor')
    assert.equal(asks, Object.hasOwn(output.properties ?? {}, 'next_cursor'), name)
    if (asks) assert.ok(Object.hasOwn(inputOf(one).properties ?? {}, 'limit'), name)
  }
})

test('the arguments of a socket event, and the names that it renames, are fields of the input', () => {
  for (const [event, one] of operation_events) {
    const { args = [], rename = {}, drop = [] } = one.socket ?? {}
    for (const field of [...args, ...Object.values(rename)])
      assert.ok(inputOf(one).properties?.[field], `${event} ${field}`)
    for (const field of drop) assert.equal(inputOf(one).properties?.[field], undefined, `${event} ${field}`)
  }
})

test('no event has two meanings', () => {
  const names = [connection_events, client_events, server_events].flatMap((events) => Object.keys(events))
  assert.deepEqual(twice([...names, ...operation_events.keys()]), [])
  for (const { input, args } of Object.values(client_events))
    assert.deepEqual(Object.keys(input.properties), [...args])
})

test('a method is an operation that says so, and renames only what is there', () => {
  for (const [name, method] of Object.entries<Method>(methods)) {
    const twin = ALL.find(([own]) => own === method.operation.name)?.[1]
    assert.ok(twin, name)
    assert.deepEqual([twin, twin.message], [method.operation, name])
    for (const [sent, own] of Object.entries(method.rename)) {
      assert.ok(Object.hasOwn(method.params.properties, sent), `${name} ${sent}`)
      assert.ok(inputOf(twin).properties?.[own], `${name} ${own}`)
    }
  }
})
