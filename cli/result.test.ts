import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayResult } from './result.ts'

test('a short result is told in words, whole, and on lines of its own', () => {
  const token = { token: 'paios_x', agent: { agent_number: 7, tags: ['a', 'b'] }, ends: null }
  assert.equal(
    sayResult(token),
    'token               paios_x\nagent agent number  7\nagent tags          a, b',
  )
  assert.equal(sayResult({ note: 'two\nlines\u001B' }).split('\n').length, 1)
  for (const nothing of [undefined, {}, { list: [] }]) assert.equal(sayResult(nothing), '')
})

test('of what is kept on the server only what it is called is told, and of all else everything', () => {
  const steps = Array.from({ length: 20 }, (_, index) => ({ id: `s${index}` }))
  assert.equal(sayResult({ id: 'w', name: 'Briefing', definition: { steps } }), 'id    w\nname  Briefing')
  assert.match(sayResult({ id: 'x', steps }), /^\{"id":"x","steps":\[.*"s19".*\}$/)
})
