import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SKILLS } from '../../../install.ts'
import type { Skill } from '../../../skills/skill.ts'
import { system } from '../../../skills/system/index.ts'
import { typed } from '../catalogue.ts'
import { compileTemplate } from '../template.ts'
import { TONGUES } from './known.ts'
import { openTongues } from './tongues.ts'

const ALL: readonly Skill[] = [system, ...SKILLS]
/** They are performed by others alone, or planned with the user, and have no phrase of their own. */
const SILENT = new Set(['watcher/read_source', 'fetcher/parse_feed', 'system/reschedule_workflow'])
/** What is said of routing names the agent; the action does not need it. */
const NAMED_ONLY = new Set(['system/explain_routing'])

const ENTRIES = TONGUES.flatMap((tongue) =>
  ALL.flatMap((skill) =>
    Object.entries(skill.phrases?.[tongue.code] ?? {}).flatMap(([action, phrases]) =>
      phrases.map((one) => {
        const [phrase, stands_for] = typeof one === 'string' ? [one, {}] : one
        return { tongue, skill, action, label: `${skill.name}/${action}`, phrase, stands_for }
      }),
    ),
  ),
)

test('every action that can be said has a phrase in each language, and there are no others', () => {
  for (const { code } of TONGUES)
    for (const skill of ALL) {
      const phrases = skill.phrases?.[code] ?? {}
      assert.deepEqual(
        Object.keys(phrases).filter((name) => !Object.hasOwn(skill.actions, name)),
        [],
      )
      const missing = Object.keys(skill.actions)
        .filter((name) => !SILENT.has(`${skill.name}/${name}`))
        .filter((name) => (phrases[name]?.length ?? 0) < 1)
      assert.deepEqual(missing, [], `${skill.name} in ${code}`)
    }
})

test('every phrase is a template whose slots and presets are parameters of its action', () => {
  for (const { tongue, skill, action, label, phrase, stands_for } of ENTRIES) {
    const declared = skill.actions[action]
    assert.ok(declared !== undefined, label)
    const how = { keyOf: tongue.keyOf, ways_max: 10_000_000 }
    const names = compileTemplate(typed(phrase, declared), how).slots.map(({ name }) => name)
    const known = Object.keys(declared.parameters.properties)
    const strange = [...names, ...Object.keys(stands_for)].filter((name) => !known.includes(name))
    assert.deepEqual(NAMED_ONLY.has(label) ? [] : strange, [], `${label}: ${phrase}`)
  }
})

test('no phrase belongs to two actions', () => {
  for (const { code } of TONGUES) {
    const seen = new Map<string, string>()
    for (const { label, phrase, tongue } of ENTRIES) {
      if (tongue.code !== code) continue
      assert.equal(seen.get(phrase) ?? label, label, `"${phrase}" in ${code}`)
      seen.set(phrase, label)
    }
  }
})

test('whoever learns from phrases gets all of a language with what they mean', () => {
  const german = openTongues(() => ALL).phrases('de')
  assert.equal(german.length, ENTRIES.filter(({ tongue }) => tongue.code === 'de').length)
  assert.ok(german.some(({ label, phrase }) => label === 'system/undo' && phrase === 'rückgängig [machen]'))
})
