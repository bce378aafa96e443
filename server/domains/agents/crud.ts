import type { AgentConfig } from '../../../contract/agents.ts'
import type { agents } from '../../../contract/agents.ts'
import type { Input } from '../../../contract/operation.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Changes } from '../changes/index.ts'
import type { Kind, State } from '../changes/kinds.ts'
import { need, tellStatus } from './accept.ts'
import type { Skills } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'
import type { Usage } from './usage.ts'
import { toConfig } from './view.ts'

/** The lowest number that is not reserved for built-in agents. */
const OWN_FROM = 20
const NUMBER_MAX = 9_999
const AGENTS_MAX = 500
const PREFERENCES_BYTES_MAX = 65_536

type Settable = Omit<Input<typeof agents.update>, 'id'>

/** What of an agent is configuration: everything that a change records and a rollback brings back. */
const SETTABLE = ['name', 'description', 'config', 'is_active', 'voice_enabled', 'deleted_at'] as const

export interface Crud {
  create(tx: Tx, user_id: string, given: Input<typeof agents.create>): Promise<AgentRow>
  update(tx: Tx, user_id: string, ref: string, change: Settable): Promise<AgentRow>
  remove(tx: Tx, user_id: string, ref: string): Promise<void>
  /** Gives a new user the built-in agents, in the transaction that creates the user. */
  seed(tx: Tx, user_id: string): Promise<void>
}

/** Changes of agents: each is one modification that can be rolled back. */
export function openCrud(
  kernel: Kernel,
  { changes, skills, usage }: { changes: Changes; skills: Skills; usage: Usage },
): Crud {
  changes.register('agent', agentKind(kernel))
  const record = (
    tx: Tx,
    user_id: string,
    description: string,
    before: AgentRow | undefined,
    after: AgentRow,
  ) =>
    changes.record(tx, {
      user_id,
      type: 'agent_config',
      kind: 'agent',
      target: after.id,
      description,
      before: toState(before),
      after: toState(after),
      applied_by: user_id,
    })
  return {
    create: async (tx, user_id, given) => {
      const { total_count } = await agentStore.counts(tx.tables<AgentTables>(), user_id)
      if (total_count >= AGENTS_MAX)
        throw new Fault('AGENT_CONFIG_INVALID', `There are already ${AGENTS_MAX} agents.`)
      const agent_number = given.agent_number ?? (await freeNumber(tx, user_id))
      const row = newRow(kernel, user_id, {
        ...given,
        agent_number,
        config: checkConfig(skills, given.config ?? {}),
      })
      await insert(tx, row)
      await record(tx, user_id, `Created agent ${agent_number}, ${row.name}.`, undefined, row)
      return row
    },
    update: async (tx, user_id, ref, change) => {
      const before = need(tx, user_id, ref)
      const after = apply(before, change, skills, kernel.now())
      if (after.name_key !== before.name_key) await checkFree(tx, user_id, after)
      await agentStore.update(tx.tables<AgentTables>(), user_id, before.id, after)
      await record(tx, user_id, `Changed agent ${before.agent_number}, ${before.name}.`, before, after)
      tellStatus(kernel, usage, tx, before, after)
      return after
    },
    remove: async (tx, user_id, ref) => {
      const before = need(tx, user_id, ref)
      const after = { ...before, deleted_at: kernel.now() }
      await agentStore.update(tx.tables<AgentTables>(), user_id, before.id, { deleted_at: after.deleted_at })
      await record(tx, user_id, `Deleted agent ${before.agent_number}, ${before.name}.`, before, after)
    },
    seed: async (tx, user_id) => {
      for (const { name: skill, agent } of skills.all()) {
        const { number: agent_number, name, description } = agent
        const row = newRow(kernel, user_id, { name, description, agent_number, config: {} })
        await insert(tx, { ...row, skill })
      }
    },
  }
}

/** How an agent is read and put back: all of its configuration, and whether it is there. */
function agentKind(kernel: Kernel): Kind {
  return {
    read: async (tx, user_id, id) => toState(await agentStore.anyById(tx.tables<AgentTables>(), user_id, id)),
    restore: async (tx, user_id, id, state) => {
      const db = tx.tables<AgentTables>()
      const before = await agentStore.anyById(db, user_id, id)
      if (before === undefined) throw new Fault('ROLLBACK_FAILED', `There is no agent ${id}.`)
      const change = state === undefined ? { deleted_at: kernel.now() } : fromState(state)
      await checkFree(tx, user_id, { ...before, ...change })
      await agentStore.update(db, user_id, id, { ...change, updated_at: kernel.now() })
    },
  }
}

type NewAgent = Omit<Input<typeof agents.create>, 'config'> & {
  agent_number: number
  config: Partial<AgentConfig>
}

function newRow(kernel: Kernel, user_id: string, given: NewAgent): AgentRow {
  const now = kernel.now()
  const name = cleanName(given.name)
  return {
    id: kernel.id(),
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

async function insert(tx: Tx, row: AgentRow): Promise<void> {
  await checkFree(tx, row.user_id, row)
  await agentStore.insert(tx.tables<AgentTables>(), row)
}

/** @throws Fault `AGENT_CONFIG_INVALID` (409) when another agent has the number or the name. */
async function checkFree(tx: Tx, user_id: string, row: AgentRow): Promise<void> {
  if (row.deleted_at !== null) return
  const others = (await agentStore.list(tx.tables<AgentTables>(), user_id)).filter(({ id }) => id !== row.id)
  const taken = (field: 'agent_number' | 'name') =>
    new Fault(
      'AGENT_CONFIG_INVALID',
      `Another agent has the ${field === 'name' ? 'name' : 'number'} ${row[field]}.`,
      { field },
      { status: 409 },
    )
  if (others.some((other) => other.agent_number === row.agent_number)) throw taken('agent_number')
  if (others.some((other) => other.name_key === row.name_key)) throw taken('name')
}

async function freeNumber(tx: Tx, user_id: string): Promise<number> {
  const used = new Set(
    (await agentStore.list(tx.tables<AgentTables>(), user_id)).map((row) => row.agent_number),
  )
  for (let number = OWN_FROM; number <= NUMBER_MAX; number += 1) if (!used.has(number)) return number
  throw new Fault('AGENT_CONFIG_INVALID', 'Every agent number is taken.')
}

function apply(before: AgentRow, change: Settable, skills: Skills, now: string): AgentRow {
  const name = change.name === undefined ? before.name : cleanName(change.name)
  const config =
    change.config === undefined
      ? toConfig(before)
      : checkConfig(skills, { ...toConfig(before), ...change.config })
  const is_active = change.is_active ?? before.is_active !== 0
  return {
    ...before,
    name,
    name_key: keyOf(name),
    description: change.description ?? before.description,
    config: JSON.stringify(config),
    skill: skillOf(config) ?? (before.agent_number < OWN_FROM ? before.skill : null),
    is_active: is_active ? 1 : 0,
    voice_enabled: (change.voice_enabled ?? before.voice_enabled !== 0) ? 1 : 0,
    last_error: change.is_active === true ? null : before.last_error,
    updated_at: now,
  }
}

/** @throws Fault when it names a skill that does not exist, is too large, or holds a secret that has no vault yet. */
function checkConfig(skills: Skills, config: Partial<AgentConfig>): Partial<AgentConfig> {
  if (Object.values(config.api_keys ?? {}).some((value) => value !== '')) {
    throw new Fault('SERVICE_UNAVAILABLE', 'Secrets cannot be kept yet.', {
      reason: 'not_built',
      field: 'api_keys',
    })
  }
  const skill = skillOf(config)
  if (skill !== null && skills.get(skill) === undefined) {
    const known = skills.all().map(({ name }) => name)
    throw new Fault('AGENT_CONFIG_INVALID', `There is no skill ${JSON.stringify(skill)}.`, {
      field: 'config.preferences.skill',
      known,
    })
  }
  if (Buffer.byteLength(JSON.stringify(config.preferences ?? {})) > PREFERENCES_BYTES_MAX) {
    throw new Fault('AGENT_CONFIG_INVALID', 'The preferences are larger than 64 KiB.', {
      field: 'config.preferences',
    })
  }
  return { ...config, ...(config.api_keys === undefined ? {} : { api_keys: {} }) }
}

function skillOf(config: Partial<AgentConfig>): string | null {
  const skill = config.preferences?.['skill']
  return typeof skill === 'string' ? skill : null
}

/** @throws Fault `AGENT_CONFIG_INVALID` for a name that nobody can see. */
function cleanName(name: string): string {
  const cleaned = name.trim()
  if (/[\p{L}\p{N}]/u.test(cleaned) && !/\p{Cc}/u.test(cleaned)) return cleaned
  throw new Fault('AGENT_CONFIG_INVALID', 'A name needs a letter or digit, and no control characters.', {
    field: 'name',
  })
}

/** Names are the same when they look and sound the same. */
function keyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ')
}

function toState(row: AgentRow | undefined): State | undefined {
  if (row === undefined) return undefined
  const state = Object.fromEntries(SETTABLE.map((key) => [key, row[key]]))
  return {
    ...state,
    config: JSON.parse(row.config) as unknown,
    is_active: row.is_active !== 0,
    voice_enabled: row.voice_enabled !== 0,
  }
}

function fromState(state: State): Partial<AgentRow> {
  const { name, description, config, is_active, voice_enabled, deleted_at } = state
  const preferences = config as Partial<AgentConfig>
  const skill = skillOf(preferences)
  return {
    name: String(name),
    name_key: keyOf(String(name)),
    description: String(description),
    config: JSON.stringify(config),
    ...(skill === null ? {} : { skill }),
    is_active: is_active === true ? 1 : 0,
    voice_enabled: voice_enabled === true ? 1 : 0,
    deleted_at: typeof deleted_at === 'string' ? deleted_at : null,
  }
}
