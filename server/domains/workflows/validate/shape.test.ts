import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KNOWN, definition, fallback, found, said, step } from './rig.ts'
import { validateDefinition } from './definition.ts'

test('what is no definition has one problem, and an empty one has every field missing', () => {
  for (const nothing of [null, undefined, 7, 'x', [], [definition()]])
    assert.deepEqual(found(nothing), [' SHAPE'])
  const missing = ['/trigger', '/steps', '/error_handling', '/timeout_ms', '/retry_policy']
  assert.deepEqual(
    found({}),
    missing.map((path) => `${path} SHAPE`),
  )
  assert.deepEqual(new Set(said({})), new Set(['This is required.']))
})

test('each field of another form is told at its place', () => {
  const cases: readonly (readonly [Record<string, unknown>, readonly string[]])[] = [
    [{ x: 1 }, ['/x SHAPE']],
    [
      JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, unknown>,
      ['/__proto__ SHAPE', '/constructor SHAPE'],
    ],
    [{ timeout_ms: 0 }, ['/timeout_ms SHAPE']],
    [{ timeout_ms: 86_400_001 }, ['/timeout_ms SHAPE']],
    [{ timeout_ms: '60000' }, ['/timeout_ms SHAPE']],
    [{ steps: {} }, ['/steps SHAPE']],
    [{ steps: null }, ['/steps SHAPE']],
    [{ steps: [null, 7, [step('a')]] }, ['/steps/0 SHAPE', '/steps/1 SHAPE', '/steps/2 SHAPE']],
    [{ trigger: 'manual' }, ['/trigger SHAPE']],
    [{ trigger: { type: 'Manual', conditions: {} } }, ['/trigger/type SHAPE']],
    [{ trigger: { type: 'manual', conditions: [] } }, ['/trigger/conditions SHAPE']],
    [{ trigger: { type: 'manual', conditions: {}, source_agent: '2' } }, ['/trigger/source_agent SHAPE']],
    [{ error_handling: null }, ['/error_handling SHAPE']],
    [
      { retry_policy: { max_attempts: 11, backoff_strategy: 'fast', delay_ms: -1 } },
      [
        '/retry_policy/max_attempts SHAPE',
        '/retry_policy/backoff_strategy SHAPE',
        '/retry_policy/delay_ms SHAPE',
      ],
    ],
  ]
  for (const [wrong, problems] of cases)
    assert.deepEqual(found({ ...definition(), ...wrong }), problems, JSON.stringify(wrong))
})

test('each field of a step of another form is told, and of fallback steps as well', () => {
  const cases: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ id: 7 }, 'id'],
    [{ id: '' }, 'id'],
    [{ id: 'a b' }, 'id'],
    [{ id: 'x'.repeat(65) }, 'id'],
    [{ agent_number: '0' }, 'agent_number'],
    [{ agent_number: -1 }, 'agent_number'],
    [{ agent_number: 10_000 }, 'agent_number'],
    [{ action: '' }, 'action'],
    [{ parameters: [] }, 'parameters'],
    [{ depends_on: 'a' }, 'depends_on'],
    [{ depends_on: null }, 'depends_on'],
    [{ depends_on: [7] }, 'depends_on/0'],
    [{ depends_on: ['a b'] }, 'depends_on/0'],
    [{ condition: true }, 'condition'],
    [{ condition: 'x'.repeat(4097) }, 'condition'],
    [{ timeout_ms: 0 }, 'timeout_ms'],
    [{ name: 'x' }, 'name'],
  ]
  for (const [wrong, path] of cases) {
    const list = [{ ...step('b'), ...wrong }] as never
    assert.deepEqual(found(definition({ steps: list })), [`/steps/0/${path} SHAPE`])
    assert.deepEqual(found(fallback(list)), [`/error_handling/fallback_steps/0/${path} SHAPE`])
  }
})

test('a part of the wrong form hides nothing about the others', () => {
  const steps = [
    { ...step('a'), agent_number: 9, depends_on: ['nobody', 7, 'a'], timeout_ms: 'x' },
    { ...step('b', { action: 'fly' }), parameters: 7, condition: '(' },
    null,
    { id: 'c', depends_on: ['b'] },
  ]
  assert.deepEqual(found({ steps, timeout_ms: 5 }), [
    '/steps/0/agent_number UNKNOWN_AGENT',
    '/steps/0/depends_on/0 UNKNOWN_DEPENDENCY',
    '/steps/0/depends_on/1 SHAPE',
    '/steps/0/depends_on/2 SELF_DEPENDENCY',
    '/steps/0/timeout_ms SHAPE',
    '/steps/1/action UNKNOWN_ACTION',
    '/steps/1/parameters SHAPE',
    '/steps/1/condition BAD_EXPRESSION',
    '/steps/2 SHAPE',
    '/steps/3/agent_number SHAPE',
    '/steps/3/action SHAPE',
    '/steps/3/parameters SHAPE',
    '/trigger SHAPE',
    '/error_handling SHAPE',
    '/retry_policy SHAPE',
  ])
})

test('problems are in the order of the document, and what is missing is behind what is there', () => {
  const { steps, trigger, ...others } = definition()
  assert.deepEqual(
    found({
      x: 1,
      steps: [{ parameters: {}, id: 'a b', action: 'set', agent_number: 0 }],
      trigger: { type: 'x' },
    }),
    [
      '/x SHAPE',
      '/steps/0/parameters/value BAD_PARAMETERS',
      '/steps/0/id SHAPE',
      '/trigger/type SHAPE',
      '/trigger/conditions SHAPE',
      '/error_handling SHAPE',
      '/timeout_ms SHAPE',
      '/retry_policy SHAPE',
    ],
  )
  assert.deepEqual(found({ 'a/b~c': 1, ...others, trigger, steps: [...steps, 1], 'd/~': 1 }), [
    '/a~1b~0c SHAPE',
    '/steps/1 SHAPE',
    '/d~1~0 SHAPE',
  ])
})

test('of very many problems the first 500 are told, and how many more there are', () => {
  const wrong = Array.from({ length: 126 }, () => ({}))
  const { errors } = validateDefinition(definition({ steps: wrong as never }), KNOWN)
  assert.equal(errors.length, 501)
  assert.deepEqual(errors.at(-1), { path: '', code: 'MORE', message: 'There are 4 more problems.' })
  assert.deepEqual(errors[499], {
    path: '/steps/124/parameters',
    code: 'SHAPE',
    message: 'This is required.',
  })
  const few = validateDefinition(definition({ steps: wrong.slice(1) as never }), KNOWN)
  assert.equal(few.errors.length, 500)
  assert.equal(few.errors.at(-1)?.code, 'SHAPE')
})

test('a key may be as long as it likes without making every problem as long', () => {
  const key = 'k'.repeat(100_000)
  const { errors } = validateDefinition({ ...definition(), [key]: 1 }, KNOWN)
  assert.deepEqual(errors, [{ path: '', code: 'SHAPE', message: 'This is not a known field.' }])
  const parameters = { value: { [key]: ['{{', '{{'] } }
  const deep = validateDefinition(definition({ steps: [step('a', { parameters })] }), KNOWN)
  assert.deepEqual(new Set(deep.errors.map(({ path }) => path)), new Set(['/steps/0/parameters/value']))
})
