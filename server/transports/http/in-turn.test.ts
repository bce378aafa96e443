import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openInTurn } from './in-turn.ts'

const LARGE = 65_537

test('large work is done one after the other, and others have a turn between', async () => {
  const inTurn = openInTurn()
  const seen: string[] = []
  const [first, second] = ['a', 'b'].map((name) =>
    inTurn(LARGE, () => {
      seen.push(name)
      setImmediate(() => seen.push('other'))
    }),
  )
  assert.deepEqual(seen, [])
  await Promise.all([first, second])
  assert.deepEqual(seen, ['a', 'other', 'b'])
})

test('small work waits for nobody', async () => {
  const inTurn = openInTurn()
  const seen: string[] = []
  const large = inTurn(LARGE, () => seen.push('large'))
  const small = inTurn(LARGE - 1, () => seen.push('small'))
  assert.deepEqual(seen, ['small'])
  await Promise.all([large, small])
  assert.deepEqual(seen, ['small', 'large'])
})

test('work that fails does so for its sender alone', async () => {
  const inTurn = openInTurn()
  const failing = inTurn(LARGE, () => {
    throw new Error('malformed')
  })
  const next = inTurn(LARGE, () => 1)
  await assert.rejects(failing, /malformed/)
  assert.equal(await next, 1)
  await assert.rejects(
    inTurn(1, () => {
      throw new Error('small')
    }),
    /small/,
  )
})
