import type { Agent, AgentDetail } from '../contract/agents.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import type { Answer } from './exit.ts'
import { sayParameters } from './parameters.ts'
import { ago, oneLine, table } from './print.ts'

/** All agents of the user. */
export async function listAgents(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const found = await context.client.ask('agents.list')
  const rows = found.agents.map((agent) => [
    String(agent.agent_number),
    oneLine(agent.name),
    agent.status.state,
    `${Math.round(agent.status.health_score)}`,
    lastRun(agent, context.io.now()),
  ])
  return { data: found, text: table([['NUMBER', 'NAME', 'STATE', 'HEALTH', 'LAST RUN'], ...rows]) }
}

/** One agent, with what it can do. */
export async function showAgent(context: Context, id: string): Promise<Answer> {
  await requireSignedIn(context)
  const agent = await context.client.ask('agents.get', { id, actions: true })
  return { data: agent, text: toText(agent, context.io.now()) }
}

function toText(agent: AgentDetail, now: number): string {
  const { agent_number, name, description, status, execution_count, config } = agent
  const phrases = config.voice_commands.map(({ phrase, action }) => [oneLine(phrase), oneLine(action)])
  const facts = table([
    ['state', status.state],
    ['health', `${Math.round(status.health_score)} of 100`],
    ['last run', lastRun(agent, now)],
    ['runs', `${execution_count}, ${Math.round(agent.average_execution_time)} ms on average`],
    ...(status.last_error === null ? [] : [['last error', oneLine(status.last_error)]]),
    ['actions', agent.available_actions.map(oneLine).join(', ') || 'none'],
  ])
  const actions = (agent.actions ?? []).map((action) =>
    oneLine(`${action.name} ${sayParameters(action.parameters)}`),
  )
  const asked =
    actions.length === 0 ? [] : ['', 'What the actions take:', ...actions.map((one) => `  ${one}`)]
  const own = phrases.length === 0 ? [] : ['', 'Phrases of its own:', table(phrases)]
  return [`${agent_number} ${oneLine(name)}`, oneLine(description), '', facts, ...asked, ...own].join('\n')
}

function lastRun({ last_execution }: Agent, now: number): string {
  return last_execution === null ? 'never' : ago(last_execution, now)
}
