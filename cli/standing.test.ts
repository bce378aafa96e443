import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SystemModification } from '../contract/system.ts'
import { dependsOn, isUndone } from './standing.ts'

const change = (id: string, path: string, more: Partial<SystemModification> = {}): SystemModification => ({
  id,
  type: 'agent_config',
  description: '',
  before_state: {},
  after_state: {},
  applied_by: 'ann',
  applied_at: '2026-11-22T10:00:00.000Z',
  rollback_available: false,
  impact_assessment: '',
  target: { kind: 'agent', id: '7' },
  patch: [{ op: 'replace', path }],
  impact: {
    workflows: [],
    triggers: [],
    executions: [],
    problems: [],
    irreversible: [],
    routes: [],
    schedules: [],
  },
  proof: null,
  state_hash: '',
  rolls_back: null,
  rolled_back_by: null,
  summary: '',
  ...more,
})

const later = (one: SystemModification) => dependsOn(change('first', '/config/name'), [one, FIRST])?.id
const FIRST = change('first', '/config/name')

test('a later change depends on one at, above or below its place in the same thing, and on no other', () => {
  for (const path of ['/config/name', '/config', '', '/config/name/0'])
    assert.equal(later(change('x', path)), 'x', path)
  for (const path of ['/config/names', '/config/other', '/is_active'])
    assert.equal(later(change('x', path)), undefined, path)
  assert.equal(later(change('x', '', { target: { kind: 'agent', id: '8' } })), undefined)
  assert.equal(later(change('x', '', { target: { kind: 'workflow', id: '7' } })), undefined)
  assert.equal(dependsOn(FIRST, [FIRST, change('older', '')]), undefined)
})

test('what was undone depends on nothing, until its undoing is undone', () => {
  const off = change('off', '/config', { rolled_back_by: 'back' })
  const back = change('back', '/config', { rolls_back: 'off' })
  assert.equal(dependsOn(FIRST, [back, off, FIRST]), undefined)
  const again = change('again', '/config', { rolls_back: 'back' })
  const all = [again, { ...back, rolled_back_by: 'again' }, off, FIRST]
  assert.deepEqual([isUndone(off, all), dependsOn(FIRST, all)?.id], [false, 'off'])
})
