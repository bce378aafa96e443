import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayChoice, sayList, sentence } from '../say.ts'
import { action, shape } from '../skill.ts'
import { examplesOf } from './examples.ts'
import { WORKFLOW_EXAMPLES, WORKFLOWS, isAboutWorkflows } from './workflows.ts'
import { topic } from './topic.ts'
import type { GuideAgent, Topic } from './topic.ts'

const EXAMPLES = 3

/** Agents that are named: all built-in ones, since nobody knows of them otherwise. */
const AGENTS_SAID = 12

export const help = action({
  summary: 'Tells what you can ask for, with examples.',
  parameters: shape({ about: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }),
  result: shape({
    agents: Type.Array(
      shape({ agent_number: Type.Integer(), name: Type.String(), description: Type.String() }),
    ),
    actions: Type.Array(
      shape({ agent_number: Type.Integer(), action: Type.String(), summary: Type.String() }),
    ),
    examples: Type.Array(Type.String()),
  }),
  effect: 'read',
  slots: { about: 'text' },
  phrases: [
    'help [me] [please]',
    'help [me] with {about}',
    'i need help [with {about}]',
    'what can (you|i) do [here|for me]',
    'what can i (say|ask|ask for|ask you)',
    'what can agent {about} do',
    'what does agent {about} do',
    'how do {about} work (here|in here|around here)',
    'how do i use (this|this thing|you|this app)',
    'what are you able to do',
    'where do i start',
    '(show|list) [me] [all] [the] commands [i can use]',
    'what commands are there',
    'give me (some|an|a few) (examples|example)',
    'show me how (this|it) works',
    'explain [yourself|what you can do]',
  ],
  examples: [
    'how does this work',
    'tell me what you are good at',
    'I do not know what to say',
    'what kind of things do you understand',
    'could you explain how reminders work here',
    'what are my options',
    'how do I talk to you',
    'teach me how to use this',
    'what is possible with the task agent',
    'I have no idea how to begin',
    'show me what you are capable of',
    'help with notes',
    'some tips please',
    'what features do you have',
    'give me a tour',
    'which commands can I give you',
    'how am I supposed to use lists here',
    'I am stuck, what now',
  ],
  perform: async (can: Pick<Capabilities, 'guide'>, { about }) => {
    if (about !== undefined && isAboutWorkflows(about)) {
      const examples = [...WORKFLOW_EXAMPLES]
      return { data: { agents: [], actions: [], examples }, text: `${WORKFLOWS}${saying(examples)}` }
    }
    const agents = await can.guide.agents()
    const found = about === undefined ? undefined : topic(about, agents)
    const shown = found ?? everything(agents)
    const examples = examplesOf(shown.actions, EXAMPLES)
    const opening = about !== undefined && found === undefined ? `I know nothing about "${about}". ` : ''
    return {
      data: {
        agents: shown.agents.map(({ agent_number, name, description }) => ({
          agent_number,
          name,
          description,
        })),
        actions: shown.actions.map(({ agent_number, name, summary }) => ({
          agent_number,
          action: name,
          summary,
        })),
        examples,
      },
      text: `${opening}${found === undefined ? overview(agents) : explanation(found)}${saying(examples)}`,
    }
  },
})

/** All agents, and of each what it can do first: that is what examples are made from. */
function everything(agents: readonly GuideAgent[]): Topic {
  const able = agents.filter(({ actions }) => actions.length > 0)
  // The concierge comes last: an example of asking for help teaches least.
  const [first, ...others] = able
  const ordered = first?.agent_number === 1 ? [...others, first] : able
  const actions = ordered.flatMap(({ agent_number, actions: own }) =>
    own.map((one) => ({ agent_number, ...one })),
  )
  const firsts = ordered.flatMap(({ agent_number }) =>
    actions.filter((one) => one.agent_number === agent_number).slice(0, 1),
  )
  return { agents, actions: [...firsts, ...actions.filter((one) => !firsts.includes(one))] }
}

function overview(agents: readonly GuideAgent[]): string {
  if (agents.length === 0) return 'There are no agents that I could ask.'
  const names = agents.map(({ agent_number, name }) => `${name} (agent ${agent_number})`)
  const workflows = `I can also make workflows, which run by themselves: "${WORKFLOW_EXAMPLES[0]}".`
  return `I can pass what you say to ${sayList(names, names.length, AGENTS_SAID)}. ${workflows}`
}

function explanation({ agents, actions }: Topic): string {
  const [agent] = agents
  const [only] = actions
  if (agent !== undefined && agents.length === 1 && actions.length > 1) {
    const names = actions.map(({ name }) => name.replaceAll('_', ' '))
    return `${agent.name}, agent ${agent.agent_number}: ${sentence(agent.description)} It knows ${sayList(names)}.`
  }
  if (agents.length > 1 || only === undefined) {
    const ways = actions.map(
      ({ agent_number, summary }) => `agent ${agent_number}: ${summary.replace(/\.$/, '')}`,
    )
    return `${ways.slice(0, 3).join('; ')}.`
  }
  return `${sentence(only.summary)} That is agent ${only.agent_number}.`
}

function saying(examples: readonly string[]): string {
  if (examples.length === 0) return ''
  return ` You can say: ${sayChoice(examples.map((text) => `"${text}"`))}.`
}
