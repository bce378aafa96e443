import { agents } from '../../../contract/agents.ts'
import type { Forgotten, MemorySource } from '../../../contract/agents.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import type { Changes } from '../changes/index.ts'
import type { Step } from '../changes/kinds.ts'
import type { Memories } from '../memory/index.ts'
import { need } from './accept.ts'
import { mayReach } from './grants.ts'
import { toConfig } from './view.ts'

/** The answers about what agents remember. */
export function remembering(
  kernel: Kernel,
  { memory, changes }: { memory: Memories; changes: Pick<Changes, 'undo'> },
): Answers {
  const { reader } = kernel.store
  /** Records a change so that it can be taken back; answers under which id. */
  const noted = async (tx: Tx, { user_id }: Call, text: string, steps: Step[]): Promise<string> => {
    const execution_id = kernel.id()
    await changes.undo.note(tx, { execution_id, user_id, text }, steps)
    return execution_id
  }
  const forgotten = async (tx: Tx, call: Call, steps: Step[]): Promise<Forgotten> => {
    const memory_ids = steps.map(({ target }) => target)
    if (steps.length === 0) return { forgotten: 0, memory_ids }
    const text = steps.length === 1 ? 'Forgot a memory.' : `Forgot ${steps.length} memories.`
    return { forgotten: steps.length, memory_ids, execution_id: await noted(tx, call, text, steps) }
  }
  return {
    [agents.memory.name]: reads(agents.memory, async (call, { id, ...query }) =>
      memory.query(reach(reader, call, id, 'read'), query),
    ),
    [agents.memory_export.name]: reads(agents.memory_export, async (call, { id, ...page }) =>
      memory.dump(reach(reader, call, id, 'read'), page),
    ),
    [agents.memory_store.name]: writes(agents.memory_store, {
      commit: async (tx, call, { id, ...entry }) =>
        memory.store(tx, reach(tx, call, id, 'write'), { ...entry, source: sourceOf(call) }),
    }),
    [agents.memory_update.name]: writes(agents.memory_update, {
      commit: async (tx, call, { id, memory_id, ...change }) => {
        const owner = reach(tx, call, id, 'write')
        const { entry, steps } = await memory.edit(tx, owner, memory_id, change, sourceOf(call))
        await noted(tx, call, 'Changed a memory.', steps)
        return entry
      },
    }),
    [agents.memory_forget.name]: writes(agents.memory_forget, {
      commit: async (tx, call, { id, memory_id }) =>
        forgotten(tx, call, await memory.forgetOne(tx, reach(tx, call, id, 'write'), memory_id)),
    }),
    [agents.memory_clear.name]: writes(agents.memory_clear, {
      commit: async (tx, call, { id, ...filter }) => {
        checkFilter(filter)
        return forgotten(tx, call, await memory.forgetWhere(tx, reach(tx, call, id, 'write'), filter))
      },
    }),
  }
}

/** Who speaks: whoever signs in is the user, and a token of an agent is that agent's alone. */
function sourceOf({ caller }: Call): MemorySource {
  if (caller?.agent_number === undefined) return { kind: 'user' }
  return { kind: 'agent', name: `agent ${caller.agent_number}` }
}

/**
 * The agent whose memory is meant. An agent from outside reaches its own, and others only as far as their configuration
 * grants.
 *
 * @throws Fault `AGENT_NOT_FOUND`; `UNAUTHORIZED` (403) without a grant.
 */
function reach(
  db: Pick<Reader, 'connection'>,
  { user_id, caller }: Call,
  ref: string,
  wish: 'read' | 'write',
) {
  const agent = need(db, user_id, ref)
  const { id: agent_id, agent_number } = agent
  const { agent_id: own, agent_number: asker = 0 } = caller ?? {}
  if (own !== undefined && own !== agent_id && !mayReach(toConfig(agent), asker, wish))
    throw new Fault(
      'UNAUTHORIZED',
      `Agent ${asker} has no grant to ${wish} the memory of agent ${agent_number}.`,
      { grant: 'preferences.grants' },
      { status: 403 },
    )
  return { user_id, agent_id, agent_number }
}

/** @throws Fault `VALIDATION_ERROR` when nothing says what is meant: nobody forgets everything by a slip. */
function checkFilter(filter: {
  tags?: string[]
  memory_type?: string
  before?: string
  trust?: string
}): void {
  const { tags = [], memory_type, before, trust } = filter
  if (tags.length > 0 || [memory_type, before, trust].some((part) => part !== undefined)) return
  throw new Fault('VALIDATION_ERROR', 'Say what is to be forgotten: a type, tags, a time or a trust.', {
    issues: [{ path: '', message: 'one of memory_type, tags, before and trust is required' }],
  })
}
