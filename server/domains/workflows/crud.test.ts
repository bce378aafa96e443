import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowDefinition } from '../../../contract/workflows.ts'
import { refusal, refused } from '../agents/fixture.ts'
import { own } from './engine/rig.ts'
import { defined, openStage, step } from './rig.ts'
import type { Stage } from './rig.ts'

const DEFINITION = defined({ steps: [step('a')] })
const create = (stage: Stage, name: string, more: { description?: string; is_active?: boolean } = {}) =>
  stage.ask(stage.ann.token, 'workflows.create', { name, definition: DEFINITION, ...more })

test('a workflow is made as it was given, active and without figures, and read back the same', async (t) => {
  const stage = await openStage(t)
  const made = await create(stage, '  Morning briefing ')
  const { id, ...rest } = made
  const now = '2026-11-22T10:00:00.000Z'
  assert.deepEqual(rest, {
    user_id: stage.ann.user_id,
    name: 'Morning briefing',
    description: '',
    definition: DEFINITION,
    is_active: true,
    created_at: now,
    updated_at: now,
    last_executed: null,
    execution_count: 0,
    success_rate: 0,
  })
  assert.deepEqual(await stage.ask(stage.ann.token, 'workflows.get', { id }), made)
})

test('a change alters what it names, and the rest stays', async (t) => {
  const stage = await openStage(t)
  const before = await create(stage, 'One', { description: 'Old' })
  stage.clock.advance(1_000)
  const { id } = before
  const after = await stage.ask(stage.ann.token, 'workflows.update', {
    id,
    description: 'New',
    is_active: false,
  })
  const updated_at = '2026-11-22T10:00:01.000Z'
  assert.deepEqual(after, { ...before, description: 'New', is_active: false, updated_at })
  const definition = defined({ steps: [step('b')] })
  const again = await stage.ask(stage.ann.token, 'workflows.update', { id, definition })
  assert.deepEqual(again, { ...after, definition })
})

test('making, changing and deleting need a fresh proof, and running does not', async (t) => {
  const stage = await openStage(t)
  const { id } = await create(stage, 'One')
  stage.clock.advance(300_001)
  const { token } = stage.ann
  for (const reply of [
    await stage.call(token, 'workflows.create', { name: 'Two', definition: DEFINITION }),
    await stage.call(token, 'workflows.update', { id, is_active: false }),
    await stage.call(token, 'workflows.delete', { id }),
  ]) {
    const { status, code, details } = refusal(reply)
    assert.deepEqual([status, code, details['reason']], [403, 'AUTH_002', 'sign_in_too_old'])
  }
  const { workflows } = await stage.ask(token, 'workflows.list', {})
  assert.deepEqual(
    workflows.map(({ name, is_active }) => [name, is_active]),
    [['One', true]],
  )
  assert.equal((await stage.call(token, 'workflows.execute', { id })).ok, true)
})

test('two workflows of a user never have one name, in whatever letters, and another user’s do not count', async (t) => {
  const stage = await openStage(t)
  const { id } = await create(stage, 'Straße')
  await create(stage, 'Other')
  const bob = await stage.bob()
  const { token } = stage.ann
  for (const name of ['STRASSE', ' straße ', 'Straße']) {
    const reply = await stage.call(token, 'workflows.create', { name, definition: DEFINITION })
    assert.equal(refused(reply), '409 WORKFLOW_003', name)
  }
  assert.equal(
    refused(await stage.call(token, 'workflows.update', { id, name: 'OTHER' })),
    '409 WORKFLOW_003',
  )
  const renamed = await stage.ask(token, 'workflows.update', { id, name: 'STRASSE' })
  assert.equal(renamed.name, 'STRASSE')
  const definition = defined({ steps: [own('s', 'set', { value: 1 })] })
  const theirs = await stage.ask(bob.token, 'workflows.create', { name: 'Other', definition })
  assert.equal(theirs.name, 'Other')
  await stage.ask(token, 'workflows.delete', { id })
  assert.notEqual((await create(stage, 'straße')).id, id)
})

test('a workflow is never called what nobody can read, neither at first nor later', async (t) => {
  const stage = await openStage(t)
  const { token } = stage.ann
  const { id } = await create(stage, 'Morning')
  for (const name of [' . ', 'a\u200Bb', 'p\u0430y']) {
    const replies = [
      await stage.call(token, 'workflows.create', { name, definition: DEFINITION }),
      await stage.call(token, 'workflows.update', { id, name }),
    ]
    assert.deepEqual(replies.map(refused), ['422 WORKFLOW_003', '422 WORKFLOW_003'], JSON.stringify(name))
  }
  assert.equal((await stage.ask(token, 'workflows.get', { id })).name, 'Morning')
})

test('the list is by name, in pages that hold each once, and counts all', async (t) => {
  const stage = await openStage(t)
  for (const [at, name] of ['delta', 'Alpha', 'Ölung', 'charlie', 'bravo'].entries())
    await create(stage, name, { is_active: at % 2 === 0 })
  const all = await stage.ask(stage.ann.token, 'workflows.list', {})
  const names = all.workflows.map(({ name }) => name)
  assert.deepEqual(
    [names.slice(0, 4), all.total_count, all.active_count, all.next_cursor],
    [['Alpha', 'bravo', 'charlie', 'delta'], 5, 3, undefined],
  )
  const paged: string[] = []
  for (let cursor: string | undefined; ;) {
    const asked = { limit: 2, ...(cursor === undefined ? {} : { cursor }) }
    const page = await stage.ask(stage.ann.token, 'workflows.list', asked)
    paged.push(...page.workflows.map(({ name }) => name))
    cursor = page.next_cursor
    if (cursor === undefined) break
  }
  assert.deepEqual(paged, names)
  const active = await stage.ask(stage.ann.token, 'workflows.list', { active: false })
  assert.deepEqual(
    active.workflows.map(({ name }) => name),
    ['Alpha', 'charlie'],
  )
})

/** Each is wrong in a way of its own. */
const WRONG: Partial<WorkflowDefinition> = {
  trigger: { type: 'schedule', conditions: { cron: 'never' } },
  steps: [
    step('a', { depends_on: ['b'] }),
    step('b', { depends_on: ['a'] }),
    step('a', { agent_number: 77 }),
    step('c', { condition: 'steps.' }),
    step('d', { action: 'fly', depends_on: ['nobody'] }),
    step('e', { parameters: {} }),
  ],
}

test('a definition with mistakes is neither made nor taken over, and all of them are named at once', async (t) => {
  const stage = await openStage(t)
  const definition = defined(WRONG)
  const { id } = await create(stage, 'One')
  const { token } = stage.ann
  const replies = [
    await stage.call(token, 'workflows.create', { name: 'Two', definition }),
    await stage.call(token, 'workflows.update', { id, definition, name: 'Renamed' }),
  ]
  const told = await stage.ask(token, 'workflows.validate', { definition })
  for (const reply of replies) {
    const { status, code, details } = refusal(reply)
    assert.deepEqual([status, code], [422, 'WORKFLOW_003'])
    assert.deepEqual(details['errors'], told.errors)
  }
  const paths = told.errors.map(({ path }) => path)
  for (const part of [
    '/trigger',
    '/steps/2',
    '/steps/3/condition',
    '/steps/4/action',
    '/steps/4/depends_on',
    '/steps/5',
  ])
    assert.ok(
      paths.some((path) => path.startsWith(part)),
      `${part} in ${paths.join(' ')}`,
    )
  const { workflows } = await stage.ask(token, 'workflows.list', {})
  assert.deepEqual(
    workflows.map((one) => [one.name, one.definition]),
    [['One', DEFINITION]],
  )
})

test('a definition is checked as it is sent alone and as a field, and nothing is made by it', async (t) => {
  const stage = await openStage(t)
  const { token } = stage.ann
  const fine = { valid: true, errors: [], warnings: [] }
  assert.deepEqual(await stage.ask(token, 'workflows.validate', { definition: DEFINITION }), fine)
  assert.deepEqual(await stage.ask(token, 'workflows.validate', { ...DEFINITION }), fine)
  const wrong = defined(WRONG)
  assert.deepEqual(
    await stage.ask(token, 'workflows.validate', { ...wrong }),
    await stage.ask(token, 'workflows.validate', { definition: wrong }),
  )
  for (const given of [{}, { definition: null }, { definition: 'x' }, { definition: [] }, { steps: 5 }]) {
    const { valid, errors } = await stage.ask(token, 'workflows.validate', given)
    assert.deepEqual([valid, errors.length > 0], [false, true], JSON.stringify(given))
  }
  assert.equal((await stage.ask(token, 'workflows.list', {})).total_count, 0)
})

test('a call that is repeated with its key starts and makes once, and with another input it is refused', async (t) => {
  const stage = await openStage(t)
  const { token } = stage.ann
  const given = { name: 'One', definition: DEFINITION }
  const [first, second] = [
    await stage.call(token, 'workflows.create', given, 'key'),
    await stage.call(token, 'workflows.create', given, 'key'),
  ]
  assert.ok(first.ok && second.ok)
  assert.deepEqual(first.data, second.data)
  const { id } = first.data as { id: string }
  const asked = { id, input_data: 1, request_id: 'once' }
  const one = await stage.ask(token, 'workflows.execute', asked)
  await stage.settle()
  const two = await stage.ask(token, 'workflows.execute', asked)
  assert.equal(two.execution_id, one.execution_id)
  const other = await stage.call(token, 'workflows.execute', { ...asked, input_data: 2 })
  assert.equal(refusal(other).status, 409)
  const more = await stage.ask(token, 'workflows.execute', { ...asked, request_id: 'twice' })
  assert.notEqual(more.execution_id, one.execution_id)
  await stage.settle()
  assert.equal((await stage.ask(token, 'workflows.history', { id })).executions.length, 2)
})

test('runs of one workflow go side by side, each with its own input', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 50 })
  const { id } = await stage.create({ steps: [step('a'), own('b', 'set', { value: '{{input}}' })] })
  const runs = await Promise.all(Array.from({ length: 20 }, (_, n) => stage.start(id, n)))
  await stage.settle()
  const seen = await Promise.all(runs.map(({ execution_id }) => stage.look(execution_id)))
  assert.deepEqual(
    seen.map(({ status, duration, steps }) => [status, duration, steps[1]?.result]),
    runs.map((_, value) => ['completed', 50, { value }]),
  )
})
