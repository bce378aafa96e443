import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { ActionError } from '../../../skills/skill.ts'
import type { Checked } from '../../../skills/skill.ts'
import { act, add, employ, open, told } from './fixture.ts'
import type { Opened } from './fixture.ts'

const SECOND = 1_000
const MINUTE = 60_000
const HOUR = 3_600_000

/** Calls two machines at each look, tells how often it could, and looks again after a minute. */
async function openCalling(context: TestContext, budget?: object): Promise<Opened> {
  const opened: Opened = await open(context, async (_record, _state, _signal, { net }) => {
    const next_due = opened.clock.now() + MINUTE
    try {
      await net.request({ url: 'https://a.example/' })
      await net.request({ url: 'https://b.example/' })
      return { state: null, text: 'both', next_due }
    } catch (error) {
      return { state: null, text: error instanceof ActionError ? error.message : String(error), next_due }
    }
  })
  await allow(opened, budget)
  return opened
}

/** Bounds what the agent of Ann may use. */
const allow = ({ server: { kernel } }: Opened, budget?: object) =>
  kernel.store.write((tx) => employ(tx, 'ann', { config: JSON.stringify({ preferences: { budget } }) }))

/** `calls/seconds` by day. */
const spent = ({ server: { kernel } }: Opened) =>
  kernel.store.reader.connection
    .all('SELECT day, calls, seconds FROM agent_spending ORDER BY day', [])
    .map(({ day, calls, seconds }) => `${String(day)} ${Number(calls)}/${Number(seconds)}`)

test('the calls of looks are taken off the budget of their agent, and those beyond it are not made that day', async (context) => {
  const opened = await openCalling(context, { calls: 3 })
  await add(opened, 'a', 0)
  await opened.settle()
  await opened.pass(MINUTE)
  const exhausted = 'ann 7 info Agent 7 has used up its 3 calls of today.'
  assert.deepEqual(await told(opened), ['ann 7 info both', exhausted])
  assert.deepEqual(spent(opened), ['2026-11-22 3/0'])
  await opened.pass(24 * HOUR)
  assert.deepEqual(await told(opened), ['ann 7 info both', exhausted, 'ann 7 info both'])
  assert.deepEqual(spent(opened), ['2026-11-22 3/0', '2026-11-23 2/0'])
})

test('what looks use is counted as the usage of their agent, also without a budget', async (context) => {
  const opened = await openCalling(context)
  await add(opened, 'a', 0)
  await opened.settle()
  assert.equal(opened.server.usage.of('agent of ann').api_calls_per_minute, 2)
  assert.deepEqual(spent(opened), [])
})

test('the hosts that looks ask are counted for their agent, whatever comes of the look', async (context) => {
  const opened = await openCalling(context)
  await add(opened, 'a', 0)
  await opened.settle()
  await opened.pass(MINUTE)
  const { connection } = opened.server.kernel.store.reader
  const rows = connection.all('SELECT user_id, source, target, uses FROM agent_traffic ORDER BY target', [])
  assert.deepEqual(
    rows.map(({ user_id, source, target, uses }) => [user_id, source, target, Number(uses)].join(' ')),
    ['ann agent of ann http:a.example 2', 'ann agent of ann http:b.example 2'],
  )
})

test('a look of which nothing comes has spent what it used', async (context) => {
  const { promise, resolve } = Promise.withResolvers<Checked>()
  const opened = await open(context, async (_record, _state, _signal, { net }) => {
    await net.request({ url: 'https://a.example/' })
    throw new Error('It broke.')
  })
  await allow(opened, { calls: 9 })
  const { id } = await add(opened, 'a', 0)
  await opened.settle()
  assert.deepEqual(spent(opened), ['2026-11-22 1/0'])
  opened.lookWith(async (_record, _state, _signal, { net }) => {
    await net.request({ url: 'https://a.example/' })
    return promise
  })
  await opened.pass(10 * SECOND)
  opened.clock.advance(5 * SECOND)
  await act(opened, ({ checks }) => checks.set(id, opened.clock.now() + HOUR))
  resolve({ state: null, text: 'lost' })
  await opened.settle()
  assert.deepEqual(await told(opened), [])
  assert.deepEqual(spent(opened), ['2026-11-22 2/5'])
  assert.equal(opened.server.usage.of('agent of ann').api_calls_per_minute, 2)
})

test('a look ends with the time of its agent, which then rests until there is time again', async (context) => {
  const aborted: number[] = []
  const opened: Opened = await open(context, (_record, _state, signal) => {
    signal.addEventListener('abort', () => aborted.push(opened.clock.now()))
    return new Promise(() => {})
  })
  await allow(opened, { seconds: 20 })
  await add(opened, 'a', 0)
  await opened.settle()
  const began = opened.clock.now()
  await opened.pass(20 * SECOND - 1)
  assert.deepEqual(aborted, [])
  await opened.pass(1)
  assert.deepEqual([aborted, spent(opened)], [[began + 20 * SECOND], ['2026-11-22 0/20']])
  opened.lookWith(() => ({ state: null, text: 'done' }))
  for (let hour = 0; hour < 13; hour += 1) await opened.pass(HOUR)
  assert.equal(opened.seen.length, 1)
  await opened.pass(2 * HOUR)
  assert.deepEqual(await told(opened), ['ann 7 info done'])
})
