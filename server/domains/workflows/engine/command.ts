import type { AgentCommand } from '../../../../contract/agents.ts'
import type { PlannedStep } from '../definition.ts'
import type { Json } from '../evaluate/value.ts'
import type { RunRow } from '../store.ts'

/** What an agent is asked by a step. The key is the same for each attempt, so that the other side can tell them. */
export function commandOf(
  { id: execution_id, user_id, workflow_id }: RunRow,
  { step: { id: step_id, action } }: PlannedStep,
  attempt: number,
  parameters: Json,
): AgentCommand {
  return {
    action,
    parameters,
    user_id,
    request_id: `${execution_id}/${step_id}`,
    context: { workflow: { workflow_id, execution_id, step_id, attempt } },
  } as unknown as AgentCommand
}
