import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SystemArchitecture, SystemModification } from '../../../contract/system.ts'
import { openTestApp } from '../../../test/app.ts'
import { openTelling } from './telling.ts'

const PICTURE: SystemArchitecture = {
  agents: [],
  connections: [],
  workflows: [],
  mermaid_diagram: 'flowchart LR',
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await nextTurn()
}

/** Telling on a real kernel; drawing takes no time unless it is told to wait. */
async function open(context: TestContext) {
  const { app, clock, logged, remove } = await openTestApp()
  context.after(remove)
  const drawn: string[] = []
  const state: { gate: Promise<void>; broken: boolean } = { gate: Promise.resolve(), broken: false }
  const telling = openTelling(app.kernel, {
    draw: async (user_id) => {
      drawn.push(user_id)
      await state.gate
      if (state.broken) throw new Error('no picture')
      return PICTURE
    },
    modifications: (_user, ids) =>
      Promise.resolve(ids.filter((id) => id !== 'gone').map((id) => ({ id }) as SystemModification)),
  })
  return {
    telling,
    drawn,
    state,
    logged,
    change: (id: string, user_id = 'ann') =>
      app.kernel.store.write((tx) => Promise.resolve(telling.changed(tx, { user_id, id }))),
    pass: async (ms: number) => {
      for (let left = ms; left > 0; left -= 50) {
        clock.advance(Math.min(50, left))
        await settle()
      }
    },
    /** The changes of each picture that was told. */
    told: async (user_id = 'ann') => {
      const { events } = await app.kernel.events.since(user_id, 0)
      return events
        .filter(({ name }) => name === 'system:architecture_updated')
        .map(({ data }) => (data as { changes: SystemModification[] }).changes.map(({ id }) => id).join(' '))
    },
    app,
  }
}

test('a change is told within a second to those who follow, with the picture that it came to', async (context) => {
  const { telling, change, pass, app } = await open(context)
  telling.follow('ann')
  await change('m1')
  await pass(1_000)
  const { events } = await app.kernel.events.since('ann', 0)
  assert.deepEqual(
    events.map(({ name, data }) => [name, data]),
    [['system:architecture_updated', { changes: [{ id: 'm1' }], new_architecture: PICTURE }]],
  )
})

test('nobody draws what nobody follows, or follows no longer, or what another user changes', async (context) => {
  const { telling, change, pass, told, drawn } = await open(context)
  await change('m1')
  const [stop, other] = [telling.follow('ann'), telling.follow('ann')]
  await change('b1', 'bob')
  stop()
  stop()
  await change('m2')
  await pass(1_000)
  other()
  await change('m3')
  await pass(1_000)
  assert.deepEqual([await told(), await told('bob'), drawn], [['m2'], [], ['ann']])
})

test('changes that come together are told together, and pictures come half a second apart', async (context) => {
  const { telling, change, pass, told } = await open(context)
  telling.follow('ann')
  await change('m1')
  await change('m2')
  await pass(100)
  assert.deepEqual(await told(), ['m1 m2'])
  await change('m3')
  await change('m4')
  await pass(450)
  assert.deepEqual(await told(), ['m1 m2'])
  await pass(50)
  assert.deepEqual(await told(), ['m1 m2', 'm3 m4'])
  await pass(2_000)
  await change('m5')
  await pass(100)
  assert.deepEqual(await told(), ['m1 m2', 'm3 m4', 'm5'])
})

test('a thousand changes in ten seconds are at most twenty-one pictures, each with a hundred changes at most', async (context) => {
  const { telling, change, pass, told, drawn } = await open(context)
  telling.follow('ann')
  for (let round = 0; round < 100; round += 1) {
    for (let index = 0; index < 10; index += 1) await change(`m${round * 10 + index}`)
    await pass(100)
  }
  await pass(1_000)
  const pictures = (await told()).map((text) => text.split(' '))
  assert.ok(drawn.length <= 21 && pictures.length === drawn.length, `${drawn.length}`)
  assert.deepEqual(
    pictures.flat(),
    Array.from({ length: 1_000 }, (_, index) => `m${index}`),
  )
  for (let index = 0; index < 150; index += 1) await change(`n${index}`)
  await pass(1_000)
  const last = (await told()).at(-1)?.split(' ')
  assert.deepEqual([last?.length, last?.[0], last?.at(-1)], [100, 'n50', 'n149'])
})

test('while one picture is drawn no other is begun, however long it takes', async (context) => {
  const { telling, change, pass, told, drawn, state } = await open(context)
  const { promise, resolve } = Promise.withResolvers<void>()
  state.gate = promise
  telling.follow('ann')
  await change('m1')
  await pass(200)
  await change('m2')
  await pass(5_000)
  assert.deepEqual([drawn.length, await told()], [1, []])
  resolve()
  await pass(1_000)
  assert.deepEqual([drawn.length, await told()], [2, ['m1', 'm2']])
})

test('changes that are gone are not told, and a picture that fails keeps none of the next ones back', async (context) => {
  const { telling, change, pass, told, state, logged } = await open(context)
  telling.follow('ann')
  await change('gone')
  await pass(1_000)
  state.broken = true
  await change('m1')
  await pass(1_000)
  assert.equal(logged.filter((line) => line.includes('the architecture was not told')).length, 1)
  state.broken = false
  await change('m2')
  await pass(1_000)
  assert.deepEqual(await told(), ['m2'])
})

test('what is rolled back with its transaction is not told', async (context) => {
  const { telling, pass, told, app } = await open(context)
  telling.follow('ann')
  const broken = app.kernel.store.write((tx) => {
    telling.changed(tx, { user_id: 'ann', id: 'm1' })
    return Promise.reject(new Error('no'))
  })
  await assert.rejects(broken, { message: 'no' })
  await pass(1_000)
  assert.deepEqual(await told(), [])
})
