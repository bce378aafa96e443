import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LostJobError } from './job.ts'
import type { Job } from './job.ts'
import { KIND, openTestJobs, turn } from './rig.ts'

const BROKEN = new Error('It broke.')

test('a job that fails is tried again after 2 s and then 4 s, and given up with its last error', async (t) => {
  const given: unknown[] = []
  const rig = openTestJobs(t, {
    giveUp: (job, error) => {
      given.push(job.attempt, error)
      return rig.store.write((tx) => Promise.resolve(job.finish(tx)))
    },
  })
  const { jobs, clock, enqueue, attempts, at, table } = rig
  await jobs.start()
  await enqueue('a')
  await turn()
  for (const [attempt, delay_ms] of [2_000, 4_000].entries()) {
    at('a').fail(BROKEN)
    await turn()
    assert.deepEqual(table(), [{ key: 'a', attempt: attempt + 1, held: false }])
    clock.advance(delay_ms - 1)
    await turn()
    assert.equal(attempts.length, attempt + 1)
    clock.advance(1)
    await turn()
    assert.equal(at('a').job.attempt, attempt + 2)
  }
  assert.deepEqual(given, [])
  at('a').fail(BROKEN)
  await turn()
  assert.deepEqual([given, table(), jobs.count(KIND, 'ann')], [[3, BROKEN], [], 0])
})

test('a handler that throws at once is a failed attempt like any other', async (t) => {
  const { jobs, enqueue, table, logged } = openTestJobs(t, {
    run: () => {
      throw BROKEN
    },
  })
  await jobs.start()
  await enqueue('a')
  await turn()
  assert.deepEqual(table(), [{ key: 'a', attempt: 1, held: false }])
  assert.match(logged.join('\n'), /a job failed.*It broke/)
})

test('a handler that leaves without the result of its job has failed', async (t) => {
  const { jobs, clock, enqueue, at, table, logged } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  at('a').leave()
  await turn()
  assert.deepEqual(table(), [{ key: 'a', attempt: 1, held: false }])
  assert.match(logged.join('\n'), /ended without a result/)
  clock.advance(2_000)
  await turn()
  assert.equal(at('a').job.attempt, 2)
})

test('a job whose giving up leaves it as it was is removed, so that it does not count for ever', async (t) => {
  const { jobs, enqueue, at, table, logged } = openTestJobs(t, {
    attempts_max: 1,
    giveUp: () => Promise.resolve(),
  })
  await jobs.start()
  await enqueue('a')
  await turn()
  at('a').fail(BROKEN)
  await turn()
  assert.deepEqual([table(), jobs.count(KIND, 'ann')], [[], 0])
  assert.match(logged.join('\n'), /given up without a result/)
})

test('giving up that fails is tried again, without another attempt at the job', async (t) => {
  let failures = 0
  const rig = openTestJobs(t, {
    attempts_max: 1,
    giveUp: (job) => {
      failures += 1
      if (failures < 3) return Promise.reject(BROKEN)
      return rig.store.write((tx) => Promise.resolve(job.finish(tx)))
    },
  })
  const { jobs, clock, enqueue, attempts, at, table } = rig
  await jobs.start()
  await enqueue('a')
  await turn()
  at('a').fail(BROKEN)
  for (let second = 0; second < 10; second += 1) {
    await turn()
    clock.advance(1_000)
  }
  assert.deepEqual([failures, attempts.length, table()], [3, 1, []])
})

test('an error after the end of a job was committed is told and changes nothing', async (t) => {
  const { jobs, clock, enqueue, attempts, at, table, logged } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  await at('a').commit()
  at('a').fail(BROKEN)
  await turn()
  clock.advance(60_000)
  await turn()
  assert.deepEqual([attempts.length, table(), jobs.count(KIND, 'ann')], [1, [], 0])
  assert.match(logged.join('\n'), /It broke/)
})

test('a job cannot be finished twice, and the second transaction leaves nothing', async (t) => {
  const { jobs, store, enqueue, at, items } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  await at('a').commit()
  const again = store.write((tx) => {
    tx.connection.run('INSERT INTO items VALUES (?)', ['twice'])
    at('a').job.finish(tx)
    return Promise.resolve()
  })
  await assert.rejects(again, LostJobError)
  assert.deepEqual([items(), jobs.count(KIND, 'ann')], [[], 0])
})

test('a job whose end was rolled back is still held, and can end for good', async (t) => {
  const { jobs, store, enqueue, at, table } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  const rolledBack = store.write((tx) => {
    at('a').job.finish(tx)
    return Promise.reject(BROKEN)
  })
  await assert.rejects(rolledBack, BROKEN)
  assert.deepEqual([table().length, jobs.count(KIND, 'ann')], [1, 1])
  await at('a').finish()
  assert.deepEqual([table(), jobs.count(KIND, 'ann')], [[], 0])
})

test('when its lease ends a job is aborted and given to another attempt, and the first cannot commit any more', async (t) => {
  const { jobs, clock, enqueue, attempts, table } = openTestJobs(t, { lease_ms: 5_000 })
  await jobs.start()
  await enqueue('a')
  await turn()
  clock.advance(4_999)
  assert.equal(attempts[0]?.signal.aborted, false)
  clock.advance(1)
  assert.equal(attempts[0]?.signal.reason instanceof LostJobError, true)
  await turn()
  // It hangs on and heeds nothing, and yet neither its slot nor its job are lost.
  assert.deepEqual(table(), [{ key: 'a', attempt: 1, held: false }])
  await assert.rejects(attempts[0]?.commit() ?? Promise.resolve(), LostJobError)
  clock.advance(2_000)
  await turn()
  assert.deepEqual(table(), [{ key: 'a', attempt: 2, held: true }])
  await assert.rejects(attempts[0]?.commit() ?? Promise.resolve(), LostJobError)
  await attempts[1]?.finish()
  attempts[0]?.leave()
  await turn()
  assert.deepEqual([table(), jobs.count(KIND, 'ann'), attempts.length], [[], 0, 2])
})

test('a result that is committed before the lease ends counts, however late its handler leaves', async (t) => {
  const { jobs, clock, enqueue, attempts, at, table, logged } = openTestJobs(t, { lease_ms: 5_000 })
  await jobs.start()
  await enqueue('a')
  await turn()
  await at('a').commit()
  clock.advance(60_000)
  await turn()
  assert.deepEqual([table(), attempts.length, jobs.count(KIND, 'ann')], [[], 1, 0])
  assert.match(logged.join('\n'), /It took too long/)
})

test('a failure while the disk takes no writes is put back once it does, without a restart', async (t) => {
  let full: string | undefined
  const { jobs, clock, enqueue, at, table } = openTestJobs(t, {}, { refuseWrites: () => full })
  await jobs.start()
  await enqueue('a')
  await turn()
  full = 'The disk is full.'
  at('a').fail(BROKEN)
  for (let second = 0; second < 5; second += 1) {
    await turn()
    clock.advance(1_000)
  }
  await turn()
  assert.deepEqual(table(), [{ key: 'a', attempt: 1, held: true }])
  full = undefined
  clock.advance(1_000)
  await turn()
  assert.equal(at('a').job.attempt, 2)
  await at('a').finish()
  assert.deepEqual([table(), jobs.count(KIND, 'ann')], [[], 0])
})

test('the handler of one kind that fails does not hold up another kind', async (t) => {
  const { jobs, store, clock, enqueue, at } = openTestJobs(t)
  const done: string[] = []
  jobs.handle('other', {
    concurrency_max: 1,
    per_user_max: 10,
    total_max: 10,
    lease_ms: 1_000,
    attempts_max: 1,
    run: (job: Job) =>
      store.write((tx) => Promise.resolve(job.finish(tx))).then(() => void done.push(job.key)),
    giveUp: () => Promise.resolve(),
  })
  await jobs.start()
  await enqueue('a')
  await turn()
  await enqueue('b', { kind: 'other', run_at: clock.now() + 500 })
  clock.advance(500)
  await turn()
  assert.deepEqual([done, at('a').signal.aborted, jobs.count('other', 'ann')], [['b'], false, 0])
})
