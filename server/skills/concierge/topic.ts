import type { GuideAction, GuideCapability } from '../capabilities.ts'
import { fold, matching } from '../match.ts'

export type GuideAgent = Awaited<ReturnType<GuideCapability['agents']>>[number]

/** What help is about: some agents, and some of what they can do. */
export interface Topic {
  agents: readonly GuideAgent[]
  actions: readonly (GuideAction & { agent_number: number })[]
}

/**
 * Finds what a text is about: an agent by number or name, else actions by name, else agents by their description, else
 * actions by their summary.
 */
export function topic(about: string, agents: readonly GuideAgent[]): Topic | undefined {
  const said = about
    .replace(/^\s*(the|my|your)\s+/i, '')
    .replace(/\s+agent\s*$/i, '')
    .trim()
  const numbered = /^(?:agent\s+)?(?:number\s+)?(\d{1,4})$/i.exec(said)?.[1]
  if (numbered !== undefined) {
    return ofAgents(agents.filter(({ agent_number }) => agent_number === Number(numbered)))
  }
  const actions = agents.flatMap(({ agent_number, actions: own }) =>
    own.map((one) => ({ agent_number, ...one })),
  )
  const by = <T>(things: readonly T[], words: (thing: T) => string): T[] =>
    matching(
      said,
      things.map((thing) => ({ value: thing, text: words(thing) })),
    )
  const exact = actions.filter(({ name }) => sameWords(name, said))
  return (
    ofActions(exact, agents) ??
    ofAgents(by(agents, ({ name }) => name)) ??
    ofActions(
      by(actions, ({ name }) => name.replaceAll('_', ' ')),
      agents,
    ) ??
    ofAgents(by(agents, ({ description }) => description)) ??
    ofActions(
      by(actions, ({ summary }) => summary),
      agents,
    )
  )
}

/** "timers" for `timer`, "next event" for `next_event`. */
export function sameWords(name: string, said: string): boolean {
  return folded(name) === folded(said)
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .split(/[\s_-]+/)
    .map(fold)
    .join(' ')
}

function ofAgents(agents: readonly GuideAgent[]): Topic | undefined {
  if (agents.length === 0) return undefined
  const actions = agents.flatMap(({ agent_number, actions: own }) =>
    own.map((one) => ({ agent_number, ...one })),
  )
  return { agents, actions }
}

function ofActions(actions: Topic['actions'], agents: readonly GuideAgent[]): Topic | undefined {
  if (actions.length === 0) return undefined
  const numbers = new Set(actions.map(({ agent_number }) => agent_number))
  return { agents: agents.filter(({ agent_number }) => numbers.has(agent_number)), actions }
}
