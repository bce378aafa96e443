import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Value } from 'typebox/value'
import { WorkflowDefinition } from '../../contract/workflows.ts'
import {
  compileCondition,
  evaluate as evaluateByProject,
} from '../../server/domains/workflows/evaluate/expression.ts'
import { budget, scope } from '../../server/domains/workflows/evaluate/rig.ts'
import { INPUT, cases, hasTies } from './arbitrary.ts'
import type { Case } from './arbitrary.ts'
import { interpret, trace } from './reference.ts'
import type { Trace } from './reference.ts'
import { evaluate, stepsRead } from './small-expressions.ts'

const RUNS = 2000
const options = { input: INPUT, jitter: 0 } as const

function always(law: (run: Trace, ...drawn: Case) => void): void {
  fc.assert(
    fc.property(cases, ([definition, script]) => law(trace(definition, script, options), definition, script)),
    { numRuns: RUNS },
  )
}

test('generated definitions are such as the contract takes, with an id for each step', () => {
  always((_, definition) => {
    assert.ok(Value.Check(WorkflowDefinition, definition))
    const steps = [...definition.steps, ...(definition.error_handling.fallback_steps ?? [])]
    assert.equal(new Set(steps.map(({ id }) => id)).size, steps.length)
  })
})

test('fewer than a tenth of the generated runs have ties', () => {
  const tied = fc
    .sample(cases, { numRuns: RUNS, seed: 6 })
    .filter(([definition, script]) => hasTies(definition, script))
  assert.ok(tied.length < RUNS / 10, `${tied.length} of ${RUNS}`)
})

test('every step ends with one outcome, recorded once, and fallback steps do only when the fallback began', () => {
  always(({ expected, fell_back }, { steps, error_handling }) => {
    const begun = [...steps, ...(fell_back ? (error_handling.fallback_steps ?? []) : [])].map(({ id }) => id)
    assert.deepEqual(Object.keys(expected.steps).toSorted(), begun.toSorted())
    assert.deepEqual(expected.order.map(([id]) => id).toSorted(), begun.toSorted())
    for (const [id, outcome] of expected.order) assert.equal(expected.steps[id]?.status, outcome)
  })
})

test('nothing is recorded before what it waits for, but for what is stopped', () => {
  always(({ expected: { order }, steps }) => {
    const place = new Map(order.map(([id], i) => [id, i]))
    for (const { step, waits_for, outcome } of steps)
      if (outcome !== 'stopped')
        for (const id of waits_for) assert.ok(Number(place.get(id)) < Number(place.get(step.id)))
  })
})

test('times never go back, and nothing is recorded after the end or after the time is over', () => {
  always(({ expected: { order, ended_at }, timed_out }, { timeout_ms }) => {
    const times = order.map(([, , at]) => at)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.equal(times.at(-1), ended_at)
    assert.ok(timed_out ? ended_at === timeout_ms : ended_at < timeout_ms)
  })
})

test('attempts are none for what is skipped and at most what the policy says for the rest', () => {
  always(({ expected: { steps } }, { retry_policy: { max_attempts } }) => {
    for (const { status, attempts, error_kind, result } of Object.values(steps)) {
      assert.ok(attempts <= max_attempts)
      if (status === 'skipped' || error_kind === 'condition' || error_kind === 'parameters')
        assert.equal(attempts, 0)
      if (status === 'completed' || error_kind === 'final') assert.ok(attempts > 0)
      if (error_kind === 'failure' || error_kind === 'late') assert.equal(attempts, max_attempts)
      assert.equal(error_kind !== null, status === 'failed')
      if (status !== 'completed') assert.equal(result, null)
    }
  })
})

test('a run is completed exactly when no step failed or the fallback went well, in time', () => {
  always(({ expected: { status, steps, error_step, order }, fell_back, timed_out }, definition) => {
    const failed = order.filter(([, outcome]) => outcome === 'failed').map(([id]) => id)
    const fallback = definition.error_handling.fallback_steps ?? []
    const is_saved =
      fell_back && fallback.every(({ id }) => /completed|skipped/.test(steps[id]?.status ?? ''))
    assert.equal(status === 'completed', !timed_out && (failed.length === 0 || is_saved))
    assert.equal(error_step, failed[0])
  })
})

test('unless it goes on, nothing of a run is done after its first failure, and nothing is stopped before', () => {
  always(({ expected: { order, error_step }, timed_out }, { steps, error_handling: { strategy } }) => {
    const ids = new Set(steps.map(({ id }) => id))
    const main = order.filter(([id]) => ids.has(id))
    const failure = main.findIndex(([id]) => id === error_step)
    const stopped = main.findIndex(([, outcome]) => outcome === 'stopped')
    if (strategy === 'continue' || failure === -1) assert.equal(stopped !== -1, timed_out && stopped !== -1)
    else assert.ok(main.slice(failure + 1).every(([, outcome]) => outcome === 'stopped'))
    if (stopped !== -1) assert.ok(main.slice(stopped).every(([, outcome]) => outcome === 'stopped'))
  })
})

test('the strategy retry is fail_fast by another name', () => {
  always(({ expected }, definition, script) => {
    const { error_handling } = definition
    if (error_handling.strategy !== 'retry') return
    const other = { ...definition, error_handling: { ...error_handling, strategy: 'fail_fast' as const } }
    assert.deepEqual(interpret(other, script, options), expected)
  })
})

/** The same steps without all that may keep one from running. */
const well = ({ steps, ...rest }: WorkflowDefinition): WorkflowDefinition => ({
  ...rest,
  timeout_ms: 86_400_000,
  steps: steps.map(({ id, depends_on }) => ({
    id,
    agent_number: 20,
    action: 'act',
    parameters: {},
    timeout_ms: 86_400_000,
    ...(depends_on && { depends_on }),
  })),
})

test('when all goes well, a run takes as long as the longest way through its steps', () => {
  always(({ steps }, definition, script) => {
    const took = (id: string): number => script(id, 1).ms
    const end = (id: string): number => {
      const waits_for = steps.find(({ step }) => step.id === id)?.waits_for ?? []
      return Math.max(0, ...waits_for.map(end)) + took(id)
    }
    const all_ok = (id: string) => ({ ms: took(id), outcome: 'ok' as const })
    const { ended_at, status } = interpret(well(definition), all_ok, options)
    assert.deepEqual(
      [status, ended_at],
      ['completed', Math.max(...definition.steps.map(({ id }) => end(id)))],
    )
  })
})

const attempted = (work: () => unknown): unknown => {
  try {
    return work()
  } catch {
    return 'an error'
  }
}

test('the small evaluator gives and refuses what the evaluator of workflows does, and sees the same reads', () => {
  const outcomes = [
    { status: 'completed', result: { n: 4 }, error: null },
    { status: 'failed', result: null, error: 'no' },
    { status: 'skipped', result: null, error: null },
    undefined,
  ]
  const conditions = fc
    .sample(cases, { numRuns: RUNS / 4, seed: 6 })
    .flatMap(
      ([
        {
          steps,
          error_handling: { fallback_steps = [] },
        },
      ]) => [...steps, ...fallback_steps],
    )
    .flatMap(({ condition }) => condition ?? [])
  assert.ok(conditions.length > 500)
  for (const [i, condition] of conditions.entries()) {
    const compiled = compileCondition(condition)
    const read = stepsRead(condition)
    const seen = read.map((id, j) => [id, outcomes[(i + j) % outcomes.length]] as const)
    const steps = Object.fromEntries(
      seen.flatMap(([id, outcome]) => (outcome ? [[id, outcome] as const] : [])),
    )
    assert.deepEqual(
      attempted(() => evaluate(condition, { input: INPUT, steps })),
      attempted(() => evaluateByProject(compiled, scope({ input: INPUT, steps }), budget())),
      condition,
    )
    const byProject = compiled.reads.flatMap(({ root, key }) => (root === 'steps' ? [key] : []))
    assert.deepEqual(new Set(byProject), new Set(read))
  }
})
