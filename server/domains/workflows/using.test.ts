import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowTrigger } from '../../../contract/triggers.ts'
import type { WorkflowDefinition } from '../../../contract/workflows.ts'
import { refusal } from '../agents/fixture.ts'
import { openStage, step } from './rig.ts'
import type { Stage } from './rig.ts'

const OTHER = { ...step('b'), agent_number: 5, action: 'calculate', parameters: { expression: '1' } }

const AFTER: WorkflowTrigger = {
  type: 'agent_completion',
  conditions: { action: 'act' },
  source_agent: 20,
}
const PARTS: readonly (readonly [what: string, definition: Partial<WorkflowDefinition>])[] = [
  ['a step', { steps: [OTHER, step('a')] }],
  [
    'a step of the fallback',
    {
      steps: [OTHER],
      error_handling: { strategy: 'fallback', notification_on_error: false, fallback_steps: [step('f')] },
    },
  ],
  ['what starts it', { steps: [OTHER], trigger: AFTER }],
]
const remove = (stage: Stage, more: { force?: boolean } = {}) =>
  stage.call(stage.ann.token, 'agents.delete', { id: '20', ...more })
const isThere = async ({ ask, ann }: Stage) =>
  (await ask(ann.token, 'agents.list', {})).agents.some(({ agent_number }) => agent_number === 20)

for (const [what, definition] of PARTS)
  test(`an agent that an active workflow uses (${what}) is deleted by force alone`, async (t) => {
    const stage = await openStage(t)
    await stage.create({ steps: [OTHER] }, 'Without')
    const { id } = await stage.create(definition, 'Briefing')
    const { status, code, details } = refusal(await remove(stage))
    assert.deepEqual([status, code, details], [409, 'GENERAL_001', { workflows: [{ id, name: 'Briefing' }] }])
    assert.equal(refusal(await remove(stage, { force: false })).status, 409)
    assert.equal(await isThere(stage), true)
    assert.equal((await remove(stage, { force: true })).ok, true)
    assert.equal(await isThere(stage), false)
  })

test('what an agent itself starts needs it, as long as that is active', async (t) => {
  const stage = await openStage(t)
  const { id } = await stage.create({ steps: [OTHER] }, 'Nightly')
  const { token } = stage.ann
  const cron: WorkflowTrigger = { type: 'schedule', conditions: { workflow_id: id, cron: '0 3 * * *' } }
  await stage.ask(token, 'agents.update', { id: '20', config: { workflow_triggers: [cron] } })
  assert.deepEqual(refusal(await remove(stage)).details, { workflows: [{ id, name: 'Nightly' }] })
  await stage.ask(token, 'workflows.update', { id, is_active: false })
  assert.equal((await remove(stage)).ok, true)
})

test('workflows that are off or deleted, and those of others, keep no agent', async (t) => {
  const stage = await openStage(t)
  const { token } = stage.ann
  const off = await stage.create({ steps: [step('a')] }, 'Off')
  await stage.ask(token, 'workflows.update', { id: off.id, is_active: false })
  const gone = await stage.create({ steps: [step('a')] }, 'Gone')
  await stage.ask(token, 'workflows.delete', { id: gone.id })
  const bob = await stage.bob()
  const given = {
    agent_number: 20,
    name: 'Player',
    description: '',
    config: { preferences: { skill: 'actor' } },
  }
  await stage.ask(bob.token, 'agents.create', given)
  const { definition } = await stage.ask(token, 'workflows.get', { id: off.id })
  await stage.ask(bob.token, 'workflows.create', { name: 'His', definition })
  assert.equal((await remove(stage)).ok, true)
  const his = refusal(await stage.call(bob.token, 'agents.delete', { id: '20' }))
  assert.deepEqual(
    (his.details['workflows'] as { name: string }[]).map(({ name }) => name),
    ['His'],
  )
})

test('all of many workflows are in the details, and the sentence names the first', async (t) => {
  const stage = await openStage(t)
  for (let turn = 0; turn < 25; turn += 1)
    await stage.create({ steps: [step('a')] }, `Flow ${String(turn).padStart(2, '0')}`)
  const reply = await remove(stage)
  assert.equal((refusal(reply).details['workflows'] as unknown[]).length, 25)
  assert.match(reply.ok ? '' : reply.error.error.message, /used by Flow 00, Flow 01, Flow 02 and 22 more:/)
})
