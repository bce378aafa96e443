import { Type } from 'typebox'
import type { AgentConfig } from '../../../contract/agents.ts'
import { agents } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { refuseState } from '../changes/kinds.ts'
import type { Kind, State } from '../changes/kinds.ts'
import { need, tellStatus } from './accept.ts'
import { checkConfig, skillFor } from './config.ts'
import type { Crud, Settable } from './crud.ts'
import { keyOf } from './names.ts'
import { FULL, NAMES, findOther, isFull } from './room.ts'
import type { Usage } from './run/usage.ts'
import type { Skills } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'
import { toConfig } from './view.ts'

/** What of an agent is configuration: everything that a change records and a rollback brings back. */
const SETTABLE = ['name', 'description', 'config', 'is_active', 'voice_enabled'] as const
const { id: _named, if_unmodified_since: _guard, ...settable } = agents.update.input.properties
/** The whole of it, as a modification may leave it. */
const STATE = Type.Required(Type.Object(settable), { additionalProperties: false })

/** The number of an agent that has none yet. */
const NEW = 10_000

const called: NonNullable<Kind['called']> = async (db, user_id, id) => {
  const row = await agentStore.anyById(db.tables<AgentTables>(), user_id, id)
  return row && `agent ${row.agent_number}`
}

interface KindParts {
  skills: Skills
  usage: Usage
  gone: (tx: Tx, agent: AgentRow) => Promise<void>
  tell: (tx: Tx, row: AgentRow, how: 'restored') => Promise<void>
  update: Crud['update']
  checkSettings: (agent: AgentRow) => void
}

/** How an agent is read, changed and put back: all of its configuration, and whether it is there. */
export function agentKind(
  kernel: Kernel,
  { skills, usage, gone, tell, update, checkSettings }: KindParts,
): Kind {
  return {
    read: async (db, user_id, id) => toState(await agentStore.anyById(db.tables<AgentTables>(), user_id, id)),
    called,
    lists: [['config', 'external_integrations']],
    isKept: async (db, user_id, id) =>
      (await agentStore.anyById(db.tables<AgentTables>(), user_id, id)) !== undefined,
    isFree: async (db, user_id, id, state) => {
      const row = await agentStore.anyById(db.tables<AgentTables>(), user_id, id)
      if (row === undefined) return true
      if (row.deleted_at !== null && (await isFull(db, user_id))) return false
      // Its own name is free: nobody else's name is looked at.
      if (row.deleted_at === null && row.name === state['name']) return true
      return (await findOther(db, { ...row, ...fromState(skills, row, state) })) === undefined
    },
    checkMixed: async (db, user_id, id, state) => {
      const row = await agentStore.anyById(db.tables<AgentTables>(), user_id, id)
      const agent = row ?? { user_id, agent_number: NEW, skill: null }
      checkConfig(skills, agent, state['config'] as Partial<AgentConfig>, row && toConfig(row))
      if (row !== undefined) checkSettings({ ...row, ...fromState(skills, row, state) })
    },
    restore: async (tx, user_id, id, state) => {
      const db = tx.tables<AgentTables>()
      const before = await agentStore.anyById(db, user_id, id)
      if (before === undefined) throw new Fault('ROLLBACK_FAILED', `There is no agent ${id}.`)
      const change = state === undefined ? { deleted_at: kernel.now() } : fromState(skills, before, state)
      const after = { ...before, ...change }
      const comesBack = before.deleted_at !== null && after.deleted_at === null
      if (comesBack && (await isFull(tx, user_id))) throw new Fault('ROLLBACK_FAILED', FULL)
      const other = await findOther(tx, after)
      if (other !== undefined) {
        const { row, field } = other
        throw new Fault('ROLLBACK_FAILED', `Another agent has the ${NAMES[field]} ${after[field]} by now.`, {
          conflicts: [{ kind: 'agent', id: row.id, field }],
        })
      }
      await agentStore.update(db, user_id, id, { ...change, updated_at: kernel.now() })
      if (after.deleted_at !== null || after.is_active === 0) await gone(tx, after)
      if (before.deleted_at === null && after.deleted_at === null)
        tellStatus(kernel, usage, tx, before, after)
      await tell(tx, after, 'restored')
    },
    modify: {
      type: 'agent_config',
      all: async (db, user_id) => {
        const rows = await agentStore.list(db.tables<AgentTables>(), user_id)
        return rows.map((row) => [row.id, toState(row) ?? {}])
      },
      find: ({ user_id }, ref) => need(kernel.store.reader, user_id, ref ?? '').id,
      check: ({ user_id }, id, wanted) => {
        refuseState(STATE, wanted)
        const row = id === undefined ? undefined : need(kernel.store.reader, user_id, id)
        const agent = row ?? { user_id, agent_number: NEW, skill: null }
        checkConfig(skills, agent, wanted['config'] as Partial<AgentConfig>, row && toConfig(row))
        return Promise.resolve()
      },
      apply: async (tx, user_id, id, wanted, description) => {
        // A field of the configuration that was taken away is as it is where it was never given.
        const config = toConfig({ config: JSON.stringify(wanted['config']) })
        const { api_keys } = toConfig(need(tx, user_id, id))
        const left = Object.keys(api_keys).filter((name) => !Object.hasOwn(config.api_keys, name))
        config.api_keys = { ...config.api_keys, ...Object.fromEntries(left.map((name) => [name, ''])) }
        const change = { ...wanted, config } as Settable
        await update(tx, user_id, id, change, description)
      },
    },
  }
}

/** A deleted agent is not there: its row only waits for a rollback. */
export function toState(row: AgentRow | undefined): State | undefined {
  if (row === undefined || row.deleted_at !== null) return undefined
  const state = Object.fromEntries(SETTABLE.map((key) => [key, row[key]]))
  return {
    ...state,
    config: toConfig(row),
    is_active: row.is_active !== 0,
    voice_enabled: row.voice_enabled !== 0,
  }
}

/** The fields of a row in a state. */
export function fromState(skills: Skills, row: AgentRow, state: State): Partial<AgentRow> {
  const { name, description, config, is_active, voice_enabled } = state
  return {
    name: String(name),
    name_key: keyOf(String(name)),
    description: String(description),
    config: JSON.stringify(config),
    skill: skillFor(skills, row, config as Partial<AgentConfig>),
    is_active: is_active === true ? 1 : 0,
    voice_enabled: voice_enabled === true ? 1 : 0,
    deleted_at: null,
  }
}
