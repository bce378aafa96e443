import type { Executions } from '../../agents/executions.ts'
import { WAITS } from '../own/index.ts'
import { workflowStore } from '../store.ts'
import type { OpenRun, WorkflowTables } from '../store.ts'
import type { Asked, Command, SpokenParts } from './course.ts'
import type { NamedWorkflow } from './names.ts'
import { listed, quoted, sayMoment } from './say.ts'
import { spokenStore } from './store.ts'

type Unfinished = ReturnType<Executions['unfinished']>[number]

/** The command that tells what is under way: runs of workflows, and what agents do besides. */
export function statusCommands(parts: SpokenParts): Readonly<Record<string, Command>> {
  return {
    status: async (asked, workflows) => {
      const { counts } = parts.agents
      const { total_count, active_count, error_count } = await counts(asked.user_id)
      const work = await underWay(parts, asked, workflows)
      const trouble = error_count === 0 ? '' : ` ${error_count} failed last time.`
      const running =
        work.length === 0
          ? 'Nothing is running.'
          : `${work.length === 1 ? 'One thing is' : `${work.length} things are`} running: ${listed(work)}.`
      return {
        kind: 'say',
        text: `${running} ${active_count} of ${total_count} agents are active.${trouble}`,
      }
    },
  }
}

/** "“Long” since 10:05", "Tasks & Lists (add) since 10:06". */
async function underWay(
  { kernel, agents }: SpokenParts,
  asked: Asked,
  workflows: readonly NamedWorkflow[],
): Promise<string[]> {
  const { reader } = kernel.store
  const open = workflowStore.openRuns(reader.connection, asked.user_id)
  const names = new Map(workflows.map(({ id, name }) => [id, name]))
  const asking = new Set(
    workflowStore.waiting(reader.connection, asked.user_id, WAITS.approval).map(({ run_id }) => run_id),
  )
  const runs = [...Map.groupBy(open, ({ workflow_id }) => workflow_id)].map(([id, own]) =>
    sayRuns(quoted(names.get(id) ?? 'A workflow'), own, asking, asked),
  )
  const inside = new Set(await spokenStore.performing(reader.tables<WorkflowTables>(), asked.user_id))
  const alone = agents.executions.unfinished(asked.user_id).filter((one) => !inside.has(one.id))
  const known = alone.length === 0 ? [] : await agents.known(asked.user_id)
  const agentOf = (number: number) =>
    known.find(({ agent_number }) => agent_number === number)?.name ?? 'An agent'
  return [...runs, ...alone.map((one) => sayExecution(agentOf(one.agent_number), one, asked))]
}

function sayRuns(name: string, own: readonly OpenRun[], asking: ReadonlySet<string>, asked: Asked): string {
  const since = own.map((run) => run.started_at ?? run.created_at).toSorted()
  const [first = ''] = since
  const times = own.length === 1 ? '' : `${own.length} times, the first `
  const waits = own.some(({ id }) => asking.has(id)) ? ', which waits for your approval' : ''
  return `${name} ${times}${sinceWhen(first, asked)}${waits}`
}

function sayExecution(agent: string, { action, started_at, created_at }: Unfinished, asked: Asked): string {
  return `${agent} (${action.replaceAll('_', ' ')}) ${sinceWhen(started_at ?? created_at, asked)}`
}

/** "since 10:05", "since yesterday at 23:10" */
function sinceWhen(moment: string, asked: Asked): string {
  return `since ${sayMoment(moment, asked).replace(/^(?:at|on) /u, '')}`
}
