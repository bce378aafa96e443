import type { Agents, KnownAgent } from '../agents/index.ts'
import { agentNamed } from '../language/names.ts'
import type { Course, Sensitive } from '../workflows/spoken/course.ts'

/** What is to be done about a command to how an agent is set up; nothing when the command is about something else. */
export async function aboutAgent(
  { known }: Pick<Agents, 'known'>,
  user_id: string,
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Course | undefined> {
  const command = Object.hasOwn(COMMANDS, action) ? COMMANDS[action] : undefined
  if (command === undefined) return undefined
  const all = await known(user_id)
  const said = String(parameters['known'] ?? parameters['agent'])
  const agent = find(all, said)
  return agent === undefined ? unknown(all, said, action) : command(agent, parameters)
}

const COMMANDS: Readonly<
  Record<string, (agent: KnownAgent, parameters: Readonly<Record<string, unknown>>) => Course>
> = {
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
  delete_agent: ({ id, agent_number, name }) => ({
    kind: 'agree',
    question: `That deletes agent ${agent_number}, ${name}. Shall I?`,
    agreed: {
      operation: 'agents.delete',
      input: { id },
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
  const names = all.map(({ agent_number, name }) => `${agent_number} ${name}`).join(', ')
  // Workflows and lists are renamed in the same words.
  const nor = action === 'rename_agent' && !/\d/u.test(said) ? ', and no workflow or list of that name' : ''
  return {
    kind: 'say',
    text: `You have no agent ${said.slice(0, 80)}${nor}. Your agents: ${names}.`,
    followup: true,
  }
}
