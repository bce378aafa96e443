import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '../../contract/agents.ts'
import { openWaiters } from './waiters.ts'

const ended: Execution = { execution_id: 'x', status: 'completed' }
const never = new AbortController().signal

test('everybody who waits for an execution is told, and nobody who waits for another', async () => {
  const waiters = openWaiters()
  const enough = new AbortController()
  const both = [waiters.wait('x', never), waiters.wait('x', never)]
  const other = waiters.wait('y', enough.signal)
  waiters.settle('x', ended)
  assert.deepEqual(await Promise.all(both), [ended, ended])
  enough.abort()
  assert.equal(await other, undefined)
})

test('who gives up is told nothing, while the others wait on', async () => {
  const waiters = openWaiters()
  const enough = new AbortController()
  const [gone, patient] = [waiters.wait('x', enough.signal), waiters.wait('x', never)]
  enough.abort()
  assert.equal(await gone, undefined)
  waiters.settle('x', ended)
  assert.equal(await patient, ended)
})

test('who has given up before is told so at once', async () => {
  assert.equal(await openWaiters().wait('x', AbortSignal.abort()), undefined)
})

test('an end that nobody waits for is no trouble, and is not kept for those who come later', async () => {
  const waiters = openWaiters()
  waiters.settle('x', ended)
  const enough = new AbortController()
  const late = waiters.wait('x', enough.signal)
  enough.abort()
  assert.equal(await late, undefined)
})
