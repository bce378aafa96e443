import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { WorkflowDefinition } from '../../../../contract/workflows.ts'
import { findIssues } from '../../../kernel/validate.ts'
import { CODES } from './codes.ts'
import { validateDefinition } from './definition.ts'
import { KNOWN } from './rig.ts'

const json = fc.jsonValue({ maxDepth: 4 })
const text = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'c',
    '',
    'set',
    'wait',
    'recall',
    '{{steps.a.result}}',
    '{{',
    'x {{input.y}}',
    '__proto__',
    'steps.b',
    'false',
  ),
  fc.string(),
)
const some = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: json })
const few = (arbitrary: fc.Arbitrary<unknown>) => fc.array(arbitrary, { maxLength: 5 })
const map = (value: fc.Arbitrary<unknown>) => fc.dictionary(text, value, { maxKeys: 4 })

const step = fc.record(
  {
    id: some(text),
    agent_number: some(fc.constantFrom(0, 2, 3, 9, 20)),
    action: some(text),
    parameters: some(map(fc.oneof(text, json, map(text)))),
    depends_on: some(few(text)),
    condition: some(text),
    timeout_ms: some(fc.integer()),
    __proto__: json,
  },
  { requiredKeys: [] },
)
const trigger = fc.record(
  {
    type: some(fc.constantFrom('manual', 'schedule', 'webhook', 'voice_command', 'agent_completion')),
    conditions: some(
      fc.record(
        {
          ...Object.fromEntries(
            ['cron', 'at', 'timezone', 'phrase', 'action', 'method'].map((key) => [key, some(text)]),
          ),
          every_ms: some(fc.integer()),
          match: some(map(json)),
        },
        { requiredKeys: [] },
      ),
    ),
    source_agent: some(fc.integer({ min: 0, max: 21 })),
  },
  { requiredKeys: [] },
)
const handling = fc.record(
  {
    strategy: some(fc.constantFrom('fail_fast', 'fallback', 'continue')),
    fallback_steps: some(few(some(step))),
    notification_on_error: some(fc.boolean()),
  },
  { requiredKeys: [] },
)
/** Something like a definition, with anything anywhere. */
const like = fc.record(
  {
    trigger: some(trigger),
    steps: some(few(some(step))),
    error_handling: some(handling),
    timeout_ms: some(fc.integer()),
    retry_policy: some(fc.constant({ max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 })),
  },
  { requiredKeys: [] },
)
const anything = fc.oneof(like, json, fc.jsonValue())

test('whatever is given, problems have known codes, are told once, in order, and point at something', () => {
  fc.assert(
    fc.property(anything, (given) => {
      const before = JSON.stringify(given)
      const { valid, errors, warnings } = validateDefinition(given, KNOWN)
      assert.equal(valid, errors.length === 0)
      for (const [severity, problems] of [
        ['error', errors],
        ['warning', warnings],
      ] as const) {
        const seen = new Set(problems.map((problem) => JSON.stringify(problem)))
        assert.equal(seen.size, problems.length)
        for (const { path, code } of problems) {
          assert.equal([severity, 'both'].includes(CODES[code as keyof typeof CODES][0]), true, code)
          assert.notEqual(around(given, path), undefined, path)
        }
      }
      assert.equal(JSON.stringify(given), before)
    }),
    { numRuns: 2_000, seed: 1 },
  )
})

test('a definition has a problem with its form exactly when the contract finds one', () => {
  fc.assert(
    fc.property(anything, (given) => {
      const { errors } = validateDefinition(given, KNOWN)
      const has_shape = errors.every(({ code }) => code !== 'SHAPE')
      assert.equal(has_shape, findIssues(WorkflowDefinition, given).length === 0)
    }),
    { numRuns: 2_000, seed: 2 },
  )
})

/** The part around the one that a pointer names, which may be missing itself. */
function around(document: unknown, pointer: string): unknown {
  let part = document
  for (const key of pointer.split('/').slice(1, -1)) {
    if (typeof part !== 'object' || part === null) return undefined
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~')
    part = Object.hasOwn(part, name) ? (part as Record<string, unknown>)[name] : undefined
  }
  return pointer === '' || (typeof part === 'object' && part !== null) ? (part ?? null) : undefined
}

test('what no JSON can hold is looked at as well', () => {
  const odd: readonly unknown[] = [
    undefined,
    Symbol('x'),
    () => 1,
    1n,
    NaN,
    new Date(NaN),
    new Map(),
    Object.create(null),
    Array(5),
  ]
  for (const one of odd) {
    for (const given of [
      one,
      { steps: one },
      { steps: [one] },
      { trigger: one },
      { steps: [{ id: one, depends_on: one, parameters: one, condition: one }] },
    ])
      assert.equal(validateDefinition(given, KNOWN).valid, false)
  }
})
