import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CODES, codesTable } from './codes.ts'
import type { Code } from './codes.ts'
import { validateDefinition } from './definition.ts'
import { KNOWN as GROUND, after, definition, fallback, reading, step, steps } from './rig.ts'

/** Any credential that is named is gone. */
const KNOWN = { ...GROUND, secret_problem: 'is not there' }
const GUIDE = new URL('../../../../docs/guide/workflow-problems.md', import.meta.url)
const schedule = (conditions: Record<string, unknown>) =>
  definition({ trigger: { type: 'schedule', conditions } })
const completion = (conditions: Record<string, unknown>) =>
  definition({
    trigger: { type: 'agent_completion', source_agent: 2, conditions },
    steps: [step('a', { agent_number: 2, action: 'recall', parameters: { query: 'x' } })],
  })

/** A step with so many expressions. */
const asking = (id: string, count: number) =>
  step(id, { parameters: { value: Array.from({ length: count }, () => '{{now}}') } })

/** A definition that has the problem. */
const EXAMPLES: Record<Code, unknown> = {
  SHAPE: null,
  TOO_LARGE: steps(step('a', { parameters: { value: 'x'.repeat(262_144) } })),
  NO_STEPS: steps(),
  TOO_MANY_STEPS: steps(...Array.from({ length: 201 }, (_, index) => step(`s${index}`))),
  DUPLICATE_STEP: steps(step('a'), step('a')),
  UNKNOWN_DEPENDENCY: steps(after('a', 'b')),
  SELF_DEPENDENCY: steps(after('a', 'a')),
  FALLBACK_DEPENDENCY: fallback([after('b', 'a')]),
  CYCLE: steps(after('a', 'b'), after('b', 'a')),
  UNKNOWN_AGENT: steps(step('a', { agent_number: 9 })),
  UNKNOWN_ACTION: steps(step('a', { action: 'fly' })),
  BAD_PARAMETERS: steps(step('a', { parameters: {} })),
  BAD_EXPRESSION: steps(reading('a', '')),
  TOO_MANY_EXPRESSIONS: steps(...Array.from({ length: 11 }, (_, index) => asking(`s${index}`, 200))),
  UNKNOWN_STEP_REFERENCE: steps(reading('a', 'steps.b')),
  NOT_YET_REFERENCE: steps(reading('a', 'steps.a')),
  UNKNOWN_VARIABLE: steps(reading('a', 'vars.x')),
  NO_FALLBACK: fallback([]),
  UNKNOWN_CONDITION: schedule({ cron: '0 8 * * *', often: true }),
  MISSING_CONDITION: schedule({}),
  BAD_CONDITION: schedule({ cron: 8 }),
  TOO_OFTEN: schedule({ every_ms: 59_999 }),
  BAD_CRON: schedule({ cron: 'daily' }),
  UNKNOWN_TIME_ZONE: schedule({ cron: '0 8 * * *', timezone: 'Mars/Olympus' }),
  UNUSABLE_SECRET: definition({ trigger: { type: 'webhook', conditions: { secret: 'cred:gone' } } }),
  BAD_PHRASE: definition({ trigger: { type: 'voice_command', conditions: { phrase: '[maybe]' } } }),
  MISSING_SOURCE_AGENT: definition({ trigger: { type: 'agent_completion', conditions: {} } }),
  UNUSED_SOURCE_AGENT: definition({ trigger: { type: 'manual', conditions: {}, source_agent: 2 } }),
  UNUSED_FALLBACK: definition({
    error_handling: { strategy: 'retry', fallback_steps: [step('b')], notification_on_error: true },
  }),
  AGENT_OFF: steps(step('a', { agent_number: 3, action: 'list', parameters: {} })),
  IN_THE_PAST: schedule({ at: '2020-01-01T00:00' }),
  NEVER_STARTS: completion({ action: 'fly' }),
  STARTS_ITSELF: completion({}),
  NEVER_RUNS: steps(step('a', { condition: 'false' })),
  LONGER_THAN_WORKFLOW: steps(step('a', { timeout_ms: 60_001 })),
  NEVER_GIVEN: steps(reading('a', 'trigger.body')),
  MORE: definition({ steps: Array.from({ length: 200 }, () => ({})) as never }),
}

test('every code of the table is told of some definition, as the error or warning that the table says', () => {
  for (const [code, example] of Object.entries(EXAMPLES)) {
    const { errors, warnings } = validateDefinition(example, KNOWN)
    const [severity] = CODES[code as Code]
    const told = severity === 'warning' ? warnings : errors
    const other = severity === 'warning' ? errors : warnings
    assert.equal(
      told.some((problem) => problem.code === code),
      true,
      code,
    )
    assert.equal(
      other.some((problem) => problem.code === code),
      false,
      code,
    )
  }
})

test('the guide has the table as it is, and every code in it is explained by a sentence', () => {
  assert.equal(readFileSync(GUIDE, 'utf8').includes(`\n\n${codesTable()}\n\n`), true)
  for (const [code, [, text]] of Object.entries(CODES)) {
    assert.match(code, /^[A-Z]+(?:_[A-Z]+)*$/)
    assert.match(text, /^[A-Z`].{10,}\.$/)
  }
})

test('every message is a sentence for people, without undefined in it', () => {
  for (const example of Object.values(EXAMPLES)) {
    const { errors, warnings } = validateDefinition(example, KNOWN)
    for (const { message } of [...errors, ...warnings]) {
      assert.match(message, /^[A-Z"`][^]{5,}[.^]$/)
      assert.doesNotMatch(message, /undefined|NaN|\[object/)
    }
  }
})
