import assert from 'node:assert/strict'
import { test } from 'node:test'
import { performAs } from '../changes/fixture.ts'
import { openWorkflowImpact } from './impact.ts'
import { openStage, step } from './rig.ts'
import type { Stage } from './rig.ts'
import { validateInTurns } from './validate/definition.ts'
import { KNOWN } from './validate/rig.ts'

/** Makes workflows of agent 20, by name. */
async function fill(stage: Stage, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await stage.create({ steps: [step('a')] }, `W${String(index).padStart(3, '0')}`)
}

const switchedOff = { type: 'agent_config', description: 'off', after_state: { is_active: false } } as const

test('a change of an agent is tried on the first hundred workflows that use it, and the text says what was not', async (context) => {
  const stage = await openStage(context)
  await fill(stage, 102)
  await stage.create({ steps: [step('a', { agent_number: 2, action: 'list', parameters: {} })] }, 'Aside')
  const { impact, impact_assessment } = await performAs(stage, stage.ann, 'system.modify', {
    ...switchedOff,
    target: { kind: 'agent', id: '20' },
    dry_run: true,
  })
  assert.equal(impact.workflows.length, 102)
  assert.equal(impact.problems.length, 101)
  assert.match(impact.problems[100] ?? '', /^W099: /)
  assert.match(
    impact_assessment,
    /^101 things would break: perhaps 2 more workflows with this agent, which were not tried; W000: /,
  )
})

test('what a change of an agent does not touch is not told, though it was wrong before', async (context) => {
  const stage = await openStage(context)
  await stage.create({ steps: [step('a', { timeout_ms: 7_200_000 })] })
  const change = {
    ...switchedOff,
    after_state: { name: 'Other' },
    target: { kind: 'agent', id: '20' },
  } as const
  const named = await performAs(stage, stage.ann, 'system.modify', { ...change, dry_run: true })
  assert.deepEqual(named.impact.problems, [])
  assert.equal(named.impact.workflows.length, 1)
})

test('while a change is tried on many workflows, others have their turns', async (context) => {
  const stage = await openStage(context)
  await fill(stage, 30)
  const { app, ann } = stage
  let elapsed = 0
  const clock = { ...app.kernel.clock, elapsed: () => (elapsed += 20) }
  const before = await app.agents.known(ann.user_id)
  const target = before.find(({ agent_number }) => agent_number === 20)?.id ?? ''
  const assess = openWorkflowImpact(
    { ...app.kernel, clock },
    {
      agents: { known: () => Promise.resolve(before), knownAfter: () => Promise.resolve(before) },
      zoneOf: () => 'UTC',
      performing: () => undefined,
      validate: (_user, definition, { breathe = () => Promise.resolve(), of } = {}) =>
        validateInTurns(definition, KNOWN, breathe, of),
    },
  )
  let [turns, isOver] = [0, false]
  const count = (): void => {
    turns += 1
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  await assess({ user_id: ann.user_id, kind: 'agent', target, before: {}, after: {} })
  isOver = true
  // A turn for each that is read, and for each step that is tried twice.
  assert.equal(turns > 90, true, String(turns))
})
