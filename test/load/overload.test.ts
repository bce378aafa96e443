import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overload, strange } from './overload.ts'
import { stayMute } from './silent.ts'

test('asked ten times what it can do, a server answers or says when to come back, and goes on afterwards', async (t) => {
  const figures = await overload(4)
  t.diagnostic(JSON.stringify(figures))
  assert.deepEqual(strange(figures), [])
  assert.ok((figures.outcomes['200'] ?? 0) > 0)
  assert.ok(figures.recovered > 0)
})

test('sockets that never say who they are end by themselves and leave no memory behind', async (t) => {
  const { grown, open } = await stayMute(900)
  t.diagnostic(`memory ${grown.toFixed(3)} of before`)
  assert.equal(open, 0)
  assert.ok(grown < 1.15, `memory is ${grown} of before`)
})
