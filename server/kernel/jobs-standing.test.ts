import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START, openTestJobs, turn } from './rig.ts'

test('what runs and what is due and waits is counted; what is due later is neither', async (t) => {
  const blocked = Promise.withResolvers<void>()
  const { jobs, clock, store, enqueue } = openTestJobs(t, {
    concurrency_max: 2,
    run: async (job) => {
      await blocked.promise
      await store.write((tx) => Promise.resolve(job.finish(tx)))
    },
  })
  assert.deepEqual(jobs.standing(), { waiting: 0, running: 0 })
  await jobs.start()
  for (const key of ['a', 'b', 'c', 'd', 'e']) await enqueue(key)
  await enqueue('later', { run_at: START + 1_000 })
  await turn()
  assert.deepEqual(jobs.standing(), { waiting: 3, running: 2 })
  clock.advance(1_000)
  assert.deepEqual(jobs.standing(), { waiting: 4, running: 2 })
  blocked.resolve()
  await turn()
  await turn()
  assert.deepEqual(jobs.standing(), { waiting: 0, running: 0 })
})
