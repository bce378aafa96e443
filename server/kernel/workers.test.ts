import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { fakeClock } from '../../test/clock.ts'
import { START, temporaryFolder } from './rig.ts'
import { openWorkers } from './workers.ts'
import type { WorkerBounds } from './workers.ts'

/** Answers `say`, refuses, fails, never ends, or eats memory until there is none. */
const ENTRY = `
import { parentPort } from 'node:worker_threads'
const eaten = []
parentPort.on('message', ({ id, task: { does, value } }) => {
  if (does === 'spin') for (;;);
  if (does === 'eat') for (;;) eaten.push(new Array(10_000).fill(id))
  if (does === 'throw') throw new Error('broken')
  parentPort.postMessage({ id, [{ say: 'value', refuse: 'refused', fail: 'failed' }[does]]: value })
})`

function open(t: TestContext, bounds: Partial<WorkerBounds> = {}) {
  const entry = join(temporaryFolder(t), 'entry.mjs')
  writeFileSync(entry, ENTRY)
  const workers = openWorkers(fakeClock(START), pathToFileURL(entry), bounds)
  t.after(() => workers.close())
  const run = (does: string, value?: unknown, signal = new AbortController().signal) =>
    workers.run({ does, value }, 'ann', signal)
  return { workers, run }
}

test('a task is answered with what it used, and one that refuses or fails says which', async (t) => {
  const { run } = open(t)
  const { value, cpu_ms, heap_bytes } = await run('say', { a: [1] })
  assert.deepEqual(value, { a: [1] })
  assert.ok(cpu_ms > 0 && heap_bytes > 1_000_000, `${cpu_ms} ms, ${heap_bytes} bytes`)
  await assert.rejects(run('refuse', 'Not that.'), { reason: 'refused', message: 'Not that.' })
  await assert.rejects(run('fail', 'inside'), { reason: 'failed', message: 'inside' })
})

test('a task that never ends is ended by its signal while the event loop turns, and the next one is done', async (t) => {
  const { run } = open(t)
  await run('say', 'warm')
  const ending = new AbortController()
  const spinning = run('spin', undefined, ending.signal)
  let turns = 0
  while (turns < 1_000) turns = await new Promise<number>((resolve) => setImmediate(() => resolve(turns + 1)))
  ending.abort(new Error('enough'))
  await assert.rejects(spinning, { message: 'enough' })
  assert.equal((await run('say', 'next')).value, 'next')
})

test('a task that eats memory ends alone', async (t) => {
  const { run } = open(t, { heap_mb: 16 })
  const hungry = assert.rejects(run('eat'), {
    reason: 'memory',
    message: 'That needs more than 16 MB of memory.',
  })
  const after = run('say', 'still here')
  await hungry
  assert.equal((await after).value, 'still here')
})

test('a worker that breaks fails its task and no other', async (t) => {
  const { run } = open(t)
  const [broken, after] = [run('throw'), run('say', 'fine')]
  await assert.rejects(broken, { reason: 'failed', message: 'broken' })
  assert.equal((await after).value, 'fine')
})

test('more tasks than may wait are refused at once, and one that was given up leaves its place', async (t) => {
  const { run } = open(t, { waiting_max: 1 })
  const [first, second] = [new AbortController(), new AbortController()]
  const spinning = run('spin', undefined, first.signal)
  const waiting = run('say', 'waited', second.signal)
  await assert.rejects(run('say'), { name: 'SYSTEM_OVERLOADED' })
  second.abort(new Error('no longer'))
  await assert.rejects(waiting, { message: 'no longer' })
  const third = run('say', 'third')
  first.abort(new Error('stop'))
  await assert.rejects(spinning, { message: 'stop' })
  assert.equal((await third).value, 'third')
})

test('one user leaves a worker for the others, and has a queue of their own', async (t) => {
  const { workers } = open(t, { workers_max: 2, waiting_per_user_max: 1 })
  const { signal } = new AbortController()
  const ann = (does: string, own = signal) => workers.run({ does, value: does }, 'ann', own)
  const ending = new AbortController()
  const spinning = assert.rejects(ann('spin', ending.signal), { message: 'enough' })
  const waiting = ann('say')
  await assert.rejects(ann('say'), { name: 'SYSTEM_OVERLOADED' })
  assert.equal((await workers.run({ does: 'say', value: 'bob' }, 'bob', signal)).value, 'bob')
  ending.abort(new Error('enough'))
  await spinning
  assert.equal((await waiting).value, 'say')
})

test('closing ends what runs and what waits', async (t) => {
  const { workers, run } = open(t)
  const both = [run('spin'), run('say', 'never')].map((one) =>
    assert.rejects(one, { message: 'The server is stopping.' }),
  )
  await workers.close()
  await Promise.all(both)
})
