import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { assert as check, array, asyncProperty, constantFrom, integer, record } from 'fast-check'
import { seededRandom } from '../../test/clock.ts'
import type { Priority } from './job.ts'
import { KIND, START, openTestJobs, turn } from './rig.ts'
import type { TestJobs } from './rig.ts'

/** Seconds that a high job is ahead of one of this priority which was asked for at the same time. */
const BEHIND_S: Readonly<Record<Priority, number>> = { high: 0, normal: 30, low: 120 }

interface Asked {
  /** Seconds after the start. */
  at: number
  priority: Priority
}

/** What the queue promises, computed in the plainest way: by time with the handicap, then by who came first. */
function expected(asked: readonly Asked[]): string[] {
  return asked
    .map(({ at, priority }, index) => ({ key: keyOf(index), place: at + BEHIND_S[priority] }))
    .toSorted((a, b) => a.place - b.place || a.key.localeCompare(b.key))
    .map(({ key }) => key)
}

const keyOf = (index: number): string => String(index).padStart(6, '0')

/** Queues everything behind one job that runs, ends that, and answers the order in which the rest is performed. */
async function performed(t: TestContext, asked: readonly Asked[]): Promise<string[]> {
  const order: string[] = []
  const opened: TestJobs = openTestJobs(t, {
    per_user_max: 20_000,
    total_max: 20_000,
    run: async (job) => {
      if (job.key === 'first') await blocked.promise
      else order.push(job.key)
      await opened.store.write((tx) => Promise.resolve(job.finish(tx)))
    },
  })
  const blocked = Promise.withResolvers<void>()
  const { jobs, clock, store, enqueue } = opened
  await jobs.start()
  await enqueue('first')
  let index = 0
  for (const { at, priority } of asked) {
    clock.advance(START + at * 1_000 - clock.now())
    const key = keyOf(index)
    index += 1
    await store.write((tx) =>
      Promise.resolve(jobs.enqueue(tx, { kind: KIND, key, user_id: 'ann', payload: {}, priority })),
    )
  }
  blocked.resolve()
  for (let turns = 0; order.length < asked.length && turns < 50 * asked.length + 100; turns += 1) await turn()
  await opened.close()
  return order
}

test('10,000 queued jobs are performed by priority, and waiting makes up for a low one', async (t) => {
  const random = seededRandom(7)
  const number = () => Buffer.from(random(4)).readUInt32BE() / 2 ** 32
  const priorities: Priority[] = ['high', 'normal', 'low']
  const asked = Array.from({ length: 10_000 }, () => ({
    at: Math.floor(number() * 600),
    priority: priorities[Math.floor(number() * 3)] ?? 'low',
  })).toSorted((a, b) => a.at - b.at)
  const order = await performed(t, asked)
  assert.deepEqual(order, expected(asked))
  // The claim of ageing itself: some low job came before some high job that was asked for later.
  const place = new Map(order.map((key, index) => [key, index]))
  const lows = asked.flatMap(({ priority }, index) =>
    priority === 'low' ? [place.get(keyOf(index)) ?? 0] : [],
  )
  const highs = asked.flatMap(({ priority }, index) =>
    priority === 'high' ? [place.get(keyOf(index)) ?? 0] : [],
  )
  assert.ok(Math.min(...lows) < Math.max(...highs))
})

test('whatever is asked for and when, the order is the promised one', async (t) => {
  const one = record({
    at: integer({ min: 0, max: 300 }),
    priority: constantFrom<Priority>('high', 'normal', 'low'),
  })
  const many = array(one, { minLength: 1, maxLength: 40 })
  await check(
    asyncProperty(many, async (unsorted) => {
      const asked = unsorted.toSorted((a, b) => a.at - b.at)
      assert.deepEqual(await performed(t, asked), expected(asked))
    }),
    { numRuns: 40, seed: 3 },
  )
})

test('what has failed goes behind what became due meanwhile', async (t) => {
  const order: string[] = []
  const opened: TestJobs = openTestJobs(t, {
    run: async (job) => {
      order.push(job.key)
      if (job.key === 'bad' && job.attempt === 1) throw new Error('once')
      await opened.store.write((tx) => Promise.resolve(job.finish(tx)))
    },
  })
  const { jobs, clock, enqueue } = opened
  await jobs.start()
  await enqueue('bad')
  for (let turns = 0; turns < 50; turns += 1) await turn()
  await opened.store.write((tx) => {
    const one = { kind: KIND, user_id: 'ann', payload: {} }
    jobs.enqueue(tx, { ...one, key: 'good', run_at: clock.now() + 1_000 })
    return Promise.resolve()
  })
  clock.advance(10_000)
  for (let turns = 0; turns < 50; turns += 1) await turn()
  assert.deepEqual(order, ['bad', 'good', 'bad'])
  await opened.close()
})
