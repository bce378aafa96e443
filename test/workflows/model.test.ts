import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ExecutionDetail, WorkflowDefinition } from '../../contract/workflows.ts'
import { openStage } from '../../server/domains/workflows/rig.ts'
import type { Stage } from '../../server/domains/workflows/rig.ts'
import { workflowStore } from '../../server/domains/workflows/store.ts'
import type { WorkflowTables } from '../../server/domains/workflows/store.ts'
import { INPUT, cases, hasTies } from './arbitrary.ts'
import type { Case } from './arbitrary.ts'
import { interpret } from './reference.ts'
import type { Expected } from './reference.ts'

/** Runs in `npm test`; `PAIOS_TORTURE` asks more. */
const RUNS = Number(process.env['PAIOS_MODEL_RUNS'] ?? 2_000)
const SEED = 11

/** What of a run the reference says something about. */
function seen(run: ExecutionDetail, started: number) {
  const steps = Object.fromEntries(
    run.steps.map((step) => [
      step.step_id,
      { status: step.status, attempts: step.attempts, result: step.result ?? null },
    ]),
  )
  return { status: run.status, ended_at: Date.parse(run.ended_at ?? '') - started, steps }
}

function wanted({ status, ended_at, steps }: Expected) {
  return {
    status,
    ended_at,
    steps: Object.fromEntries(
      Object.entries(steps).map(([id, step]) => [
        id,
        { status: step.status, attempts: step.attempts, result: step.result },
      ]),
    ),
  }
}

async function perform(stage: Stage, [definition, script]: Case): Promise<ReturnType<typeof seen>> {
  stage.forget()
  stage.script = (id, attempt) => {
    const { ms, outcome, result, error = 'no' } = script(id, attempt)
    return outcome === 'ok' ? { ms, result } : { ms, error, final: outcome === 'final' }
  }
  const started = stage.clock.now()
  const { execution_id } = await stage.start(await insert(stage, definition), INPUT)
  await stage.settle()
  return seen(await stage.look(execution_id), started)
}

/** Conditions that can never hold are generated too; they could not be saved. */
function insert({ app, ann, write }: Stage, definition: WorkflowDefinition): Promise<string> {
  const { kernel } = app
  const [id, now, user_id] = [kernel.id(), kernel.now(), ann.user_id]
  return write(async (tx) => {
    const db = tx.tables<WorkflowTables>()
    const text = JSON.stringify(definition)
    const version = await workflowStore.addVersion(db, { user_id, workflow_id: id, definition: text })
    const none = { active_since: null, deleted_at: null, last_executed: null, description: '' }
    const counts = { execution_count: 0, finished_count: 0, completed_count: 0 }
    const names = { name: id, name_key: id }
    const times = { created_at: now, updated_at: now }
    await workflowStore.insert(db, {
      id,
      user_id,
      version,
      is_active: 1,
      ...names,
      ...none,
      ...counts,
      ...times,
    })
    return id
  })
}

test(`${RUNS} random workflows end as the reference says, step by step and to the millisecond`, async (t) => {
  const stage = await openStage(t, { limits: { retry_jitter: 0 } })
  let skipped = 0
  for (const one of fc.sample(cases, { numRuns: RUNS, seed: SEED })) {
    const [definition, script] = one
    if (hasTies(definition, script)) {
      skipped += 1
      continue
    }
    const start = stage.clock.now()
    const expected = wanted(interpret(definition, script, { input: INPUT, jitter: 0, start }))
    const text = JSON.stringify([definition, script.plan])
    assert.deepEqual(await perform(stage, one).catch((error: unknown) => String(error)), expected, text)
  }
  assert.ok(skipped < RUNS / 10, `${skipped} of ${RUNS} were left out`)
})
