import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayImpact, NO_IMPACT } from './impact.ts'
import { sayChange, sayFields, sayLoss } from './say.ts'
import type { SaidChange } from './say.ts'

const saidOf = (was: unknown[], is: unknown[]) =>
  sayFields({ config: { services: was } }, { config: { services: is } })

test('of a list whose entries have ids it is said which of them came, went and changed', () => {
  const [one, two, three] = ['one', 'two', 'three'].map((id) => ({ id, enabled: true }))
  assert.equal(
    saidOf([one, two], [{ ...one, enabled: false }, three]),
    'services: one changed, two removed, three added',
  )
  assert.equal(saidOf([], [one]), 'services: one added')
  assert.equal(saidOf([one, two], [two, one]), 'services changed')
  assert.equal(saidOf([1], [one]), 'services changed')
})

test('a loss is one sentence of what breaks, ends and goes elsewhere, cut after three, and nothing where there is none', () => {
  assert.equal(sayLoss(NO_IMPACT), '')
  const problems = ['A: step x: There is no agent 7.', 'B: It is wrong.', 'C: No.', 'D: No.', 'E: No.']
  const route = { text: 'say 😀 '.repeat(20), from: 'Watcher, list', to: null }
  assert.equal(
    sayLoss({ problems, triggers: ['A ends'], executions: ['1'], routes: [route, { ...route, text: 'b' }] }),
    `Without it, this would break: A (step x: There is no agent 7), B (It is wrong), C (No), and 2 more; A ends; what is under way is stopped; 2 sentences that you said, such as “${route.text.slice(0, 59).trimEnd()}…”, would mean nothing.`,
  )
})

test('no sentence of an impact ends in two full stops', () => {
  const said = sayImpact(
    { ...NO_IMPACT, problems: ['A: It is wrong.'] },
    { under_way: ['a run of A.'], times: ['A starts today at 08:00'] },
  )
  assert.equal(
    said,
    'One thing would break: A: It is wrong. Under way, and ended or broken by it: a run of A. Next time: A starts today at 08:00.',
  )
})

const said = (change: Partial<SaidChange>) =>
  sayChange({
    called: 'agent 7',
    description: 'Changed agent 7, diary.',
    before: {},
    after: {},
    took: 'nothing',
    ...change,
  })

test('a change is said with its fields and values, made and deleted things by name, and what took it back as that', () => {
  const [before, after] = [{ name: 'diary' }, { name: 'journal' }]
  const table: [Partial<SaidChange>, string][] = [
    [{ before, after }, 'agent 7: name diary -> journal'],
    [{ before: after, after: before, took: 'change' }, 'undid: agent 7: name diary -> journal'],
    [{ before, after, took: 'rollback' }, 'did again: agent 7: name diary -> journal'],
    [{ before: undefined, after }, 'made agent 7, journal'],
    [{ before, after: undefined }, 'deleted agent 7, diary'],
    [{ before: undefined, after, took: 'change' }, 'undid: deleted agent 7, journal'],
    [{ before, after, description: 'A better name.' }, 'agent 7: name diary -> journal (A better name)'],
    [{ before: { is_active: true }, after: { is_active: false } }, 'agent 7: switched off'],
    [
      { before: { description: '' }, after: { description: 'x'.repeat(50) } },
      `agent 7: description nothing -> ${'x'.repeat(39)}…`,
    ],
    [
      { before: { definition: { steps: [1] } }, after: { definition: { steps: [] } } },
      'agent 7: steps changed',
    ],
    [{ before: { config: { 'a/b': 1 } }, after: { config: {} } }, 'agent 7: a/b 1 -> nothing'],
    [
      { before: {}, after: { a: 1, b: 2, c: 3, d: 4, e: 5 } },
      'agent 7: a nothing -> 1, b nothing -> 2, c nothing -> 3, d nothing -> 4, and 1 more',
    ],
  ]
  for (const [change, expected] of table) assert.equal(said(change), expected)
})

test('values of secrets are never said', () => {
  const text = said({
    before: { config: { api_keys: 'old-1', url: 'https://x.example/?token=old-2' } },
    after: { config: { api_keys: 'new-1', url: 'https://x.example/?token=new-2' } },
  })
  assert.doesNotMatch(text, /old-|new-/)
  assert.match(text, /^agent 7: api keys \[redacted\] -> \[redacted\], url /)
})
