import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LostJobError } from './job.ts'
import { KIND, START, openTestJobs, turn } from './rig.ts'

test('a cancelled job that waits is gone, and its place in the queue with it', async (t) => {
  const { jobs, enqueue, cancel, at, started, table } = openTestJobs(t, { per_user_max: 2 })
  await jobs.start()
  await turn()
  await enqueue('a')
  await enqueue('b')
  await cancel('b')
  assert.deepEqual([table().length, jobs.count(KIND, 'ann')], [1, 1])
  await enqueue('c')
  await at('a').finish()
  await turn()
  assert.deepEqual(started(), ['a', 'c'])
})

test('cancelling what is not there changes nothing, not even the counts', async (t) => {
  const { jobs, enqueue, cancel, at } = openTestJobs(t)
  await jobs.start()
  await cancel('never there')
  await enqueue('a')
  await turn()
  await at('a').finish()
  await cancel('a')
  await cancel('a')
  assert.equal(jobs.count(KIND, 'ann'), 0)
  await enqueue('b')
  assert.equal(jobs.count(KIND, 'ann'), 1)
})

test('cancelling a job that runs aborts it after the commit, and its result cannot be committed', async (t) => {
  const { jobs, store, clock, enqueue, at, attempts, table, items, logged } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  const { job, signal, fail } = at('a')
  await store.write((tx) => {
    jobs.cancel(tx, KIND, 'a')
    assert.equal(signal.aborted, false)
    return Promise.resolve()
  })
  assert.ok(signal.reason instanceof LostJobError)
  const late = store.write((tx) => {
    tx.connection.run('INSERT INTO items VALUES (?)', ['late'])
    job.finish(tx)
    return Promise.resolve()
  })
  await assert.rejects(late, LostJobError)
  fail(new LostJobError('It was told to stop.'))
  clock.advance(60_000)
  await turn()
  assert.deepEqual([table(), items(), attempts.length, jobs.count(KIND, 'ann')], [[], [], 1, 0])
  assert.deepEqual(logged, [])
})

test('a cancellation that is rolled back leaves the job running', async (t) => {
  const { jobs, store, enqueue, at, table } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  const rolledBack = store.write((tx) => {
    jobs.cancel(tx, KIND, 'a')
    return Promise.reject(new Error('Not after all.'))
  })
  await assert.rejects(rolledBack, /Not after all/)
  assert.deepEqual([at('a').signal.aborted, jobs.count(KIND, 'ann')], [false, 1])
  await at('a').finish()
  assert.deepEqual(table(), [])
})

test('a cancelled job keeps its slot until its handler leaves', async (t) => {
  const { jobs, enqueue, cancel, at, started } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  await enqueue('b')
  await cancel('a')
  await turn()
  assert.deepEqual(started(), ['a'])
  at('a').leave()
  await turn()
  assert.deepEqual(started(), ['a', 'b'])
})

test('a key that was cancelled and comes again is another job: the first cannot end it, nor take its slot', async (t) => {
  const { jobs, clock, enqueue, cancel, attempts, started, table } = openTestJobs(t, { concurrency_max: 2 })
  await jobs.start()
  await enqueue('a')
  await turn()
  await cancel('a')
  await enqueue('a', { payload: 'again' })
  await turn()
  const [first] = attempts
  assert.deepEqual(started(), ['a'], 'while the first goes on, the second waits')
  await assert.rejects(first?.commit() ?? Promise.resolve(), LostJobError)
  first?.fail(new Error('It broke on the way out.'))
  await turn()
  assert.deepEqual([started(), attempts[1]?.job.payload], [['a', 'a'], 'again'])
  assert.deepEqual(table(), [{ key: 'a', attempt: 1, held: true }])
  clock.advance(10_000)
  await cancel('a')
  assert.equal(attempts[1]?.signal.aborted, true)
})

test('moving a job that waits changes its time, its payload and its place', async (t) => {
  const { jobs, clock, enqueue, at, started } = openTestJobs(t)
  await jobs.start()
  await turn()
  await enqueue('alarm', { run_at: START + 1_000, payload: 1 })
  await enqueue('alarm', { run_at: START + 5_000, payload: 2 })
  clock.advance(4_999)
  await turn()
  assert.deepEqual([started(), jobs.count(KIND, 'ann')], [[], 1])
  clock.advance(1)
  await turn()
  assert.deepEqual([started(), at('alarm').job.payload], [['alarm'], 2])
})

test('a job can be moved to an earlier time, and when the queue is full', async (t) => {
  const { jobs, clock, enqueue, started } = openTestJobs(t, { per_user_max: 1 })
  await jobs.start()
  await turn()
  await enqueue('alarm', { run_at: START + 3_600_000 })
  await enqueue('alarm', { run_at: START + 1_000 })
  clock.advance(1_000)
  await turn()
  assert.deepEqual(started(), ['alarm'])
})

test('moving a job that runs aborts this attempt, and the next begins when it has left', async (t) => {
  const { jobs, enqueue, attempts, table } = openTestJobs(t, { concurrency_max: 4 })
  await jobs.start()
  await enqueue('a', { payload: 'old' })
  await turn()
  assert.equal(await enqueue('a', { payload: 'new' }), false)
  await turn()
  const [old] = attempts
  assert.deepEqual([old?.signal.aborted, attempts.length], [true, 1])
  await assert.rejects(old?.commit() ?? Promise.resolve(), LostJobError)
  old?.leave()
  await turn()
  assert.deepEqual([attempts[1]?.job.payload, attempts[1]?.job.attempt], ['new', 1])
  await attempts[1]?.finish()
  await turn()
  assert.deepEqual([table(), jobs.count(KIND, 'ann'), attempts.length], [[], 0, 2])
})

test('a job that was moved once more while its next attempt waits for the first is begun once', async (t) => {
  const { jobs, enqueue, attempts, table } = openTestJobs(t, { concurrency_max: 4 })
  await jobs.start()
  await enqueue('a', { payload: 1 })
  await turn()
  await enqueue('a', { payload: 2 })
  await turn()
  await enqueue('a', { payload: 3 })
  await turn()
  attempts[0]?.leave()
  await turn()
  assert.deepEqual(
    attempts.map(({ job }) => job.payload),
    [1, 3],
  )
  await attempts[1]?.finish()
  assert.deepEqual([table(), jobs.count(KIND, 'ann')], [[], 0])
})

test('a job that is added and cancelled in one transaction does not stay, nor does one added twice run twice', async (t) => {
  const { jobs, store, attempts, table } = openTestJobs(t, { concurrency_max: 4 })
  await jobs.start()
  await turn()
  const job = { kind: KIND, user_id: 'ann', payload: {} }
  await store.write((tx) => {
    jobs.enqueue(tx, { ...job, key: 'gone' })
    jobs.cancel(tx, KIND, 'gone')
    jobs.enqueue(tx, { ...job, key: 'twice', payload: 1 })
    jobs.enqueue(tx, { ...job, key: 'twice', payload: 2 })
    return Promise.resolve()
  })
  await turn()
  assert.deepEqual([table().map(({ key }) => key), jobs.count(KIND, 'ann')], [['twice'], 1])
  const wanted = attempts.filter(({ signal }) => !signal.aborted)
  for (const one of attempts) if (one.signal.aborted) one.leave()
  await turn()
  assert.deepEqual(
    wanted.map(({ job: { payload } }) => payload),
    [],
  )
  assert.equal(attempts.at(-1)?.job.payload, 2)
  await attempts.at(-1)?.finish()
  assert.deepEqual(table(), [])
})
