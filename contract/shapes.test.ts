import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import type { TSchema } from 'typebox'
import { findIssues } from '../server/kernel/validate.ts'
import { object } from './operation.ts'
import * as shapes from './shapes.ts'

/** Which of the values a schema takes and refuses other than expected. */
function wrong(schema: TSchema, taken: readonly unknown[], refused: readonly unknown[]): unknown[] {
  const fits = (value: unknown) => findIssues(schema, value).length === 0
  return [...taken.filter((value) => !fits(value)), ...refused.filter(fits)]
}

const UUID = '0199a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b'

test('an id is a UUID of version 7 in small letters', () => {
  const refused = [
    UUID.toUpperCase(),
    UUID.replace('-7', '-4'),
    UUID.replace('-8a6b', '-7a6b'),
    `${UUID}0`,
    ` ${UUID}`,
    `${UUID}\n`,
    UUID.replaceAll('-', ''),
    '',
    7,
    null,
  ]
  assert.deepEqual(wrong(shapes.Id, [UUID], refused), [])
})

test('an agent is referred to by its id or its number', () => {
  const taken = [UUID, '0', '4', '0004', '9999']
  const refused = ['', '10000', '-1', '4.0', '4 ', 'four', UUID.slice(1), `${UUID}a`, 4]
  assert.deepEqual(wrong(shapes.AgentRef, taken, refused), [])
})

test('agent numbers and time-outs are whole numbers within their bounds', () => {
  assert.deepEqual(wrong(shapes.AgentNumber, [0, 1, 9999], [-1, 10_000, 1.5, '1', null, Number.NaN]), [])
  assert.deepEqual(wrong(shapes.TimeoutMs, [1, 30_000, 600_000], [0, 600_001, 0.5, -1, '1', Infinity]), [])
})

test('a language is a tag of letters and digits, or "auto"', () => {
  const taken = ['en', 'de', 'auto', 'en-GB', 'zh-Hant-TW', 'sl-rozaj-biske-1994', 'x-klingon'.slice(2)]
  const refused = [
    '',
    'e',
    'en_GB',
    'en-',
    '-en',
    'en--GB',
    'abcdefghi',
    'en GB',
    'én',
    `en${'-abcdefgh'.repeat(4)}`,
    1,
  ]
  assert.deepEqual(wrong(shapes.Language, taken, refused), [])
})

test('a time is a date with a time and a zone', () => {
  const taken = ['2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00Z', '2026-11-22T10:00:00+01:00']
  const refused = [
    '2026-11-22',
    '10:00',
    'now',
    '',
    '2026-13-22T10:00:00Z',
    '2026-11-22T25:00:00Z',
    1_700_000_000,
  ]
  assert.deepEqual(wrong(shapes.Time, taken, refused), [])
})

test('a text counts its characters from the least to the most', () => {
  assert.deepEqual(wrong(shapes.Text(3), ['', 'abc'], ['abcd', 1, null]), [])
  assert.deepEqual(wrong(shapes.Text(3, 1), ['a', 'abc'], ['', 'abcd']), [])
})

test('a free map takes any names and values, and nothing but an object', () => {
  assert.deepEqual(wrong(shapes.FreeMap, [{}, { a: [1, { b: null }] }], [[], 'a', 1, null]), [])
})

test('what is nullable is itself or null, and still has to be there', () => {
  assert.deepEqual(wrong(shapes.nullable(Type.Integer()), [1, null], ['1', undefined, 1.5]), [])
  assert.notDeepEqual(findIssues(object({ a: shapes.nullable(Type.Integer()) }), {}), [])
})

test('a page has 1 to 500 entries and a cursor that is not empty, and both may be left out', () => {
  const page = object({ ...shapes.page })
  const taken = [{}, { limit: 1 }, { limit: 500 }, { cursor: 'a' }, { limit: 50, cursor: 'x'.repeat(512) }]
  const refused = [
    { limit: 0 },
    { limit: 501 },
    { limit: 1.5 },
    { limit: '50' },
    { cursor: '' },
    { cursor: 'x'.repeat(513) },
  ]
  assert.deepEqual(wrong(page, taken, refused), [])
})

test('a passkey assertion has all of its four parts, within their lengths', () => {
  const whole = {
    credential_id: 'a',
    challenge_response: 'b',
    authenticator_data: 'c',
    client_data_json: 'd',
  }
  const without = Object.keys(whole).map((name) =>
    Object.fromEntries(Object.entries(whole).filter(([own]) => own !== name)),
  )
  const long = { ...whole, credential_id: 'a'.repeat(1_025) }
  const refused = [...without, long, { ...whole, credential_id: '' }, { ...whole, extra: 1 }]
  assert.deepEqual(wrong(shapes.BiometricCredential, [whole], refused), [])
})
