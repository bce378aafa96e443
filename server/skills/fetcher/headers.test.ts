import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../skill.ts'
import { readHeaders, shownHeaders } from './headers.ts'

test('harmless headers go out with their names in small letters', () => {
  assert.deepEqual(readHeaders({ headers: { Accept: 'application/json', 'X-Trace': 'a\tb é' } }), {
    accept: 'application/json',
    'x-trace': 'a\tb é',
  })
  assert.deepEqual(readHeaders({}), {})
})

test('whatever carries a secret is refused, by name, by value and by credential, and its value is not repeated', () => {
  const secrets: Record<string, string>[] = [
    ...'Authorization|Proxy-Authorization|Cookie|X-API-Key|apikey|X-Auth-Token|x-amz-security-token|X-Session-Id|x-password|X-Hub-Signature'
      .split('|')
      .map((name) => ({ [name]: 'hunter2' })),
    { 'x-custom': 'Bearer hunter2' },
    { 'x-custom': ' basic hunter2' },
  ]
  for (const headers of secrets)
    assert.throws(
      () => readHeaders({ headers }),
      (error) =>
        error instanceof ActionError &&
        /grant it to this agent/.test(error.message) &&
        !error.message.includes('hunter2'),
      JSON.stringify(headers),
    )
})

test('headers of the connection, malformed ones and too many are refused', () => {
  for (const headers of [
    { Host: 'evil.test' },
    { 'Content-Length': '5' },
    { 'transfer-encoding': 'chunked' },
    { connection: 'x' },
    { 'bad name': 'x' },
    { '': 'x' },
    { 'x-a': 'one\r\nx-b: two' },
    { 'x-a': 'nul\0' },
    { 'x-a': 'snow ☃' },
    Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`x-${at}`, 'y'])),
  ])
    assert.throws(() => readHeaders({ headers }), ActionError, JSON.stringify(headers))
})

test('headers of an answer are shown without cookies and bounded', () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`x-${at}`, 'y'.repeat(2_000)]))
  const shown = shownHeaders({ 'set-cookie': 'sid=1', ...many })
  assert.equal(shown['set-cookie'], undefined)
  assert.equal(Object.keys(shown).length, 64)
  assert.equal(shown['x-0']?.length, 1_000)
})
