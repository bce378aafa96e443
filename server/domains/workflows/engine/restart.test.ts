import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../agents/fixture.ts'
import { FACTORIES, deed, openHeap, skill } from '../../agents/probe/fixture.ts'
import type { Heap } from '../../agents/probe/fixture.ts'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { begun, handling, own, pass, retrying, statuses, stepOf } from './rig.ts'

const send = (id: string, after: string[] = []) => step(id, { action: 'send', depends_on: after })

test('what may have happened outside when the machine stopped is unknown and not repeated', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const { id } = await begun(stage, {
    steps: [step('a', { action: 'send' }), step('b', { condition: "steps.a.status === 'unknown'" })],
    ...handling('continue'),
    ...retrying(3),
  })
  await stage.restart()
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual([run.status, statuses(run)], ['failed', { a: 'unknown', b: 'completed' }])
  assert.match(stepOf(run, 'a').error ?? '', /^AGENT_002: The server stopped while this ran/)
  assert.deepEqual(stage.performed, ['a.1', 'b.1'])
})

test('what was under way beside what ends the run is unknown as well, and not repeated by a replay', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const { id } = await begun(stage, { steps: [send('a'), send('b'), send('c', ['b']), send('d', ['a'])] })
  const before = await stage.look(id)
  await stage.restart()
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual(
    [run.status, statuses(run)],
    ['failed', { a: 'unknown', b: 'unknown', c: 'stopped', d: 'stopped' }],
  )
  assert.match(stepOf(run, 'b').error ?? '', /may have happened or not/)
  for (const one of ['a', 'b']) {
    assert.equal(stepOf(run, one).started_at, stepOf(before, one).started_at)
    const reply = await stage.call(await stage.signIn(), 'workflows.replay', { id, from_step: one })
    assert.equal(refused(reply), '400 GENERAL_001', one)
  }
  assert.deepEqual(stage.performed, ['a.1', 'b.1'])
})

test('a second attempt that is cut off is unknown, too, with the first in its tries', async (t) => {
  const stage = await openStage(t)
  stage.script = (_, attempt) => (attempt === 1 ? { error: 'no' } : { ms: 100 })
  const { id } = await begun(stage, { steps: [step('a', { action: 'send' })], ...retrying(3, 1_000) })
  await pass(stage, 1_100)
  await stage.restart()
  await stage.settle()
  const { status, attempts, tries } = stepOf(await stage.look(id), 'a')
  assert.deepEqual([status, attempts, tries.length], ['unknown', 2, 1])
})

test('what failed outside in the process that took the step up anew has failed, and is tried again', async (t) => {
  const stage = await openStage(t)
  stage.script = (_, attempt) => (attempt === 1 ? { error: 'no' } : {})
  const { id } = await begun(stage, {
    steps: [step('a', { action: 'send' })],
    ...retrying(2, 60_000),
  })
  await stage.restart()
  await stage.settle()
  assert.deepEqual(statuses(await stage.look(id)), { a: 'completed' })
  assert.deepEqual(stage.performed, ['a.1', 'a.2'])
})

for (const action of ['act', 'remember'])
  test(`${action} is done again when the machine stopped before it was recorded, and never after`, async (t) => {
    const stage = await openStage(t)
    stage.script = (id) => ({ ms: id === 'b' ? 100 : 0 })
    const { id } = await begun(stage, { steps: [step('a', { action }), step('b'), step('c', { action })] })
    await stage.restart()
    await stage.settle()
    await stage.restart()
    await stage.settle()
    const run = await stage.look(id)
    assert.deepEqual([run.status, stage.performed], ['completed', ['a.1', 'b.1', 'b.2', 'c.1']])
    const { memories } = await stage.ask(await stage.signIn(), 'agents.memory', { id: '20' })
    assert.equal(memories.length, action === 'remember' ? 2 : 0)
    assert.equal(stepOf(run, 'b').attempts, 1)
  })

test('an outside action that does no harm twice is repeated as the same attempt, with the same key', async (t) => {
  const keys: unknown[] = []
  let gate: Promise<void> | undefined
  const ping = deed(
    'network',
    async () => {
      keys.push('ping')
      await gate
      return { data: { n: keys.length }, text: '' }
    },
    { repeatable: true },
  )
  const stage = await openStage(t, {
    prepare: (app) => app.agents.skills.install([{ ...skill({ ping }, []), name: 'pinger' }], FACTORIES),
  })
  await stage.own({ agent_number: 21, name: 'Pinger', config: { preferences: { skill: 'pinger' } } })
  gate = new Promise(() => {})
  const { id } = await begun(stage, {
    steps: [{ ...step('a', { action: 'ping' }), agent_number: 21, parameters: {} }],
  })
  gate = undefined
  await stage.restart()
  await stage.settle()
  const { status, attempts, result } = stepOf(await stage.look(id), 'a')
  assert.deepEqual([status, attempts, result], ['completed', 1, { n: 2 }])
})

test('a server that closes ends the step under way, and the next process goes on with the step after it at once', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const { id } = await begun(stage, {
    steps: [step('a', { action: 'send' }), step('b'), own('c', 'set', { value: 1 })],
  })
  const closed = stage.app.close(10_000)
  stage.clock.advance(100)
  await closed
  assert.deepEqual(stage.performed, ['a.1'])
  await stage.restart()
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual([run.status, run.duration, stage.performed], ['completed', 200, ['a.1', 'b.1']])
})

test('an end of waiting that falls into the time in which the machine is off is seen to when it is on', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, { steps: [own('w', 'wait', { seconds: 60 }), step('a')] })
  stage.clock.jump(600_000)
  await stage.restart()
  await stage.settle(0)
  const run = await stage.look(id)
  assert.deepEqual([run.status, run.duration], ['completed', 600_000])
  assert.deepEqual(stepOf(run, 'w').result, { waited_until: '2026-11-22T10:01:00.000Z' })
})

/** A stage with an agent 21 that piles and clears a heap. */
async function openHeapStage(t: Parameters<typeof openStage>[0]): Promise<Stage & { heap: Heap }> {
  const heap = openHeap()
  const stage = await openStage(t, { prepare: heap.install })
  await stage.own({ agent_number: 21, name: 'Heaper', config: { preferences: { skill: 'probe' } } })
  return Object.assign(stage, { heap })
}
const heaped = (id: string, action: string, parameters = {}) => ({ id, agent_number: 21, action, parameters })
const CLEARING = [heaped('pile', 'pile', { count: 50 }), heaped('clear', 'clear'), heaped('look', 'look')]

test('many items that a restart interrupts go on where they were, none twice and none left', async (t) => {
  const stage = await openHeapStage(t)
  const { heap } = stage
  let closing: Promise<void> | undefined
  heap.onGrain = (gone) => {
    if (gone === 20) closing ??= stage.restart()
  }
  const { id } = await begun(stage, { steps: CLEARING })
  await closing
  await stage.settle()
  const run = await stage.look(id)
  assert.ok(closing !== undefined)
  assert.deepEqual(
    run.steps.map(({ status, result }) => [status, result]),
    [
      ['completed', {}],
      ['completed', { count: 50 }],
      ['completed', { left: [] }],
    ],
  )
  // The grain that was under way when it stopped is done again, and no other.
  assert.ok(heap.commits.length <= 51, String(heap.commits.length))
})

test('stopped between its items a step has done what it has done, which can be undone', async (t) => {
  const stage = await openHeapStage(t)
  const { heap } = stage
  const { id: workflow_id } = await stage.create({ steps: CLEARING })
  const { execution_id } = await stage.start(workflow_id)
  let stopped: Promise<unknown> | undefined
  heap.onGrain = (gone) => {
    if (gone === 20) stopped ??= stage.ask(stage.ann.token, 'workflows.stop', { id: execution_id })
  }
  await stage.settle(0)
  await stopped
  await stage.settle(0)
  const run = await stage.look(execution_id)
  assert.deepEqual(statuses(run), { pile: 'completed', clear: 'stopped', look: 'stopped' })
  const left = async () => (await stage.done(21, 'look'))['left'] as number[]
  const gone = 50 - (await left()).length
  assert.ok(gone >= 20 && gone < 50, String(gone))
  const { agent_execution_id: id = '' } = stepOf(run, 'clear')
  await stage.ask(stage.ann.token, 'agents.undo', { id })
  assert.equal((await left()).length, 50)
})

test('what a step did can be undone by its execution after the run', async (t) => {
  const stage = await openHeapStage(t)
  const run = await stage.run({ steps: [heaped('pile', 'pile', { count: 3 }), heaped('look', 'look')] })
  assert.deepEqual(stepOf(run, 'look').result, { left: [0, 1, 2] })
  const { agent_execution_id: id = '' } = stepOf(run, 'pile')
  await stage.ask(stage.ann.token, 'agents.undo', { id })
  assert.deepEqual(await stage.done(21, 'look'), { left: [] })
})
