import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SKILLS } from '../../install.ts'
import { system } from '../../skills/system/index.ts'
import { SHORT_PHRASES } from '../workflows/spoken/phrases.ts'
import { typed } from './catalogue.ts'
import { findPhraseProblem } from './template.ts'

test('every phrase of every skill, of the system and of workflows is a template', () => {
  const said = [system, ...SKILLS].flatMap(({ name, actions }) =>
    Object.entries(actions).flatMap(([action_name, action]) =>
      action.phrases.map((phrase) => ({ of: `${name}.${action_name}`, phrase: typed(phrase, action) })),
    ),
  )
  const short = SHORT_PHRASES.map(({ action, phrase }) => {
    const known = system.actions[action]
    assert.ok(known, action)
    return { of: action, phrase: typed(phrase, known) }
  })
  const problems = [...said, ...short].flatMap(({ of, phrase }) => {
    const problem = findPhraseProblem(phrase)
    return problem === undefined ? [] : [`${of}: ${phrase}: ${problem}`]
  })
  assert.deepEqual(problems, [])
})
