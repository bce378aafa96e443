import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowStep } from '../../../../contract/workflows.ts'
import { KNOWN, agent, doing, fallback, found, reading, said, step, steps } from './rig.ts'
import { shape } from '../../../skills/skill.ts'

const at = (more: Partial<WorkflowStep>) => steps(step('a', more))

test('agents are those of the user, and one that is switched off is worth a warning', () => {
  const cases: readonly (readonly [Partial<WorkflowStep>, readonly string[], readonly string[]])[] = [
    [{ agent_number: 2, action: 'recall', parameters: { query: 'x' } }, [], []],
    [{ agent_number: 9 }, ['/steps/0/agent_number UNKNOWN_AGENT'], ['There is no agent 9.']],
    [
      { agent_number: 3, action: 'list', parameters: {} },
      ['/steps/0/agent_number AGENT_OFF?'],
      ['The agent 3 (Lists) is switched off.'],
    ],
  ]
  for (const [more, problems, messages] of cases) {
    assert.deepEqual(found(at(more)), problems)
    assert.deepEqual(said(at(more)), messages)
  }
  assert.deepEqual(found(fallback([step('b', { agent_number: 9 })])), [
    '/error_handling/fallback_steps/0/agent_number UNKNOWN_AGENT',
  ])
})

test('an action that an agent does not have is unknown, and the nearest that it has is named', () => {
  const cases: readonly (readonly [number, string, string])[] = [
    [2, 'recal', 'The agent 2 (Notes) has no action "recal". The nearest one that it has is "recall".'],
    [
      2,
      'memorise',
      'The agent 2 (Notes) has no action "memorise". The nearest one that it has is "remember".',
    ],
    [
      2,
      'constructor',
      'The agent 2 (Notes) has no action "constructor". The nearest one that it has is "recall".',
    ],
    [0, 'Wait', 'The agent 0 (Agent) has no action "Wait". The nearest one that it has is "wait".'],
    [
      0,
      '__proto__',
      'The agent 0 (Agent) has no action "__proto__". The nearest one that it has is "notify".',
    ],
  ]
  for (const [agent_number, action, message] of cases) {
    assert.deepEqual(found(at({ agent_number, action })), ['/steps/0/action UNKNOWN_ACTION'])
    assert.deepEqual(said(at({ agent_number, action })), [message])
  }
  const idle = { ...KNOWN, agents: new Map([[0, agent({})]]) }
  assert.deepEqual(said(at({}), idle), ['The agent 0 (Agent) has no action "set". It has none.'])
})

test('a sentence of a voice command is an action too, and an agent from outside may have any', () => {
  for (const action of ['what did i say', ' What did I say '])
    assert.deepEqual(found(at({ agent_number: 2, action, parameters: { anything: 1 } })), [])
  assert.deepEqual(found(at({ agent_number: 2, action: 'what did i' })), ['/steps/0/action UNKNOWN_ACTION'])
  assert.deepEqual(found(at({ agent_number: 20, action: 'anything' })), [])
  assert.deepEqual(found(at({ agent_number: 20, action: 'echo', parameters: { x: 1 } })), [
    '/steps/0/parameters/x BAD_PARAMETERS',
  ])
})

test('an expression that cannot be read is told with its place, in conditions and at any depth of parameters', () => {
  const value = { list: ['fine', '{{1 +}}', { 'a/b': 'x {{ foo() }} y' }], more: '{{', '{{': 1 }
  const given = at({ parameters: { value }, condition: 'input.a = 1' })
  assert.deepEqual(found(given), [
    '/steps/0/parameters/value/list/1 BAD_EXPRESSION',
    '/steps/0/parameters/value/list/2/a~1b BAD_EXPRESSION',
    '/steps/0/parameters/value/more BAD_EXPRESSION',
    '/steps/0/condition BAD_EXPRESSION',
  ])
  const [, second = '', , last = ''] = said(given)
  assert.match(second, /^`foo` is not known here\. .*At character 6:\nx \{\{ foo\(\) \}\} y\n {5}\^$/)
  assert.match(last, /assign.* is not allowed in an expression\. At character 1:\ninput\.a = 1\n\^$/i)
  for (const condition of ['', '{{true}}', 'null', '1', '"yes"', 'true; false'])
    assert.deepEqual(found(at({ condition })), ['/steps/0/condition BAD_EXPRESSION'], condition)
  for (const condition of ['true', 'input.a === 1', '!input.a'])
    assert.deepEqual(found(at({ condition })), [])
})

test('a condition that is false as it stands is worth a warning', () => {
  for (const condition of ['false', ' false ', '(false)'])
    assert.deepEqual(found(at({ condition })), ['/steps/0/condition NEVER_RUNS?'])
  assert.deepEqual(found(at({ condition: 'false || input.a' })), [])
})

test('code in a definition is looked at and never performed', () => {
  const code = `(globalThis.marker = 1, process.exit(3))`
  const evil = [
    code,
    `[].constructor.constructor('${code}')()`,
    `(() => { ${code} })()`,
    'import("node:fs")',
    'this.x',
  ]
  for (const condition of evil) {
    const given = steps(step('a', { condition }), reading('b', condition))
    assert.deepEqual(found(given), [
      '/steps/0/condition BAD_EXPRESSION',
      '/steps/1/parameters/value BAD_EXPRESSION',
    ])
  }
  assert.equal('marker' in globalThis, false)
})

test('very many broken expressions are told in part, and very deep parameters are refused at their depth', () => {
  const value = Array.from({ length: 5_000 }, () => '{{')
  const told = found(at({ parameters: { value } }))
  assert.deepEqual([told.length, told[0]], [101, ' TOO_MANY_EXPRESSIONS'])
  let deep: unknown = '{{input.x}}'
  for (let level = 0; level < 100_000; level += 1) deep = [deep]
  assert.deepEqual(found(at({ parameters: { value: deep } })), [
    `/steps/0/parameters/value${'/0'.repeat(64)} BAD_EXPRESSION`,
  ])
})

test('an action that checks its parameters itself is asked about whole values alone', () => {
  const asked: unknown[] = []
  const check = (given: Readonly<Record<string, unknown>>) => {
    asked.push(given)
    return [{ path: '/x', message: 'is odd' }]
  }
  const known = { ...KNOWN, agents: new Map([[0, agent({ set: doing(shape({}), { check }) })]]) }
  assert.deepEqual(said(at({ parameters: { x: 1 } }), known), ['The parameter "x" of "set" is odd.'])
  assert.deepEqual(found(at({ parameters: { x: 1, y: '{{input.y}}' } }), known), [])
  assert.deepEqual(asked, [{ x: 1 }])
})
