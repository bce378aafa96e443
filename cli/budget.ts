import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'

const KINDS = ['calls', 'seconds', 'tokens', 'money'] as const
type Kind = (typeof KINDS)[number]
type Budget = Partial<Record<Kind, number>>

export interface BudgetOptions extends Partial<Record<Kind, string>> {
  none?: boolean
}

/** Shows what an agent may use in a day, or changes the given bounds; with `none` there are no others. */
export async function agentBudget(context: Context, id: string, options: BudgetOptions): Promise<Answer> {
  const given = readBounds(options)
  const isChange = options.none === true || Object.keys(given).length > 0
  await requireSignedIn(context)
  const { agent_number, config } = await context.client.ask('agents.get', { id })
  const { budget: before, ...others } = config.preferences
  if (!isChange) return toAnswer(agent_number, toBudget(before))
  const budget = { ...(options.none === true ? {} : toBudget(before)), ...given }
  const preferences = Object.keys(budget).length === 0 ? others : { ...others, budget }
  const changed = await context.client.ask('agents.update', { id, config: { preferences } })
  return toAnswer(agent_number, toBudget(changed.config.preferences['budget']))
}

function readBounds(options: BudgetOptions): Budget {
  return Object.fromEntries(
    KINDS.flatMap((kind) => {
      const text = options[kind]
      if (text === undefined) return []
      if (/^\d+(?:\.\d+)?$/.test(text)) return [[kind, Number(text)]]
      throw new Stop(EXIT.usage, `--${kind} ${JSON.stringify(text)} is not a number from 0 on.`)
    }),
  )
}

/** The server keeps nothing else there. */
function toBudget(given: unknown): Budget {
  return typeof given === 'object' && given !== null ? given : {}
}

function toAnswer(agent_number: number, budget: Budget): Answer {
  const bounds = KINDS.flatMap((kind) => (budget[kind] === undefined ? [] : [`${budget[kind]} ${kind}`]))
  const data = { agent_number, budget: bounds.length === 0 ? null : budget }
  if (bounds.length === 0) return { data, text: `Agent ${agent_number} has no budget.` }
  return { data, text: `Agent ${agent_number} may use in a day: ${bounds.join(', ')}.` }
}
