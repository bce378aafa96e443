import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { START } from '../../../test/app.ts'
import { action, shape } from '../../skills/skill.ts'
import type { ActionEffect } from '../../skills/skill.ts'
import type { Understood } from '../language/understand.ts'
import type { Course } from '../workflows/spoken/course.ts'
import { decide, planOf, suggestions } from './decide.ts'

function understood(effect: ActionEffect, change: object = {}): Understood {
  const declared = action({
    summary: 'Takes things off a list.',
    effect,
    parameters: shape({ items: Type.Optional(Type.Array(Type.String())) }),
    result: shape({}),
    phrases: [],
    examples: [],
    perform: () => ({ data: {}, text: '' }),
  })
  const meaning = { agent_number: 4, agent_name: 'Tasks', name: 'remove', action: declared, preset: {} }
  const sure = {
    tier: 'template',
    confidence: 1,
    routing_confidence: 1,
    alternatives: [],
    reason: '',
  } as const
  return {
    meaning,
    parameters: { items: ['milk'] },
    missing: undefined,
    ...sure,
    ...change,
  } as unknown as Understood
}

const decided = (what: Understood, warning: string | undefined) =>
  decide(what, warning, { now: START, time_zone: 'UTC' })

test('what is sure is done, and what is unknown is not', () => {
  assert.equal(decided(understood('write'), undefined).kind, 'execute')
  assert.equal(decided(understood('write', { meaning: undefined }), undefined).kind, 'unknown')
})

test('an effect that was guessed below the threshold asks, and reading only where it is hardly a guess', () => {
  const guess = { tier: 'statistics', confidence: 0.79 } as const
  assert.equal(decided(understood('write', guess), undefined).kind, 'confirm')
  assert.equal(decided(understood('network', guess), undefined).kind, 'confirm')
  const heard = { ...guess, tier: 'context' } as const
  assert.equal(decided(understood('read', heard), undefined).kind, 'execute')
  assert.equal(decided(understood('write', heard), undefined).kind, 'confirm')
  assert.equal(decided(understood('write', { ...heard, confidence: 0.8 }), undefined).kind, 'execute')
  for (const tier of ['statistics', 'model'] as const)
    assert.equal(decided(understood('write', { tier, confidence: 0.94 }), undefined).kind, 'confirm', tier)
  assert.equal(decided(understood('write', { ...guess, confidence: 0.95 }), undefined).kind, 'execute')
  assert.equal(decided(understood('read', { ...guess, confidence: 0.85 }), undefined).kind, 'execute')
  const plan = decided(understood('read', { ...guess, confidence: 0.84 }), undefined)
  assert.equal(
    'question' in plan && plan.question,
    'I am not sure what you mean. Shall I ask Tasks to take things off a list: milk?',
  )
})

const perform = () => ({ text: '' })

test('what is set up by a name that was heard is asked about by the name that was taken for it', () => {
  const around = { now: START, time_zone: 'UTC' }
  const about = { kind: 'workflow', id: 'w', name: 'Weekly review' } as const
  const sensitive = { operation: 'workflows.update', input: {}, done: '' } as const
  const planned = (course: Course, effect: ActionEffect, isHeard: boolean) => {
    const { meaning } = understood(effect)
    assert.ok(meaning !== undefined)
    const plan = planOf({ meaning, parameters: { workflow: 'weakly review' } }, course, {
      ...around,
      isHeard,
    })
    return [plan.kind, plan.kind === 'confirm' ? plan.question : undefined]
  }
  const asked = ['confirm', 'Shall I ask Tasks to take things off a list: Weekly review?']
  const done = ['course', undefined]
  assert.deepEqual(planned({ kind: 'sensitive', sensitive, about }, 'write', true), asked)
  assert.deepEqual(planned({ kind: 'sensitive', sensitive, about }, 'write', false), done)
  // A run is started at once, and answered only when it is clear which.
  assert.deepEqual(planned({ kind: 'do', perform, about }, 'write', true), done)
  assert.deepEqual(planned({ kind: 'do', perform, about }, 'destructive', true), asked)
  // What nobody knows is not asked about.
  assert.deepEqual(planned({ kind: 'say', text: 'You have no agent 77.' }, 'write', true), done)
})

test('something destructive that was guessed asks however likely it is', () => {
  const plan = decided(understood('destructive', { tier: 'statistics', confidence: 0.99 }), undefined)
  assert.deepEqual(
    [plan.kind, 'question' in plan && plan.question],
    ['confirm', 'Shall I ask Tasks to take things off a list: milk?'],
  )
  assert.equal(decided(understood('destructive'), undefined).kind, 'execute')
})

test('a warning is asked even when the words are plain, and what is missing is asked first', () => {
  assert.equal(decided(understood('destructive'), 'That deletes two. Shall I?').kind, 'confirm')
  const missing = { parameter: 'items', question: 'What?' }
  assert.equal(decided(understood('destructive', { missing }), 'That deletes two.').kind, 'slot')
})

test('suggestions begin with what is near and are never more than three', () => {
  assert.deepEqual(suggestions([{ action: 'timer' }, { action: 'unheard of' }]).slice(0, 1), [
    'set a timer for five minutes',
  ])
  assert.equal(suggestions([{ action: 'timer' }, { action: 'add' }, { action: 'recall' }]).length, 3)
})
