import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LostJobError } from './job.ts'
import { KIND, START, openTestJobs, temporaryFolder, turn } from './rig.ts'

test('jobs that were added before the start are neither lost nor counted twice', async (t) => {
  const { jobs, enqueue, started, at } = openTestJobs(t)
  assert.equal(await enqueue('a'), false)
  await turn()
  assert.deepEqual([started(), jobs.count(KIND, 'ann')], [[], 1])
  await jobs.start()
  await turn()
  assert.deepEqual([started(), jobs.count(KIND, 'ann')], [['a'], 1])
  await at('a').finish()
  assert.equal(jobs.count(KIND, 'ann'), 0)
})

test('what a crash left, running or waiting, is taken up by the next process as another attempt', async (t) => {
  const data_dir = temporaryFolder(t)
  const crashed = openTestJobs(t, {}, { data_dir })
  await crashed.jobs.start()
  await turn()
  await crashed.enqueue('running')
  await crashed.enqueue('waiting', { payload: { n: 1 } })
  await crashed.enqueue('later', { run_at: START + 60_000 })
  await crashed.close()
  const { jobs, clock, started, at, table } = openTestJobs(t, { concurrency_max: 9 }, { data_dir })
  await jobs.start()
  await turn()
  assert.deepEqual([started(), jobs.count(KIND, 'ann')], [['running', 'waiting'], 3])
  assert.deepEqual([at('running').job.attempt, at('waiting').job.attempt], [2, 1])
  assert.deepEqual(at('waiting').job.payload, { n: 1 })
  await at('running').finish()
  await at('waiting').finish()
  clock.advance(60_000)
  await turn()
  await at('later').finish()
  assert.deepEqual([table(), jobs.count(KIND, 'ann')], [[], 0])
})

test('a job that ends the process each time is given up once its attempts are used', async (t) => {
  const data_dir = temporaryFolder(t)
  const attempts: number[] = []
  const reasons: string[] = []
  for (let process = 1; process <= 4; process += 1) {
    const rig = openTestJobs(
      t,
      {
        giveUp: (job, error) => {
          reasons.push(String(error))
          return rig.store.write((tx) => Promise.resolve(job.finish(tx)))
        },
      },
      { data_dir },
    )
    await rig.jobs.start()
    if (process === 1) await rig.enqueue('poison')
    await turn()
    attempts.push(...rig.attempts.map(({ job }) => job.attempt))
    if (process === 4) assert.deepEqual(rig.table(), [])
    await rig.close()
  }
  assert.deepEqual([attempts, reasons], [[1, 2, 3], ['Error: No attempt is left.']])
})

test('stopping takes up nothing more and waits for what runs', async (t) => {
  const { jobs, enqueue, at, started, table } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  await enqueue('b')
  let stopped = false
  const stopping = jobs.stop(10_000).then(() => (stopped = true))
  assert.equal(await enqueue('c'), false)
  await turn()
  assert.deepEqual([stopped, at('a').signal.aborted], [false, false])
  await at('a').finish()
  await stopping
  await turn()
  assert.deepEqual(started(), ['a'])
  assert.deepEqual(
    table().map(({ key, held }) => [key, held]),
    [
      ['b', false],
      ['c', false],
    ],
  )
})

test('stopping with nothing under way ends at once, and twice as well', async (t) => {
  const { jobs } = openTestJobs(t)
  await jobs.start()
  await jobs.stop(10_000)
  await jobs.stop(10_000)
})

test('two that stop it both wait for what runs', async (t) => {
  const { jobs, enqueue, at } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  const both = Promise.all([jobs.stop(10_000), jobs.stop(10_000)])
  await at('a').finish()
  await both
})

test('after the grace what runs is aborted and handed back, and has used up no attempt', async (t) => {
  const data_dir = temporaryFolder(t)
  const { jobs, clock, enqueue, at, table, logged, close } = openTestJobs(t, {}, { data_dir })
  await jobs.start()
  await enqueue('a')
  await turn()
  const stopping = jobs.stop(10_000)
  clock.advance(9_999)
  assert.equal(at('a').signal.aborted, false)
  clock.advance(1)
  assert.ok(at('a').signal.reason instanceof LostJobError)
  at('a').fail(new LostJobError('It heeds its signal.'))
  await stopping
  assert.deepEqual([table(), logged], [[{ key: 'a', attempt: 0, held: false }], []])
  await close()
  const next = openTestJobs(t, {}, { data_dir })
  await next.jobs.start()
  await turn()
  assert.equal(next.at('a').job.attempt, 1)
})

test('a handler that does not heed its signal cannot keep the server from stopping', async (t) => {
  const { jobs, clock, enqueue, table } = openTestJobs(t)
  await jobs.start()
  await enqueue('hangs')
  await turn()
  let stopped = false
  const stopping = jobs.stop(0).then(() => (stopped = true))
  clock.advance(999)
  await turn()
  assert.equal(stopped, false)
  clock.advance(1)
  await stopping
  assert.deepEqual(table(), [{ key: 'hangs', attempt: 1, held: true }])
})

test('a claim that waits for the writer while the server stops leaves its job as it was', async (t) => {
  const { jobs, store, clock, enqueue, started, table } = openTestJobs(t)
  await jobs.start()
  await turn()
  await enqueue('alarm', { run_at: START + 1_000 })
  const { promise: busy, resolve } = Promise.withResolvers<void>()
  const writing = store.write(() => busy)
  clock.advance(1_000)
  await jobs.stop(0)
  resolve()
  await writing
  await turn()
  assert.deepEqual([started(), table()], [[], [{ key: 'alarm', attempt: 0, held: false }]])
})

test('what was claimed at the moment of stopping is left to the next process', async (t) => {
  const data_dir = temporaryFolder(t)
  const { jobs, enqueue, started, close } = openTestJobs(t, {}, { data_dir })
  await enqueue('claimed')
  await jobs.start()
  await jobs.stop(0)
  await turn()
  assert.deepEqual(started(), [])
  await close()
  const next = openTestJobs(t, {}, { data_dir })
  await next.jobs.start()
  await turn()
  assert.deepEqual(next.started(), ['claimed'])
})

test('a slot that was promised by a transaction within which the server stopped is not taken', async (t) => {
  const { jobs, store, started } = openTestJobs(t)
  await jobs.start()
  await turn()
  await store.write(async (tx) => {
    assert.equal(jobs.enqueue(tx, { kind: KIND, key: 'a', user_id: 'ann', payload: {} }), true)
    await jobs.stop(0)
  })
  await turn()
  assert.deepEqual(started(), [])
})

test('a start that is overtaken by a stop does not run anything', async (t) => {
  const { jobs, enqueue, started } = openTestJobs(t)
  await enqueue('a')
  const starting = jobs.start()
  await jobs.stop(0)
  await starting
  await turn()
  assert.deepEqual(started(), [])
})

test('a failure while the server waits for what runs leaves the job to the next process', async (t) => {
  const { jobs, enqueue, at, attempts, table } = openTestJobs(t)
  await jobs.start()
  await enqueue('a')
  await turn()
  const stopping = jobs.stop(10_000)
  at('a').fail(new Error('It broke.'))
  await stopping
  assert.deepEqual([attempts.length, table()], [1, [{ key: 'a', attempt: 1, held: false }]])
})
