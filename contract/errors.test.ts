import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findIssues } from '../server/kernel/validate.ts'
import { APIError, ERRORS } from './errors.ts'
import { CONFIDENCE_TO_ACT, CONFIDENCE_TO_ASK, LIMIT_TYPES, TIERS } from './limits.ts'

const VALID = {
  success: false,
  error: {
    code: 'GENERAL_001',
    message: 'Wrong.',
    timestamp: '2026-11-22T10:00:00.000Z',
    request_id: 'r',
  },
}

test('each error has a code of its own, of its area, and the status of a refusal', () => {
  const codes = Object.values(ERRORS).map(({ code }) => code)
  assert.equal(new Set(codes).size, codes.length)
  for (const { code, status } of Object.values(ERRORS)) {
    assert.match(code, /^(?:AUTH|AGENT|VOICE|SYSTEM|WORKFLOW|GENERAL)_00[1-5]$/)
    assert.ok(status >= 400 && status <= 504, code)
  }
})

test('codes of an area count up from one without a gap', () => {
  const numbers = new Map<string, number>()
  for (const { code } of Object.values(ERRORS)) {
    const [area = '', number] = code.split('_')
    assert.equal(Number(number), (numbers.get(area) ?? 0) + 1, code)
    numbers.set(area, Number(number))
  }
})

test('the body of an error is closed, and names a known code', () => {
  assert.deepEqual(findIssues(APIError, VALID), [])
  assert.deepEqual(findIssues(APIError, { ...VALID, error: { ...VALID.error, details: { any: [1] } } }), [])
  for (const change of [
    { success: true },
    { data: {} },
    { error: { ...VALID.error, code: 'GENERAL_099' } },
    { error: { ...VALID.error, timestamp: 'now' } },
    { error: { ...VALID.error, stack: 'at ...' } },
    { error: { code: 'GENERAL_001' } },
  ]) {
    assert.notDeepEqual(findIssues(APIError, { ...VALID, ...change }), [], JSON.stringify(change))
  }
})

test('who pays more may do no less in any window', () => {
  const { free, pro, enterprise } = TIERS
  for (const kind of Object.keys(free) as (keyof typeof free)[]) {
    assert.ok(free[kind] > 0 && Number.isInteger(free[kind]))
    assert.ok(free[kind] < pro[kind] && pro[kind] < enterprise[kind], kind)
  }
  assert.equal(new Set(LIMIT_TYPES).size, LIMIT_TYPES.length)
})

test('between asking and acting there is room, and neither threshold is certainty or nothing', () => {
  assert.ok(CONFIDENCE_TO_ASK > 0 && CONFIDENCE_TO_ASK < CONFIDENCE_TO_ACT && CONFIDENCE_TO_ACT < 1)
})
