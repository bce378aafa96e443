import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Execution } from '../../../../contract/agents.ts'
import { openTestApp } from '../../../../test/app.ts'
import type { TestApp } from '../../../../test/app.ts'
import { seededRandom } from '../../../../test/clock.ts'
import { execution, openServer } from '../fixture.ts'
import type { Server } from '../fixture.ts'
import { openHeap } from '../probe/fixture.ts'
import type { Heap } from '../probe/fixture.ts'

const PROBE = 19

/** What the disk holds at this moment, as a process that is killed leaves it. */
function snapshot(context: TestContext, { app }: Pick<Server, 'app'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'paios-crash-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(app.kernel.settings.data_dir, folder, { recursive: true, filter: isDurable })
  return folder
}

/** What is shared in memory between processes is not on the disk. */
function isDurable(path: string): boolean {
  return !path.endsWith('-shm')
}

interface Crashed {
  /** The server on what the crash left, in which the execution has ended. */
  after: TestApp
  ended: Execution
  user_id: string
  /** Numbers of the grains that are left. */
  left(): Promise<number[]>
}

/** Piles grains, clears them, and crashes where the test says so; another process goes on. */
async function crash(
  context: TestContext,
  count: number,
  when: (heap: Heap, crashed: () => void) => void,
): Promise<Crashed> {
  const heap = openHeap()
  const server = await openServer(context, { prepare: heap.install })
  const { ann, clock } = server
  await server.done(PROBE, 'pile', { count })
  let data_dir = ''
  when(heap, () => (data_dir = snapshot(context, server)))
  const { execution_id } = await server.act(PROBE, 'clear')
  const after = await openTestApp({ data_dir, clock, random: seededRandom(99) })
  context.after(() => after.close())
  openHeap().install(after.app)
  const known = { execution_id, status: 'executing' } as const
  const ended = await after.app.agents.executions.finished(ann.user_id, known, new AbortController().signal)
  const left = async () => {
    const look = execution(ann, PROBE, 'look', {}, { wait_for_completion: true })
    const { result } = await after.ask(ann.token, 'agents.execute', look)
    const data = result?.data as { left: number[] } | undefined
    return data?.left ?? assert.fail(result?.error)
  }
  return { after, ended, user_id: ann.user_id, left }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

const CRASHES: readonly { name: string; count: number; gone: number }[] = [
  { name: 'before the first piece', count: 30, gone: 0 },
  { name: 'with more than 20 left', count: 60, gone: 7 },
  { name: 'with few left', count: 30, gone: 25 },
  { name: 'with the last one left', count: 30, gone: 29 },
]
for (const { name, count, gone } of CRASHES) {
  test(`a crash ${name} goes on with what is left, and undo takes all of it back`, async (context) => {
    const { after, ended, left, user_id } = await crash(context, count, (heap, crashed) => {
      heap.onGrain = (before) => {
        if (before === gone) crashed()
      }
    })
    assert.deepEqual([ended.result?.error, ended.result?.data], [undefined, { count }])
    assert.deepEqual(await left(), [])
    const { undo } = after.app.changes
    const { text, undone } = await after.app.kernel.store.write((tx) => undo.undo(tx, user_id))
    assert.deepEqual([text, undone], [`Undone: Cleared ${count}.`, ended.execution_id])
    assert.deepEqual(await left(), numbers(0, count))
    await after.app.kernel.store.write((tx) => undo.redo(tx, user_id))
    assert.deepEqual(await left(), [])
  })
}

test('a crash after the last piece only lacks the end, which the next process records', async (context) => {
  const { after, ended, left, user_id } = await crash(context, 30, (heap, crashed) => {
    heap.onJoin = crashed
  })
  assert.deepEqual([ended.result?.error, ended.result?.data], [undefined, { count: 30 }])
  assert.deepEqual(await left(), [])
  await after.app.kernel.store.write((tx) => after.app.changes.undo.undo(tx, user_id))
  assert.deepEqual(await left(), numbers(0, 30))
})

test('events of pieces that a crash interrupts are told once each, in their order', async (context) => {
  const { after, ended, user_id } = await crash(context, 30, (heap, crashed) => {
    heap.onGrain = (before) => {
      if (before === 15) crashed()
    }
  })
  const { events } = await after.app.kernel.events.since(user_id, 0)
  const { execution_id } = ended
  const from = events.findIndex(({ data }) => JSON.stringify(data).includes(execution_id))
  assert.deepEqual(
    events.slice(from).map(({ name }) => name),
    ['agent:execution_started', 'agent:status_changed', 'agent:execution_completed', 'agent:status_changed'],
  )
})

test('a server that is told to stop in the middle goes on after its restart', async (context) => {
  const heap = openHeap()
  const server = await openServer(context, { prepare: heap.install })
  await server.done(PROBE, 'pile', { count: 40 })
  const restarted = Promise.withResolvers<unknown>()
  heap.onGrain = (gone) => {
    if (gone === 9) restarted.resolve(server.restart())
  }
  const { execution_id } = await server.act(PROBE, 'clear', {}, { wait_for_completion: false })
  await restarted.promise
  const { status, result } = await server.ended(execution_id)
  assert.deepEqual([status, result?.data], ['completed', { count: 40 }])
  await server.ask(server.ann.token, 'agents.undo', { id: execution_id })
  assert.deepEqual((await server.done(PROBE, 'look'))['left'], numbers(0, 40))
})
