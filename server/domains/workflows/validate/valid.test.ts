import { deepEqual } from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { WorkflowDefinition, WorkflowStep } from '../../../../contract/workflows.ts'
import { validateDefinition } from './definition.ts'
import { KNOWN } from './rig.ts'

const TRIGGERS: readonly WorkflowDefinition['trigger'][] = [
  { type: 'manual', conditions: {} },
  { type: 'schedule', conditions: { cron: '0 8 * * 1-5', timezone: 'Asia/Tokyo' } },
  { type: 'schedule', conditions: { every_ms: 60_000, catch_up: 'none' } },
  { type: 'schedule', conditions: { at: '2030-01-01T10:00' } },
  { type: 'webhook', conditions: { method: 'PUT' } },
  { type: 'voice_command', conditions: { phrase: 'good (night|evening) {who}' } },
  { type: 'agent_completion', conditions: { success: false }, source_agent: 3 },
]

/** For each step: which of the earlier ones it waits for, which it reads, and how. */
const plan = fc.array(
  fc.record({
    waits: fc.array(fc.nat(), { maxLength: 4 }),
    reads: fc.array(fc.nat(), { maxLength: 3 }),
    kind: fc.constantFrom('set', 'recall', 'wait'),
    is_conditional: fc.boolean(),
  }),
  { minLength: 1, maxLength: 20 },
)
type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never

/** Steps that read only those before them, in a list, or those that they wait for, in a graph. */
function stepsOf(planned: Plan, prefix: string, is_graph: boolean): WorkflowStep[] {
  return planned.map(({ waits, reads, kind, is_conditional }, index) => {
    const earlier = (number: number): string => `${prefix}${number % index}`
    const depends_on = index === 0 ? [] : waits.map(earlier)
    const readable = is_graph ? depends_on : index === 0 ? [] : reads.map(earlier)
    const said = readable.map((id) => `{{steps['${id}'].result}}`).join(', ')
    const { agent_number, parameters } = {
      set: { agent_number: 0, parameters: { value: [said, { a: said }] } },
      recall: {
        agent_number: 2,
        parameters: { query: said === '' ? 'x' : said, limit: readable.length > 0 ? said : 5 },
      },
      wait: { agent_number: 0, parameters: { seconds: 1 } },
    }[kind]
    // Text around an expression would make a text of a number.
    const lone = readable.length > 1 ? { ...parameters, ...(kind === 'recall' && { limit: 5 }) } : parameters
    return {
      id: `${prefix}${index}`,
      agent_number,
      action: kind,
      parameters: lone,
      ...(is_graph && { depends_on }),
      ...(is_conditional && {
        condition: readable.map((id) => `steps.${id}.status !== 'failed'`).join(' && ') || 'true',
      }),
    }
  })
}

test('whatever is put together by the rules of the guide has neither errors nor warnings', () => {
  const given = fc.record({
    trigger: fc.constantFrom(...TRIGGERS),
    main: plan,
    other: plan,
    is_graph: fc.boolean(),
    strategy: fc.constantFrom(
      'fail_fast' as const,
      'continue' as const,
      'retry' as const,
      'fallback' as const,
    ),
  })
  fc.assert(
    fc.property(given, ({ trigger, main, other, is_graph, strategy }) => {
      const definition: WorkflowDefinition = {
        trigger,
        steps: stepsOf(main, 'm', is_graph),
        error_handling: {
          strategy,
          ...(strategy === 'fallback' && { fallback_steps: stepsOf(other, 'f', !is_graph) }),
          notification_on_error: true,
        },
        timeout_ms: 60_000,
        retry_policy: { max_attempts: 3, backoff_strategy: 'linear', delay_ms: 1000 },
      }
      const off = trigger.source_agent === undefined ? [] : ['AGENT_OFF']
      const { valid, errors, warnings } = validateDefinition(definition, KNOWN)
      deepEqual([valid, errors, warnings.map(({ code }) => code)], [true, [], off])
    }),
    { numRuns: 500, seed: 3 },
  )
})
