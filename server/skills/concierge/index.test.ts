import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Capabilities, GuideCapability } from '../capabilities.ts'
import { ask, openInMemory } from '../in-memory.ts'
import { notes } from '../notes/index.ts'
import { reminders } from '../reminders/index.ts'
import { ActionError } from '../skill.ts'
import { tasks } from '../tasks/index.ts'
import { exampleOf, examplesOf } from './examples.ts'
import { concierge } from './index.ts'

const SKILLS = [concierge, notes, reminders, tasks]
const AGENTS = SKILLS.map(({ agent: { number, name, description }, actions }) => ({
  agent_number: number,
  name,
  description,
  actions: Object.entries(actions).map(([key, { summary, phrases }]) => ({ name: key, summary, phrases })),
}))
type Routed = Awaited<ReturnType<GuideCapability['route']>>
const UNKNOWN: Routed = { target_agent: null, action: 'unknown', confidence: 0.1, alternatives: [] }

function open(routed: Partial<Routed> = {}, agents = AGENTS) {
  const taught: Parameters<GuideCapability['teach']>[0][] = []
  const guide: GuideCapability = {
    agents: async () => agents,
    route: async () => ({ ...UNKNOWN, ...routed }),
    teach: async (command) => void taught.push(command),
  }
  const can: Capabilities = { ...openInMemory(0, 'UTC'), guide }
  const tell = (name: string, parameters: object = {}) => ask(concierge, name, can, parameters)
  return { tell, taught }
}

test('help names the agents and gives three sentences that can be said', async () => {
  const { data, text } = await open().tell('help')
  assert.equal(
    text,
    'I can pass what you say to Concierge (agent 1), Notes & Memory (agent 2), Reminders & Calendar (agent 3) and ' +
      'Tasks & Lists (agent 4). I can also make workflows, which run by themselves: "every weekday at 8 list my ' +
      'reminders". You can say: "remember the key is in the drawer", "remind me to call the bank at five" or "add milk and eggs to my shopping list".',
  )
  assert.equal((data['examples'] as string[]).length, 3)
})

test('help about an agent is found by its number, its name or what it is for', async () => {
  const { tell } = open()
  const numbers = async (about: string) =>
    ((await tell('help', { about })).data['agents'] as { agent_number: number }[]).map(
      (one) => one.agent_number,
    )
  assert.deepEqual(await numbers('agent 3'), [3])
  assert.deepEqual(await numbers('2'), [2])
  assert.deepEqual(await numbers('the reminders agent'), [3])
  assert.deepEqual(await numbers('my shopping list'), [4])
  const { text } = await tell('help', { about: 'tasks' })
  assert.match(
    text,
    /^Tasks & Lists, agent 4: .* It knows add, done, remove, list, rename and 2 more\. You can/,
  )
})

test('help about an action says what it does and how to ask for it', async () => {
  const { data, text } = await open().tell('help', { about: 'timers' })
  assert.deepEqual(data['actions'], [
    { agent_number: 3, action: 'timer', summary: 'Counts down, and tells you when the time is up.' },
  ])
  assert.match(
    text,
    /^Counts down, and tells you when the time is up\. That is agent 3\. You can say: "set timer/,
  )
})

test('help about workflows tells what they are and how to speak of them, whatever the agents can do', async () => {
  for (const about of ['workflows', 'Workflow', 'my automations']) {
    const { data, text } = await open({}, []).tell('help', { about })
    assert.equal(
      text,
      'A workflow is a list of actions that run by themselves: at a time, when something happens, or when you say so. ' +
        'You can say: "every weekday at 8 list my reminders", "list my workflows" or "what failed last night".',
    )
    assert.deepEqual([data['agents'], (data['examples'] as string[]).length], [[], 3])
  }
  assert.match(
    (await open().tell('help', { about: 'workflow 7' })).text,
    /^I know nothing about "workflow 7"/,
  )
})

test('help about nothing known says so and still helps', async () => {
  const { tell } = open()
  assert.match(
    (await tell('help', { about: 'quantum physics' })).text,
    /^I know nothing about "quantum physics"\. I can/,
  )
  assert.match((await tell('help', { about: 'agent 99' })).text, /^I know nothing about "agent 99"/)
  assert.equal((await open({}, []).tell('help')).text, 'There are no agents that I could ask.')
})

test('an example is a plain sentence, and a phrase that cannot be filled gives none', () => {
  assert.equal(
    exampleOf('(add|put) {items} [also] (to|on [to]) (my|the) {list} list'),
    'add milk and eggs to my shopping list',
  )
  assert.equal(exampleOf('what is {something_else}'), undefined)
  const actions = [
    { name: 'x', phrases: ['a', 'b'] },
    { name: 'y', phrases: ['c', '{x}'] },
  ]
  assert.deepEqual(examplesOf(actions, 3), ['a', 'c', 'b'])
})

test('routing names agent, action and how sure it is, and does not guess', async () => {
  const found = open({ target_agent: 4, action: 'import_csv', confidence: 0.934 })
  const { data, text } = await found.tell('route', { text: 'buy milk' })
  assert.deepEqual(data, { target_agent: 4, action: 'import_csv', confidence: 0.934 })
  assert.equal(text, 'That is for agent 4, Tasks & Lists: import csv. I am 93 percent sure.')
  const system = open({ target_agent: 0, action: 'stop', confidence: 1 })
  assert.match((await system.tell('route', { text: 'stop' })).text, /^That is for the system itself: stop\./)
  const lost = await open().tell('route', { text: 'blah' })
  assert.equal(lost.data['target_agent'], null)
  assert.equal(lost.text, 'I do not know which agent that is for.')
})

test('clarifying asks which of the likeliest is meant, each once, or for other words', async () => {
  const alternatives = [
    { target_agent: 2, action: 'remember', confidence: 0.3 },
    { target_agent: 4, action: 'add', confidence: 0.5 },
    { target_agent: 3, action: 'remind', confidence: 0.1 },
    { target_agent: 3, action: 'list', confidence: 0.05 },
  ]
  const { tell } = open({ target_agent: 4, action: 'add', confidence: 0.5, alternatives })
  const { data, text } = await tell('clarify', { text: 'milk' })
  assert.equal(
    text,
    'Do you mean "add" by Tasks & Lists, "remember" by Notes & Memory or "remind" by Reminders & Calendar?',
  )
  assert.equal((data['candidates'] as object[]).length, 3)
  const plain = await tell('clarify')
  assert.equal(plain.text, 'Please say it in other words, or say "help" to hear what I can do.')
  assert.deepEqual(plain.data['candidates'], [])
})

test('a phrase is taught for an action that there is, by its name or as people say it', async () => {
  const { tell, taught } = open()
  const { text } = await tell('teach_command', {
    phrase: '"tea time"',
    agent_number: 3,
    action: 'next event',
  })
  assert.equal(text, 'When you say "tea time", I will ask Reminders & Calendar to next event.')
  await tell('teach_command', {
    phrase: 'tea',
    agent_number: 3,
    action: 'timer',
    parameters: { seconds: 240 },
  })
  assert.deepEqual(taught, [
    { phrase: 'tea time', agent_number: 3, action: 'next_event' },
    { phrase: 'tea', agent_number: 3, action: 'timer', parameters: { seconds: 240 } },
  ])
})

test('nothing is taught for an unknown agent or action, a broken phrase, or a command of the system', async () => {
  const { tell, taught } = open()
  const refused = (parameters: object, message: RegExp) =>
    assert.rejects(
      tell('teach_command', { phrase: 'tea', agent_number: 3, action: 'timer', ...parameters }),
      {
        constructor: ActionError,
        message,
      },
    )
  await refused({ agent_number: 42 }, /^There is no agent 42\.$/)
  await refused({ action: 'fly' }, /^Agent 3, Reminders & Calendar, cannot "fly"\. It can "remind", "timer"/)
  for (const phrase of ['{text}', '[tea] {text}', 'tea (time', 'tea ) time (', '""', '123']) {
    await refused({ phrase }, /is not a phrase that I can learn\.$/)
  }
  const system = open({ target_agent: 0, action: 'stop', confidence: 1 })
  await assert.rejects(
    system.tell('teach_command', { phrase: 'stop', agent_number: 3, action: 'timer' }),
    ActionError,
  )
  assert.deepEqual([...taught, ...system.taught], [])
})
