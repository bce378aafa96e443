import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { action, shape } from '../../skills/skill.ts'
import type { Action, Skill } from '../../skills/skill.ts'
import { buildCatalogue } from './catalogue.ts'
import { hintsOf } from './hints.ts'
import { slotType } from './slots/kinds.ts'
import type { KnownAgent, Taught } from './catalogue.ts'
import type { Sayable } from '../workflows/spoken/index.ts'
import { normalise } from './normalise.ts'

function act(phrases: readonly string[], more: Partial<Action> = {}): Action {
  const parameters = shape({ text: Type.String(), count: Type.Number(), items: Type.Array(Type.String()) })
  const declared = action({
    summary: '',
    effect: 'read',
    parameters,
    result: shape({}),
    phrases,
    examples: [],
    perform: () => ({ data: {}, text: '' }),
  })
  return { ...declared, ...more }
}

function skill(name: string, number: number, actions: Record<string, Action>): Skill {
  return { name, agent: { number, name, description: '' }, needs: [], actions }
}

const SYSTEM = skill('system', 0, { status: act(['status']) })
const NOTES = skill('notes', 2, { keep: act(['keep {text}']), find: act(['find {count} of {text}']) })

function agent(agent_number: number, more: Partial<KnownAgent> = {}): KnownAgent {
  return { agent_number, name: `Agent ${agent_number}`, skill: NOTES, voice_commands: [], ...more }
}

/** Agent, action and preset values of everything that a sentence matches, best first. */
function meanings(sentence: string, agents: readonly KnownAgent[], taught: readonly Taught[] = []) {
  const { templates } = buildCatalogue(SYSTEM, agents, taught)
  return templates
    .match(normalise(sentence, []), (type, text) => type !== 'number' || /^\d+$/.test(text))
    .filter(({ match }) => match.refused === 0)
    .map(({ id }) => [id.agent_number, id.name, id.preset])
}

test('the system and every agent is there with the phrases of its skill', () => {
  assert.deepEqual(meanings('status', [agent(2)]), [[0, 'status', {}]])
  assert.deepEqual(meanings('keep this', [agent(2)]), [[2, 'keep', {}]])
  assert.deepEqual(meanings('keep this', []), [])
  assert.deepEqual(meanings('keep this', [agent(20, { skill: undefined })]), [])
})

test('agents that share a skill share its phrases and its label, by number', () => {
  const agents = [agent(2), agent(30)]
  assert.deepEqual(meanings('keep this', agents), [
    [2, 'keep', {}],
    [30, 'keep', {}],
  ])
  const { labels } = buildCatalogue(SYSTEM, agents, [])
  assert.deepEqual([...labels.keys()], ['system/status', 'notes/keep', 'notes/find'])
  assert.deepEqual(
    labels.get('notes/keep')?.map(({ agent_number }) => agent_number),
    [2, 30],
  )
})

test('a number slot is closed by what the schema says of it', () => {
  assert.deepEqual(meanings('find 3 of them', [agent(2)]), [[2, 'find', {}]])
  assert.deepEqual(meanings('find three of them', [agent(2)]), [])
})

test('a voice command means the action of its own agent, with the values it stands for', () => {
  const voice_commands = [{ phrase: 'jot {text}', action: 'keep', parameters: { count: 1 } }]
  assert.deepEqual(meanings('jot this', [agent(2), agent(30, { voice_commands })]), [
    [30, 'keep', { count: 1 }],
  ])
})

test('a taught phrase belongs to the agent that it names, and to nobody when that is gone', () => {
  const taught = [{ phrase: 'jot {text}', agent_number: 30, action: 'keep' }]
  assert.deepEqual(meanings('jot this', [agent(2), agent(30)], taught), [[30, 'keep', {}]])
  assert.deepEqual(meanings('jot this', [agent(2)], taught), [])
})

test('a phrase of a user that is no template, or for no action, is left out and takes no other with it', () => {
  const phrases = ['jot {text', '{text}', 'a (b|c', '', '{text} {text}', 'x'.repeat(501), '{constructor}']
  const bad = phrases.map((phrase) => ({ phrase, action: 'keep' }))
  const unknown = ['burn', 'toString', 'constructor', '__proto__'].map((name) => ({
    phrase: `${name} it`,
    action: name,
  }))
  const voice_commands = [...bad, ...unknown, { phrase: 'jot {text}', action: 'keep' }]
  const agents = [agent(2, { voice_commands })]
  assert.deepEqual(meanings('jot this', agents), [[2, 'keep', {}]])
  assert.deepEqual(meanings('burn it', agents), [])
  assert.deepEqual(meanings('anything at all', agents), [])
})

test('a slot is what the action declares, else what its schema suggests, else text', () => {
  const declared = act([], { slots: { text: 'time' } })
  assert.equal(slotType(declared, 'text'), 'time')
  assert.equal(slotType(declared, 'count'), 'number')
  assert.equal(slotType(declared, 'items'), 'items')
  assert.equal(slotType(act([]), 'text'), 'text')
  assert.equal(slotType(act([]), 'unheard_of'), 'text')
})

test('what every object has by nature is no slot type', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    assert.equal(slotType(act([], { slots: {} }), name), 'text', name)
  }
})

const WORKFLOWS: Sayable = {
  signature: '',
  phrases: [
    { action: 'run_workflow', phrase: 'launch {text}' },
    { action: 'unknown', phrase: 'unknown {text}' },
  ],
  triggers: [
    { key: 'tea', phrase: 'make {kind} tea [for {count:number}]' },
    { key: 'keep', phrase: 'keep {text}' },
    { key: 'broken', phrase: 'broken {phrase' },
    { key: 'anything', phrase: '{anything}' },
    { key: 'status', phrase: 'status' },
  ],
  renamed: () => undefined,
  names: ['Weekend shopping'],
  isWorkflow: (text) => text === 'backup',
}
const RUNNING = skill('system', 0, { status: act(['status']), run_workflow: act([]) })

/** Agent, action and trigger of everything that a sentence matches, best first. */
function said(sentence: string, system = RUNNING) {
  return buildCatalogue(system, [agent(2)], [], WORKFLOWS)
    .templates.match(normalise(sentence, []), (type, text) => type !== 'number' || /^\d+$/.test(text))
    .filter(({ match }) => match.refused === 0)
    .map(({ id }) => [id.agent_number, id.name, id.triggers?.join()])
}

test('phrases of workflows are the system’s, come last among equals, and take no other with them', () => {
  assert.deepEqual(said('launch it'), [[0, 'run_workflow', undefined]])
  assert.deepEqual(said('make green tea'), [[0, 'run_workflow', 'tea']])
  assert.deepEqual(said('make green tea for 2'), [[0, 'run_workflow', 'tea']])
  assert.deepEqual(said('make tea'), [])
  assert.deepEqual(said('keep this'), [
    [2, 'keep', undefined],
    [0, 'run_workflow', 'keep'],
  ])
  assert.deepEqual(said('status')[0], [0, 'status', undefined])
  for (const sentence of ['unknown thing', 'broken phrase', 'anything at all'])
    assert.deepEqual(said(sentence), [])
})

test('what a phrase of a workflow captures is of the type that the phrase says, and none of it is needed', () => {
  const [found] = buildCatalogue(RUNNING, [], [], WORKFLOWS).templates.match(
    normalise('make green tea for 2', []),
  )
  const taken = found?.id.action
  assert.ok(taken)
  assert.deepEqual([slotType(taken, 'kind'), slotType(taken, 'count')], ['text', 'number'])
  // Which workflow is meant may be said besides, where several have the phrase.
  assert.deepEqual(Object.keys(taken.parameters.properties), ['workflow', 'kind', 'count'])
  assert.deepEqual([(taken.parameters as { required?: string[] }).required ?? [], taken.needsOne], [[], []])
})

test('a system that starts no workflows knows none of their phrases', () => {
  assert.deepEqual(said('make green tea', SYSTEM), [])
  assert.deepEqual(said('launch it', SYSTEM), [])
})

test('what may be heard holds the names of workflows, and those that were given to other things', () => {
  const catalogue = buildCatalogue(SYSTEM, [], [], WORKFLOWS)
  const first = hintsOf(catalogue, 'en', { title: ['camping'] })
  assert.deepEqual(first.names, { title: ['camping'], agent: [], workflow: ['Weekend shopping'] })
  assert.equal(hintsOf(catalogue, 'en-GB', { title: ['camping'] }), first)
  assert.notEqual(hintsOf(catalogue, 'en', { title: ['packing'] }).signature, first.signature)
})
