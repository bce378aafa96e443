import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../agents/fixture.ts'
import { begun, handling, own, pass, retrying, statuses, stepOf } from './engine/rig.ts'
import { openStage, step } from './rig.ts'
import type { Stage } from './rig.ts'

async function at(stage: Stage, id: string, as_of: string) {
  return stage.ask(await stage.signIn(), 'workflows.execution', { id, as_of })
}

test('a run is shown as it was when each of its steps had its outcome', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'b' ? { ms: 20, error: 'no' } : { ms: id === 'slow' ? 50 : 10 })
  const { execution_id: id } = await stage.run({
    steps: [
      step('a', { depends_on: [] }),
      step('b', { depends_on: ['a'] }),
      step('c', { depends_on: ['b'] }),
      step('slow', { depends_on: [] }),
      step('last', { depends_on: ['slow'], condition: 'false' }),
    ],
    ...handling('continue'),
  })
  const seen = async (as_of: string) => {
    const run = await at(stage, id, as_of)
    const { a, b, c, slow, last } = statuses(run)
    return [run.status, run.ended_at === null, run.error, a, b, c, slow, last]
  }
  const error = 'b: AGENT_002: no'
  assert.deepEqual(await seen('a'), [
    'executing',
    true,
    undefined,
    'completed',
    'pending',
    'pending',
    'executing',
    'pending',
  ])
  assert.deepEqual(await seen('b'), [
    'executing',
    true,
    undefined,
    'completed',
    'failed',
    'pending',
    'executing',
    'pending',
  ])
  assert.deepEqual(await seen('c'), [
    'executing',
    true,
    undefined,
    'completed',
    'failed',
    'skipped',
    'executing',
    'pending',
  ])
  assert.deepEqual(await seen('slow'), [
    'executing',
    true,
    undefined,
    'completed',
    'failed',
    'skipped',
    'completed',
    'pending',
  ])
  assert.deepEqual(await seen('last'), [
    'failed',
    false,
    error,
    'completed',
    'failed',
    'skipped',
    'completed',
    'skipped',
  ])
})

test('a step that was tried again is shown under way or between its attempts, as it was', async (t) => {
  const stage = await openStage(t, { limits: { retry_jitter: 0 } })
  let tried = 0
  const ms: Record<string, number> = { a: 5, b: 50, c: 115 }
  stage.script = (id) => {
    if (id !== 'bad') return { ms: ms[id] ?? 0 }
    tried += 1
    return tried === 1 ? { ms: 10, error: 'no' } : { ms: 10 }
  }
  const { execution_id: id } = await stage.run({
    steps: ['a', 'b', 'c', 'bad'].map((one) => step(one, { depends_on: [] })),
    ...retrying(2, 100),
  })
  const seen = async (as_of: string) => {
    const { status, attempts, tries, error } = stepOf(await at(stage, id, as_of), 'bad')
    return [status, attempts, tries.length, error]
  }
  assert.deepEqual(await seen('a'), ['executing', 1, 0, undefined])
  assert.deepEqual(await seen('b'), ['pending', 1, 1, 'AGENT_002: no'])
  assert.deepEqual(await seen('c'), ['executing', 2, 1, undefined])
  assert.deepEqual(await seen('bad'), ['completed', 2, 1, undefined])
})

test('a step without an outcome, or that is not there, is no time to look at', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, { steps: [own('w', 'wait', { seconds: 60 }), step('a')] })
  for (const as_of of ['w', 'a', 'nobody'])
    assert.equal(
      refused(await stage.call(stage.ann.token, 'workflows.execution', { id, as_of })),
      '400 GENERAL_001',
    )
})

test('what is under way, waits or is to be tried again is shown as that', async (t) => {
  const stage = await openStage(t, { limits: { retry_jitter: 0 } })
  stage.script = (id) => (id === 'bad' ? { error: 'no' } : { ms: 50 })
  const { id } = await begun(stage, {
    steps: [
      step('good'),
      step('bad'),
      own('w', 'wait', { seconds: 60 }),
      own('q', 'wait_for_approval', { text: 'Yes?' }),
    ].map((one) => ({ ...one, depends_on: [] })),
    ...retrying(2, 5_000),
  })
  const run = await stage.look(id)
  assert.deepEqual(statuses(run), { good: 'executing', bad: 'pending', w: 'waiting', q: 'waiting' })
  assert.deepEqual(
    [stepOf(run, 'good').started_at, stepOf(run, 'good').attempts],
    ['2026-11-22T10:00:00.000Z', 1],
  )
  const { next_attempt_at, tries, attempts, error } = stepOf(run, 'bad')
  assert.deepEqual([next_attempt_at, attempts, error], ['2026-11-22T10:00:05.000Z', 1, 'AGENT_002: no'])
  const time = '2026-11-22T10:00:00.000Z'
  assert.deepEqual(tries, [{ started_at: time, ended_at: time, error: 'AGENT_002: no' }])
  assert.deepEqual([stepOf(run, 'q').waits_for, stepOf(run, 'q').parameters], ['approval', { text: 'Yes?' }])
  await pass(stage, 5_000)
  const after = stepOf(await stage.look(id), 'bad')
  assert.deepEqual([after.status, after.next_attempt_at, after.tries.length], ['failed', undefined, 1])
})

test('a replay differs from its run where it was performed anew with another result, and nowhere else', async (t) => {
  const stage = await openStage(t)
  const first = await stage.run({
    steps: [step('a'), step('b'), own('c', 'set', { value: '{{steps.b.result}}' })],
  })
  stage.script = () => ({ result: { other: true } })
  const { execution_id: other_id } = await stage.ask(stage.ann.token, 'workflows.replay', {
    id: first.execution_id,
    from_step: 'b',
  })
  await stage.settle()
  const compared = await stage.ask(stage.ann.token, 'workflows.compare', { id: first.execution_id, other_id })
  assert.deepEqual(
    [compared.same, compared.input_differs, compared.status],
    [false, false, { left: 'completed', right: 'completed' }],
  )
  assert.deepEqual(
    compared.steps.map(({ step_id, same, differs_in }) => [step_id, same, differs_in]),
    [
      ['a', true, []],
      ['b', false, ['result']],
      ['c', false, ['parameters', 'result']],
    ],
  )
  const itself = await stage.ask(stage.ann.token, 'workflows.compare', { id: other_id, other_id })
  assert.deepEqual([itself.same, itself.steps.every(({ same }) => same)], [true, true])
})

test('what differs only in secrets differs, and is shown without them', async (t) => {
  const stage = await openStage(t)
  const { id } = await stage.create({
    steps: [own('a', 'set', { value: { password: '{{input.password}}' } })],
  })
  const [left, other_id] = [
    await stage.start(id, { password: 'one' }),
    await stage.start(id, { password: 'two' }),
  ].map(({ execution_id }) => execution_id)
  await stage.settle()
  const compared = await stage.ask(stage.ann.token, 'workflows.compare', {
    id: left ?? '',
    other_id: other_id ?? '',
  })
  assert.deepEqual(
    [compared.same, compared.input_differs, compared.steps.map(({ differs_in }) => differs_in)],
    [false, true, [['parameters', 'result']]],
  )
  assert.doesNotMatch(JSON.stringify(compared), /"(?:one|two)"/u)
  assert.match(JSON.stringify(compared), /\[redacted\]/u)
})

test('runs of two versions are compared step by step, with null where one has none', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'b' ? { error: 'no' } : {})
  const { id } = await stage.create({ steps: [step('a'), step('b')] })
  const { execution_id: left } = await stage.start(id, 1)
  await stage.settle()
  const { definition } = await stage.look(left)
  const steps = [step('a', { timeout_ms: 1_000 }), step('x')]
  await stage.ask(stage.ann.token, 'workflows.update', { id, definition: { ...definition, steps } })
  const { execution_id: right } = await stage.start(id, 2)
  await stage.settle()
  const compared = await stage.ask(stage.ann.token, 'workflows.compare', { id: left, other_id: right })
  assert.deepEqual([compared.status, compared.input_differs], [{ left: 'failed', right: 'completed' }, true])
  assert.deepEqual(
    compared.steps.map(({ step_id, differs_in, left: a, right: b }) => [
      step_id,
      differs_in,
      a?.status,
      b?.status,
    ]),
    [
      ['a', ['definition'], 'completed', 'completed'],
      ['b', ['status', 'attempts', 'parameters', 'error', 'definition'], 'failed', undefined],
      ['x', ['status', 'attempts', 'parameters', 'result', 'definition'], undefined, 'completed'],
    ],
  )
})

test('runs of two workflows, and one of somebody else, are not compared', async (t) => {
  const stage = await openStage(t)
  const [one, two] = [await stage.run({ steps: [step('a')] }), await stage.run({ steps: [step('a')] })]
  const [id, other_id] = [one.execution_id, two.execution_id]
  assert.equal(
    refused(await stage.call(stage.ann.token, 'workflows.compare', { id, other_id })),
    '400 GENERAL_001',
  )
  const bob = await stage.bob()
  assert.equal(
    refused(await stage.call(bob.token, 'workflows.compare', { id, other_id: id })),
    '404 WORKFLOW_001',
  )
})
