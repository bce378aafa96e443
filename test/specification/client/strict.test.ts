import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientEvents, connectionEvents, endpoints, serverEvents } from '../../specification.ts'
import { issuesOf, issuesOfAnswer, issuesOfEvent, issuesOfRefusal } from './strict.ts'
import { SHARES } from './walk.ts'
import { openWitness } from './witness.ts'

const POLICY = { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 }
const of = (changed: object) => issuesOf({ ref: 'RetryPolicy' }, { ...POLICY, ...changed }, 'R')

test('a value is held against its type: what is missing, added or of another type is named by its place', () => {
  assert.deepEqual(of({}), [])
  assert.deepEqual(of({ delay_ms: '0' }), ['~ R.delay_ms'])
  assert.deepEqual(of({ delay_ms: null }), ['~ R.delay_ms'])
  assert.deepEqual(of({ backoff_strategy: 'none' }), ['~ R.backoff_strategy'])
  assert.deepEqual(of({ own: 1 }), ['+ R.own'])
  assert.deepEqual(issuesOf({ ref: 'RetryPolicy' }, { max_attempts: 1, delay_ms: 0 }, 'R'), [
    '- R.backoff_strategy',
  ])
  assert.deepEqual(issuesOf({ array: { ref: 'RetryPolicy' } }, [POLICY, []], 'R'), ['~ R[]'])
  assert.deepEqual(issuesOf('number|null', undefined, 'R'), ['~ R'])
  assert.deepEqual(issuesOf('string-map', { a: 1 }, 'R'), ['~ R'])
})

test('what the differences list is let through at its place alone, and missed where it is always there', () => {
  const routing = { target_agent: 2, routing_confidence: 1, fallback_agents: [], global_command: false }
  assert.deepEqual(issuesOf({ ref: 'AgentRouting' }, { ...routing, reason: 'it said so' }, 'A'), [])
  assert.deepEqual(issuesOf({ ref: 'AgentRouting' }, routing, 'A'), ['- A.reason'])
  assert.deepEqual(of({ reason: 'it said so' }), ['+ R.reason'])
})

const answer = (data: unknown, more = {}) =>
  issuesOfAnswer('POST /workflows/validate', { success: true, data, ...more })

test('answers, refusals and events are held against the whole of what the specification shows', () => {
  const valid = { valid: true, errors: [], warnings: [] }
  assert.deepEqual(answer(valid), [])
  assert.deepEqual(answer(valid, { note: 1 }), ['+ body of POST /workflows/validate.note'])
  assert.deepEqual(answer({ ...valid, valid: 1 }), ['~ body of POST /workflows/validate.data.valid'])
  assert.deepEqual(issuesOfAnswer('DELETE /agents/:id', { success: true, data: {} }), [])
  assert.deepEqual(issuesOfAnswer('DELETE /agents/:id', { success: false, data: {} }), [
    '~ DELETE /agents/:id.success',
  ])
  const error = { code: 'AGENT_001', message: 'No.', timestamp: '2026-01-01T00:00:00Z', request_id: 'r' }
  assert.deepEqual(issuesOfRefusal('x', { success: false, error }), [])
  assert.deepEqual(issuesOfRefusal('x', { success: false, error: { ...error, code: 'AGENT_999' } }), [
    '~ x.error.code',
  ])
  assert.deepEqual(issuesOfRefusal('x', { success: true, error }), ['~ refusal of x.success'])
  const alert = { alert_type: 'high_cpu', severity: 'warning', details: {} }
  const place = { seq: 1, created_at: '2026-01-01T00:00:00Z' }
  assert.deepEqual(issuesOfEvent('system:performance_alert', [alert, place]), [])
  assert.deepEqual(issuesOfEvent('system:performance_alert', [{ ...alert, severity: 'fine' }]), [
    '~ system:performance_alert.severity',
  ])
  assert.deepEqual(issuesOfEvent('unauthorized', [7]), ['~ unauthorized.error'])
})

test('a witness notices headers that are missing, and what is neither specified nor listed as added', () => {
  const witness = openWitness()
  const given = {
    'content-type': 'application/json',
    'api-version': 'v1',
    'x-ratelimit-limit': '9',
    'x-ratelimit-remaining': '9',
  }
  const headers = new Headers(given)
  witness.exchange({ endpoint: 'GET /nothing', status: 200, headers, body: { success: true, data: {} } })
  witness.event('agent:gone', [])
  const wrong = ['remaining', 'reset', 'type'].map((name) => `~ GET /nothing header ${name}`)
  assert.deepEqual(witness.issues, [...wrong, '+ GET /nothing', '+ agent:gone'])
})

test('the walks together are the whole specification', () => {
  const shares = Object.values(SHARES)
  const sections = shares.flatMap((share) => [...share.sections])
  assert.deepEqual(sections.toSorted(), [...new Set(endpoints.map(({ section }) => section))].toSorted())
  for (const { name } of [...connectionEvents, ...serverEvents, ...clientEvents])
    assert.equal(shares.filter(({ events }) => events.test(name)).length, 1, name)
  assert.equal(shares.filter(({ methods }) => methods).length, 1)
})
