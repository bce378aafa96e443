import { isDeepStrictEqual } from 'node:util'
import type { ImportInput, Imported } from '../../../contract/account.ts'
import { TRIGGERS_MAX } from '../../../contract/agents.ts'
import type { WorkflowTrigger } from '../../../contract/triggers.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
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
 * Brings in what was exported. Each entry is an attempt of its own: one that cannot be brought in leaves nothing, and is
 * named, and the others stay.
 */
export async function bringIn(parts: Parts, tx: Tx, user_id: string, given: ImportInput): Promise<Imported> {
  const none = { agents: 0, workflows: 0, triggers: 0, memories: 0, records: 0, preferences: 0 }
  const imported: Imported = {
    created: { ...none },
    updated: { ...none },
    conflicts: [],
    dry_run: given.dry_run === true,
  }
  const breathe = openTurns(parts.kernel.clock)
  const each: Each = async (kind, entries, nameOf, bring) => {
    for (const [index, entry] of (entries ?? []).entries()) {
      await breathe()
      const outcome = await saved(tx, () => bring(entry))
      if (typeof outcome === 'object')
        imported.conflicts.push({ kind, index, name: nameOf(entry), ...outcome })
      else imported[outcome][kind] += 1
    }
  }
  const agents: There = new Map(
    (await parts.agents.known(user_id)).map(({ agent_number, id, name }) => [agent_number, { id, name }]),
  )
  await each('agents', given.agents, nameOf, (agent) => bringAgent(parts, tx, user_id, agent, agents))
  await each('workflows', given.workflows, nameOf, async (workflow) => {
    await parts.workflows.create(tx, user_id, workflow)
    return 'created'
  })
  const known = await parts.agents.known(user_id, tx)
  const triggers: Triggers = new Map(
    known.map(({ agent_number, config }) => [agent_number, config.workflow_triggers]),
  )
  await each(
    'triggers',
    given.triggers,
    ({ agent_number, workflow }) => `${agent_number}: ${workflow}`,
    (trigger) => bringTrigger(parts, tx, user_id, trigger, triggers),
  )
  await bringKept(parts, tx, user_id, given, { each, agents })
  // Last: another zone moves the times of the workflows that are there by then.
  const { preferences } = given
  await each(
    'preferences',
    preferences && [preferences],
    () => 'preferences',
    async (change) => {
      await parts.auth.prefer(tx, user_id, change)
      return 'updated'
    },
  )
  return imported
}

/** Brings in one entry after the other, and says what became of each. */
type Each = <T>(
  kind: Kind,
  entries: readonly T[] | undefined,
  nameOf: (entry: T) => string,
  bring: (entry: T) => Promise<Outcome>,
) => Promise<void>

const nameOf = ({ name }: { name: string }): string => name

/** What agents remember, and the documents of their skills. */
async function bringKept(
  { kernel, memory }: Parts,
  tx: Tx,
  user_id: string,
  given: ImportInput,
  { each, agents }: { each: Each; agents: There },
): Promise<void> {
  const ownerOf = (agent_number: number) => {
    const agent = agents.get(agent_number)
    if (agent === undefined) throw noAgent(agent_number)
    return { user_id, agent_id: agent.id }
  }
  await each(
    'memories',
    given.memories,
    ({ memory_type }) => memory_type,
    async ({ agent_number, ...entry }) => {
      const isNew = await memory.bring(tx, ownerOf(agent_number), entry)
      return isNew ? 'created' : { reason: 'The agent remembers this already, or its time is over.' }
    },
  )
  await each(
    'records',
    given.records,
    ({ collection }) => collection,
    async ({ agent_number, group: group_name, body, created_at, collection, at }) => {
      const owner = ownerOf(agent_number)
      const fields = { id: kernel.id(), collection, group_name, at, body: JSON.stringify(body) }
      await memory.bringRecord(tx, { ...owner, ...fields, created_at: iso(Date.parse(created_at)) })
      return 'created'
    },
  )
}

function noAgent(agent_number: number): Fault {
  return new Fault('AGENT_NOT_FOUND', `There is no agent ${agent_number}.`)
}

/** What agents have workflows started by, by the numbers of the agents. */
type Triggers = Map<number, readonly WorkflowTrigger[]>

/** Gives an agent a trigger for the workflow that has the name here. */
async function bringTrigger(
  { agents, workflows }: Pick<Parts, 'agents' | 'workflows'>,
  tx: Tx,
  user_id: string,
  { agent_number, workflow, ...trigger }: NonNullable<ImportInput['triggers']>[number],
  triggers: Triggers,
): Promise<Outcome> {
  const known = triggers.get(agent_number)
  if (known === undefined) throw noAgent(agent_number)
  const workflow_id = await workflows.idOf(tx, user_id, workflow)
  if (workflow_id === undefined) return { reason: `There is no workflow ${workflow}.` }
  const wanted = { ...trigger, conditions: { ...trigger.conditions, workflow_id } }
  if (known.some((one) => isDeepStrictEqual(one, wanted))) return { reason: 'The agent has it already.' }
  if (known.length >= TRIGGERS_MAX) return { reason: `The agent has ${TRIGGERS_MAX} already.` }
  const workflow_triggers = [...known, wanted]
  await agents.crud.update(tx, user_id, String(agent_number), { config: { workflow_triggers } })
  triggers.set(agent_number, workflow_triggers)
  return 'created'
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
  try {
    return await tx.attempt(work)
  } catch (error) {
    if (error instanceof Fault && error.status < 500) return { reason: error.message }
    throw error
  }
}
