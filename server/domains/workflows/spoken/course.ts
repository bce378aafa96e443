import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Agents } from '../../agents/index.ts'
import type { Crud } from '../crud.ts'
import type { Engine } from '../engine/index.ts'
import type { Proposal, ProposeContext } from '../propose/index.ts'
import type { Triggers } from '../triggers/index.ts'
import type { Told } from '../validate/findings.ts'
import { isIt, nearestNamed, severalNamed, workflowsNamed } from './names.ts'
import type { NamedWorkflow } from './names.ts'
import { listed, quoted } from './say.ts'

/** A command about workflows, as it was understood. */
export interface Asked {
  user_id: string
  action: string
  parameters: Readonly<Record<string, unknown>>
  /** The sentence itself. */
  text: string
  /** Epoch milliseconds. */
  now: number
  time_zone: string
  /** Keys of the triggers whose phrase it is, when it is one. */
  triggers?: readonly string[] | undefined
  /** What was spoken of last: "it". */
  subject?: Subject | undefined
  understand: ProposeContext['understand']
  bounds?: ProposeContext['bounds']
}

/** A sensitive operation that a sentence came to, and what is said when it is done. Kept as JSON. */
export interface Sensitive {
  operation:
    | `${'workflows' | 'agents'}.${'create' | 'update' | 'delete'}`
    | 'agents.restore'
    | 'workflows.restore'
    | 'system.config'
    | 'system.rollback'
  input: Record<string, unknown>
  done: string
  /** The change that it takes back, when it is for that; `again` is the one that is in effect again then. */
  takes_back?: { modification_id: string; kind: string; target: string; again?: string }
}

/** What was done about a command in its transaction. */
export interface Performed {
  text: string
  workflow_id?: string
  workflow_execution_id?: string
}

/** An agent or a workflow, as what was spoken of. */
export interface Subject {
  kind: 'agent' | 'workflow'
  id: string
  name?: string
}

/** What is to be done about a command, and whom that is about. Nothing is written before that. */
export type Course = { about?: Subject } & (
  | { kind: 'say'; text: string; followup?: boolean }
  | { kind: 'ask'; parameter: string; question: string; choices?: readonly string[] }
  | { kind: 'agree'; question: string; proposal?: Proposal; agreed: Sensitive }
  | { kind: 'sensitive'; sensitive: Sensitive }
  | { kind: 'do'; perform(tx: Tx): Performed | Promise<Performed> }
)

export interface SpokenParts {
  kernel: Kernel
  engine: Pick<Engine, 'start' | 'stopAll' | 'answer' | 'isLate'>
  triggers: Pick<Triggers, 'fire'>
  agents: Pick<Agents, 'known' | 'counts' | 'executions'>
  /** Takes a start off the day's quota of a user. @throws Fault when it is used up. */
  charge: (user_id: string) => void
  validate: (user_id: string, definition: unknown) => Promise<Told>
  /** What a change would come to. */
  foresee: Crud['foresee']
}

export type Command = (asked: Asked, workflows: readonly NamedWorkflow[]) => Promise<Course> | Course

/** Goes on with the workflow that was named, or says or asks what stands in the way. */
export function withNamed(go: (workflow: NamedWorkflow, asked: Asked) => Promise<Course> | Course): Command {
  return async (asked, workflows) => {
    const said = nameIn(asked)
    if (said === undefined)
      return workflows.length === 0
        ? { kind: 'say', text: 'You have no workflows yet.' }
        : { kind: 'ask', parameter: 'workflow', question: 'Which workflow?' }
    const found = workflowsMeant(said, workflows, asked.subject)
    const [first] = found
    const several = first === undefined ? severalNamed(said, workflows) : []
    if (several.length > 0) return oneByOne(several)
    if (first === undefined) return noSuch(said, workflows)
    if (found.length > 1) return which(found)
    return { ...(await go(first, asked)), about: { kind: 'workflow', id: first.id, name: first.name } }
  }
}

/** The workflows that a text names, and where it names none, but what was spoken of last, that. */
function workflowsMeant(said: string, workflows: readonly NamedWorkflow[], subject: Subject | undefined) {
  const found = workflowsNamed(said, workflows)
  return found.length === 0 && isIt(said) ? workflows.filter(({ id }) => id === subject?.id) : found
}

export function nameIn({ parameters }: Asked): string | undefined {
  const said = parameters['workflow'] ?? parameters['name']
  return typeof said === 'string' && said.trim() !== '' ? said : undefined
}

/** Asks which of several is meant; each may be named by its place as well. */
export function which(found: readonly NamedWorkflow[]): Course {
  const choices = found.map(({ name }) => name)
  const question = `Which one: ${listed(choices.map(quoted), 'or')}?`
  return { kind: 'ask', parameter: 'workflow', question, choices }
}

export function oneByOne(found: readonly NamedWorkflow[]): Course {
  const names = listed(found.map(({ name }) => quoted(name)))
  return { kind: 'say', text: `Nothing is done: I take one workflow at a time, and not ${names} at once.` }
}

export function noSuch(said: string, workflows: readonly NamedWorkflow[]): Course {
  const near = nearestNamed(said, workflows)
  const names = workflows.map(({ name }) => quoted(name))
  if (near !== undefined && names.length > 1)
    return {
      kind: 'say',
      text: `You have no workflow called ${quoted(said)}. The nearest is ${quoted(near.name)}.`,
    }
  const yours = names.length === 0 ? 'You have none yet.' : `Yours: ${listed(names)}.`
  return { kind: 'say', text: `You have no workflow called ${quoted(said)}. ${yours}` }
}
