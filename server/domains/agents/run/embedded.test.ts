import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AgentCommand } from '../../../../contract/agents.ts'
import { CancelledError, LostJobError } from '../../../kernel/job.ts'
import { openStage } from '../../workflows/rig.ts'
import type { Stage } from '../../workflows/rig.ts'
import { agentStore } from '../store.ts'
import type { ExecutionRow } from '../store.ts'
import type { Custody } from './custody.ts'
import type { Embedded } from './embedded.ts'

/** A holder that keeps a note of everything it is asked. */
function openHolder(custody: Partial<Custody> = {}) {
  const asked: string[] = []
  const held: Custody = {
    hold: (tx) => {
      asked.push('hold')
      custody.hold?.(tx)
    },
    finish: (tx, ended) => {
      asked.push(`finish ${ended.status}`)
      return custody.finish?.(tx, ended)
    },
  }
  return { asked, custody: held }
}

function embed(stage: Stage, action: string, more: Partial<Embedded> = {}): Promise<ExecutionRow> {
  const { user_id } = stage.ann
  const command: AgentCommand = {
    action,
    parameters: { step: 'a' },
    user_id,
    request_id: 'r',
    priority: 'normal',
  }
  return stage.app.agents.executions.embed({
    execution_id: stage.app.kernel.id(),
    user_id,
    ref: '20',
    command,
    timeout_ms: 1_000,
    wasBegun: false,
    custody: openHolder().custody,
    signal: new AbortController().signal,
    ...more,
  })
}

const find = ({ app, ann }: Stage, id: string) =>
  agentStore.execution(app.kernel.store.reader.connection, ann.user_id, id)

async function remembered(stage: Stage): Promise<number> {
  return (await stage.ask(stage.ann.token, 'agents.memory', { id: '20' })).memories.length
}

/** What there is to see of an agent's executions. */
async function traces(stage: Stage) {
  const { status } = await stage.ask(stage.ann.token, 'agents.get', { id: '20' })
  return { events: (await stage.told()).length, status, memories: await remembered(stage) }
}

test('what is embedded is asked for once, ends in one transaction, and is counted like any execution', async (t) => {
  const stage = await openStage(t)
  for (const [action, wanted] of [
    ['act', ['finish completed']],
    ['remember', ['finish completed']],
    ['send', ['hold', 'finish completed']],
  ] as const) {
    const { asked, custody } = openHolder()
    const row = await embed(stage, action, { custody })
    assert.deepEqual(
      [asked, row.status, find(stage, row.id)?.status],
      [wanted, 'completed', 'completed'],
      action,
    )
  }
  const { status, execution_count } = await stage.ask(stage.ann.token, 'agents.get', { id: '20' })
  assert.deepEqual([execution_count, status.state, await remembered(stage)], [3, 'idle', 1])
  const names = (await stage.told())
    .map(({ name }) => name)
    .filter((name) => name.startsWith('agent:execution'))
  assert.deepEqual(
    names,
    [1, 2, 3].flatMap(() => ['agent:execution_started', 'agent:execution_completed']),
  )
})

test('an end that its holder does not want leaves neither an effect nor a trace', async (t) => {
  const stage = await openStage(t)
  const before = await traces(stage)
  for (const action of ['act', 'remember']) {
    const execution_id = stage.app.kernel.id()
    const { custody } = openHolder({
      finish: () => {
        throw new LostJobError('No more.')
      },
    })
    await assert.rejects(embed(stage, action, { execution_id, custody }), LostJobError)
    assert.equal(find(stage, execution_id), undefined)
  }
  assert.deepEqual(await traces(stage), before)
})

test('what leaves the machine is not begun for a holder that does not want it', async (t) => {
  const stage = await openStage(t)
  const { custody } = openHolder({
    hold: () => {
      throw new LostJobError('No more.')
    },
  })
  const before = await traces(stage)
  await assert.rejects(embed(stage, 'send', { custody }), LostJobError)
  assert.deepEqual([await traces(stage), stage.performed], [before, []])
})

test('what cannot be begun is refused without a trace, and the holder is not asked', async (t) => {
  const stage = await openStage(t)
  await stage.own({
    agent_number: 30,
    name: 'Off',
    is_active: false,
    config: { preferences: { skill: 'actor' } },
  })
  const before = await traces(stage)
  const refusals = [
    [{ ref: '77' }, 'AGENT_NOT_FOUND'],
    [{ ref: '30' }, 'AGENT_DISABLED'],
    [{ user_id: (await stage.bob()).user_id }, 'AGENT_NOT_FOUND'],
  ] as const
  for (const [more, name] of refusals) {
    const { asked, custody } = openHolder()
    await assert.rejects(embed(stage, 'act', { ...more, custody }), { name })
    assert.deepEqual(asked, [])
  }
  await assert.rejects(embed(stage, 'fly'), { name: 'AGENT_EXECUTION_FAILED' })
  assert.deepEqual([await traces(stage), stage.performed], [before, []])
})

test('a failure and a time-out are ends like others, with nothing of what was written', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ error: 'no' })
  const { asked, custody } = openHolder()
  const failed = await embed(stage, 'remember', { custody })
  assert.deepEqual([failed.status, asked, await remembered(stage)], ['failed', ['finish failed'], 0])
  stage.script = () => ({ ms: 2_000 })
  const late = embed(stage, 'act', { custody })
  await stage.settle(0)
  stage.clock.advance(1_000)
  assert.match((await late).result ?? '', /AGENT_003: It took longer than 1000 ms/)
})

test('one that is stopped by itself tells its holder nothing more, and stays stopped', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const execution_id = stage.app.kernel.id()
  const { asked, custody } = openHolder()
  const running = embed(stage, 'send', { execution_id, custody })
  const lost = assert.rejects(running, CancelledError)
  await stage.settle(0)
  await stage.ask(stage.ann.token, 'agents.stop', { id: execution_id })
  await lost
  stage.clock.advance(1_000)
  await stage.settle(0)
  const row = find(stage, execution_id)
  assert.deepEqual([asked, row?.status], [['hold'], 'failed'])
  assert.match(row?.result ?? '', /CANCELLED: It was stopped/)
  await assert.rejects(embed(stage, 'send', { execution_id, wasBegun: true }), CancelledError)
  assert.deepEqual([find(stage, execution_id), stage.performed], [row, ['a.1']])
})

test('one that its holder gives up is open until the holder ends it', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const execution_id = stage.app.kernel.id()
  const controller = new AbortController()
  const lost = assert.rejects(embed(stage, 'send', { execution_id, signal: controller.signal }), LostJobError)
  await stage.settle(0)
  controller.abort(new LostJobError('Over.'))
  await lost
  assert.equal(find(stage, execution_id)?.status, 'executing')
  const { stop } = stage.app.agents.executions
  for (let times = 0; times < 2; times += 1)
    await stage.write((tx) => Promise.resolve(stop.end(tx, stage.ann.user_id, execution_id)))
  assert.equal(find(stage, execution_id)?.status, 'failed')
  const ends = (await stage.told()).filter(({ name }) => name === 'agent:execution_completed')
  const { status } = await stage.ask(stage.ann.token, 'agents.get', { id: '20' })
  assert.deepEqual([ends.length, status.state], [1, 'idle'])
})

test('one that an earlier process began outside fails without being performed again', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const execution_id = stage.app.kernel.id()
  const controller = new AbortController()
  const lost = assert.rejects(embed(stage, 'send', { execution_id, signal: controller.signal }))
  await stage.settle(0)
  controller.abort(new LostJobError('Over.'))
  await lost
  await stage.restart()
  const { asked, custody } = openHolder()
  const row = await embed(stage, 'send', { execution_id, custody, wasBegun: true })
  assert.deepEqual([row.status, row.begun, asked, stage.performed], ['failed', 1, ['finish failed'], ['a.1']])
})

test('a budget is charged for each execution once, and one that it does not allow is not begun', async (t) => {
  const stage = await openStage(t)
  const preferences = { skill: 'actor', budget: { calls: 2 } }
  await stage.own({ agent_number: 30, name: 'Spender', config: { preferences } })
  const execution_id = stage.app.kernel.id()
  for (const wasBegun of [false, true])
    assert.equal(
      (await embed(stage, 'act', { ref: '30', ...(wasBegun ? { execution_id, wasBegun } : {}) })).status,
      'completed',
    )
  assert.equal((await embed(stage, 'act', { ref: '30' })).status, 'completed')
  const { asked, custody } = openHolder()
  await assert.rejects(embed(stage, 'act', { ref: '30', custody }), { name: 'RATE_LIMIT_EXCEEDED' })
  assert.deepEqual([asked, stage.performed.length], [['hold'], 3])
})

test('of one agent 64 are performed at once, and one that is stopped while it waits was never begun', async (context) => {
  const stage = await openStage(context)
  stage.script = (name) => ({ ms: name === 'a' ? 1_000 : 0 })
  const first = Array.from({ length: 64 }, () => embed(stage, 'act', { timeout_ms: 60_000 }))
  const late = embed(stage, 'act', { timeout_ms: 60_000 })
  const gone = new AbortController()
  const stopped = embed(stage, 'act', { signal: gone.signal })
  for (let turn = 0; turn < 200; turn += 1) await nextTurn()
  assert.equal(stage.performed.length, 64)
  gone.abort(new CancelledError('It was stopped.'))
  await assert.rejects(stopped, CancelledError)
  const other = await embed(stage, 'compute', { ref: '5' }).catch((error: unknown) => error)
  assert.match(String(other), /compute/)
  stage.clock.advance(1_000)
  await Promise.all(first)
  for (let turn = 0; turn < 200; turn += 1) await nextTurn()
  stage.clock.advance(1_000)
  assert.equal((await late).status, 'completed')
  assert.equal(stage.performed.length, 65)
})
