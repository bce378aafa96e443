import type { WorkflowDefinition } from '../../../contract/workflows.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { openTurns } from '../../kernel/turns.ts'
import type { FindUsing } from '../agents/deleting.ts'
import { readDefinition } from './definition.ts'
import { workflowStore } from './store.ts'
import type { WorkflowTables } from './store.ts'
import { triggerStore } from './triggers/store.ts'
import type { TriggerTables } from './triggers/store.ts'

/** Definitions that are read at once. */
const BATCH = 20

/** Finds the active workflows of a user in which an agent has a part: by a step, or by what starts them. */
export function openUsing({ store, clock }: Pick<Kernel, 'store' | 'clock'>): FindUsing {
  const { reader } = store
  return async (user_id, { id: agent_id, agent_number }) => {
    const breathe = openTurns(clock)
    const started = new Set(
      [
        ...(await triggerStore.ofAgent(reader.tables<TriggerTables>(), user_id, agent_id)),
        ...triggerStore.completions(reader.connection, user_id, agent_number),
      ].map(({ workflow_id }) => workflow_id),
    )
    const found: { id: string; name: string }[] = []
    for (let after: string | undefined; ;) {
      const db = reader.tables<WorkflowTables>()
      const rows = await workflowStore.list(db, user_id, { active: true, after, limit: BATCH })
      for (const { id, name, definition } of rows) {
        if (started.has(id) || hasPart(readDefinition(definition), agent_number)) found.push({ id, name })
        await breathe()
      }
      after = rows.at(-1)?.name_key
      if (rows.length < BATCH) return found
    }
  }
}

/** Whether a workflow has steps of an agent, or waits for it. */
export function hasPart({ steps, error_handling, trigger }: WorkflowDefinition, number: number): boolean {
  const performed = [...steps, ...(error_handling.fallback_steps ?? [])]
  return performed.some(({ agent_number }) => agent_number === number) || trigger.source_agent === number
}
