import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayChoice } from '../say.ts'
import { ActionError, action, isReadable, keeping, shape } from '../skill.ts'
import { sameWords } from './topic.ts'
import type { GuideAgent } from './topic.ts'

const Taught = shape({
  phrase: Type.String({ minLength: 1, maxLength: 200 }),
  agent_number: Type.Integer({ minimum: 0, maximum: 9999 }),
  action: Type.String({ minLength: 1, maxLength: 100 }),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})

/** What was taught, in the collection in which the guide keeps it. */
export const keeps = {
  taught_phrase: keeping({
    body: Taught,
    agrees: ({ group, body: { phrase, agent_number } }) =>
      group === String(agent_number) && isReadable(() => refuseEmpty(phrase)),
    acts: ({ body }) =>
      `takes "${body.phrase}" to mean ${body.action.replaceAll('_', ' ')} of agent ${body.agent_number}`,
  }),
}

export const teach_command = action({
  summary: 'Learns a phrase of your own for something that an agent can do.',
  parameters: Taught,
  result: shape({ phrase: Type.String(), agent_number: Type.Integer(), action: Type.String() }),
  effect: 'write',
  slots: { phrase: 'text', agent_number: 'agent', action: 'action' },
  questions: {
    phrase: 'Which phrase should I learn?',
    agent_number: 'Which agent is it for?',
    action: 'What should that agent do?',
  },
  phrases: [
    'when i say {phrase} (tell|ask) {agent_number} to {action}',
    'whenever i say {phrase} (tell|ask) {agent_number} to {action}',
    'when i say {phrase} i mean {agent_number} {action}',
    '(teach|learn|add) [the|a] [new] (command|phrase|shortcut) {phrase} for {agent_number} to {action}',
    '(teach|learn|add) [the|a] (command|phrase|shortcut) {phrase}: {agent_number} {action}',
    '(learn|remember) [that|this shortcut] {phrase} means {agent_number} {action}',
    '[from now on] {phrase} (means|should mean) {agent_number} {action}',
    '(make|let) {phrase} mean {agent_number} {action}',
    '[i want to|let me] teach [you] a [new] (command|phrase|shortcut)',
    'learn a [new] (command|phrase|shortcut)',
  ],
  examples: [
    'teach you a command',
    'when I say good night, tell agent 3 to list',
    'I want you to learn a new phrase',
    'let "coffee break" be a timer of ten minutes',
    'from now on "what is up" means show my tasks',
    'make a voice command for listing my notes',
    'learn that "inbox" stands for my to do list',
    'I would like a shortcut for the shopping list',
    'whenever I say groceries, show me what to buy',
    'set up a custom command called bedtime',
    'if I say "log it", make a note',
    'I would like my own word for snoozing',
    'define a new phrase for agent 4',
    'teach yourself that "next up" means the next event',
    'use the words "quick sum" for calculate',
    'create an alias for remembering things',
    'new command: "free time" asks agent 3 for free slots',
  ],
  perform: async (
    can: Pick<Capabilities, 'guide'>,
    { phrase: said, agent_number, action: asked, parameters },
  ) => {
    const phrase = said
      .trim()
      .replace(/^["'“‘](.*)["'”’]$/, '$1')
      .trim()
    refuseEmpty(phrase)
    const agents = await can.guide.agents()
    const agent = agents.find((one) => one.agent_number === agent_number)
    if (agent === undefined) throw new ActionError(`There is no agent ${agent_number}.`)
    const name = actionOf(agent, asked)
    const before = await can.guide.route(phrase)
    if (before.target_agent === 0 && before.confidence === 1) {
      throw new ActionError(`"${phrase}" is a command to the whole system already.`)
    }
    const command = { phrase, agent_number, action: name }
    await can.guide.teach(parameters === undefined ? command : { ...command, parameters })
    return {
      data: command,
      text: `When you say "${phrase}", I will ask ${agent.name} to ${name.replaceAll('_', ' ')}${valuesOf(parameters)}.`,
    }
  },
})

const VALUES_SHOWN_MAX = 120

/** ": milk, shopping", so that whoever teaches hears what was understood. */
function valuesOf(parameters: Record<string, unknown> = {}): string {
  const said = Object.entries(parameters).map(([name, value]) =>
    value === true ? name : [value].flat().join(', '),
  )
  return said.length === 0 ? '' : `: ${said.join(', ').slice(0, VALUES_SHOWN_MAX)}`
}

function actionOf(agent: GuideAgent, asked: string): string {
  const found = agent.actions.find(({ name }) => name === asked || sameWords(name, asked))
  if (found !== undefined) return found.name
  const names = agent.actions.map(({ name }) => `"${name.replaceAll('_', ' ')}"`)
  const known = names.length === 0 ? 'It can do nothing yet.' : `It can ${sayChoice(names)}.`
  throw new ActionError(`Agent ${agent.agent_number}, ${agent.name}, cannot "${asked}". ${known}`)
}

/** A phrase needs a word that is always said: one of slots and options alone would answer to everything. */
function refuseEmpty(phrase: string): void {
  const required = phrase.replaceAll(/\{[^{}]*\}/g, ' ').replaceAll(/\[[^[\]]*\]/g, ' ')
  if (/\p{L}/u.test(required) && isBalanced(phrase)) return
  throw new ActionError(`"${phrase}" is not a phrase that I can learn.`)
}

function isBalanced(phrase: string): boolean {
  let left = phrase.replaceAll(/[^{}()[\]]/g, '')
  for (let length = -1; length !== left.length;) {
    length = left.length
    left = left.replaceAll(/\{\}|\(\)|\[\]/g, '')
  }
  return left === ''
}
