import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowTrigger } from '../../../contract/triggers.ts'
import { openPlanner } from '../voice/workflows/rig.ts'
import { defined, openStage, step } from '../workflows/rig.ts'
import type { Stage } from '../workflows/rig.ts'
import { HOUR, duesOf, pass } from '../workflows/triggers/rig.ts'
import { performAs } from './fixture.ts'

const newest = async (stage: Stage) => {
  const { modifications } = await stage.ask(await stage.signIn(), 'system.modifications', {})
  const [first] = modifications
  assert.ok(first)
  return first
}

test('deleting an agent tells which workflows break, what under way ends and what starts no more', async (context) => {
  const stage = await openStage(context)
  const { id: used } = await stage.create({ steps: [step('a')] }, 'Uses it')
  await stage.create(
    { steps: [{ id: 's', agent_number: 0, action: 'set', parameters: { value: 1 } }] },
    'Not',
  )
  const trigger = { type: 'agent_completion' as const, conditions: {}, source_agent: 20 }
  const steps = [{ id: 's', agent_number: 0, action: 'set', parameters: { value: 1 } }]
  const { id: waiting } = await stage.create({ trigger, steps }, 'Waits for it')
  stage.script = () => ({ ms: 60_000 })
  const going = await stage.ask(await stage.signIn(), 'agents.execute', {
    id: '20',
    command: {
      action: 'act',
      parameters: { step: 'x' },
      user_id: stage.ann.user_id,
      request_id: 'r',
      priority: 'normal',
    },
  })
  await stage.ask(await stage.signIn(), 'agents.delete', { id: '20', force: true })
  const { impact, impact_assessment } = await newest(stage)
  assert.deepEqual(impact.workflows.toSorted(), [used, waiting].toSorted())
  assert.deepEqual(impact.executions, [going.execution_id])
  assert.equal(impact.problems.length, 2)
  assert.match(impact.problems.join(' '), /Uses it: .*agent 20.*Waits for it: /i)
  assert.deepEqual(impact.triggers, ['Waits for it no longer starts after Player'])
  assert.match(impact_assessment, /^2 things would break: /)
})

test('a description changes nothing else, and the text says so', async (context) => {
  const stage = await openStage(context)
  await stage.create({ steps: [step('a')] }, 'Uses it')
  const description = {
    type: 'agent_config',
    description: 'Words.',
    target: { kind: 'agent', id: '5' },
  } as const
  const { impact_assessment } = await performAs(stage, stage.ann, 'system.modify', {
    ...description,
    after_state: { description: 'Sums.' },
  })
  assert.equal(impact_assessment, 'Nothing else is touched.')
})

const at = (hour: number) => ({
  type: 'schedule' as const,
  conditions: { cron: `0 ${hour} * * *`, timezone: 'UTC' },
})

test('another time of the day moves the next time, and switching off ends it', async (context) => {
  const stage = await openStage(context)
  const { id } = await stage.create({ trigger: at(8), steps: [step('a')] }, 'Morning')
  const definition = defined({ trigger: at(9), steps: [step('a')] })
  await stage.ask(await stage.signIn(), 'workflows.update', { id, definition })
  const moved = await newest(stage)
  assert.deepEqual(moved.impact.schedules, [
    {
      workflow_id: id,
      name: 'Morning',
      before: '2026-11-23T08:00:00.000Z',
      after: '2026-11-23T09:00:00.000Z',
    },
  ])
  assert.match(
    moved.impact_assessment,
    / Next time: Morning starts tomorrow at 10:00 instead of tomorrow at 09:00\. /,
  )
  await stage.ask(await stage.signIn(), 'workflows.update', { id, is_active: false })
  const off = await newest(stage)
  assert.match(off.impact_assessment, / Next time: Morning no longer starts tomorrow at 10:00\. /)
  assert.deepEqual(
    off.impact.schedules.map(({ after }) => after),
    [null],
  )
  assert.deepEqual(off.impact.triggers, ['the schedule of Morning ends'])
})

test('what a new workflow begins with is plain English, and its time is that of the clock of its user', async (context) => {
  const stage = await openStage(context)
  // 08:00 UTC, for somebody in Berlin.
  const create = async (name: string, trigger: WorkflowTrigger) =>
    stage.ask(await stage.signIn(), 'workflows.create', {
      name,
      definition: defined({ trigger, steps: [step('a')] }),
    })
  await create('Morning', at(8))
  const morning = (await newest(stage)).impact_assessment
  assert.match(morning, /Of what starts workflows: a schedule of Morning begins\. /)
  assert.match(morning, / Next time: Morning starts tomorrow at 09:00\. /)
  await create('After', { type: 'agent_completion', conditions: {}, source_agent: 20 })
  const after = (await newest(stage)).impact_assessment
  assert.match(after, /Of what starts workflows: an agent completion of After begins\. /)
  assert.doesNotMatch(`${morning}${after}`, /never|\d{4}-\d\d-\d\dT/)
})

test('of the last sentences those are named that would go elsewhere, and to whom', async () => {
  const { ask, signed, say, text } = await openPlanner()
  await say('add milk to my list')
  await say('what is 3 + 4')
  await text('rename agent 4 to groceries')
  const [renamed] = (await ask(await signed(), 'system.modifications', {})).modifications
  assert.deepEqual(renamed?.impact.routes, [])
  await text('turn off agent 4')
  const [off] = (await ask(await signed(), 'system.modifications', {})).modifications
  assert.deepEqual(
    off?.impact.routes.map((one) => [one.text, one.from]),
    [['add milk to my list', 'groceries, add']],
  )
  assert.match(
    off?.impact_assessment ?? '',
    /1 of the last sentences would go elsewhere: "add milk to my list" to /,
  )
})

const every = (hours: number) =>
  defined({ trigger: { type: 'schedule', conditions: { every_ms: hours * HOUR } }, steps: [step('a')] })

test('intervals are foretold from when the workflow was switched on, which a change leaves alone', async (context) => {
  const stage = await openStage(context)
  const { id, created_at } = await stage.create(every(2), 'Often')
  await pass(stage, HOUR / 2)
  await stage.ask(await stage.signIn(), 'workflows.update', { id, definition: every(3) })
  const { schedules } = (await newest(stage)).impact
  const after = (hours: number) => new Date(Date.parse(created_at) + hours * HOUR).toISOString()
  assert.deepEqual(schedules, [{ workflow_id: id, name: 'Often', before: after(2), after: after(3) }])
  await pass(stage, 2.5 * HOUR)
  assert.deepEqual(await duesOf(stage, id), [after(3)])
})

test('a sentence that named the number of no agent goes to the new agent that has it, and that is foretold', async () => {
  const { ask, signed, say } = await openPlanner()
  await say('ask agent 20 to count the words of one two three')
  const config = { preferences: { skill: 'text' } }
  await ask(await signed(), 'agents.create', { name: 'Scribe', agent_number: 20, config })
  const [made] = (await ask(await signed(), 'system.modifications', {})).modifications
  assert.deepEqual(
    made?.impact.routes.map(({ to }) => to?.split(',')[0]),
    ['Scribe'],
  )
})

test('of several steps back each comes to what it changes on what the one before it left', async (context) => {
  const stage = await openStage(context)
  const { id } = await stage.create({ trigger: at(8), steps: [step('a')] }, 'Morning')
  for (const hour of [9, 10])
    await stage.ask(await stage.signIn(), 'workflows.update', {
      id,
      definition: defined({ trigger: at(hour), steps: [step('a')] }),
    })
  await performAs(stage, stage.ann, 'system.rollback', { steps: 2 })
  const { modifications } = await stage.ask(await stage.signIn(), 'system.modifications', { limit: 2 })
  const hours = modifications.map(({ impact }) =>
    impact.schedules.map(({ before, after }) => [before, after].map((time) => time?.slice(11, 13))),
  )
  assert.deepEqual(hours, [[['09', '08']], [['10', '09']]])
})
