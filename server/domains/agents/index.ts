import { agents } from '../../../contract/agents.ts'
import type { AgentConfig } from '../../../contract/agents.ts'
import { system } from '../../../contract/system.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { fromCursor, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Action } from '../../skills/skill.ts'
import type { Changes } from '../changes/index.ts'
import type { Memories } from '../memory/index.ts'
import { TIMEOUT_MS_DEFAULT, need } from './accept.ts'
import { openCrud } from './crud.ts'
import type { Crud } from './crud.ts'
import { openExecutions } from './executions.ts'
import type { Executions, Limits } from './executions.ts'
import { findLogs, findStatus } from './history.ts'
import { openSkills } from './skills.ts'
import { STOPPED } from './stop.ts'
import type { Skills } from './skills.ts'
import { openRecent } from './recent.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'
import { openUsage } from './usage.ts'
import { toAgent, toConfig } from './view.ts'

/** An agent without its figures. */
export interface KnownAgent extends Pick<AgentRow, 'id' | 'agent_number' | 'name' | 'skill' | 'updated_at'> {
  is_active: boolean
  voice_enabled: boolean
  config: AgentConfig
}

export interface Counts {
  total_count: number
  active_count: number
  error_count: number
}

/** An action that is about to be performed. */
export interface Asked {
  user_id: string
  agent_number: number
  action: Action
  parameters: Record<string, unknown>
  time_zone: string
}

export interface Agents {
  answers: Answers
  readonly skills: Skills
  readonly executions: Executions
  /** Takes up what an earlier process left; once all skills are installed. */
  start(): Promise<void>
  /** Gives a new user the built-in agents. */
  seed(tx: Tx, user_id: string): Promise<void>
  /** The agents of a user, by number, as far as other domains need to know them. */
  known(user_id: string): Promise<KnownAgent[]>
  counts(user_id: string): Promise<Counts>
  /** An agent of the user, by id or number. */
  refer(user_id: string, ref: string): Promise<Pick<AgentRow, 'id' | 'agent_number'> | undefined>
  /** What an action would do to several items, when it asks before it does. */
  warning(asked: Asked): Promise<string | undefined>
}

interface Parts {
  changes: Changes
  memory: Memories
  zoneOf: (user_id: string) => string
  limits: Partial<Limits> | undefined
}

/** Agents, what they can do, and doing it. */
export function openAgents(kernel: Kernel, { changes, memory, zoneOf, limits }: Parts): Agents {
  const skills = openSkills()
  const usage = openUsage(kernel.clock)
  const crud = openCrud(kernel, { changes, skills, usage })
  const executions = openExecutions(kernel, { skills, usage, undo: changes.undo, zoneOf, limits })
  const { reader } = kernel.store
  const show = (row: AgentRow) => toAgent(row, usage, Object.keys(skills.get(row.skill)?.actions ?? {}))
  return {
    skills,
    executions,
    start: () => kernel.jobs.start(),
    seed: (tx, user_id) => crud.seed(tx, user_id),
    known: async (user_id) => (await agentStore.list(reader.tables<AgentTables>(), user_id)).map(toKnown),
    counts: (user_id) => agentStore.counts(reader.tables<AgentTables>(), user_id),
    refer: (user_id, ref) => Promise.resolve(agentStore.find(reader.connection, user_id, ref)),
    warning: async ({ user_id, agent_number, action, parameters, time_zone }) => {
      const row = agentStore.find(reader.connection, user_id, String(agent_number))
      const skill = skills.get(row?.skill ?? null)
      if (row === undefined || skill === undefined || action.confirm === undefined) return undefined
      const owner = { user_id, agent_id: row.id }
      const bound = { owner, agent_number, time_zone, now: kernel.clock.now(), id: kernel.id }
      return action.confirm(skills.grant(skill, { ...bound, db: reader, note: undefined }), parameters)
    },
    answers: {
      ...configuring(kernel, { crud, executions }, show),
      ...executing(executions, changes),
      ...remembering(kernel, memory),
      [agents.status.name]: reads(agents.status, ({ user_id }, input) =>
        findStatus(kernel, usage, user_id, input),
      ),
      [agents.logs.name]: reads(agents.logs, ({ user_id }, input) => findLogs(kernel, user_id, input)),
    },
  }
}

function configuring(
  { store }: Kernel,
  { crud, executions }: { crud: Crud; executions: Executions },
  show: (row: AgentRow) => ReturnType<typeof toAgent>,
): Answers {
  const { reader } = store
  const recent = openRecent(store)
  return {
    [agents.list.name]: reads(agents.list, async ({ user_id }, { limit, cursor, active }) => {
      const db = reader.tables<AgentTables>()
      const after = cursor === undefined ? undefined : numberOf(cursor)
      const found = await agentStore.list(db, user_id, { active, after, limit: limit && limit + 1 })
      const { rows, ...next } = toPage(found, limit ?? found.length, (row) => row.agent_number)
      const { total_count, active_count } = await agentStore.counts(db, user_id)
      return { agents: rows.map(show), total_count, active_count, ...next }
    }),
    [agents.get.name]: reads(agents.get, ({ user_id }, { id }) => Promise.resolve(show(recent(user_id, id)))),
    [agents.create.name]: writes(agents.create, {
      commit: async (tx, { user_id }, given) => show(await crud.create(tx, user_id, given)),
    }),
    [agents.update.name]: writes(agents.update, {
      commit: async (tx, { user_id }, { id, ...change }) => show(await crud.update(tx, user_id, id, change)),
    }),
    [agents.delete.name]: writes(agents.delete, {
      commit: async (tx, { user_id }, { id }) => {
        executions.stopEach(tx, user_id, need(tx, user_id, id).id)
        await crud.remove(tx, user_id, id)
        return {}
      },
    }),
  }
}

function executing(executions: Executions, changes: Changes): Answers {
  const stopOne = (tx: Tx, user_id: string, id: string): string[] => {
    const { result } = executions.stop(tx, user_id, id)
    return result?.error === STOPPED.error ? [id] : []
  }
  return {
    [agents.execute.name]: writes(agents.execute, {
      commit: (tx, call, { id, command, timeout_ms = TIMEOUT_MS_DEFAULT }) => {
        checkUser(call, command.user_id)
        return Promise.resolve(executions.accept(tx, { user_id: call.user_id, ref: id, command, timeout_ms }))
      },
      wait: ({ user_id }, { wait_for_completion }, receipt, signal) =>
        wait_for_completion === true
          ? executions.finished(user_id, receipt, signal)
          : Promise.resolve(receipt),
    }),
    [agents.stop.name]: writes(agents.stop, {
      commit: (tx, { user_id }, { id }) => Promise.resolve(executions.stop(tx, user_id, id)),
    }),
    [system.stop.name]: writes(system.stop, {
      commit: (tx, { user_id }, { execution_id }) => {
        const agent_executions =
          execution_id === undefined ? executions.stopEach(tx, user_id) : stopOne(tx, user_id, execution_id)
        // What was stopped had no effect: an action that writes takes effect with its end.
        return Promise.resolve({ agent_executions, workflow_executions: [], undoable: [] })
      },
    }),
    [agents.undo.name]: writes(agents.undo, {
      commit: (tx, { user_id }, { id }) => changes.undo.undo(tx, user_id, id),
    }),
  }
}

function remembering({ store: { reader } }: Kernel, memory: Memories): Answers {
  return {
    [agents.memory.name]: reads(agents.memory, async ({ user_id }, { id, ...query }) => {
      const agent = need(reader, user_id, id)
      return memory.query({ user_id, agent_id: agent.id }, agent.agent_number, query)
    }),
    [agents.memory_store.name]: writes(agents.memory_store, {
      commit: async (tx, { user_id }, { id, ...entry }) => {
        const agent = need(tx, user_id, id)
        return memory.store(tx, { user_id, agent_id: agent.id }, agent.agent_number, entry)
      },
    }),
  }
}

/** @throws Fault `VALIDATION_ERROR` for the cursor of another list. */
function numberOf(cursor: string): number {
  const key = fromCursor(cursor)
  if (typeof key === 'number') return key
  throw new Fault('VALIDATION_ERROR', 'The cursor is one of another list.', {
    issues: [{ path: '/cursor', message: 'is not a cursor of this list' }],
  })
}

function toKnown(row: AgentRow): KnownAgent {
  const { id, agent_number, name, skill, updated_at } = row
  const flags = { is_active: row.is_active !== 0, voice_enabled: row.voice_enabled !== 0 }
  return { id, agent_number, name, skill, updated_at, ...flags, config: toConfig(row) }
}

/** The identity always comes from the token; a command that names somebody else is a mistake worth telling. */
function checkUser({ user_id }: Call, claimed: string): void {
  if (claimed === user_id) return
  throw new Fault(
    'UNAUTHORIZED',
    'The command names another user.',
    { field: 'command.user_id' },
    { status: 403 },
  )
}
