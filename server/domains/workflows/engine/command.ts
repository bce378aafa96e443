import type { AgentCommand, MemorySource } from '../../../../contract/agents.ts'
import type { PlannedStep } from '../definition.ts'
import type { Json } from '../evaluate/value.ts'
import type { RunRow } from '../store.ts'
import type { EngineParts } from './parts.ts'

/** What a run that a sentence has started says of itself in its history. */
export const SPOKEN_SOURCE = 'voice'

/** What an agent is asked by a step. The key is the same for each attempt, so that the other side can tell them. */
export function commandOf(
  { nameOf }: Pick<EngineParts, 'nameOf'>,
  run: RunRow,
  planned: PlannedStep,
  { attempt, parameters }: { attempt: number; parameters: Json },
): AgentCommand {
  const { id: execution_id, user_id, workflow_id, trigger_source, priority } = run
  const { id: step_id, action } = planned.step
  const trust = isOfUser(run, planned) ? 'trusted' : 'untrusted'
  return {
    action,
    parameters: parameters as AgentCommand['parameters'],
    user_id,
    request_id: `${execution_id}/${step_id}`,
    context: {
      workflow: { workflow_id, name: nameOf(run), execution_id, step_id, attempt, trigger_source, trust },
    },
    priority,
  }
}

/**
 * Whether all that a step is given are words of the user: written into the definition, or what she herself has started
 * the run with. What other steps gave may come from a page, and what came in from outside from anybody.
 */
function isOfUser({ user_id, trigger_source }: RunRow, { parameters: { reads } }: PlannedStep): boolean {
  const isOwnStart = trigger_source === `manual:${user_id}` || trigger_source === SPOKEN_SOURCE
  return reads.every(({ root }) => root === 'now' || (isOwnStart && (root === 'input' || root === 'trigger')))
}

/**
 * Whose words a command of a workflow brings; nothing when no workflow asks. Only what says that it is the user's is: a
 * command may have been recorded before anything was said of that.
 */
export function sourceOfCommand({ context }: Pick<AgentCommand, 'context'>): MemorySource | undefined {
  const workflow: unknown = context?.['workflow']
  if (typeof workflow !== 'object' || workflow === null) return undefined
  const {
    trust,
    trigger_source,
    workflow_id,
    name = workflow_id,
  } = workflow as Readonly<Record<string, unknown>>
  if (trust === 'trusted') return { kind: 'user' }
  const agent = /^agent:(?<number>\d{1,4})$/u.exec(String(trigger_source))?.groups?.['number']
  return agent === undefined
    ? { kind: 'tool', name: `workflow ${String(name)}`.slice(0, 200) }
    : { kind: 'agent', name: `agent ${agent}` }
}
