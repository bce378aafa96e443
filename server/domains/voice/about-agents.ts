import type { Agents, KnownAgent } from '../agents/index.ts'
import { sayLoss } from '../changes/say.ts'
import { agentNamed } from '../language/names.ts'
import { isIt } from '../workflows/spoken/names.ts'
import type { Heard } from '../language/understand.ts'
import type { Course, Sensitive, Subject } from '../workflows/spoken/course.ts'

const DELETION = /^(\s*(?:please )?(?:delete|remove|get rid of)) (?:it|this|that)(?: one| agent)?[\s.!]*$/iu

/** How a sentence with "it" is understood after something was spoken of. */
export async function withSubject(
  { known }: Pick<Agents, 'known'>,
  user_id: string,
  { text }: Pick<Heard, 'text'>,
  subject: Subject | undefined,
): Promise<Pick<Heard, 'text' | 'it'>> {
  if (subject === undefined) return { text }
  if (subject.kind === 'workflow') return { text, it: 'workflow' }
  const agent = (await known(user_id)).find(({ id }) => id === subject.id)
  if (agent === undefined) return { text }
  const { agent_number } = agent
  // No phrase deletes an agent by its name alone, which may be a thing of daily life: "delete the notes".
  return { text: text.replace(DELETION, `$1 agent ${agent_number}`), it: { agent_number } }
}

/** What is to be done about a command to how an agent is set up; nothing when the command is about something else. */
export async function aboutAgent(
  { known, crud }: Pick<Agents, 'known' | 'crud'>,
  user_id: string,
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Course | undefined> {
  const command = Object.hasOwn(COMMANDS, action) ? COMMANDS[action] : undefined
  if (command === undefined) return undefined
  const all = await known(user_id)
  const said = String(parameters['known'] ?? parameters['agent'])
  const agent = find(all, said)
  if (agent === undefined && said === 'all') return { kind: 'say', text: ONE, followup: true }
  if (agent === undefined) return unknown(all, said, action)
  const course = await command(agent, parameters, async () => {
    const { assessment } = await crud.foresee(user_id, agent.id, undefined)
    return sayLoss(assessment.impact)
  })
  return { ...course, about: { kind: 'agent', id: agent.id, name: agent.name } }
}

const ONE = 'Nothing is done: I take one agent at a time. Say which, by its number or its name.'
const WHICH = 'Which one? Say it with the number or the name of the agent, or the name of the workflow.'

/** `loss` says what goes wrong without the agent. */
type Command = (
  agent: KnownAgent,
  parameters: Readonly<Record<string, unknown>>,
  loss: () => Promise<string>,
) => Course | Promise<Course>

const COMMANDS: Readonly<Record<string, Command>> = {
  rename_agent: (agent, { name }) =>
    update(
      agent,
      { name: cleaned(String(name)) },
      `Agent ${agent.agent_number} is called ${cleaned(String(name))} now.`,
    ),
  switch_agent_on: (agent) =>
    agent.is_active
      ? { kind: 'say', text: `${agent.name} is on already.` }
      : update(agent, { is_active: true }, `${agent.name} is on again.`),
  switch_agent_off: (agent) =>
    agent.is_active
      ? update(agent, { is_active: false }, `${agent.name} is off.`)
      : { kind: 'say', text: `${agent.name} is off already.` },
  delete_agent: async ({ id, agent_number, name }, _parameters, loss) => ({
    kind: 'agree',
    question: [`That deletes agent ${agent_number}, ${name}.`, await loss(), 'Shall I?']
      .filter((sentence) => sentence !== '')
      .join(' '),
    agreed: {
      operation: 'agents.delete',
      // The question has named the workflows that break.
      input: { id, force: true },
      done: `Agent ${agent_number}, ${name}, is deleted.`,
    },
  }),
}

function update({ id }: KnownAgent, change: Sensitive['input'], done: string): Course {
  return { kind: 'sensitive', sensitive: { operation: 'agents.update', input: { id, ...change }, done } }
}

/** A name as it was said, without what belongs to the sentence. */
function cleaned(name: string): string {
  return name
    .replace(/^["'“](.*)["'”]$/u, '$1')
    .replace(/[.!?]+$/u, '')
    .trim()
}

/** One that is off is no less an agent. */
function find(all: readonly KnownAgent[], said: string): KnownAgent | undefined {
  const number = agentNamed(said, all)
  return all.find(({ agent_number }) => agent_number === number)
}

function unknown(all: readonly KnownAgent[], said: string, action: string): Course {
  if (isIt(said)) return { kind: 'say', text: WHICH, followup: true }
  const names = all.map(({ agent_number, name }) => `${agent_number} ${name}`).join(', ')
  // Workflows and lists are renamed in the same words.
  const nor = action === 'rename_agent' && !/\d/u.test(said) ? ', and no workflow or list of that name' : ''
  return {
    kind: 'say',
    text: `You have no agent ${said.slice(0, 80)}${nor}. Your agents: ${names}.`,
    followup: true,
  }
}
