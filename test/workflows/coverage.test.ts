import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cases, hasTies, scriptOf } from './arbitrary.ts'
import { Coverage, SITUATIONS, situationsOf } from './coverage.ts'
import { act, after, fail, flow, ok } from './flows.ts'

test('2,000 generated runs without ties come into every situation at least five times', () => {
  const coverage = new Coverage()
  for (const [definition, script] of fc.sample(cases, { numRuns: 2000, seed: 6 }))
    if (!hasTies(definition, script)) coverage.add(definition, script)
  assert.deepEqual(coverage.rarerThan(5), [])
})

test('a run counts once for each situation that it comes into, and for no other', () => {
  const graph = [act('a'), act('b', after(['a'])), act('c', after(['b'])), act('d')]
  const script = scriptOf({ a: [fail(10)], d: [ok(30)] })
  const wanted = [
    'continue: the first step fails at once, failing',
    'continue: a step fails by failure',
    'continue: a step is skipped by a failure',
    'continue: a step is skipped behind one that was skipped by a failure',
    'continue: a step runs beside a failure',
  ]
  const definition = flow(graph, { strategy: 'continue' })
  assert.deepEqual(situationsOf(definition, script), new Set(wanted))
  const coverage = new Coverage()
  coverage.add(definition, script)
  coverage.add(definition, script)
  const counted = [...coverage.counts].filter(([, count]) => count > 0)
  assert.deepEqual(
    new Set(counted),
    new Set(wanted.filter((one) => SITUATIONS.includes(one)).map((one) => [one, 2])),
  )
  assert.equal(coverage.rarerThan(3).length, SITUATIONS.length)
  assert.equal(coverage.rarerThan(2).length, SITUATIONS.length - counted.length)
})
