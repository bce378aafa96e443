import type { SystemArchitecture } from '../../../contract/system.ts'
import type { AgentPortrait } from '../agents/portrait.ts'
import type { WorkflowPortrait } from '../workflows/drawn/index.ts'
import { defined } from '../workflows/rig.ts'
import type { Measured } from './figures.ts'

/** An agent as it is drawn; `a4` is number 4. */
export function agent(agent_number: number, more: Partial<AgentPortrait> = {}): AgentPortrait {
  return {
    id: `a${agent_number}`,
    agent_number,
    name: `Agent ${agent_number}`,
    skill: null,
    created_at: '2026-11-22T10:00:00.000Z',
    last_execution: null,
    execution_count: 0,
    is_active: true,
    is_deleted: false,
    state: 'idle',
    health_score: 100,
    needs: [],
    lets_in: [],
    triggers: [],
    integrations: [],
    ...more,
  }
}

/** A workflow whose steps are of these agents, one after the other. */
export function workflow(
  id: string,
  agents: readonly number[],
  {
    trigger = { type: 'manual', conditions: {} },
    ...more
  }: Partial<WorkflowPortrait> & {
    trigger?: WorkflowPortrait['definition']['trigger']
  } = {},
): WorkflowPortrait {
  const steps = agents.map((agent_number, index) => ({
    id: `s${index + 1}`,
    agent_number,
    action: agent_number === 0 ? 'notify' : 'act',
    parameters: {},
  }))
  return {
    id,
    name: `Workflow ${id}`,
    created_at: '2026-11-22T10:00:00.000Z',
    last_executed: null,
    is_active: true,
    is_deleted: false,
    success_rate: 0,
    definition: defined({ trigger, steps }),
    ...more,
  }
}

export const UNUSED: Measured = {
  executions: new Map(),
  memory: new Map(),
  between: [],
  starts: [],
  steps: [],
}

/** Connections as `type source > target`, those that carry nothing now with `off`. */
export function arrowsOf({ connections }: Pick<SystemArchitecture, 'connections'>): string[] {
  return connections.map(
    ({ type, source, target, status }) => `${type} ${source} > ${target}${status === 'active' ? '' : ' off'}`,
  )
}
