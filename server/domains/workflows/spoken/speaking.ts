import type { Kernel } from '../../../kernel/kernel.ts'
import { workflowStore } from '../store.ts'
import type { WorkflowTables } from '../store.ts'
import type { Asked } from './course.ts'
import { findPeriod, readPeriod } from './period.ts'
import type { Period } from './period.ts'
import type { Speaking } from './say.ts'

/** The period that was said: in its slot, or anywhere in a sentence that was understood otherwise. */
export function periodOf({ parameters, text, now, time_zone }: Asked): Period | undefined {
  const said = parameters['period']
  return typeof said === 'string' ? readPeriod(said, now, time_zone) : findPeriod(text, now, time_zone)
}

export function within({ now, time_zone }: Asked, text: string): Period {
  return readPeriod(text, now, time_zone) ?? { since: now, until: now + 1, said: text }
}

export async function speaking(kernel: Kernel, { user_id, now, time_zone }: Asked): Promise<Speaking> {
  const rows = await workflowStore.names(kernel.store.reader.tables<WorkflowTables>(), user_id)
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return { nameOf: (id) => names.get(id) ?? 'A workflow', now, time_zone }
}
