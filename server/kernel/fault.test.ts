import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ERRORS } from '../../contract/errors.ts'
import type { ErrorName } from '../../contract/errors.ts'
import { Fault, asFault, toAPIError } from './fault.ts'
import { START } from './rig.ts'

test('code and status follow from the name, for every name', () => {
  for (const name of Object.keys(ERRORS) as ErrorName[]) {
    const { code, status, message, details } = new Fault(name, 'A sentence.')
    assert.deepEqual({ code, status }, ERRORS[name])
    assert.deepEqual([message, details], ['A sentence.', undefined])
  }
})

test('a status may be another than the code has, and only 503 says by itself when to come again', () => {
  const conflict = new Fault('VALIDATION_ERROR', 'Used.', {}, { status: 409 })
  assert.deepEqual([conflict.code, conflict.status, conflict.retry_after_s], ['GENERAL_001', 409, undefined])
  assert.equal(new Fault('SYSTEM_OVERLOADED', 'Full.').retry_after_s, 1)
  assert.equal(new Fault('SERVICE_UNAVAILABLE', 'Full.', {}, { retry_after_s: 30 }).retry_after_s, 30)
  assert.equal(new Fault('SERVICE_UNAVAILABLE', 'Gone.', {}, { status: 410 }).retry_after_s, undefined)
  assert.equal(new Fault('RATE_LIMIT_EXCEEDED', 'Slowly.', {}, { retry_after_s: 7 }).retry_after_s, 7)
})

test('the wire form has the shape of the specification, and no details when there are none', () => {
  const fault = new Fault('AGENT_NOT_FOUND', 'No agent 7.', { id: '7' })
  assert.deepEqual(toAPIError(fault, 'r1', START), {
    success: false,
    error: {
      code: 'AGENT_001',
      message: 'No agent 7.',
      details: { id: '7' },
      timestamp: '2026-11-22T10:00:00.000Z',
      request_id: 'r1',
    },
  })
  assert.equal('details' in toAPIError(new Fault('AGENT_NOT_FOUND', 'No.'), 'r1', START).error, false)
})

test('whatever else is thrown tells the caller nothing, and the log everything', () => {
  const secrets = [new Error('password=hunter2'), 'hunter2', { hunter2: 1 }, undefined, null, 0]
  for (const thrown of secrets) {
    const fault = asFault(thrown)
    assert.deepEqual([fault.code, fault.status, fault.details], ['GENERAL_003', 500, undefined])
    assert.equal(fault.cause, thrown)
    assert.equal(JSON.stringify(toAPIError(thrown, 'r1', START)).includes('hunter2'), false)
  }
  const fault = new Fault('AGENT_TIMEOUT', 'Too long.', undefined, { cause: secrets[0] })
  assert.equal(asFault(fault), fault)
  assert.equal(JSON.stringify(toAPIError(fault, 'r1', START)).includes('hunter2'), false)
})
