import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openGate } from './gate.ts'

function work(): { run: () => Promise<void>; end: () => void; started: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let started = false
  const run = (): Promise<void> => {
    started = true
    return promise
  }
  return { run, end: resolve, started: () => started }
}

test('with two running and eight waiting the next is refused with a time to try again', async () => {
  const gate = openGate({ at_once: 2, waiting_max: 8 })
  const pieces = Array.from({ length: 10 }, work)
  const runs = pieces.map((piece) => gate.run(piece.run))
  const late = work()
  await assert.rejects(gate.run(late.run), { code: 'SYSTEM_001', status: 503, retry_after_s: 2 })
  assert.equal(late.started(), false)
  assert.deepEqual(
    pieces.map((piece) => piece.started()),
    [true, true, ...Array.from({ length: 8 }, () => false)],
  )
  for (const piece of pieces) piece.end()
  await Promise.all(runs)
  await gate.run(() => Promise.resolve())
})

test('those who wait go in order, one for each that leaves, also for one that failed', async () => {
  const gate = openGate({ at_once: 1, waiting_max: 2 })
  const order: string[] = []
  const failing = gate.run(() => Promise.reject(new Error('broken')))
  const runs = ['a', 'b'].map((name) =>
    gate.run(() => {
      order.push(name)
      return Promise.resolve()
    }),
  )
  await assert.rejects(failing, /broken/)
  await Promise.all(runs)
  assert.deepEqual(order, ['a', 'b'])
})
