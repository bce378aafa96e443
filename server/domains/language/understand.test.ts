import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { CONFIDENCE_TO_ACT, CONFIDENCE_TO_ASK } from '../../../contract/limits.ts'
import { action, shape } from '../../skills/skill.ts'
import type { Action, Skill } from '../../skills/skill.ts'
import { buildCatalogue } from './catalogue.ts'
import type { KnownAgent } from './catalogue.ts'
import { understand } from './understand.ts'
import type { Heard, Understood } from './understand.ts'
import type { Sayable } from '../workflows/spoken/index.ts'

function act(phrases: readonly string[], more: Partial<Action> = {}): Action {
  const parameters = shape({ text: Type.String() })
  const declared = action({
    summary: '',
    effect: 'write',
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

const NOTHING = { parameters: shape({}) }
const SYSTEM = skill('system', 0, { status: act(['status'], NOTHING) })
const NOTES = skill('notes', 2, { keep: act(['keep {text}', 'hold {text}']), find: act(['find {text}']) })
const TASKS = skill('tasks', 4, {
  add: act(['add {text}', 'keep {text}'], { questions: { text: 'Add what?' } }),
  sum: act(['work out {text}'], { slots: { text: 'number' } }),
})
const AGENTS: readonly KnownAgent[] = [NOTES, TASKS].map((own) => ({
  agent_number: own.agent.number,
  name: own.name,
  skill: own,
  voice_commands: [],
}))

type Ranked = Record<string, number>

/** What is understood when the statistical tier says this of any text. */
function hear(
  text: string,
  { ranked = {}, in_scope = 1, agents = AGENTS, ...more }: Partial<Heard> & Say = {},
): Promise<Understood> {
  const heard: Heard = {
    text,
    now: Date.UTC(2026, 10, 22, 9),
    time_zone: 'Europe/Berlin',
    wake_words: ['paios'],
    active_agent: undefined,
    only_agent: undefined,
    ...more,
  }
  const labels = Object.entries(ranked).map(([label, probability]) => ({ label, probability }))
  const classify = () => Promise.resolve({ ranked: labels, in_scope })
  return understand(heard, { catalogue: buildCatalogue(SYSTEM, agents, []), accepts: {}, classify })
}
interface Say {
  ranked?: Ranked
  in_scope?: number
  agents?: readonly KnownAgent[]
}

/** Tier, agent and action. */
function gist({ tier, meaning }: Understood) {
  return [tier, meaning?.agent_number, meaning?.name]
}

test('a phrase is certain, and says why', async () => {
  const found = await hear('Hey paios, please add Milk.')
  assert.deepEqual(gist(found), ['template', 4, 'add'])
  assert.deepEqual([found.parameters, found.missing], [{ text: 'Milk' }, undefined])
  assert.deepEqual([found.confidence, found.routing_confidence], [1, 1])
  assert.equal(found.reason, 'The words are a phrase of agent 4, tasks.')
})

test('a closed slot that does not resolve leaves the sentence to the statistics', async () => {
  assert.deepEqual(gist(await hear('work out 25')), ['template', 4, 'sum'])
  const ranked = { 'notes/find': 1 }
  assert.deepEqual(gist(await hear('work out the meaning of life', { ranked })), ['statistics', 2, 'find'])
})

test('of equal phrases the agent of the conversation wins, else the lower number', async () => {
  assert.deepEqual(gist(await hear('keep this')), ['template', 2, 'keep'])
  assert.deepEqual(gist(await hear('keep this', { active_agent: 4 })), ['template', 4, 'add'])
  assert.deepEqual(gist(await hear('keep this', { active_agent: 99 })), ['template', 2, 'keep'])
})

test('a phrase that explains more is not passed over for the agent of the conversation', async () => {
  const voice_commands = [{ phrase: 'work out {text}', action: 'find' }]
  const agents = AGENTS.map((one) => (one.agent_number === 2 ? { ...one, voice_commands } : one))
  assert.deepEqual(gist(await hear('work out 25', { agents, active_agent: 2 })), ['template', 4, 'sum'])
  assert.deepEqual(gist(await hear('work out why', { agents, active_agent: 4 })), ['template', 2, 'find'])
})

test('alternatives are the next three, best first, each once, without the meaning itself', async () => {
  const ranked = {
    'notes/find': 0.4,
    'notes/keep': 0.3,
    'tasks/sum': 0.2,
    'tasks/add': 0.06,
    'system/status': 0.04,
  }
  const { alternatives, fallbacks } = await hear('hm', { ranked })
  assert.deepEqual(
    alternatives.map((one) => [one.agent_number, one.action, one.confidence]),
    [
      [2, 'keep', 0.3],
      [4, 'sum', 0.2],
      [4, 'add', 0.06],
    ],
  )
  assert.deepEqual(fallbacks, [4])
})

test('alternatives of a phrase are the other agents of the same words, in the order of the match', async () => {
  const phrase = { phrase: 'hold {text}', action: 'keep' }
  const extra = [30, 31, 32, 33].map((agent_number) => ({
    agent_number,
    name: `A${agent_number}`,
    skill: skill(`s${agent_number}`, agent_number, { keep: act([]) }),
    voice_commands: [phrase],
  }))
  const { meaning, alternatives } = await hear('hold this', { agents: [...AGENTS, ...extra] })
  assert.equal(meaning?.agent_number, 2)
  assert.deepEqual(
    alternatives.map(({ agent_number }) => agent_number),
    [30, 31, 32],
  )
})

test('confidence is the lesser of the share and of being in scope, and routing sums up the agent', async () => {
  const ranked = { 'notes/find': 0.5, 'notes/keep': 0.3, 'tasks/add': 0.2 }
  const found = await hear('hm', { ranked, in_scope: 0.9 })
  assert.deepEqual([found.confidence, found.routing_confidence], [0.5, 0.8])
  assert.equal((await hear('hm', { ranked, in_scope: 0.4 })).confidence, 0.4)
})

test('at the lower threshold a sentence is understood, and just below it is not', async () => {
  const ranked = { 'notes/find': 1 }
  const at = await hear('hm', { ranked, in_scope: CONFIDENCE_TO_ASK })
  assert.deepEqual(gist(at), ['statistics', 2, 'find'])
  const below = await hear('hm', { ranked, in_scope: CONFIDENCE_TO_ASK - 0.001 })
  assert.deepEqual(gist(below), ['none', undefined, undefined])
  assert.deepEqual([below.parameters, below.missing, below.routing_confidence], [{}, undefined, 0])
  const [near] = below.alternatives
  assert.deepEqual([near?.agent_number, near?.action, near?.confidence], [2, 'find', 0.199])
})

test('the agent of the conversation is a prior: it tips what is near, and no more', async () => {
  const near = { 'notes/find': 0.5, 'tasks/add': 0.4 }
  assert.deepEqual(gist(await hear('hm', { ranked: near })), ['statistics', 2, 'find'])
  assert.deepEqual(gist(await hear('hm', { ranked: near, active_agent: 4 })), ['statistics', 4, 'add'])
  const far = { 'notes/find': 0.7, 'tasks/add': 0.3 }
  assert.deepEqual(gist(await hear('hm', { ranked: far, active_agent: 4 })), ['statistics', 2, 'find'])
})

test('of agents that share a skill the statistics mean the one of the conversation, else the first', async () => {
  const second = { agent_number: 30, name: 'Second', skill: NOTES, voice_commands: [] }
  const said = { ranked: { 'notes/find': 1 }, agents: [...AGENTS, second] }
  assert.equal((await hear('hm', said)).meaning?.agent_number, 2)
  assert.equal((await hear('hm', { ...said, active_agent: 30 })).meaning?.agent_number, 30)
  assert.equal((await hear('agent 30, hm', said)).meaning?.agent_number, 30)
})

test('whoever is addressed is meant, by a phrase and by statistics alike', async () => {
  assert.deepEqual(gist(await hear('agent 4, keep this')), ['template', 4, 'add'])
  assert.equal((await hear('tasks, keep this')).reason, 'You asked agent 4, tasks.')
  const ranked = { 'notes/find': 0.9, 'tasks/add': 0.1 }
  const found = await hear('agent four hm', { ranked, in_scope: 0.01 })
  assert.deepEqual(gist(found), ['statistics', 4, 'add'])
  // To be addressed is a reason to ask back, and never enough to act.
  assert.ok(found.confidence >= CONFIDENCE_TO_ASK && found.confidence < CONFIDENCE_TO_ACT)
  assert.equal(found.routing_confidence, 1)
})

test('an agent that is not there is said to be missing, and agent 0 is always there', async () => {
  const gone = await hear('agent 99, keep this')
  assert.deepEqual([...gist(gone), gone.reason], ['none', undefined, undefined, 'There is no agent 99.'])
  assert.deepEqual(gist(await hear('agent 0, status')), ['template', 0, 'status'])
  assert.equal((await hear('agent zero status')).reason, 'You asked the system.')
})

test('a sentence said to one agent means nothing of another, even if it names one', async () => {
  assert.deepEqual(gist(await hear('keep this', { only_agent: 4 })), ['template', 4, 'add'])
  assert.deepEqual(gist(await hear('status', { only_agent: 4 })), ['none', undefined, undefined])
  const ranked = { 'notes/find': 1 }
  assert.deepEqual(gist(await hear('hm', { only_agent: 4, ranked })), ['none', undefined, undefined])
  assert.deepEqual(gist(await hear('agent 2, keep this', { only_agent: 4 })), ['none', undefined, undefined])
})

async function missing(label: string): Promise<Understood['missing']> {
  return (await hear('please', { ranked: { [label]: 1 } })).missing
}

test('what is missing is asked for in the words of the action, or by its name', async () => {
  assert.deepEqual(await missing('tasks/add'), { parameter: 'text', question: 'Add what?' })
  assert.deepEqual(await missing('tasks/sum'), { parameter: 'text', question: 'What is the text?' })
  assert.equal(await missing('system/status'), undefined)
})

test('what begins by forbidding never counts as the order it forbids', async () => {
  const ranked = { 'tasks/add': 1 }
  for (const text of ["don't put milk on it", 'Do not put milk on it', 'never put milk on it']) {
    const { tier, confidence } = await hear(text, { ranked })
    assert.deepEqual([tier, confidence], ['none', 0], text)
  }
  for (const text of ["don't forget the milk", 'do not let me forget the milk', 'put milk on it']) {
    assert.equal((await hear(text, { ranked })).confidence, 1, text)
  }
})

test('a label that no agent of the user has is nothing, and no label at all is nothing too', async () => {
  assert.equal((await hear('hm', { ranked: { 'mail/send': 1 } })).tier, 'none')
  const { reason, confidence } = await hear('hm')
  assert.deepEqual([reason, confidence], ['Nothing that your agents can do is like it.', 0])
  assert.equal((await hear('', { ranked: { 'mail/send': 1 } })).tier, 'none')
})

const unlikely = () => Promise.resolve({ ranked: [], in_scope: 0 })

/** What is understood where sentences that begin with "always" ask for workflows. */
function asked(text: string, only_agent?: number, workflows?: Sayable): Promise<Understood> {
  const around = { now: 0, time_zone: 'UTC', wake_words: ['paios'], active_agent: undefined, only_agent }
  const system = skill('system', 0, {
    create_workflow: act(['make one {text}'], { effect: 'read' }),
    run_workflow: act([]),
  })
  return understand(
    { text, ...around },
    {
      catalogue: buildCatalogue(system, AGENTS, [], workflows),
      accepts: {},
      classify: unlikely,
      isProposal: (sentence) => sentence.startsWith('always'),
    },
  )
}

test('what asks for a workflow is one of the system, with the sentence as it was said', async () => {
  const { meaning, parameters, confidence, ...found } = await asked('paios, always keep Milk, please')
  assert.deepEqual([meaning?.agent_number, meaning?.name], [0, 'create_workflow'])
  assert.deepEqual([parameters, confidence, found.missing], [{ request: 'always keep Milk' }, 1, undefined])
  assert.equal((await asked('agent 0, always keep it')).meaning?.name, 'create_workflow')
})

test('it is none when one agent alone is spoken to, nor when a workflow has that very phrase', async () => {
  assert.equal((await asked('agent 2, always keep it')).meaning, undefined)
  assert.equal((await asked('always keep it', 2)).meaning, undefined)
  assert.equal((await asked('keep it always')).meaning?.name, 'keep')
  const triggers = [{ key: 'k', phrase: 'always {text}' }]
  const workflows = {
    signature: '',
    phrases: [],
    triggers,
    isWorkflow: () => false,
    renamed: () => undefined,
    names: [],
  }
  const { meaning, parameters } = await asked('always keep it', undefined, workflows)
  assert.deepEqual([meaning?.triggers, parameters], [['k'], { text: 'keep it' }])
})
