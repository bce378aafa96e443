import { isDeepStrictEqual } from 'node:util'
import type { ImportInput, Imported } from '../../../contract/account.ts'
import { TRIGGERS_MAX } from '../../../contract/agents.ts'
import type { WorkflowTrigger } from '../../../contract/triggers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
import type { KnownAgent } from '../agents/index.ts'
import type { AccountParts } from './index.ts'
import { ofAgent, ofInstruction, ofRecord, ofTrigger, ofWorkflow, openWarnings } from './warnings.ts'

type Kind = Imported['conflicts'][number]['kind']
/** What became of an entry that was brought in; a text is the reason for which it was left out. */
type Outcome = 'created' | 'updated' | { reason: string }

interface Parts extends AccountParts {
  kernel: Kernel
}

/** How a secret that was read back begins. */
const isMasked = (value: string): boolean => value.startsWith('****')

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
    warnings: [],
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
  const warnings = openWarnings()
  const there: There = new Map(
    (await parts.agents.known(user_id, tx)).map((agent) => [agent.agent_number, agent]),
  )
  await each('agents', given.agents, nameOf, async (agent) => {
    const before = there.get(agent.agent_number)
    const outcome = await bringAgent(parts, tx, user_id, agent, there)
    if (typeof outcome === 'string') warnings.say(ofAgent(agent, before))
    return outcome
  })
  const known = await parts.agents.known(user_id, tx)
  const agents: Agents = new Map(known.map((agent) => [agent.agent_number, agent]))
  await each('workflows', given.workflows, nameOf, async (workflow) => {
    await parts.workflows.create(tx, user_id, workflow)
    const { skills } = parts.agents
    warnings.say(ofWorkflow(workflow, agents, ({ skill, config }) => skills.needs(skill, config)))
    return 'created'
  })
  const triggers: Triggers = new Map(
    known.map(({ agent_number, config }) => [agent_number, config.workflow_triggers]),
  )
  await each(
    'triggers',
    given.triggers,
    ({ agent_number, workflow }) => `${agent_number}: ${workflow}`,
    async (trigger) => {
      const outcome = await bringTrigger(parts, tx, user_id, trigger, triggers)
      // In a trial its workflow may come with another call.
      if (outcome === 'created' || given.dry_run === true) warnings.say(ofTrigger(trigger))
      return outcome
    },
  )
  await bringKept(parts, tx, user_id, given, { each, agents, warnings })
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
  return { ...imported, warnings: warnings.all() }
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
  { kernel, memory, agents: { skills } }: Parts,
  tx: Tx,
  user_id: string,
  given: ImportInput,
  { each, agents, warnings }: { each: Each; agents: Agents; warnings: ReturnType<typeof openWarnings> },
): Promise<void> {
  const need = (agent_number: number) => {
    const agent = agents.get(agent_number)
    if (agent === undefined) throw noAgent(agent_number)
    return agent
  }
  await each(
    'memories',
    given.memories,
    ({ memory_type }) => memory_type,
    async (memoryEntry) => {
      const { agent_number, ...entry } = memoryEntry
      const brought = await memory.bring(tx, { user_id, agent_id: need(agent_number).id }, entry)
      if (brought === undefined) return { reason: 'The agent remembers this already, or its time is over.' }
      if (brought.trust !== entry.trust) warnings.untrusted()
      if (brought.is_instruction) warnings.say(ofInstruction(memoryEntry))
      return 'created'
    },
  )
  await each(
    'records',
    given.records,
    ({ collection }) => collection,
    async (record) => {
      const { agent_number, group: group_name, body, created_at, collection, at } = record
      const agent = need(agent_number)
      const skill = skills.get(agent.skill)
      // Under any other agent nobody would ever see it, whatever it does by itself.
      if (skill?.keeps === undefined || !Object.hasOwn(skill.keeps, collection))
        return { reason: `Agent ${agent_number} keeps no documents of the kind ${collection}.` }
      const fields = { id: kernel.id(), collection, group_name, at, body: JSON.stringify(body) }
      await memory.bringRecord(tx, { user_id, agent_id: agent.id, ...fields, created_at })
      warnings.say(ofRecord(record, skill))
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
type There = Map<number, Pick<KnownAgent, 'name' | 'is_active'>>
type Agents = ReadonlyMap<number, KnownAgent>
type AgentEntry = NonNullable<ImportInput['agents']>[number]

/** An agent that everybody has is set up as it was; one of the user's own is made, with the number that it had. */
async function bringAgent(
  { agents: { crud } }: Pick<Parts, 'agents'>,
  tx: Tx,
  user_id: string,
  given: AgentEntry,
  agents: There,
): Promise<Outcome> {
  const entry = withoutSecrets(given)
  if (entry === undefined)
    return { reason: 'It holds secrets, which are not imported: give them to the agent afterwards.' }
  const { agent_number, ...settings } = entry
  const there = agents.get(agent_number)
  if (there === undefined) {
    const { name, is_active } = await crud.create(tx, user_id, entry)
    agents.set(agent_number, { name, is_active: is_active === 1 })
    return 'created'
  }
  if (agent_number > BUILT_IN_MAX) return { reason: `Number ${agent_number} is taken by ${there.name}.` }
  await crud.update(tx, user_id, String(agent_number), settings)
  return 'updated'
}

/** An agent whose masked keys are left out; nothing of one that holds others. */
function withoutSecrets(entry: AgentEntry): AgentEntry | undefined {
  const keys = Object.values(entry.config?.api_keys ?? {})
  if (keys.some((value) => value !== '' && !isMasked(value))) return undefined
  return entry.config === undefined ? entry : { ...entry, config: { ...entry.config, api_keys: {} } }
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
