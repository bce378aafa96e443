import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { execution, openServer } from '../fixture.ts'
import type { Server } from '../fixture.ts'
import { openHeap } from '../probe/fixture.ts'
import type { Heap } from '../probe/fixture.ts'

const PROBE = 19
const no_wait = { wait_for_completion: false }

/** A server whose probe has a heap of grains. */
async function openPile(context: TestContext, count: number): Promise<Server & { heap: Heap }> {
  const heap = openHeap()
  const server = await openServer(context, { prepare: heap.install })
  await server.done(PROBE, 'pile', { count })
  return Object.assign(server, { heap })
}

/** Numbers of the grains that are left. */
async function left({ done }: Pick<Server, 'done'>): Promise<number[]> {
  return (await done(PROBE, 'look'))['left'] as number[]
}
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

test('more than 20 pieces have a transaction each, and 20 share one', async (context) => {
  const server = await openPile(context, 21)
  const { result } = await server.act(PROBE, 'clear')
  assert.deepEqual([result?.data, result?.metadata.execution_time], [{ count: 21 }, 0])
  assert.deepEqual(
    server.heap.commits.map((count) => count - (server.heap.commits[0] ?? 0)),
    numbers(0, 21),
  )
  await server.done(PROBE, 'pile', { count: 20 })
  await server.done(PROBE, 'clear')
  assert.equal(new Set(server.heap.commits.slice(21)).size, 1)
  assert.deepEqual(await left(server), [])
})

test('of 20 pieces or fewer that fail in the middle none is done, and nothing of it can be undone', async (context) => {
  const server = await openPile(context, 20)
  server.heap.onGrain = (gone) => {
    if (gone === 7) throw new Error('The heap has an owner: hunter2.')
  }
  const { result } = await server.act(PROBE, 'clear')
  assert.deepEqual(
    [result?.error, result?.data],
    ['AGENT_002: Something went wrong inside. The log has the details.', undefined],
  )
  assert.deepEqual(await left(server), numbers(0, 20))
  const undone = await server.write((tx) => server.app.changes.undo.undo(tx, server.ann.user_id))
  assert.equal(undone.text, 'Undone: Piled 20.')
})

test('a piece that fails fails the rest, and what was done stays done, is told, and can be undone', async (context) => {
  const server = await openPile(context, 30)
  server.heap.onGrain = (gone) => {
    if (gone === 12) throw new Error('stuck')
  }
  const { status, result } = await server.act(PROBE, 'clear')
  assert.deepEqual([status, result?.data], ['failed', { done: 12, total: 30 }])
  assert.deepEqual(await left(server), numbers(12, 30))
  await server.write((tx) => server.app.changes.undo.undo(tx, server.ann.user_id))
  assert.deepEqual(await left(server), numbers(0, 30))
})

test('a time-out in the middle leaves what was done, says how far it came, and undo brings that back', async (context) => {
  const server = await openPile(context, 30)
  server.heap.onGrain = (gone) => {
    if (gone === 5) server.clock.advance(101)
  }
  const { result } = await server.act(PROBE, 'clear', {}, { timeout_ms: 100 })
  assert.deepEqual(
    [result?.error, result?.data, result?.metadata.execution_time],
    ['AGENT_003: It took longer than 100 ms.', { done: 5, total: 30 }, 101],
  )
  assert.deepEqual(await left(server), numbers(5, 30))
  const undone = await server.write((tx) => server.app.changes.undo.undo(tx, server.ann.user_id))
  assert.equal(undone.text, 'Undone: Cleared 5.')
  assert.deepEqual(await left(server), numbers(0, 30))
})

test('undo takes all pieces back as one entry, and redo removes them again', async (context) => {
  const server = await openPile(context, 45)
  const { undo } = server.app.changes
  await server.done(PROBE, 'clear')
  const taken = await server.write((tx) => undo.undo(tx, server.ann.user_id))
  assert.equal(taken.text, 'Undone: Cleared 45.')
  assert.deepEqual(await left(server), numbers(0, 45))
  const again = await server.write((tx) => undo.redo(tx, server.ann.user_id))
  assert.equal(again.text, 'Done again: Cleared 45.')
  assert.deepEqual(await left(server), [])
  await server.write((tx) => undo.undo(tx, server.ann.user_id))
  assert.deepEqual(await left(server), numbers(0, 45))
})

test('no piece commits after the stop has, and exactly those before it are told and undone', async (context) => {
  const server = await openPile(context, 40)
  const { executions } = server.app.agents
  const stopped = Promise.withResolvers<unknown>()
  server.heap.onGrain = (gone) => {
    // It is in line behind the transaction of this very piece, and ahead of the next one.
    if (gone === 9)
      stopped.resolve(server.write((tx) => Promise.resolve(executions.stop.all(tx, server.ann.user_id))))
  }
  const { execution_id, status, result } = await server.act(PROBE, 'clear')
  const report = { agent_number: PROBE, action: 'clear', done: 10, total: 40, undoable: true }
  assert.deepEqual(await stopped.promise, [{ execution_id, ...report }])
  assert.deepEqual(
    [status, result?.error, result?.data],
    ['failed', 'CANCELLED: It was stopped after 10 of 40.', { done: 10, total: 40 }],
  )
  assert.deepEqual(await left(server), numbers(10, 40))
  await server.ask(server.ann.token, 'agents.undo', { id: execution_id })
  assert.deepEqual(await left(server), numbers(0, 40))
})

const STOPS: Record<string, (server: Server, execution_id: string) => Promise<[done: number, text: string]>> =
  {
    'POST /stop': async ({ ask, ann }, execution_id) => {
      const { report, undoable, text } = await ask(ann.token, 'system.stop', {})
      assert.deepEqual(undoable, [execution_id])
      return [report[0]?.done ?? -1, text]
    },
    'the stop of one execution': async ({ ask, ann }, id) => {
      const { result } = await ask(ann.token, 'agents.stop', { id })
      const done = (result?.data as { done: number } | undefined)?.done ?? -1
      return [done, result?.error ?? '']
    },
    'the sentence "stop"': async ({ ask, ann }) => {
      const { response } = await ask(ann.token, 'voice.process', { text_fallback: 'stop' })
      return [Number(/ done (\d+) of 3000/.exec(response.text)?.[1] ?? -1), response.text]
    },
  }

for (const [way, stop] of Object.entries(STOPS)) {
  test(`after ${way} is answered nothing more goes, and the answer says how much went`, async (context) => {
    const server = await openPile(context, 3_000)
    const answered = Promise.withResolvers<Awaited<ReturnType<typeof stop>>>()
    const asked = execution(server.ann, PROBE, 'clear', {}, { ...no_wait, timeout_ms: 600_000 })
    const { execution_id } = await server.ask(server.ann.token, 'agents.execute', asked)
    server.heap.onGrain = (gone) => {
      if (gone === 3) answered.resolve(stop(server, execution_id))
    }
    const [done, text] = await answered.promise
    const gone = 3_000 - (await left(server)).length
    assert.ok(done > 3 && done < 3_000, `${done} of 3000`)
    assert.match(text, new RegExp(`${done} of 3000`))
    // Many transactions later it is still as many.
    for (let turn = 0; turn < 50; turn += 1) await server.write(() => Promise.resolve())
    assert.deepEqual([gone, 3_000 - (await left(server)).length], [done, done])
  })
}

test('what is stopped while its plan is made stays stopped, and never starts', async (context) => {
  const heap = openHeap()
  const limits = { executions_at_once: 1 }
  const server = await openServer(context, { limits, prepare: heap.install })
  await server.done(PROBE, 'pile', { count: 30 })
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const planning = Promise.withResolvers<void>()
  heap.onPlan = () => {
    if (gates.length === 1) planning.resolve()
    return gates.shift()?.promise ?? Promise.resolve()
  }
  const [first, second] = gates
  const held = await server.act(PROBE, 'clear', {}, no_wait)
  const { execution_id, status } = await server.act(PROBE, 'clear', {}, no_wait)
  assert.equal(status, 'queued')
  await server.ask(server.ann.token, 'system.stop', { execution_id: held.execution_id })
  first?.resolve()
  await planning.promise
  const stopped = await server.ask(server.ann.token, 'agents.stop', { id: execution_id })
  const before = await server.told()
  second?.resolve()
  for (let turn = 0; turn < 50; turn += 1) await server.write(() => Promise.resolve())
  const now = await server.ask(server.ann.token, 'agents.status', { id: '19', execution_id })
  assert.deepEqual([now, heap.commits.length], [stopped, 0])
  assert.deepEqual(await server.told(), before)
  assert.deepEqual(await left(server), numbers(0, 30))
})

test('an undo while it runs ends it, and all that went is back', async (context) => {
  const server = await openPile(context, 40)
  const undone = Promise.withResolvers<unknown>()
  server.heap.onGrain = (gone) => {
    if (gone === 9) undone.resolve(server.write((tx) => server.app.changes.undo.undo(tx, server.ann.user_id)))
  }
  const { result } = await server.act(PROBE, 'clear')
  await undone.promise
  assert.equal(result?.error, 'SYSTEM_003: It was undone meanwhile.')
  assert.deepEqual(await left(server), numbers(0, 40))
})
