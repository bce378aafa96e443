import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorHandling } from '../../../../contract/workflows.ts'
import { validateDefinition, validateInTurns } from './definition.ts'
import { KNOWN, definition, fallback, found, said, step } from './rig.ts'

const AT = '/error_handling/fallback_steps'

const handled = (handling: Partial<ErrorHandling>) =>
  found(definition({ error_handling: { strategy: 'fallback', notification_on_error: true, ...handling } }))

test('the strategy fallback needs fallback steps, and no other one has a use for them', () => {
  assert.deepEqual(handled({}), [`${AT} NO_FALLBACK`])
  assert.deepEqual(handled({ fallback_steps: [] }), [`${AT} NO_FALLBACK`])
  assert.deepEqual(handled({ fallback_steps: [step('f')] }), [])
  for (const strategy of ['fail_fast', 'continue', 'retry'] as const) {
    assert.deepEqual(handled({ strategy }), [])
    assert.deepEqual(handled({ strategy, fallback_steps: [] }), [])
    assert.deepEqual(handled({ strategy, fallback_steps: [step('f')] }), [`${AT} UNUSED_FALLBACK?`])
    assert.deepEqual(handled({ strategy, fallback_steps: [step('f', { action: 'fly' })] }), [
      `${AT}/0/action UNKNOWN_ACTION`,
      `${AT} UNUSED_FALLBACK?`,
    ])
  }
  assert.deepEqual(handled({ strategy: 'other' as never, fallback_steps: [step('f')] }), [
    '/error_handling/strategy SHAPE',
  ])
})

const timed = (timeout_ms: number) => definition({ steps: [step('a', { timeout_ms })], timeout_ms: 1000 })

test('a step that may take longer than the workflow is worth a warning', () => {
  assert.deepEqual(found(timed(1000)), [])
  assert.deepEqual(found(timed(1001)), ['/steps/0/timeout_ms LONGER_THAN_WORKFLOW?'])
  assert.deepEqual(said(timed(1001)), ['The step "a" may take 1001 ms and the whole workflow has 1000.'])
  assert.deepEqual(found(fallback([step('f', { timeout_ms: 1001 })], { timeout_ms: 1000 })), [
    `${AT}/0/timeout_ms LONGER_THAN_WORKFLOW?`,
  ])
})

const waiting = (action: string, parameters: Record<string, unknown>, agent_number = 0) =>
  found(definition({ steps: [step('a', { agent_number, action, parameters })], timeout_ms: 60_000 }))

const warned = (name: string) => [`/steps/0/parameters/${name} LONGER_THAN_WORKFLOW?`]

test('a wait that the workflow has no time for is worth a warning, as far as it is known', () => {
  assert.deepEqual(waiting('wait', { seconds: 60 }), [])
  assert.deepEqual(waiting('wait', { seconds: 60.001 }), warned('seconds'))
  assert.deepEqual(waiting('wait', { seconds: '{{input.x}}' }), [])
  assert.deepEqual(waiting('wait', { until: '2030-01-01T00:00Z' }), [])
  assert.deepEqual(
    waiting('wait_for_approval', { text: 'x', timeout_seconds: 61 }),
    warned('timeout_seconds'),
  )
  assert.deepEqual(waiting('wait', { seconds: 61 }, 20), [])
  assert.deepEqual(
    said(definition({ steps: [step('a', { action: 'wait', parameters: { seconds: 61 } })] })),
    ['The step "a" waits 61 seconds and the whole workflow has 60000 ms.'],
  )
})

const holding = (value: string) => definition({ steps: [step('a', { parameters: { value } })] })

/** A definition of so many bytes as JSON. */
function sized(bytes: number): unknown {
  return holding('é' + 'x'.repeat(bytes - Buffer.byteLength(JSON.stringify(holding('é')))))
}

test('a definition has at most 256 KiB as JSON, and of a larger one nothing else is told', () => {
  assert.deepEqual(found(sized(262_144)), [])
  assert.deepEqual(said(sized(262_145)), [
    'A definition has at most 262144 bytes as JSON and this one has 262145.',
  ])
  assert.deepEqual(found({ trigger: {}, steps: Array.from({ length: 180_000 }, () => null) }), [' TOO_LARGE'])
})

/** Steps of at most 200 expressions each. */
const asking = (count: number, condition?: string) =>
  definition({
    steps: Array.from({ length: Math.ceil(count / 200) }, (_, index) => {
      const value = Array.from({ length: Math.min(200, count - index * 200) }, () => '{{vars.x}}')
      return step(`s${index}`, {
        parameters: { value },
        ...(condition !== undefined && index === 0 ? { condition } : {}),
      })
    }),
  })

const codes = (given: unknown) => [...new Set(found(given).map((line) => line.split(' ').at(-1)))]

test('a definition has at most 2,000 expressions, conditions counted, and what comes after is not read', () => {
  assert.deepEqual(codes(asking(2_000)), ['UNKNOWN_VARIABLE', 'MORE'])
  assert.deepEqual(found(asking(2_000, 'true'))[0], ' TOO_MANY_EXPRESSIONS')
  const { errors } = validateDefinition(asking(6_000), KNOWN)
  assert.equal(errors[0]?.code, 'TOO_MANY_EXPRESSIONS')
  // 11 steps were read, 200 expressions each.
  assert.equal(errors.at(-1)?.message, 'There are 1701 more problems.')
})

test('others have a turn between two steps, and what is told is the same', async () => {
  const given = asking(600)
  let turns = 0
  const breathe = () => {
    turns += 1
    return Promise.resolve()
  }
  assert.deepEqual(await validateInTurns(given, KNOWN, breathe), validateDefinition(given, KNOWN))
  assert.equal(turns >= 3, true)
})

const flying = (id: string, agent_number: number) => step(id, { agent_number, action: 'fly' })

test('for a change of one agent the steps of it alone are looked at', async () => {
  const given = definition({ steps: [flying('a', 2), flying('b', 0), flying('c', 2)] })
  const { errors } = await validateInTurns(given, KNOWN, () => Promise.resolve(), 2)
  assert.deepEqual(
    errors.map(({ path }) => path),
    ['/steps/0/action', '/steps/2/action'],
  )
})
