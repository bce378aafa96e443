import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLetter } from './letter.ts'

const SECRET = 'sk-live-4242-8d7f2a91c3'
const NOW = Date.UTC(2026, 10, 26, 12)
const letter = (more: object) => ({
  id: 'one',
  version: '1.0',
  type: 'request',
  timestamp: new Date(NOW).toISOString(),
  source: { agent_number: 0, agent_id: '' },
  ...more,
})
const refusal = (body: object): string => {
  try {
    openLetter(body, { user_id: 'ann', session_id: 's' } as Parameters<typeof openLetter>[1], NOW)
    return 'taken'
  } catch (error) {
    return JSON.stringify([(error as Error).message, (error as { details?: unknown }).details])
  }
}

test('a secret in the place of a name is in nothing that says what is wrong, and a mistyped name is', () => {
  const send = (params: object) => letter({ method: 'agent.send_message', params })
  const given = { target_agent: 3, message_type: 'x', data: {}, requires_response: true }
  const rows: [body: object, said: RegExp][] = [
    [letter({ method: SECRET }), /"There is no such method\."/],
    [letter({ method: 'memory.stor' }), /"There is no method memory\.stor\."/],
    [letter({ method: 'memory.query', [SECRET]: 1 }), /This is no message: \/… is not a known field\./],
    [letter({ method: 'memory.query', methud: 1 }), /\/methud is not a known field/],
    [send({ ...given, [SECRET]: 1 }), /The params are wrong: \/params\/… is not a known field\./],
    [send({ ...given, mesage: 1 }), /\/params\/mesage is not a known field/],
    [send({ ...given, target_agent: 'x' }), /\/params\/target_agent must be a whole number/],
  ]
  for (const [body, said] of rows) {
    const text = refusal(body)
    assert.match(text, said)
    assert.equal(text.includes(SECRET), false, text)
  }
  assert.equal(refusal(send(given)), 'taken')
})
