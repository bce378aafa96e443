import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowStep } from '../../../../contract/workflows.ts'
import { after, definition, fallback, found, reading, said, step, steps } from './rig.ts'

const VALUE = 'parameters/value'
type Case = readonly [readonly WorkflowStep[], readonly string[]]

test('in a list a step reads those above it', () => {
  const cases: readonly Case[] = [
    [[step('a'), reading('b', 'steps.a.result')], []],
    [[step('a'), step('b', { condition: "steps['a'].status === 'completed'" })], []],
    [[reading('a', 'steps.a.result')], [`/steps/0/${VALUE} NOT_YET_REFERENCE`]],
    [[reading('a', 'steps.b.result'), step('b')], [`/steps/0/${VALUE} NOT_YET_REFERENCE`]],
    [[step('a', { condition: 'steps.a.status === 1' })], ['/steps/0/condition NOT_YET_REFERENCE']],
    [[step('a'), reading('b', 'steps.x.result')], [`/steps/1/${VALUE} UNKNOWN_STEP_REFERENCE`]],
    [[step('a'), reading('b', 'steps.constructor')], [`/steps/1/${VALUE} UNKNOWN_STEP_REFERENCE`]],
    // Of an outcome there are three fields; what is in a result nobody knows.
    [[step('a'), reading('b', 'steps.a.reslt.x')], [`/steps/1/${VALUE} NEVER_GIVEN?`]],
    [
      [step('a'), step('b', { condition: "steps.a?.stauts === 'completed'" })],
      ['/steps/1/condition NEVER_GIVEN?'],
    ],
    [[step('a'), reading('b', 'steps.a.result.stauts')], []],
    // What is read by a key that only the run knows may be anything.
    [[reading('a', 'steps[input.x].result'), step('b')], []],
    [[reading('a', 'Object.keys(steps)')], []],
    // A text is not a reading.
    [[step('a', { parameters: { value: 'steps.x and \\{{steps.x}}' } })], []],
    // A name of an arrow function's own is none either.
    [[reading('a', 'input.list.map(steps => steps.x)')], []],
  ]
  for (const [list, problems] of cases)
    assert.deepEqual(found(steps(...list)), problems, JSON.stringify(list))
})

const read = (id: string, what: string, ...depends_on: string[]) =>
  reading(id, `steps.${what}.result`, { depends_on })

test('in a graph a step surely reads those that it waits for, directly or not', () => {
  const cases: readonly Case[] = [
    [[after('a'), read('b', 'a', 'a')], []],
    [[after('a'), after('b', 'a'), read('c', 'a', 'b')], []],
    [[read('c', 'a', 'b'), after('b', 'a'), step('a')], []],
    [[after('a'), read('b', 'a')], [`/steps/1/${VALUE} NOT_YET_REFERENCE?`]],
    [[after('a'), reading('b', 'steps.a.result')], [`/steps/1/${VALUE} NOT_YET_REFERENCE?`]],
    [[read('a', 'b'), after('b', 'a')], [`/steps/0/${VALUE} NOT_YET_REFERENCE`]],
    [[read('a', 'c'), after('b', 'a'), after('c', 'b')], [`/steps/0/${VALUE} NOT_YET_REFERENCE`]],
    [[read('a', 'a'), after('b', 'a')], [`/steps/0/${VALUE} NOT_YET_REFERENCE`]],
    [[read('a', 'x')], [`/steps/0/${VALUE} UNKNOWN_STEP_REFERENCE`]],
    [[read('a', 'b', 'b'), after('b', 'a')], ['/steps/0/depends_on/0 CYCLE']],
  ]
  for (const [list, problems] of cases)
    assert.deepEqual(found(steps(...list)), problems, JSON.stringify(list))
})

test('fallback steps read every other step, and no other step reads them', () => {
  const at = `/error_handling/fallback_steps`
  const main = { steps: [step('a'), step('b')] }
  assert.deepEqual(
    found(fallback([reading('f', 'steps.b.result'), reading('g', 'steps.f.result')], main)),
    [],
  )
  assert.deepEqual(found(fallback([reading('f', 'steps.g.result'), reading('g', 'steps.x')], main)), [
    `${at}/0/${VALUE} NOT_YET_REFERENCE`,
    `${at}/1/${VALUE} UNKNOWN_STEP_REFERENCE`,
  ])
  assert.deepEqual(found(fallback([step('f')], { steps: [reading('a', 'steps.f.result')] })), [
    `/steps/0/${VALUE} NOT_YET_REFERENCE`,
  ])
  assert.deepEqual(found(fallback([reading('f', 'error.message')], main)), [])
  assert.deepEqual(found(fallback([step('f')], { steps: [reading('a', 'error.message')] })), [
    `/steps/0/${VALUE} NEVER_GIVEN?`,
  ])
})

test('messages say what is read and where, once for each expression', () => {
  const value = '{{steps.x.a}} and {{steps.x.b + steps.x.c}}, {{steps.y}}'
  assert.deepEqual(said(steps(step('a', { parameters: { value } }))), [
    'There is no step "x" to read (character 3).',
    'There is no step "x" to read (character 21).',
    'There is no step "y" to read (character 48).',
  ])
  assert.deepEqual(said(steps(reading('a', 'vars.x ?? vars.y'))), [
    'A workflow has no variables: `vars` cannot be read (character 3).',
    'A workflow has no variables: `vars` cannot be read (character 13).',
  ])
})

test('variables do not exist, read by name or as a whole', () => {
  for (const expression of ['vars.x', 'vars', 'vars[input.x]', 'Object.keys(vars)'])
    assert.deepEqual(
      found(steps(reading('a', expression))),
      [`/steps/0/${VALUE} UNKNOWN_VARIABLE`],
      expression,
    )
})

test('a field that this trigger never gives is worth a warning', () => {
  const given = { source_agent: 2 }
  const cases: readonly (readonly [Record<string, unknown>, readonly string[], readonly string[]])[] = [
    [{ type: 'manual', conditions: {} }, ['type', 'source'], ['due', 'body', 'text']],
    [
      { type: 'schedule', conditions: { every_ms: 60_000 } },
      ['due', 'type'],
      ['body', 'text', 'constructor'],
    ],
    [{ type: 'webhook', conditions: {} }, ['body', 'headers', 'method', 'query'], ['due', 'text']],
    [
      { type: 'voice_command', conditions: { phrase: 'call {who} [at {when:time}]' } },
      ['text', 'who', 'when'],
      ['whom', 'time', 'body'],
    ],
    [
      { type: 'agent_completion', conditions: {}, ...given },
      ['agent_number', 'action', 'execution_id', 'result'],
      ['data', 'due'],
    ],
  ]
  for (const [trigger, there, missing] of cases) {
    const readField = (field: string) =>
      found(
        definition({ trigger, steps: [reading('a', `trigger.${field}`)] } as Parameters<
          typeof definition
        >[0]),
      )
    for (const field of there) assert.deepEqual(readField(field), [], field)
    for (const field of missing) assert.deepEqual(readField(field), [`/steps/0/${VALUE} NEVER_GIVEN?`], field)
  }
})

test('input comes with a start by hand and with a webhook, and the whole of it may be read anyway', () => {
  const schedule = { trigger: { type: 'schedule' as const, conditions: { every_ms: 60_000 } } }
  const webhook = { trigger: { type: 'webhook' as const, conditions: {} } }
  assert.deepEqual(found(definition({ steps: [reading('a', 'input.x')] })), [])
  assert.deepEqual(found(definition({ ...webhook, steps: [reading('a', 'input.x')] })), [])
  assert.deepEqual(found(definition({ ...schedule, steps: [reading('a', 'input.x')] })), [
    `/steps/0/${VALUE} NEVER_GIVEN?`,
  ])
  assert.deepEqual(found(definition({ ...schedule, steps: [reading('a', 'input ?? trigger')] })), [])
  assert.deepEqual(
    found({ ...definition({ steps: [reading('a', 'input.x + trigger.due')] }), trigger: { type: 'x' } }),
    ['/trigger/type SHAPE', '/trigger/conditions SHAPE'],
  )
})
