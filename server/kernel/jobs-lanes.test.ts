import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KIND, openTestJobs, turn } from './rig.ts'

const job = (key: string, lane: string) => ({ kind: KIND, key, user_id: 'ann', payload: {}, lane })

test('a busy lane holds up no other, and goes on when something of it ends', async (t) => {
  const { jobs, enqueue, started, at } = openTestJobs(t, { concurrency_max: 3, per_lane_at_once: 1 })
  await jobs.start()
  assert.equal(await enqueue('slow 1', { lane: 'slow' }), true)
  assert.equal(await enqueue('slow 2', { lane: 'slow' }), false)
  await enqueue('slow 3', { lane: 'slow' })
  await turn()
  await enqueue('quick 1', { lane: 'quick' })
  await turn()
  assert.deepEqual(started(), ['slow 1', 'quick 1'])
  await at('slow 1').finish()
  await turn()
  assert.deepEqual(started(), ['slow 1', 'quick 1', 'slow 2'])
  await at('slow 2').finish()
  await turn()
  assert.deepEqual(started(), ['slow 1', 'quick 1', 'slow 2', 'slow 3'])
})

test('one transaction promises no more slots of a lane than there are', async (t) => {
  const { jobs, store } = openTestJobs(t, { concurrency_max: 5, per_lane_at_once: 2 })
  await jobs.start()
  const starts = await store.write((tx) =>
    Promise.resolve(
      ['a', 'a', 'a', 'b'].map((lane, index) => jobs.enqueue(tx, job(`${lane}${index}`, lane))),
    ),
  )
  assert.deepEqual(starts, [true, true, false, true])
})

test('the bound of a lane counts what an earlier process left in it', async (t) => {
  const handler = { per_lane_max: 2, per_lane_at_once: 1 }
  const first = openTestJobs(t, handler)
  await first.enqueue('one', { lane: 'a' })
  await first.enqueue('two', { lane: 'a' })
  await first.close()
  const { jobs, enqueue } = openTestJobs(t, handler, { data_dir: first.data_dir })
  await jobs.start()
  await assert.rejects(enqueue('three', { lane: 'a' }), { name: 'SYSTEM_OVERLOADED' })
  await enqueue('four', { lane: 'b' })
})

test('who lost a job finds out before the next part of the work', async (t) => {
  const { jobs, store, enqueue, at, cancel } = openTestJobs(t)
  await jobs.start()
  await enqueue('long')
  const part = () => store.write((tx) => Promise.resolve(at('long').job.hold(tx)))
  await part()
  await cancel('long')
  await assert.rejects(part(), { message: 'Job long was taken over.' })
})
