import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorHandling } from '../../../../contract/workflows.ts'
import { definition, fallback, found, said, step } from './rig.ts'

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
