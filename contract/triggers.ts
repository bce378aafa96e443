import { Type } from 'typebox'
import { object } from './operation.ts'
import { AgentNumber, FreeMap } from './shapes.ts'

/** What starts a workflow (specification, `WorkflowTrigger`; conditions per type in decision 24). */
export const WorkflowTrigger = object({
  type: Type.Enum(['voice_command', 'agent_completion', 'schedule', 'webhook', 'manual']),
  conditions: FreeMap,
  source_agent: Type.Optional(AgentNumber),
})
export type WorkflowTrigger = Type.Static<typeof WorkflowTrigger>
