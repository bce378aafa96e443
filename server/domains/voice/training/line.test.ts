import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLine } from './line.ts'

const { signal } = new AbortController()

/** Work that ends when it is told to, and notes when it began. */
function works() {
  const begun: string[] = []
  const gates = new Map<string, PromiseWithResolvers<void>>()
  return {
    begun,
    work: (name: string) => () => {
      begun.push(name)
      return gates.getOrInsertComputed(name, () => Promise.withResolvers<void>()).promise
    },
    end: (name: string) => gates.get(name)?.resolve(),
  }
}

test('one runs, the others wait in order, and a failure passes the turn on', async () => {
  const [line, { begun, work, end }] = [openLine(), works()]
  const first = line.run('ann', signal, work('first'))
  const failing = line.run('bob', signal, () => Promise.reject(new RangeError('inside')))
  const third = line.run('cid', undefined, work('third'))
  await Promise.resolve()
  assert.deepEqual(begun, ['first'])
  end('first')
  await first
  await assert.rejects(failing, RangeError)
  assert.deepEqual(begun, ['first', 'third'])
  end('third')
  await third
  assert.equal(await line.run('ann', signal, () => Promise.resolve('free')), 'free')
})

test('one of a user waits and four in all; more are refused at once, with a time to come back', async () => {
  const [line, { begun, work }] = [openLine(), works()]
  const busy = { code: 'SYSTEM_001', retry_after_s: 5 }
  void line.run('ann', signal, work('ann'))
  const users = ['ann', 'bob', 'cid', 'dan']
  for (const user_id of users) void line.run(user_id, signal, work(`${user_id} waits`))
  await assert.rejects(line.run('ann', signal, work('ann again')), busy)
  await assert.rejects(line.run('eve', signal, work('eve')), busy)
  assert.deepEqual(begun, ['ann'])
})

test('who gives up leaves the line, and a place in it to another', async () => {
  const [line, { begun, work, end }] = [openLine(), works()]
  const first = line.run('ann', signal, work('first'))
  const leaving = new AbortController()
  const left = line.run('ann', leaving.signal, work('left'))
  leaving.abort(new Error('gone'))
  await assert.rejects(left, { message: 'gone' })
  await assert.rejects(line.run('bob', leaving.signal, work('never')), { message: 'gone' })
  const second = line.run('ann', signal, work('second'))
  end('first')
  await first
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(begun, ['first', 'second'])
  end('second')
  await second
})
