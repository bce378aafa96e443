import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START } from '../../../test/app.ts'
import { iso } from '../../kernel/clock.ts'
import type { Checked } from '../../skills/skill.ts'
import { act, add, employ, jobs, open, openCounting, states, told } from './checks/fixture.ts'

const MINUTE = 60_000
const HOUR = 3_600_000

test('a document is looked at when it is due and not before, each look knowing what the last one found', async (context) => {
  const opened = await openCounting(context)
  await add(opened, 'a', MINUTE)
  await opened.pass(MINUTE - 1)
  assert.deepEqual(opened.seen, [])
  await opened.pass(1)
  await opened.pass(MINUTE)
  assert.deepEqual(opened.seen, ['"a" undefined 60', '"a" 1 120'])
  assert.deepEqual(await told(opened), ['ann 7 info look 1', 'ann 7 info look 2'])
  assert.deepEqual(await states(opened), ['2'])
})

test('a look that says nothing tells nothing, and one without a next time is the last', async (context) => {
  const opened = await open(context, () => ({ state: null }))
  await add(opened, 'a', 0)
  await opened.settle()
  assert.deepEqual([opened.seen.length, await told(opened), jobs(opened)], [1, [], 0])
  opened.lookWith(() => ({ state: 1, text: 'bad', severity: 'critical' }))
  await add(opened, 'b', 0)
  await opened.settle()
  assert.deepEqual(await told(opened), ['ann 7 critical bad'])
})

test('checks wait through a restart, and what fell due meanwhile is looked at once', async (context) => {
  const opened = await openCounting(context)
  await add(opened, 'a', MINUTE)
  opened.clock.jump(10 * MINUTE)
  await opened.restart()
  assert.equal(opened.seen.length, 1)
  await opened.restart()
  assert.deepEqual(await told(opened), ['ann 7 info look 1'])
})

test('a look that a stop broke off is made again, and told of once', async (context) => {
  const opened = await open(context, () => new Promise(() => {}))
  await add(opened, 'a', 0)
  await opened.settle()
  assert.equal(opened.seen.length, 1)
  opened.lookWith(() => ({ state: 1, text: 'done' }))
  await opened.restart()
  assert.equal(opened.seen.length, 2)
  assert.deepEqual(await told(opened), ['ann 7 info done'])
})

test('a document that was changed while it was looked at wins, and is looked at again at once', async (context) => {
  const { promise, resolve } = Promise.withResolvers<Checked>()
  const opened = await open(context, () => promise)
  const { id } = await add(opened, 'old', 0)
  await opened.settle()
  await act(opened, async ({ records }) => void (await records.put('gear', { id, body: 'new' })))
  opened.lookWith(() => ({ state: 'fresh', text: 'new look' }))
  resolve({ state: 'stale', text: 'old look' })
  await opened.settle()
  assert.deepEqual(await told(opened), ['ann 7 info new look'])
  assert.deepEqual(await states(opened), ['"fresh"'])
})

test('a check that is moved while it looks looks again at its new time, and the first look is lost', async (context) => {
  const { promise, resolve } = Promise.withResolvers<Checked>()
  const opened = await open(context, () => promise)
  const { id } = await add(opened, 'a', 0)
  await opened.settle()
  await act(opened, ({ checks }) => checks.set(id, opened.clock.now() + HOUR))
  resolve({ state: 1, text: 'lost' })
  await opened.settle()
  opened.lookWith(() => ({ state: 2, text: 'moved' }))
  await opened.pass(HOUR - 1)
  assert.deepEqual(await told(opened), [])
  await opened.pass(1)
  assert.deepEqual(await told(opened), ['ann 7 info moved'])
})

test('what is removed while it is looked at is told of no more, cancelled or not', async (context) => {
  for (const cancelled of [true, false]) {
    const { promise, resolve } = Promise.withResolvers<Checked>()
    const opened = await open(context, () => promise)
    const { id } = await add(opened, 'a', 0)
    await opened.settle()
    await act(opened, async ({ records, checks }) => {
      if (cancelled) await checks.cancel(id)
      await records.remove('gear', id)
    })
    resolve({ state: 1, text: 'gone', next_due: START })
    await opened.settle()
    await opened.pass(HOUR)
    assert.deepEqual(
      [await told(opened), await states(opened), jobs(opened), opened.seen.length],
      [[], [], 0, 1],
      String(cancelled),
    )
  }
})

test('adding can be taken back although looks have passed, which ends them, and done again, which resumes them', async (context) => {
  const opened = await openCounting(context)
  const { execution_id } = await add(opened, 'a', 0)
  await opened.settle()
  const undo = (id: string) =>
    opened.server.kernel.store.write((tx) => opened.server.changes.undo.undo(tx, 'ann', id))
  const undone = await undo(execution_id)
  await opened.pass(HOUR)
  assert.deepEqual([opened.seen.length, await states(opened), jobs(opened)], [1, [], 0])
  await undo(undone.execution_id)
  await opened.settle()
  assert.equal(opened.seen.length, 2)
  assert.equal(jobs(opened), 1)
})

test('what fails is tried again, and what fails again and again after an hour', async (context) => {
  const opened = await open(context, () => {
    throw new TypeError('broken')
  })
  await add(opened, 'a', 0)
  await opened.settle()
  for (let times = 0; times < 6; times += 1) await opened.pass(30_000)
  const tried = opened.seen.length
  assert.equal(tried, 5)
  assert.ok(opened.logged.some((line) => line.includes('a check fails again and again')))
  await opened.pass(50 * MINUTE)
  assert.equal(opened.seen.length, tried)
  opened.lookWith(() => ({ state: 1, text: 'well again' }))
  await opened.pass(15 * MINUTE)
  assert.deepEqual(await told(opened), ['ann 7 info well again'])
})

test('a look that does not end is broken off after a minute, and its late answer counts for nothing', async (context) => {
  const { promise, resolve } = Promise.withResolvers<Checked>()
  const aborted: boolean[] = []
  const opened = await open(context, (_record, _state, signal) => {
    signal.addEventListener('abort', () => aborted.push(true))
    return promise
  })
  await add(opened, 'a', 0)
  await opened.settle()
  await opened.pass(MINUTE - 1)
  assert.deepEqual(aborted, [])
  await opened.pass(1)
  assert.deepEqual(aborted, [true])
  opened.lookWith(() => ({ state: 2, text: 'second' }))
  resolve({ state: 1, text: 'late' })
  await opened.pass(10_000)
  assert.deepEqual(await told(opened), ['ann 7 info second'])
})

test('while its agent is off or deleted nothing is looked at, and later everything again', async (context) => {
  for (const change of [{ is_active: 0 }, { deleted_at: iso(START) }]) {
    const opened = await openCounting(context)
    await add(opened, 'a', MINUTE)
    await opened.server.kernel.store.write((tx) => employ(tx, 'ann', change))
    await opened.pass(HOUR)
    assert.deepEqual(opened.seen, [])
    await opened.server.kernel.store.write((tx) => employ(tx, 'ann', { is_active: 1, deleted_at: null }))
    await opened.pass(10 * MINUTE)
    assert.equal(opened.seen.length, 1)
  }
})

test('documents that rest, and those of skills that are gone, are not looked at', async (context) => {
  const opened = await openCounting(context)
  await add(opened, 'a', 0, 'ann', 'resting')
  await act(opened, async ({ records, checks }) => {
    await checks.set((await records.put('cogs', { group: 'turning', body: 'b' })).id, START)
  })
  await opened.settle()
  assert.deepEqual([opened.seen, jobs(opened)], [[], 0])
})

test('when a user goes, what is under way for them is lost', async (context) => {
  const { promise, resolve } = Promise.withResolvers<Checked>()
  const opened = await open(context, () => promise)
  await add(opened, 'a', 0)
  await opened.settle()
  const { kernel } = opened.server
  await kernel.store.write((tx) => Promise.resolve(kernel.jobs.cancelAll(tx, 'ann')))
  resolve({ state: 1, text: 'too late', next_due: START })
  await opened.settle()
  await opened.pass(HOUR)
  assert.deepEqual([await told(opened), await states(opened), jobs(opened)], [[], [], 0])
})

test('the slow looks of one user hold up nobody else', async (context) => {
  const opened = await open(context, ({ body }) =>
    body === 'slow' ? new Promise(() => {}) : { state: 1, text: 'quick' },
  )
  for (let count = 0; count < 12; count += 1) await add(opened, 'slow', 0)
  await add(opened, 'quick', 0, 'bob')
  await opened.settle()
  assert.deepEqual(await told(opened), ['bob 7 info quick'])
  assert.equal(opened.seen.filter((line) => line.startsWith('"slow"')).length, 2)
})
