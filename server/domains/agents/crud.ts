import type { AgentConfig } from '../../../contract/agents.ts'
import type { agents } from '../../../contract/agents.ts'
import type { Input } from '../../../contract/operation.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Foreseen } from '../changes/impact.ts'
import type { Changes } from '../changes/index.ts'
import { isSame } from '../changes/kinds.ts'
import type { Kept } from '../vault/kept.ts'
import { need, tellStatus } from './accept.ts'
import { checkConfig, skillFor, skillOf } from './config.ts'
import { agentKind, toState } from './kind.ts'
import { SYSTEM, cleanName, keyOf, likenessTo, numberIn } from './names.ts'
import { checkSecretNames, foreseeSecrets, keepSecrets } from './secrets.ts'
import { FULL, findOther, isFull } from './room.ts'
import type { NAMES } from './room.ts'
import type { Skill } from '../../skills/skill.ts'
import type { Skills } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'
import type { Usage } from './run/usage.ts'
import { EMPTY_CONFIG, toConfig } from './view.ts'

/** The lowest number that is not reserved for built-in agents. */
const OWN_FROM = 20
const NUMBER_MAX = 9_999

/** What of an agent can be changed. */
export type Settable = Omit<Input<typeof agents.update>, 'id' | 'if_unmodified_since'>

export interface Crud {
  /** @param id - of the new agent, where something was foreseen for it. */
  create(tx: Tx, user_id: string, given: Input<typeof agents.create>, id?: string): Promise<AgentRow>
  /** @param description - what it is called in the ledger. */
  update(tx: Tx, user_id: string, ref: string, change: Settable, description?: string): Promise<AgentRow>
  remove(tx: Tx, user_id: string, ref: string): Promise<void>
  /**
   * What a change would come to, a deletion without one, a creation without an agent. Long work: before the transaction.
   *
   * @throws Fault `AGENT_NOT_FOUND`, and as the change does for a configuration that cannot be.
   */
  foresee(
    user_id: string,
    ref: string | undefined,
    change: Partial<Input<typeof agents.create>> | undefined,
  ): Promise<Foreseen>
  /** Gives a new user the built-in agents, in the transaction that creates the user. */
  seed(tx: Tx, user_id: string): Promise<void>
  /** Gives users of an earlier version the built-in agents that it did not have. */
  complete(): Promise<void>
  onConfigured(listener: Configured): void
}

/** Hears of an agent that was set up so, or put back into a state that it had. It may refuse what is set up anew. */
export type Configured = (tx: Tx, agent: ConfiguredAgent, how: 'set' | 'restored') => Promise<void>

export interface ConfiguredAgent extends Pick<AgentRow, 'id' | 'user_id' | 'agent_number'> {
  /** It is there and switched on. */
  is_active: boolean
  config: AgentConfig
}

interface CrudParts {
  changes: Changes
  skills: Skills
  usage: Usage
  /** Keeps the secrets of configurations. */
  kept: Pick<Kept, 'keep' | 'has' | 'mask'>
  /** Hears, in its transaction, of each agent that is no longer there or switched off. */
  gone: (tx: Tx, agent: AgentRow) => Promise<void>
  /** @throws Fault `AGENT_CONFIG_INVALID` when the settings are not what the agent itself asks for. */
  checkSettings: (agent: AgentRow) => void
}

/** Puts the secrets of a configuration into the vault, and references in their place. */
type Sealing = (
  tx: Tx,
  agent: Pick<AgentRow, 'user_id' | 'agent_number'>,
  before: Pick<AgentConfig, 'api_keys'>,
  config: Partial<AgentConfig>,
) => Promise<Partial<AgentConfig>>

function openSealing(kept: CrudParts['kept']): Sealing {
  return async (tx, { user_id, agent_number }, { api_keys: before }, config) => {
    const { api_keys: given } = config
    if (given === undefined) return config
    checkSecretNames(given)
    return { ...config, api_keys: await keepSecrets(kept, tx, { user_id, agent_number, before, given }) }
  }
}

/** Puts a change of an agent into the ledger, unless it changes nothing. */
function openRecording(changes: Changes) {
  return async (
    tx: Tx,
    description: string,
    before: AgentRow | undefined,
    after: AgentRow,
  ): Promise<void> => {
    const states = { before: toState(before), after: toState(after) }
    if (isSame(states.before, states.after)) return
    const { user_id, id: target } = after
    const change = { user_id, type: 'agent_config', kind: 'agent', target, description } as const
    await changes.record(tx, { ...change, ...states, applied_by: user_id })
  }
}

/** Tells those who follow how agents are set up. */
function openTelling() {
  const listeners: Configured[] = []
  return {
    onConfigured: (listener: Configured): void => {
      listeners.push(listener)
    },
    tell: async (tx: Tx, row: AgentRow, how: 'set' | 'restored'): Promise<void> => {
      const is_active = row.is_active !== 0 && row.deleted_at === null
      const { id, user_id, agent_number } = row
      const agent = { id, user_id, agent_number, is_active, config: toConfig(row) }
      for (const listener of listeners) await listener(tx, agent, how)
    },
  }
}

/** Changes of agents: each is one modification that can be rolled back. */
export function openCrud(
  kernel: Kernel,
  { changes, skills, usage, kept, gone, checkSettings }: CrudParts,
): Crud {
  const { tell, onConfigured } = openTelling()
  const sealed = openSealing(kept)
  const record = openRecording(changes)
  const enter = openEntering(kernel)
  const crud: Crud = {
    create: async (tx, user_id, given, id) => {
      if (await isFull(tx, user_id)) throw new Fault('AGENT_CONFIG_INVALID', FULL)
      const agent_number = await numberFor(tx, user_id, given.agent_number)
      const agent = { user_id, agent_number, skill: null }
      const config = await sealed(tx, agent, EMPTY_CONFIG, given.config ?? {})
      const row = newRow(kernel, user_id, {
        ...given,
        agent_number,
        config: checkConfig(skills, agent, config),
        id,
      })
      await checkFree(tx, row)
      await agentStore.insert(tx.tables<AgentTables>(), row)
      await record(tx, `Created agent ${agent_number}, ${row.name}.`, undefined, row)
      await tell(tx, row, 'set')
      return row
    },
    update: async (tx, user_id, ref, given, description) => {
      const before = need(tx, user_id, ref)
      const { config } = given
      const change = config && { config: await sealed(tx, before, toConfig(before), config) }
      const after = apply(before, { ...given, ...change }, skills, kernel.now())
      if (after.name !== before.name) await checkFree(tx, after)
      if (after.config !== before.config) checkSettings(after)
      await agentStore.update(tx.tables<AgentTables>(), user_id, before.id, after)
      const said = description ?? `Changed agent ${before.agent_number}, ${before.name}.`
      await record(tx, said, before, after)
      tellStatus(kernel, usage, tx, before, after)
      if (after.is_active === 0) await gone(tx, after)
      await tell(tx, after, 'set')
      return after
    },
    remove: async (tx, user_id, ref) => {
      const before = need(tx, user_id, ref)
      const after = { ...before, deleted_at: kernel.now() }
      await agentStore.update(tx.tables<AgentTables>(), user_id, before.id, { deleted_at: after.deleted_at })
      await record(tx, `Deleted agent ${before.agent_number}, ${before.name}.`, before, after)
      await gone(tx, after)
      await tell(tx, after, 'set')
    },
    foresee: openForeseeing(kernel, changes, skills),
    onConfigured,
    seed: async (tx, user_id) => {
      for (const skill of skills.all()) await enter(tx, user_id, skill)
    },
    complete: () => complete(kernel, skills, enter),
  }
  changes.register(
    'agent',
    agentKind(kernel, { skills, usage, gone, tell, update: crud.update, checkSettings }),
  )
  return crud
}

/** Works out what a change of an agent would come to. */
function openForeseeing(kernel: Kernel, changes: Changes, skills: Skills): Crud['foresee'] {
  return async (user_id, ref, change) => {
    const { reader } = kernel.store
    const row = ref === undefined ? undefined : need(reader, user_id, ref)
    const seen = withoutSecrets(change, row)
    const agent_number = row?.agent_number ?? (await numberFor(reader, user_id, change?.agent_number))
    const after =
      seen === undefined
        ? undefined
        : row === undefined
          ? newRow(kernel, user_id, {
              name: '',
              ...seen,
              agent_number,
              config: checkConfig(skills, { user_id, agent_number, skill: null }, seen.config ?? {}),
            })
          : apply(row, seen, skills, kernel.now())
    return changes.assess({
      user_id,
      kind: 'agent',
      target: (row ?? after)?.id ?? '',
      before: toState(row),
      after: toState(after),
      agent_number,
    })
  }
}

/** A change whose secrets go no further than here. */
function withoutSecrets<T extends { config?: Partial<AgentConfig> | undefined }>(
  change: T | undefined,
  row: AgentRow | undefined,
): T | undefined {
  const given = change?.config?.api_keys
  if (change === undefined || given === undefined) return change
  const before = row === undefined ? {} : toConfig(row).api_keys
  return { ...change, config: { ...change.config, api_keys: foreseeSecrets(before, given) } }
}

/** Gives a user a built-in agent. */
function openEntering(kernel: Kernel) {
  return async (tx: Tx, user_id: string, { name: skill, agent }: Skill): Promise<void> => {
    const { number: agent_number, name, description } = agent
    const given = { name, description, agent_number, config: {} }
    const row = newRow(kernel, user_id, given)
    // A user of an earlier version may have called an agent of their own so.
    const isTaken = (await findOther(tx, row))?.field === 'name'
    const own = isTaken ? newRow(kernel, user_id, { ...given, name: `${name} ${agent_number}` }) : row
    await checkFree(tx, own)
    await agentStore.insert(tx.tables<AgentTables>(), { ...own, skill })
  }
}

/** Gives all users the built-in agents that they never had. */
async function complete(
  { store, log }: Kernel,
  skills: Skills,
  enter: ReturnType<typeof openEntering>,
): Promise<void> {
  for (const skill of skills.all()) {
    const agent_number = skill.agent.number
    for (const user_id of await agentStore.usersWithout(store.reader.tables<AgentTables>(), agent_number)) {
      // What is wrong with the agents of one user keeps the server from starting for nobody.
      await store
        .write((tx) => enter(tx, user_id, skill))
        .catch((error: unknown) =>
          log.error('a user could not be given an agent', { user_id, agent_number, error }),
        )
    }
  }
}

type NewAgent = Omit<Input<typeof agents.create>, 'config'> & {
  agent_number: number
  config: Partial<AgentConfig>
  id?: string | undefined
}

function newRow(kernel: Kernel, user_id: string, given: NewAgent): AgentRow {
  const now = kernel.now()
  const name = cleanName(given.name)
  return {
    id: given.id ?? kernel.id(),
    user_id,
    agent_number: given.agent_number,
    name,
    name_key: keyOf(name),
    description: given.description ?? '',
    config: JSON.stringify(given.config),
    skill: skillOf(given.config),
    is_active: given.is_active === false ? 0 : 1,
    voice_enabled: given.voice_enabled === false ? 0 : 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    last_execution: null,
    last_error: null,
    execution_count: 0,
    executing_count: 0,
    finished_count: 0,
    total_ms: 0,
    outcomes: '',
  }
}

/** @throws Fault `AGENT_CONFIG_INVALID` when the name is said like another number; (409) when another agent has one of them. */
async function checkFree(tx: Tx, row: AgentRow): Promise<void> {
  const number = numberIn(row.name)
  if (number !== undefined && number !== row.agent_number) {
    const message = `reads as the agent of the number ${number}, and this is agent ${row.agent_number}`
    const issues = [{ path: '/name', message }]
    throw new Fault('AGENT_CONFIG_INVALID', `The name ${row.name} ${message}.`, { field: 'name', issues })
  }
  const other = await findOther(tx, row)
  if (other?.field === 'agent_number') throw taken('agent_number', `the number ${row.agent_number}`)
  const like = likenessTo(row.name)(SYSTEM) ? SYSTEM : other?.row.name
  if (like === undefined) return
  const isExact = keyOf(like) === keyOf(row.name)
  throw taken('name', isExact ? `the name ${row.name}` : `the name ${like}, which looks the same`)
}

function taken(field: keyof typeof NAMES, what: string): Fault {
  return new Fault('AGENT_CONFIG_INVALID', `Another agent has ${what}.`, { field }, { status: 409 })
}

/**
 * The number that a new agent gets: the wished one, or else the lowest free one.
 *
 * @throws Fault `AGENT_CONFIG_INVALID` when it is reserved, or names a deleted agent in a log that is still there.
 */
async function numberFor(
  tx: Pick<Tx, 'tables'>,
  user_id: string,
  wished: number | undefined,
): Promise<number> {
  const used = await agentStore.numbersUsed(tx.tables<AgentTables>(), user_id)
  if (wished === undefined) {
    for (let number = OWN_FROM; number <= NUMBER_MAX; number += 1) if (!used.has(number)) return number
    throw new Fault('AGENT_CONFIG_INVALID', 'Every agent number is taken.')
  }
  if (wished < OWN_FROM) {
    const text = `The numbers below ${OWN_FROM} are reserved for built-in agents.`
    throw new Fault('AGENT_CONFIG_INVALID', text, { field: 'agent_number' })
  }
  if (!used.has(wished)) return wished
  const text = `The number ${wished} is taken, by an agent or by the log of a deleted one: choose another, or undo that deletion.`
  throw new Fault('AGENT_CONFIG_INVALID', text, { field: 'agent_number' }, { status: 409 })
}

function apply(before: AgentRow, change: Settable, skills: Skills, now: string): AgentRow {
  // A name from before there was a rule for it does not keep everything else from being changed.
  const { name = before.name } = change
  const named =
    name === before.name
      ? { name, name_key: before.name_key }
      : { name: cleanName(name), name_key: keyOf(name) }
  const config =
    change.config === undefined
      ? toConfig(before)
      : checkConfig(skills, before, { ...toConfig(before), ...change.config }, toConfig(before))
  const is_active = change.is_active ?? before.is_active !== 0
  return {
    ...before,
    ...named,
    description: change.description ?? before.description,
    // What is not changed stays as it is kept, damaged or not.
    config: change.config === undefined ? before.config : JSON.stringify(config),
    skill: skillFor(skills, before, config),
    is_active: is_active ? 1 : 0,
    voice_enabled: (change.voice_enabled ?? before.voice_enabled !== 0) ? 1 : 0,
    last_error: change.is_active === true ? null : before.last_error,
    // Later than before whatever the clock says: by it an edit knows that nothing came between.
    updated_at: now > before.updated_at ? now : iso(Date.parse(before.updated_at) + 1),
  }
}
