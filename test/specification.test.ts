import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import type { TSchema } from 'typebox'
import { PROOF_FIELD } from '../contract/credentials.ts'
import { ERRORS } from '../contract/errors.ts'
import { client_events, connection_events, operation_events, server_events } from '../contract/events.ts'
import type { Call } from '../contract/events.ts'
import * as limits from '../contract/limits.ts'
import { MESSAGE_VERSION, methods } from '../contract/messages.ts'
import type { Method } from '../contract/messages.ts'
import type { Operation } from '../contract/operation.ts'
import { RetryPolicy } from '../contract/workflows.ts'
import { all, compare, compareFields, facts, find, requestOf, schemas, shapeOf } from './comparison.ts'
import type { Shape } from './comparison.ts'
import * as specification from './specification.ts'
import { addedEvents, addedOperations } from './specification/added.ts'
import { differences, openAnswers, openRequests } from './specification/differences.ts'
import type { CallFact, FieldFact, FieldType } from './specification.ts'

/** What a client sends for an operation: one object, with its fields renamed back and those that are dropped. */
function argumentOf(of: Operation, fact: FieldFact): Shape {
  const { rename = {}, drop = [] } = of.socket ?? {}
  const { properties = {}, required = [] } = requestOf({ ...of, http: { ...of.http, path: '' } })
  const back = new Map(Object.entries(rename).map(([sent, own]) => [own, sent]))
  const fields = Object.entries(properties).map(([name, one]) => [back.get(name) ?? name, one] as const)
  const specified =
    typeof fact.type === 'object' && 'ref' in fact.type ? schemas.get(fact.type.ref) : undefined
  const dropped = drop.map((name) => [name, specified?.properties?.[name] ?? {}] as const)
  return {
    type: 'object',
    properties: Object.fromEntries([...fields, ...dropped]),
    required: [...required.map((name) => back.get(name) ?? name), ...drop],
  }
}

function compareCall({ name, args }: CallFact, call: Call | undefined): readonly string[] {
  assert(call, name)
  assert.deepEqual(call.args.length, args.length, name)
  const { properties = {}, required = [] } = shapeOf(call.input)
  return args.flatMap((fact, index) => {
    const own = call.args[index] ?? ''
    assert.equal(required.includes(own), !fact.optional, `${name} ${own}`)
    const type: FieldType =
      fact.name === 'error' && typeof fact.type === 'object'
        ? { fields: [{ name: 'message', type: 'string', optional: false }] }
        : fact.type
    return compare(`${name}.${fact.name}`, type, properties[own] ?? {})
  })
}

function compareClientEvent(fact: CallFact): readonly string[] {
  const of = operation_events.get(fact.name)
  if (of === undefined)
    return compareCall(fact, Object.entries<Call>(client_events).find(([name]) => name === fact.name)?.[1])
  if (of.socket?.args !== undefined) return compareCall(fact, { input: of.input, args: of.socket.args })
  return fact.args.flatMap((one) => compare(`${fact.name}.${one.name}`, one.type, argumentOf(of, one)))
}

function compareEverything(): readonly string[] {
  const types = specification.types.map(({ name, fields }) =>
    compareFields(name, fields, schemas.get(name) ?? {}),
  )
  const entities = specification.links.map(({ response = '', response_is, ...link }) =>
    response_is === 'data'
      ? compare(`${link.method} ${link.path}`, { ref: response }, shapeOf(find(link).output))
      : [],
  )
  const told = specification.serverEvents.map(({ name, fields }) =>
    compareFields(
      name,
      fields,
      shapeOf(Object.entries<TSchema>(server_events).find(([one]) => one === name)?.[1] ?? {}),
    ),
  )
  const connection = specification.connectionEvents.map((fact) =>
    compareCall(fact, Object.entries<Call>(connection_events).find(([name]) => name === fact.name)?.[1]),
  )
  return [
    ...types,
    ...entities,
    ...told,
    ...connection,
    ...specification.clientEvents.map(compareClientEvent),
  ].flat()
}

const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
const namesIn = (shape: Shape): string =>
  shape.anyOf?.map(namesIn).join(' | ') ??
  Object.keys(shape.properties ?? {})
    .filter((name) => name !== PROOF_FIELD)
    .map((name) => (shape.required?.includes(name) ? name : `${name}?`))
    .join(' ')

/** The fields of requests or answers that the specification leaves open, by endpoint. */
function openFields(kind: 'request' | 'response', shape: (of: Operation) => Shape): Record<string, string> {
  const linked = new Set(specification.links.filter((link) => link[kind] !== undefined).map(keyOf))
  const open = specification.endpoints.filter((endpoint) => !linked.has(keyOf(endpoint)))
  const fields = open.map((endpoint) => [keyOf(endpoint), namesIn(shape(find(endpoint)))] as const)
  return Object.fromEntries(fields.filter(([, names]) => names !== ''))
}

test('the contract has every endpoint of the specification, and beyond them only those that are listed', () => {
  const specified = specification.endpoints.map(keyOf)
  assert.equal(specified.length, 47)
  assert.deepEqual([...all.keys()].toSorted(), [...specified, ...Object.keys(addedOperations)].toSorted())
})

test('every endpoint has its envelope, its callers and its need for proof', () => {
  for (const endpoint of specification.endpoints) {
    const { who, proof, http } = find(endpoint)
    const strict = endpoint.section === 'credentials' || endpoint.section === 'system'
    const [key, envelope] = [
      keyOf(endpoint),
      endpoint.envelope === 'data+message' ? 'message' : endpoint.envelope,
    ]
    assert.equal(http.envelope, envelope, key)
    const rule = key === 'POST /auth/biometric/setup' ? 'enrol' : strict ? 'strict' : 'account'
    assert.equal(proof, endpoint.sensitive ? rule : 'none', key)
    // Signing out works with an expired token too (line C013), so that dispatch may not ask for a valid one.
    assert.equal(who, key === 'POST /auth/logout' ? 'public' : endpoint.who, key)
  }
})

test('every type, field and event is as the specification types it, but for the listed differences', () => {
  assert.deepEqual([...new Set(compareEverything())].toSorted(), Object.keys(differences).toSorted())
  for (const { name } of [...specification.types, ...specification.undefinedTypes])
    assert(schemas.has(name), name)
})

test('no request asks for more than the specification does', () => {
  const requests = specification.links.flatMap(({ request }) => request ?? [])
  const asking = compareEverything().filter((one) => one.startsWith('+!') || one.startsWith('!'))
  for (const name of [...requests, 'agent:', 'system:modify', 'voice:', 'workflow:execute']) {
    assert.deepEqual(
      asking.filter((one) => one.split(' ')[1]?.startsWith(name)),
      [],
    )
  }
})

test('requests and answers that the specification leaves open have exactly the listed fields', () => {
  assert.deepEqual(openFields('request', requestOf), openRequests)
  assert.deepEqual(
    openFields('response', (of) => shapeOf(of.output)),
    openAnswers,
  )
})

test('the contract has every event of the specification, and beyond them only those that are listed', () => {
  const { connectionEvents, serverEvents, clientEvents } = specification
  assert.deepEqual([connectionEvents.length, serverEvents.length, clientEvents.length], [5, 15, 9])
  const specified = [...connectionEvents, ...serverEvents, ...clientEvents].map(({ name }) => name)
  const own = [connection_events, server_events, client_events, Object.fromEntries(operation_events)].flatMap(
    Object.keys,
  )
  assert.deepEqual(own.toSorted(), [...specified, ...Object.keys(addedEvents)].toSorted())
})

test('the six message methods are those of the specification, and one that is an operation too says so there', () => {
  assert.deepEqual(
    Object.keys(methods),
    specification.messageMethods.map(({ method }) => method),
  )
  const twins = Object.entries<Method>(methods).flatMap(([name, { operation }]) =>
    operation ? `${operation.name} ${name}` : [],
  )
  const operationsWithMethod = [...all.values()].flatMap((one) =>
    one.message ? `${one.name} ${one.message}` : [],
  )
  assert.deepEqual(twins.toSorted(), operationsWithMethod.toSorted())
})

test('codes, tiers, headers and constants are those of the specification', () => {
  assert.deepEqual(
    Object.entries(ERRORS).map(([name, { code }]) => ({ name, code })),
    specification.errorCodes,
  )
  assert.deepEqual(limits.TIERS, specification.tiers)
  assert.deepEqual(
    limits.LIMIT_HEADERS,
    specification.rateLimitHeaders.map(({ name }) => name),
  )
  assert.deepEqual(limits.LIMIT_TYPES, specification.rateLimitHeaders.at(-1)?.values)
  const versions = [limits.VERSION_MEDIA_TYPE, limits.API_VERSION]
  assert.deepEqual(
    versions,
    specification.versionHeaders.map(({ example }) => example),
  )
  assert.equal(limits.VERSION_HEADER, specification.versionHeaders[1]?.name)
  const { version, message_version, access_token_minutes } = specification.constants
  assert.deepEqual([limits.API_VERSION, MESSAGE_VERSION], [version, message_version])
  assert.equal(limits.ACCESS_TOKEN_SECONDS, access_token_minutes * 60)
})

test('the comparison notices what is missing, added, optional, required, or of another type', () => {
  const fields = facts.get('RetryPolicy') ?? []
  const found = (changed: Record<string, TSchema>) =>
    compareFields('R', fields, shapeOf(Type.Object({ ...RetryPolicy.properties, ...changed })))
  assert.deepEqual(found({}), [])
  assert.deepEqual(found({ delay_ms: Type.String() }), ['~ R.delay_ms'])
  assert.deepEqual(found({ delay_ms: Type.Optional(Type.Number()) }), ['? R.delay_ms'])
  assert.deepEqual(found({ backoff_strategy: Type.Enum(['linear', 'fixed']) }), ['~ R.backoff_strategy'])
  assert.deepEqual(found({ own: Type.Number(), spare: Type.Optional(Type.Number()) }), [
    '+! R.own',
    '+ R.spare',
  ])
  const { delay_ms: _, ...rest } = RetryPolicy.properties
  assert.deepEqual(compareFields('R', fields, shapeOf(Type.Object(rest))), ['- R.delay_ms'])
  assert.deepEqual(
    compareFields(
      'R',
      [{ name: 'a', type: 'any', optional: true }],
      shapeOf(Type.Object({ a: Type.Unknown() })),
    ),
    ['! R.a'],
  )
})
