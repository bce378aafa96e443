import type { Kernel } from '../../../kernel/kernel.ts'
import { definitionOf, need } from '../crud.ts'
import { explain } from '../propose/explain.ts'
import { workflowStore } from '../store.ts'
import type { WorkflowTables } from '../store.ts'
import { withNamed } from './course.ts'
import type { Asked, Command, SpokenParts } from './course.ts'
import { findPeriod, readPeriod } from './period.ts'
import type { Period } from './period.ts'
import { sayDidRun, sayFailed, sayRan } from './say.ts'
import type { Speaking } from './say.ts'
import { spokenStore } from './store.ts'

/** Commands that only tell, from the history. */
export function tellingCommands({ kernel, agents }: SpokenParts): Readonly<Record<string, Command>> {
  const { reader } = kernel.store
  const db = () => reader.tables<WorkflowTables>()
  return {
    what_failed: async (asked) => {
      const period = periodOf(asked) ?? within(asked, 'in the last 24 hours')
      const how = await speaking(kernel, asked)
      const [failed, ran] = await Promise.all([
        spokenStore.failed(db(), asked.user_id, period),
        spokenStore.started(db(), asked.user_id, period),
      ])
      return { kind: 'say', text: sayFailed(failed, ran, period, how) }
    },
    what_ran: async (asked) => {
      const period = periodOf(asked) ?? within(asked, 'today')
      const runs = await spokenStore.started(db(), asked.user_id, period)
      return { kind: 'say', text: sayRan(runs, period, await speaking(kernel, asked)) }
    },
    did_run: withNamed(async ({ id, name }, asked) => {
      const period = periodOf(asked)
      const runs = period === undefined ? [] : await spokenStore.started(db(), asked.user_id, period, id)
      const last = await spokenStore.last(db(), asked.user_id, id)
      const how = { now: asked.now, time_zone: asked.time_zone, nameOf: () => name }
      return { kind: 'say', text: sayDidRun(name, { runs, last, period }, how) }
    }),
    explain_workflow: withNamed(async ({ id }, { user_id }) => {
      const row = need(reader, user_id, id)
      const names = new Map((await agents.known(user_id)).map((one) => [one.agent_number, one.name]))
      const off = row.is_active === 0 ? ' It is switched off.' : ''
      return { kind: 'say', text: `${explain(definitionOf(reader, row.version), names)}${off}` }
    }),
  }
}

/** The period that was said: in its slot, or anywhere in a sentence that was understood otherwise. */
function periodOf({ parameters, text, now, time_zone }: Asked): Period | undefined {
  const said = parameters['period']
  return typeof said === 'string' ? readPeriod(said, now, time_zone) : findPeriod(text, now, time_zone)
}

function within({ now, time_zone }: Asked, text: string): Period {
  return readPeriod(text, now, time_zone) ?? { since: now, until: now + 1, said: text }
}

async function speaking(kernel: Kernel, { user_id, now, time_zone }: Asked): Promise<Speaking> {
  const rows = await workflowStore.names(kernel.store.reader.tables<WorkflowTables>(), user_id)
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return { nameOf: (id) => names.get(id) ?? 'A workflow', now, time_zone }
}
