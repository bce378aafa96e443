import type { WorkflowTables } from '../store.ts'
import { nameIn, withNamed } from './course.ts'
import type { Asked, Command, SpokenParts } from './course.ts'
import { workflowsNamed } from './names.ts'
import type { Period } from './period.ts'
import { capitalised, sayActions, sayFailed, sayWhyAction, sayWhyFailed } from './say.ts'
import type { FailedAction } from './say.ts'
import { periodOf, speaking, within } from './speaking.ts'
import { spokenStore } from './store.ts'

/** "It" is what failed last. */
const LAST =
  /^(?:it|that|this|they|those|(?:the|my) (?:last|latest|newest|previous)(?: (?:one|run|workflow|thing|action|command))?)$/iu

/** Commands that tell what failed: runs of workflows, and what agents were asked besides. */
export function failureCommands(parts: SpokenParts): Readonly<Record<string, Command>> {
  const { kernel } = parts
  const db = () => kernel.store.reader.tables<WorkflowTables>()
  const whyNamed = withNamed(async ({ id, name }, asked) => {
    const { user_id } = asked
    const period = periodOf(asked)
    const failed = await spokenStore.lastFailed(db(), user_id, id, period)
    const last = await spokenStore.last(db(), user_id, id)
    return { kind: 'say', text: sayWhyFailed(name, { failed, last, period }, asked) }
  })
  return {
    what_failed: async (asked) => {
      const period = periodOf(asked) ?? within(asked, 'in the last 24 hours')
      const how = await speaking(kernel, asked)
      const [failed, ran, actions] = await Promise.all([
        spokenStore.failed(db(), asked.user_id, period),
        spokenStore.started(db(), asked.user_id, period),
        failedActions(parts, asked, period),
      ])
      const runs = sayFailed(failed, ran, period, how)
      if (actions.length === 0) return { kind: 'say', text: runs }
      const said = sayActions(actions, how)
      const text = failed.length === 0 ? `${capitalised(period.said)} ${said}` : `${runs} Besides, ${said}`
      return { kind: 'say', text }
    },
    why_failed: async (asked, workflows) => {
      const said = nameIn(asked)
      const isLast =
        said !== undefined && LAST.test(said.trim()) && workflowsNamed(said, workflows).length === 0
      return isLast ? { kind: 'say', text: await whyLast(parts, asked) } : whyNamed(asked, workflows)
    },
  }
}

/** Why what failed last did, whether that was a workflow or an agent. */
async function whyLast(parts: SpokenParts, asked: Asked): Promise<string> {
  const period = periodOf(asked) ?? within(asked, 'in the last 30 days')
  const db = parts.kernel.store.reader.tables<WorkflowTables>()
  const [run] = await spokenStore.failed(db, asked.user_id, period)
  const [action] = await failedActions(parts, asked, period)
  if (run === undefined && action === undefined) return `Nothing failed ${period.said}.`
  if (action !== undefined && (run?.ended_at ?? '') < action.ended_at) return sayWhyAction(action, asked)
  if (run === undefined) return ''
  const { nameOf } = await speaking(parts.kernel, asked)
  const last = await spokenStore.last(db, asked.user_id, run.workflow_id)
  return sayWhyFailed(nameOf(run.workflow_id), { failed: run, last, period }, asked)
}

/** What agents could not do and was no step of a workflow. */
async function failedActions(
  { agents }: SpokenParts,
  { user_id }: Asked,
  period: Period,
): Promise<FailedAction[]> {
  const failed = await agents.executions.failed(user_id, period)
  const names = new Map((await agents.known(user_id)).map((one) => [one.agent_number, one.name]))
  return failed.map(({ agent_number, action, ...rest }) => ({
    name: `${names.get(agent_number) ?? `Agent ${agent_number}`} (${action.replaceAll('_', ' ')})`,
    ...rest,
  }))
}
