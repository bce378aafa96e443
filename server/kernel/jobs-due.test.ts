import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../test/clock.ts'
import type { FakeClock } from '../../test/clock.ts'
import { START, openTestJobs, temporaryFolder, turn } from './rig.ts'

const DAY_MS = 86_400_000

/** A clock that counts the timers which are set. */
function countingClock(): { clock: FakeClock; waiting: () => number; delays: number[] } {
  const real = fakeClock(START)
  const waiting = new Set<object>()
  const delays: number[] = []
  const after: FakeClock['after'] = (delay_ms, callback) => {
    const timer = {}
    waiting.add(timer)
    delays.push(delay_ms)
    const cancel = real.after(delay_ms, () => {
      waiting.delete(timer)
      callback()
    })
    return () => {
      waiting.delete(timer)
      cancel()
    }
  }
  return { clock: { ...real, after }, waiting: () => waiting.size, delays }
}

test('a job starts at its time and not a millisecond before', async (t) => {
  const { jobs, clock, enqueue, started } = openTestJobs(t)
  await jobs.start()
  await turn()
  assert.equal(await enqueue('alarm', { run_at: START + 1_000 }), false)
  clock.advance(999)
  await turn()
  assert.deepEqual(started(), [])
  clock.advance(1)
  await turn()
  assert.deepEqual(started(), ['alarm'])
})

test('however many jobs wait, there is one timer, and while none falls due the store is left alone', async (t) => {
  const { clock, waiting } = countingClock()
  const { jobs, store, enqueue } = openTestJobs(t, {}, { clock })
  await jobs.start()
  await turn()
  assert.equal(waiting(), 0)
  for (let n = 50; n > 0; n -= 1) await enqueue(`alarm ${n}`, { run_at: START + n * 3_600_000 })
  await turn()
  assert.equal(waiting(), 1)
  const { committed } = store.progress
  clock.advance(3_599_999)
  await turn()
  assert.deepEqual([waiting(), store.progress.committed], [1, committed])
})

test('a timer that rings a little early does not make a job overlooked that falls due meanwhile', async (t) => {
  for (let early_ms = 1; early_ms <= 4; early_ms += 1) {
    const real = fakeClock(START)
    let looking_ms = 0
    // Time passes between two looks at the clock, as it does on a real machine.
    const now = () => {
      const seen = real.now()
      real.jump(looking_ms)
      return seen
    }
    const { jobs, enqueue, started } = openTestJobs(t, {}, { clock: { ...real, now } })
    await jobs.start()
    await turn()
    await enqueue('alarm', { run_at: START + 1_000 })
    real.jump(-early_ms)
    looking_ms = 1
    real.advance(1_000)
    await turn()
    real.advance(100)
    await turn()
    assert.deepEqual(started(), ['alarm'], `${early_ms} ms early`)
  }
})

test('a job can wait for longer than a timer of the platform can', async (t) => {
  const { clock, delays } = countingClock()
  const { jobs, enqueue, started } = openTestJobs(t, {}, { clock })
  await jobs.start()
  await turn()
  const due = START + 400 * DAY_MS
  await enqueue('next year', { run_at: due })
  while (clock.now() < due - DAY_MS / 2) {
    clock.advance(DAY_MS / 2)
    await turn()
    assert.deepEqual(started(), [])
  }
  clock.advance(DAY_MS / 2)
  await turn()
  assert.deepEqual(started(), ['next year'])
  assert.equal(
    delays.find((delay) => delay > DAY_MS),
    undefined,
  )
})

test('a clock that is set back delays a job until its time has come again', async (t) => {
  const { jobs, clock, enqueue, started } = openTestJobs(t)
  await jobs.start()
  await turn()
  await enqueue('alarm', { run_at: START + 60_000 })
  clock.jump(-3_600_000)
  clock.advance(60_000)
  await turn()
  assert.deepEqual(started(), [])
  clock.advance(3_599_999)
  await turn()
  assert.deepEqual(started(), [])
  clock.advance(1)
  await turn()
  assert.deepEqual(started(), ['alarm'])
})

test('a clock that is set back does not shorten or lengthen a lease', async (t) => {
  const { jobs, clock, enqueue, at } = openTestJobs(t, { lease_ms: 10_000 })
  await jobs.start()
  await enqueue('a')
  await turn()
  clock.jump(-3_600_000)
  clock.advance(9_999)
  assert.equal(at('a').signal.aborted, false)
  clock.advance(1)
  assert.equal(at('a').signal.aborted, true)
})

test('a clock that is set forward is noticed with the next job, and within a day without one', async (t) => {
  const { jobs, clock, enqueue, started, at } = openTestJobs(t)
  await jobs.start()
  await turn()
  await enqueue('alarm', { run_at: START + 30 * DAY_MS })
  clock.jump(31 * DAY_MS)
  clock.advance(DAY_MS)
  await turn()
  assert.deepEqual(started(), ['alarm'])
  await at('alarm').finish()
})

test('what fell due while no server ran starts when one does, the longest due first', async (t) => {
  const data_dir = temporaryFolder(t)
  const before = openTestJobs(t, {}, { data_dir })
  await before.jobs.start()
  await before.enqueue('second', { run_at: START + 2_000 })
  await before.enqueue('first', { run_at: START + 1_000 })
  await before.enqueue('far', { run_at: START + 3_600_000 })
  await before.jobs.stop(0)
  await before.close()
  const { jobs, clock, started, at } = openTestJobs(t, {}, { data_dir, clock: fakeClock(START + 60_000) })
  await jobs.start()
  await turn()
  await at('first').finish()
  await turn()
  await at('second').finish()
  clock.advance(3_540_000)
  await turn()
  assert.deepEqual(started(), ['first', 'second', 'far'])
})

test('claims that the disk refuses are tried again every second, and told', async (t) => {
  let full: string | undefined
  const { jobs, clock, enqueue, started, logged } = openTestJobs(t, {}, { refuseWrites: () => full })
  await jobs.start()
  await turn()
  await enqueue('alarm', { run_at: START + 1_000 })
  full = 'The disk is full.'
  clock.advance(1_000)
  for (let second = 0; second < 3; second += 1) {
    await turn()
    assert.equal(logged.length, second + 1)
    clock.advance(1_000)
  }
  await turn()
  full = undefined
  clock.advance(1_000)
  await turn()
  assert.deepEqual(started(), ['alarm'])
})
