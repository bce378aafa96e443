import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { findIssues } from '../server/kernel/validate.ts'
import { AUDIO_BODY_BYTES_MAX, BODY_BYTES_MAX, Nothing, area, object, operation } from './operation.ts'

test('an operation that says nothing more asks for a user, no proof and no input, and answers nothing', () => {
  const { input, output, ...given } = operation({ http: 'POST /things', summary: 'Does.' })
  assert.deepEqual([input, output], [Nothing, Nothing])
  assert.deepEqual(given, {
    who: 'user',
    outcome: 'nothing',
    effect: 'store',
    proof: 'none',
    limits: [],
    unlimited: false,
    vital: false,
    agents: false,
    summary: 'Does.',
    http: { method: 'POST', path: '/things', status: 200, envelope: 'data', body_bytes_max: BODY_BYTES_MAX },
  })
})

test('a GET touches nothing unless it says so, and what has an output answers a value', () => {
  const output = object({ id: Type.String() })
  const read = operation({ http: 'GET /things/:id', summary: '', output })
  assert.deepEqual([read.effect, read.outcome, read.output], ['none', 'value', output])
  assert.equal(operation({ http: 'GET /secret', summary: '', output, effect: 'store' }).effect, 'store')
  assert.equal(operation({ http: 'DELETE /things/:id', summary: '' }).effect, 'store')
})

test('what is given wins over what is usual', () => {
  const given = operation({
    http: 'PUT /things/:id',
    summary: '',
    who: 'owner',
    proof: 'strict',
    outcome: 'accepted',
    unlimited: true,
    status: 201,
    envelope: 'flat',
    body_bytes_max: 7,
    key: 'header',
    limits: ['voice_commands_per_hour'],
  })
  assert.deepEqual(
    [given.who, given.proof, given.outcome, given.unlimited],
    ['owner', 'strict', 'accepted', true],
  )
  assert.deepEqual([given.http.status, given.http.envelope, given.http.body_bytes_max], [201, 'flat', 7])
  assert.deepEqual([given.key, given.limits], ['header', ['voice_commands_per_hour']])
})

test('what is no binding is a mistake that is found when the contract is loaded', () => {
  for (const http of ['', 'GET', 'PATCH /x', 'get /x', 'GET x', 'GET /x y', ' GET /x', 'GET  /x', '/x GET']) {
    assert.throws(() => operation({ http, summary: '' }), /Not a binding/, http)
  }
})

test('an area names its operations after itself and changes nothing else of them', () => {
  const declared = { make: operation({ http: 'POST /x', summary: 'Makes.' }) }
  const { make } = area('things', declared)
  assert.equal(make.name, 'things.make')
  assert.deepEqual({ ...make, name: undefined }, { ...declared.make, name: undefined })
  assert.ok(!('name' in declared.make))
})

test('an object is closed: a field that it does not name is refused, at every depth', () => {
  const schema = object({ a: Type.Optional(Type.String()), deep: object({ b: Type.Integer() }) })
  assert.deepEqual(findIssues(schema, { deep: { b: 1 } }), [])
  assert.deepEqual(findIssues(schema, { deep: { b: 1 }, c: 2 }), [
    { path: '/c', message: 'is not a known field' },
  ])
  assert.deepEqual(
    findIssues(schema, { deep: { b: 1, c: 2 } }).map(({ path }) => path),
    ['/deep/c'],
  )
  assert.notDeepEqual(findIssues(Nothing, { a: 1 }), [])
  assert.deepEqual(findIssues(Nothing, {}), [])
})

test('ten megabytes of sound fit into the body of an audio route as base64, and not into another', () => {
  const base64 = Math.ceil((10 * 1024 * 1024) / 3) * 4
  assert.ok(base64 < AUDIO_BODY_BYTES_MAX && base64 > BODY_BYTES_MAX)
})
