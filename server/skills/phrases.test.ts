import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concierge } from './concierge/index.ts'
import { fetcher } from './fetcher/index.ts'
import { guardian } from './guardian/index.ts'
import { notes } from './notes/index.ts'
import { reminders } from './reminders/index.ts'
import type { Action } from './skill.ts'
import { tasks } from './tasks/index.ts'
import { watcher } from './watcher/index.ts'

/** Actions that are performed by others alone and never said. */
const SILENT = ['fetcher.parse_feed', 'watcher.read_source']
const SKILLS = [concierge, notes, reminders, tasks, watcher, fetcher, guardian]
const ACTIONS: [name: string, action: Action][] = SKILLS.flatMap((skill) =>
  Object.entries(skill.actions).map(([name, action]): [string, Action] => [`${skill.name}.${name}`, action]),
).filter(([name]) => !SILENT.includes(name))
const slotsOf = (phrase: string) => [...phrase.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name)
const within = (list: readonly string[], min: number, max: number) =>
  new Set(list).size === list.length && list.length >= min && list.length <= max
const parametersOf = (action: Action) => Object.keys(action.parameters.properties)

test('slots, questions and what one is needed of are parameters of their action', () => {
  for (const [name, action] of ACTIONS) {
    const known = new Set(parametersOf(action))
    const named = [
      ...action.phrases.flatMap(slotsOf),
      ...Object.keys(action.slots ?? {}),
      ...Object.keys(action.questions ?? {}),
      ...(action.needsOne ?? []),
    ]
    assert.deepEqual(
      [...new Set(named)].filter((slot) => !known.has(slot)),
      [],
      name,
    )
  }
})

test('every required parameter that can be said has a question', () => {
  for (const [name, action] of ACTIONS) {
    const required = (action.parameters as { required?: string[] }).required ?? []
    const asked = Object.keys(action.questions ?? {})
    assert.deepEqual(
      required.filter((parameter) => !asked.includes(parameter)),
      [],
      name,
    )
  }
})

test('there are 8 to 20 phrases and 15 to 30 examples of each action, all different', () => {
  for (const [name, { phrases, examples }] of ACTIONS) {
    assert.ok(within(phrases, 8, 20), `${name}: ${phrases.length} phrases`)
    assert.ok(within(examples, 15, 30), `${name}: ${examples.length} examples`)
  }
})

test('no phrase or example belongs to two actions', () => {
  const seen = new Map<string, string>()
  for (const [name, { phrases, examples }] of ACTIONS) {
    for (const text of [...phrases, ...examples.map((example) => example.toLowerCase())]) {
      assert.equal(seen.get(text), undefined, `"${text}" in ${name}`)
      seen.set(text, name)
    }
  }
})

test('brackets are balanced and every phrase has a word outside its slots', () => {
  for (const [name, { phrases }] of ACTIONS) {
    for (const phrase of phrases) {
      assert.equal(phrase.split(/[([{]/).length, phrase.split(/[)\]}]/).length, `${name}: ${phrase}`)
      assert.match(phrase.replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ''), /[a-z]/, `${name}: ${phrase}`)
    }
  }
})

test('what a phrase stands for is a parameter, and the phrase is one of the action', () => {
  for (const [name, { presets = {}, phrases, parameters }] of ACTIONS) {
    for (const [phrase, preset] of Object.entries(presets)) {
      assert.ok(phrases.includes(phrase), `${name}: ${phrase}`)
      for (const key of Object.keys(preset))
        assert.ok(Object.hasOwn(parameters.properties, key), `${name}: ${key}`)
    }
  }
})
