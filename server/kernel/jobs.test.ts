import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from './fault.ts'
import type { Jobs } from './jobs.ts'
import { KIND, START, openTestJobs, turn } from './rig.ts'

test('a job starts right after its commit, and its end and its removal are one', async (t) => {
  const { jobs, enqueue, at, table } = openTestJobs(t)
  await jobs.start()
  await turn()
  assert.equal(await enqueue('a', { payload: { text: 'naïve 😀' } }), true)
  assert.deepEqual(table(), [{ key: 'a', attempt: 1, held: true }])
  const { job, finish } = at('a')
  assert.deepEqual([job.kind, job.key, job.user_id, job.attempt], [KIND, 'a', 'ann', 1])
  assert.deepEqual(job.payload, { text: 'naïve 😀' })
  await finish()
  assert.deepEqual(table(), [])
})

test('a transaction that is rolled back leaves no job, no slot taken and nothing counted', async (t) => {
  const { jobs, store, enqueue, started } = openTestJobs(t, { per_user_max: 1 })
  await jobs.start()
  await turn()
  const failing = store.write((tx) => {
    assert.equal(jobs.enqueue(tx, { kind: KIND, key: 'a', user_id: 'ann', payload: {} }), true)
    return Promise.reject(new Error('The rest of it failed.'))
  })
  await assert.rejects(failing, /The rest of it failed/)
  assert.deepEqual([started(), jobs.count(KIND, 'ann')], [[], 0])
  assert.equal(await enqueue('b'), true)
  assert.deepEqual([started(), jobs.count(KIND, 'ann')], [['b'], 1])
})

test('jobs of one priority start in the order in which they were added', async (t) => {
  const { jobs, clock, enqueue, started, at } = openTestJobs(t)
  await jobs.start()
  await turn()
  for (const key of ['z', 'm', 'a', 'k']) {
    assert.equal(await enqueue(key), key === 'z')
    clock.advance(1)
  }
  for (const key of ['z', 'm', 'a', 'k']) {
    assert.equal(started().at(-1), key)
    await at(key).finish()
    await turn()
  }
  assert.deepEqual(started(), ['z', 'm', 'a', 'k'])
})

/** Ends whatever runs until nothing does. */
async function finishAll({ attempts }: ReturnType<typeof openTestJobs>): Promise<void> {
  for (let next = 0; next < attempts.length; next += 1) {
    await attempts[next]?.finish()
    await turn()
  }
}

test('a higher priority goes first, until a lower one has waited for its handicap', async (t) => {
  const rig = openTestJobs(t)
  const { jobs, clock, enqueue, started } = rig
  await jobs.start()
  await turn()
  await enqueue('first')
  await enqueue('low', { priority: 'low' })
  await enqueue('normal')
  await enqueue('high', { priority: 'high' })
  clock.advance(29_999)
  await enqueue('high at 30 s', { priority: 'high' })
  clock.advance(2)
  await enqueue('late high', { priority: 'high' })
  await finishAll(rig)
  assert.deepEqual(started(), ['first', 'high', 'high at 30 s', 'normal', 'late high', 'low'])
})

test('high priorities that never end to come cannot starve a low one for longer than two minutes', async (t) => {
  const { jobs, clock, enqueue, started, at } = openTestJobs(t)
  await jobs.start()
  await turn()
  await enqueue('h0', { priority: 'high' })
  await enqueue('low', { priority: 'low' })
  for (let second = 1; started().at(-1) !== 'low'; second += 1) {
    assert.ok(second < 130, 'it starves')
    clock.advance(1_000)
    await enqueue(`h${second}`, { priority: 'high' })
    await at(started().at(-1) ?? '').finish()
    await turn()
  }
  assert.equal((clock.now() - START) / 1_000, 121)
})

test('no more jobs run at once than may, also when one transaction adds many', async (t) => {
  const { jobs, store, started, at, table } = openTestJobs(t, { concurrency_max: 2 })
  await jobs.start()
  await turn()
  const answers = await store.write((tx) =>
    Promise.resolve(
      ['a', 'b', 'c', 'd'].map((key) => jobs.enqueue(tx, { kind: KIND, key, user_id: 'ann', payload: {} })),
    ),
  )
  await turn()
  assert.deepEqual(answers, [true, true, false, false])
  assert.deepEqual(started(), ['a', 'b'])
  assert.deepEqual(
    table().map(({ held }) => held),
    [true, true, false, false],
  )
  await at('b').finish()
  await turn()
  assert.deepEqual(started(), ['a', 'b', 'c'])
})

test('a slot that a transaction has promised is not claimed by one that waits behind it', async (t) => {
  const { jobs, store, clock, enqueue, started } = openTestJobs(t)
  await jobs.start()
  await enqueue('due in a second', { run_at: START + 1_000 })
  await turn()
  await store.write(async (tx) => {
    jobs.enqueue(tx, { kind: KIND, key: 'now', user_id: 'ann', payload: {}, run_at: START })
    // The timer fires while the transaction is still open.
    clock.advance(1_000)
    await Promise.resolve()
  })
  await turn()
  assert.deepEqual(started(), ['now'])
})

const add = (jobs: Jobs, key: string, user_id: string) => (tx: Parameters<Jobs['enqueue']>[0]) =>
  Promise.resolve(jobs.enqueue(tx, { kind: KIND, key, user_id, payload: {} }))

test('a queue that is full for a user or for all refuses, and names its bounds', async (t) => {
  const { jobs, store, at } = openTestJobs(t, { per_user_max: 2, total_max: 3 })
  await jobs.start()
  await turn()
  const refused = (error: unknown) => {
    assert.ok(error instanceof Fault)
    assert.deepEqual([error.name, error.code, error.status], ['SYSTEM_OVERLOADED', 'SYSTEM_001', 503])
    assert.deepEqual(error.details, {
      waiting: jobs.count(KIND, 'ann') + jobs.count(KIND, 'bob'),
      per_user_max: 2,
      total_max: 3,
    })
    return true
  }
  await store.write(add(jobs, 'a1', 'ann'))
  await store.write(add(jobs, 'a2', 'ann'))
  await assert.rejects(store.write(add(jobs, 'a3', 'ann')), refused)
  await store.write(add(jobs, 'b1', 'bob'))
  await assert.rejects(store.write(add(jobs, 'b2', 'bob')), refused)
  await at('a1').finish()
  await store.write(add(jobs, 'b2', 'bob'))
  assert.deepEqual([jobs.count(KIND, 'ann'), jobs.count(KIND, 'bob'), jobs.count(KIND, 'eve')], [1, 2, 0])
})

test('the bound holds within one transaction, which is then rolled back as a whole', async (t) => {
  const { jobs, store, table } = openTestJobs(t, { per_user_max: 2 })
  await jobs.start()
  const greedy = store.write((tx) => {
    for (const key of ['a', 'b', 'c']) jobs.enqueue(tx, { kind: KIND, key, user_id: 'ann', payload: {} })
    return Promise.resolve()
  })
  await assert.rejects(greedy, { name: 'SYSTEM_OVERLOADED' })
  assert.deepEqual([table(), jobs.count(KIND, 'ann')], [[], 0])
})

test('a job that ends and comes again in one transaction needs no room of its own', async (t) => {
  const { jobs, store, clock, enqueue, at, started, table } = openTestJobs(t, { per_user_max: 1 })
  await jobs.start()
  await turn()
  await enqueue('alarm')
  await store.write((tx) => {
    at('alarm').job.finish(tx)
    jobs.enqueue(tx, { kind: KIND, key: 'alarm', user_id: 'ann', payload: {}, run_at: START + 1_000 })
    return Promise.resolve()
  })
  at('alarm').leave()
  await turn()
  assert.deepEqual([table(), jobs.count(KIND, 'ann')], [[{ key: 'alarm', attempt: 0, held: false }], 1])
  clock.advance(1_000)
  await turn()
  assert.deepEqual(started(), ['alarm', 'alarm'])
})

test('a kind that nobody handles is refused, for adding, cancelling and counting', async (t) => {
  const { jobs, store, enqueue } = openTestJobs(t)
  await jobs.start()
  await assert.rejects(enqueue('a', { kind: 'unknown' }), /Nobody handles jobs of kind unknown/)
  await assert.rejects(
    store.write((tx) => Promise.resolve(jobs.cancel(tx, 'unknown', 'a'))),
    /Nobody handles/,
  )
  assert.throws(() => jobs.count('unknown', 'ann'), /Nobody handles/)
})
