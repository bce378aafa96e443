import { agents } from '../../../contract/agents.ts'
import { writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Changes } from '../changes/index.ts'
import { need } from './accept.ts'
import type { Crud } from './crud.ts'
import type { Executions } from './executions.ts'
import type { AgentRow } from './store.ts'

/** The active workflows of a user in which an agent has a part. */
export type FindUsing = (
  user_id: string,
  agent: Pick<AgentRow, 'id' | 'agent_number'>,
) => Promise<{ id: string; name: string }[]>

export interface Deleting {
  answers: Answers
  /** Lets the workflows be found that an agent is needed for; once, while the app opens. */
  usedBy(find: FindUsing): void
}

interface Parts {
  changes: Pick<Changes, 'assessed'>
  crud: Pick<Crud, 'foresee' | 'remove'>
  executions: Pick<Executions, 'stop'>
}

const NOTHING: FindUsing = () => Promise.resolve([])

/** Workflows that are named in the sentence; the details have all. */
const NAMED_MAX = 3

/** Deleting agents: one that workflows need goes only by force. */
export function openDeleting(
  { store }: Pick<Kernel, 'store'>,
  { changes, crud, executions }: Parts,
): Deleting {
  let find = NOTHING
  return {
    usedBy: (given) => {
      find = given
    },
    answers: {
      [agents.delete.name]: writes(agents.delete, {
        // Workflows are many and long: they are read before the transaction, as what the change comes to is.
        prepare: async ({ user_id }, { id, force }) => {
          const agent = need(store.reader, user_id, id)
          if (force !== true) refuseUsed(agent, await find(user_id, agent))
          return crud.foresee(user_id, id, undefined)
        },
        commit: async (tx, { user_id }, { id }, foreseen) => {
          changes.assessed(tx, foreseen)
          executions.stop.all(tx, user_id, need(tx, user_id, id).id)
          await crud.remove(tx, user_id, id)
          return {}
        },
      }),
    },
  }
}

/** @throws Fault `VALIDATION_ERROR` (409) that names the workflows. */
function refuseUsed({ agent_number, name }: AgentRow, workflows: { id: string; name: string }[]): void {
  if (workflows.length === 0) return
  const named = workflows.slice(0, NAMED_MAX).map((workflow) => workflow.name)
  const more = workflows.length > NAMED_MAX ? ` and ${workflows.length - NAMED_MAX} more` : ''
  throw new Fault(
    'VALIDATION_ERROR',
    `Agent ${agent_number}, ${name}, is used by ${named.join(', ')}${more}: switch them off or change them first, or delete it with force.`,
    { workflows },
    { status: 409 },
  )
}
