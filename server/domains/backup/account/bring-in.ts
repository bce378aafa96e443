import type { ImportInput, Imported } from '../../../../contract/account.ts'
import { iso } from '../../../kernel/clock.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { AccountParts } from './index.ts'

type Kind = Imported['conflicts'][number]['kind']
/** What became of an entry that was brought in; a text is the reason for which it was left out. */
type Outcome = 'created' | 'updated' | { reason: string }

interface Parts extends AccountParts {
  kernel: Kernel
}

/** Numbers up to this belong to agents that every user has. */
const BUILT_IN_MAX = 19

/**
 * Brings in what was exported. Each entry is a savepoint of its own: one that cannot be brought in leaves nothing, and is
 * named, and the others stay.
 */
export async function bringIn(parts: Parts, tx: Tx, user_id: string, given: ImportInput): Promise<Imported> {
  const none = { agents: 0, workflows: 0, memories: 0, records: 0 }
  const imported: Imported = {
    created: { ...none },
    updated: { ...none },
    conflicts: [],
    dry_run: given.dry_run === true,
  }
  const each = async <T>(
    kind: Kind,
    entries: readonly T[] | undefined,
    nameOf: (entry: T) => string,
    bring: (entry: T) => Promise<Outcome>,
  ): Promise<void> => {
    for (const [index, entry] of (entries ?? []).entries()) {
      const outcome = await saved(tx, () => bring(entry))
      if (typeof outcome === 'object')
        imported.conflicts.push({ kind, index, name: nameOf(entry), ...outcome })
      else imported[outcome][kind] += 1
    }
  }
  const agents: There = new Map(
    (await parts.agents.known(user_id)).map(({ agent_number, id, name }) => [agent_number, { id, name }]),
  )
  await each(
    'agents',
    given.agents,
    ({ name }) => name,
    (agent) => bringAgent(parts, tx, user_id, agent, agents),
  )
  await each(
    'workflows',
    given.workflows,
    ({ name }) => name,
    async (workflow) => {
      await parts.workflows.create(tx, user_id, workflow)
      return 'created'
    },
  )
  const ownerOf = (agent_number: number) => {
    const agent = agents.get(agent_number)
    if (agent === undefined) throw new Fault('AGENT_NOT_FOUND', `There is no agent ${agent_number}.`)
    return { user_id, agent_id: agent.id }
  }
  await each(
    'memories',
    given.memories,
    ({ memory_type }) => memory_type,
    async ({ agent_number, ...entry }) => {
      const isNew = await parts.memory.bring(tx, ownerOf(agent_number), entry)
      return isNew ? 'created' : { reason: 'The agent remembers this already, or its time is over.' }
    },
  )
  await each(
    'records',
    given.records,
    ({ collection }) => collection,
    async ({ agent_number, group: group_name, body, created_at, collection, at }) => {
      const owner = ownerOf(agent_number)
      const fields = { id: parts.kernel.id(), collection, group_name, at, body: JSON.stringify(body) }
      await parts.memory.bringRecord(tx, { ...owner, ...fields, created_at: iso(Date.parse(created_at)) })
      return 'created'
    },
  )
  return imported
}

/** The agents that are there, by number, those among them that were just made. */
type There = Map<number, { id: string; name: string }>
type AgentEntry = NonNullable<ImportInput['agents']>[number]

/** An agent that everybody has is set up as it was; one of the user's own is made, with the number that it had. */
async function bringAgent(
  { agents: { crud } }: Pick<Parts, 'agents'>,
  tx: Tx,
  user_id: string,
  entry: AgentEntry,
  agents: There,
): Promise<Outcome> {
  const { agent_number, ...settings } = entry
  const there = agents.get(agent_number)
  if (there === undefined) {
    const { id, name } = await crud.create(tx, user_id, entry)
    agents.set(agent_number, { id, name })
    return 'created'
  }
  if (agent_number > BUILT_IN_MAX) return { reason: `Number ${agent_number} is taken by ${there.name}.` }
  await crud.update(tx, user_id, String(agent_number), settings)
  return 'updated'
}

/** What is refused is a reason; what goes wrong inside ends all of it. */
async function saved(tx: Tx, work: () => Promise<Outcome>): Promise<Outcome> {
  tx.connection.exec('SAVEPOINT entry')
  try {
    const outcome = await work()
    tx.connection.exec('RELEASE entry')
    return outcome
  } catch (error) {
    tx.connection.exec('ROLLBACK TO entry; RELEASE entry')
    if (error instanceof Fault && error.status < 500) return { reason: error.message }
    throw error
  }
}
