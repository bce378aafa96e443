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
    ['actions', few(agent.available_actions.map(oneLine), ', ') || 'none'],
  ])
  const actions = (agent.actions ?? []).map((action) =>
    oneLine(`${action.name} ${sayParameters(action.parameters)}`),
  )
  const asked =
    actions.length === 0
      ? []
      : [
          '',
          'What the actions take:',
          few(
            actions.map((one) => `  ${one}`),
            '\n',
          ),
        ]
  const own = phrases.length === 0 ? [] : ['', 'Phrases of its own:', table(phrases)]
  return [`${agent_number} ${oneLine(name)}`, oneLine(description), '', facts, ...asked, ...own].join('\n')
}

/** Actions that are printed: a service outside may bring hundreds. */
const SHOWN_MAX = 40

function few(texts: readonly string[], between: string): string {
  const left = texts.length - SHOWN_MAX
  const shown = texts.slice(0, SHOWN_MAX)
  return (left > 0 ? [...shown, `and ${left} more: paios integrations actions AGENT ID`] : shown).join(
    between,
  )
}

function lastRun({ last_execution }: Agent, now: number): string {
  return last_execution === null ? 'never' : ago(last_execution, now)
}
