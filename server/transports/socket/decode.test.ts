import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operation_events } from '../../../contract/events.ts'
import type { Operation } from '../../../contract/operation.ts'
import { decodeEvent, requestIdOf } from './decode.ts'
import { connection_operations } from './operations.ts'

function by(event: string): Operation {
  const operation = operation_events.get(event) ?? connection_operations.get(event)
  assert.ok(operation !== undefined, event)
  return operation
}

test('arguments take the names of the contract in their order, and none may be left over', () => {
  const run = by('workflow:execute')
  assert.deepEqual(decodeEvent(run, ['w', { a: 1 }]), {
    input: { id: 'w', input_data: { a: 1 } },
    issues: [],
    called: new Map([['id', 'workflow_id']]),
  })
  assert.deepEqual(decodeEvent(run, ['w']).input, { id: 'w' })
  assert.deepEqual(decodeEvent(run, ['w', null]).input, { id: 'w', input_data: null })
  assert.deepEqual(decodeEvent(run, ['w', 1, 2]).issues, [{ path: '', message: 'takes 2 arguments, not 3' }])
})

test('one object is the input under other names, and nothing but one object', () => {
  const execute = by('agent:execute')
  assert.deepEqual(decodeEvent(execute, [{ agent_id: 'a', command: 1 }]).input, { id: 'a', command: 1 })
  assert.deepEqual(decodeEvent(execute, [{ id: 'a' }]).issues, [
    { path: '/id', message: 'is not a known field' },
  ])
  for (const args of [['a'], [[]], [7], [{}, {}]]) {
    assert.deepEqual(decodeEvent(execute, args).issues, [{ path: '', message: 'must be one object' }])
  }
  assert.deepEqual(decodeEvent(by('agent:stop'), []), { input: {}, issues: [] })
  assert.deepEqual(decodeEvent(by('agent:stop'), [null]), { input: {}, issues: [] })
})

test('where an event takes nothing, an empty object is nothing, and anything else is too much', () => {
  const stop = by('voice:stop_listening')
  for (const args of [[], [{}], [null]])
    assert.deepEqual(decodeEvent(stop, args).issues, [], JSON.stringify(args))
  assert.deepEqual(decodeEvent(stop, [{ now: true }]).issues, [
    { path: '', message: 'takes 0 arguments, not 1' },
  ])
})

test('what the server owns is dropped, and what has headers elsewhere is taken out', () => {
  const sent = {
    id: 'x',
    applied_by: 'me',
    description: 'd',
    request_id: 'k',
    biometric_verification: 1,
    approval: true,
  }
  assert.deepEqual(decodeEvent(by('system:modify'), [sent]), {
    input: { description: 'd' },
    issues: [],
    key: 'k',
    proof: 1,
    approval: true,
  })
  assert.deepEqual(decodeEvent(by('system:modify'), [{ approval: 'yes' }]).issues, [
    { path: '/approval', message: 'can only be true' },
  ])
  assert.deepEqual(decodeEvent(by('voice:command'), [{ approval: true }]).input, { approval: true })
})

test('the request id of the client is found where its operation has it', () => {
  assert.equal(requestIdOf(by('agent:execute'), [{ command: { request_id: 'r' } }]), 'r')
  assert.equal(requestIdOf(by('agent:execute'), [{ command: null }]), undefined)
  assert.equal(requestIdOf(by('system:modify'), [{ request_id: 'r' }]), 'r')
  assert.equal(requestIdOf(by('workflow:stop'), ['w']), undefined)
  assert.equal(requestIdOf(by('voice:command'), [{ request_id: 7 }]), undefined)
})
