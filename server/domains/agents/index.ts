import { openLetting } from './grants.ts'
import { agents } from '../../../contract/agents.ts'
import type { Agent, AgentCommand, AgentConfig } from '../../../contract/agents.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Workers } from '../../kernel/workers.ts'
import { fromCursor, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { RemoteCapability, WorkerCapability } from '../../skills/capabilities.ts'
import { ActionError, AskError } from '../../skills/skill.ts'
import type { Action } from '../../skills/skill.ts'
import type { Change } from '../changes/impact.ts'
import type { Changes } from '../changes/index.ts'
import type { Integrations } from '../integrations/index.ts'
import type { Memories } from '../memory/index.ts'
import type { Kept } from '../vault/kept.ts'
import { TIMEOUT_MS_DEFAULT, checkUnmodified, need } from './accept.ts'
import { openCrud } from './crud.ts'
import type { Configured, Crud } from './crud.ts'
import { openDeleting } from './deleting.ts'
import type { Deleting } from './deleting.ts'
import { openExecutions } from './executions.ts'
import type { Executions, Limits } from './executions.ts'
import { findLogs, findStatus } from './history.ts'
import { remembering } from './memories.ts'
import { openSkills } from './skills.ts'
import type { Grant, Skills } from './skills.ts'
import type { Mail } from './messages/mail.ts'
import { openOutside } from './outside.ts'
import { openPortraits } from './portrait.ts'
import type { Portraits } from './portrait.ts'
import { openRecent } from './recent.ts'
import { openRegistry } from './remote/registry.ts'
import type { Behind, Registry } from './remote/registry.ts'
import type { Outdated } from '../retention/impact.ts'
import type { Sweep } from '../retention/index.ts'
import { openAgentImpact, rowsAfter } from './impact.ts'
import { forgetAgents, forgetExecutions, oldAgents, oldExecutions } from './retention.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'
import { openBudgets } from './run/budget.ts'
import type { Budgets } from './run/budget.ts'
import type { RunParts } from './run/attempt.ts'
import { openMeter } from './run/meter.ts'
import { readUses } from './traffic/uses.ts'
import type { AgentUses } from './traffic/uses.ts'
import { openUsage } from './run/usage.ts'
import type { Usage } from './run/usage.ts'
import { credentialsIn } from './secrets.ts'
import { equipped, openShowing } from './shown.ts'
import { openHeavyWork } from './run/worker.ts'
import { toActions, toCommand, toConfig, veil } from './view.ts'

/** An agent without its figures. */
export interface KnownAgent extends Pick<
  AgentRow,
  'id' | 'user_id' | 'agent_number' | 'name' | 'skill' | 'updated_at'
> {
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
  readonly budgets: Budgets
  readonly usage: Usage
  /** Lets a skill have its pure actions performed beside the event loop. */
  readonly bindWorker: (grant: Grant) => WorkerCapability
  /** Lets an execution be performed by the agent from outside that it is for. */
  readonly bindRemote: (grant: Grant) => RemoteCapability
  /** The agents from outside, and what waits for them. */
  readonly registry: Registry
  readonly mail: Mail
  /** Takes up what an earlier process left; once all skills are installed. */
  start(): Promise<void>
  /** Makes or changes an agent for its user, who has proven to want it, or says what that would come to. @throws Fault as the operations do. */
  readonly crud: Pick<Crud, 'create' | 'update' | 'foresee'>
  /** Gives a new user the built-in agents. */
  seed(tx: Tx, user_id: string): Promise<void>
  /** The agents of a user, by number, as far as other domains need to know them; as a transaction sees them, in one. */
  known(user_id: string, db?: Pick<Tx, 'tables'>): Promise<KnownAgent[]>
  /** The same as they would be after a change. */
  knownAfter(change: Change): Promise<KnownAgent[]>
  /** The same as a client is shown them; a program that asks (`program_id`) sees how it is set up itself alone. */
  shown(user_id: string, program_id?: string): Promise<Agent[]>
  counts(user_id: string): Promise<Counts>
  /** The agents that a user has or had, as a picture of the system shows them. */
  readonly portraits: Portraits
  /** What agents of a user did and used since a time, epoch ms. */
  uses(user_id: string, agent_ids: readonly string[], since: number): Promise<AgentUses>
  /** Whether an agent lets another one ask for what a step of a workflow says. */
  readonly lets: ReturnType<typeof openLetting>
  /** An agent by its id or number, as a transaction sees it; not one that was deleted. */
  find(
    tx: Pick<Tx, 'connection'>,
    user_id: string,
    ref: string,
  ): Pick<AgentRow, 'id' | 'agent_number' | 'name'> | undefined
  /** The names of the agents whose configuration names a stored credential. */
  naming(tx: Pick<Tx, 'tables'>, user_id: string, credential_id: string): Promise<string[]>
  /** An agent of the user, by id or number. */
  refer(user_id: string, ref: string): Promise<Pick<AgentRow, 'id' | 'agent_number'> | undefined>
  /** What executions of a user were asked to do, by their ids. */
  commandsOf(user_id: string, execution_ids: readonly string[]): Promise<Map<string, AgentCommand>>
  /** Hears of the end of each execution, in its transaction. */
  onEnded(listener: RunParts['ended']): void
  readonly usedBy: Deleting['usedBy']
  /** Hears of each agent that is made, changed, deleted or brought back, in its transaction. */
  onConfigured(listener: Configured): void
  /** What forgets executions and deleted agents that are old enough. */
  readonly outdated: Readonly<Record<string, Outdated>>
  readonly sweeps: Readonly<Record<string, Sweep>>
  /** What an action would do to several items, when it asks before it does; or what it has to be told before. */
  warning(asked: Asked): Promise<Warning | undefined>
}

/** What somebody is asked before an action is performed: whether it should be, or for a parameter. */
export type Warning = string | { parameter: string; question: string; choices?: readonly string[] }

const NEVER = new AbortController().signal

interface Parts {
  changes: Changes
  memory: Memories
  integrations: Pick<Integrations, 'actionsOf' | 'findIssues'>
  /** Keeps the secrets of configurations. */
  kept: Kept
  zoneOf: (user_id: string) => string
  limits: Partial<Limits> | undefined
  workers: Workers
  /** Who a user is now. */
  behind: (user_id: string) => Behind | undefined
}

/** Agents, what they can do, and doing it. */
export async function openAgents(
  kernel: Kernel,
  { changes, memory, integrations, kept, zoneOf, limits, workers, behind }: Parts,
): Promise<Agents> {
  const skills = openSkills(integrations)
  const usage = openUsage(kernel.clock)
  const registry = await openRegistry(kernel, skills, behind)
  const crud = openCrud(kernel, {
    changes,
    skills,
    usage,
    kept,
    gone: async (tx, agent) => {
      if (agent.deleted_at !== null) executions.stop.all(tx, agent.user_id, agent.id)
      await registry.gone(tx, agent)
    },
    checkSettings: (agent) => registry.checkSettings(agent),
  })
  const heavy = openHeavyWork(workers)
  const heard: { ended: RunParts['ended'][] } = { ended: [] }
  const budgets = openBudgets(kernel, zoneOf)
  const executions = openExecutions(kernel, {
    skills,
    usage,
    undo: changes.undo,
    budgets,
    heavy,
    zoneOf,
    limits,
    ended: (tx, row, result) => heard.ended.flatMap((listen) => listen(tx, row, result)),
  })
  const outside = openOutside({ kernel, executions, skills, registry, crud })
  changes.assessWith(openAgentImpact(kernel, registry))
  const deleting = openDeleting(kernel, { changes, crud, executions })
  const show = openShowing({ usage, skills, kept })
  return {
    skills,
    executions,
    budgets,
    usage,
    bindWorker: heavy.bind,
    bindRemote: outside.bindRemote,
    registry,
    mail: outside.mail,
    start: async () => {
      await crud.complete()
      await kernel.jobs.start()
    },
    crud,
    usedBy: deleting.usedBy,
    seed: (tx, user_id) => crud.seed(tx, user_id),
    ...telling(kernel, skills, show),
    onEnded: (listener) => heard.ended.push(listener),
    onConfigured: (listener) => crud.onConfigured(listener),
    outdated: { executions: oldExecutions, 'deleted agents': oldAgents },
    sweeps: { executions: forgetExecutions, agents: forgetAgents(memory) },
    warning: (asked) => warningOf(kernel, skills, asked),
    answers: {
      ...configuring(kernel, { changes, crud, skills }, show),
      ...deleting.answers,
      ...executing(executions, changes),
      ...outside.answers,
      ...remembering(kernel, { memory, changes }),
      [agents.status.name]: reads(agents.status, ({ user_id }, input) =>
        findStatus(kernel, usage, user_id, input),
      ),
      [agents.logs.name]: reads(agents.logs, ({ user_id }, input) => findLogs(kernel, user_id, input)),
    },
  }
}

/** What other domains are told of agents. */
function telling(
  kernel: Kernel,
  skills: Skills,
  show: (row: AgentRow) => Agent,
): Pick<
  Agents,
  | 'knownAfter'
  | 'known'
  | 'shown'
  | 'counts'
  | 'portraits'
  | 'uses'
  | 'refer'
  | 'find'
  | 'lets'
  | 'naming'
  | 'commandsOf'
> {
  const { reader } = kernel.store
  return {
    knownAfter: async (change) => (await rowsAfter(kernel, skills, change)).map(toKnown),
    known: async (user_id, db = reader) =>
      (await agentStore.list(db.tables<AgentTables>(), user_id)).map(toKnown),
    shown: async (user_id, program_id) =>
      (await agentStore.list(reader.tables<AgentTables>(), user_id)).map((row) =>
        veil(show(row), program_id),
      ),
    counts: (user_id) => agentStore.counts(reader.tables<AgentTables>(), user_id),
    portraits: openPortraits(kernel, skills),
    uses: (user_id, agent_ids, since) => readUses(kernel, user_id, agent_ids, since),
    lets: openLetting(skills),
    naming: async (tx, user_id, credential_id) => {
      const rows = await agentStore.list(tx.tables<AgentTables>(), user_id)
      return rows
        .filter((row) => credentialsIn(toConfig(row)).includes(credential_id))
        .map(({ name }) => name)
    },
    find: (tx, user_id, ref) => agentStore.find(tx.connection, user_id, ref),
    refer: (user_id, ref) => Promise.resolve(agentStore.find(reader.connection, user_id, ref)),
    commandsOf: async (user_id, ids) => {
      const rows = await agentStore.someExecutions(reader.tables<AgentTables>(), user_id, ids)
      return new Map(rows.map((row) => [row.id, toCommand(row)]))
    },
  }
}

/** Asks the action itself what it would do, as it would be performed now. */
async function warningOf(
  kernel: Kernel,
  skills: Skills,
  { user_id, agent_number, action, parameters, time_zone }: Asked,
): Promise<Warning | undefined> {
  const { reader } = kernel.store
  const row = agentStore.find(reader.connection, user_id, String(agent_number))
  const skill = row && equipped(skills, row)
  if (row === undefined || skill === undefined || action.confirm === undefined) return undefined
  const owner = { user_id, agent_id: row.id }
  const bound = { owner, agent_number, time_zone, now: kernel.clock.now(), id: kernel.id }
  const grant = { ...bound, db: reader, note: undefined, signal: NEVER, meter: openMeter() }
  try {
    return await action.confirm(skills.grant(skill, grant), parameters)
  } catch (error) {
    if (error instanceof AskError) {
      const { parameter, message: question, choices } = error
      return { parameter, question, ...(choices && { choices }) }
    }
    // What cannot be done at all needs no question: doing it says why.
    if (error instanceof ActionError) return undefined
    throw error
  }
}

interface Configuring {
  changes: Changes
  crud: Crud
  skills: Skills
}

function configuring(
  { store }: Kernel,
  { changes, crud, skills }: Configuring,
  show: (row: AgentRow) => Agent,
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
    [agents.get.name]: reads(agents.get, ({ user_id }, { id, actions = false }) => {
      const row = recent(user_id, id)
      return Promise.resolve(
        actions ? { ...show(row), actions: toActions(equipped(skills, row)) } : show(row),
      )
    }),
    [agents.create.name]: writes(agents.create, {
      prepare: ({ user_id }, given) => crud.foresee(user_id, undefined, given),
      commit: async (tx, { user_id }, given, foreseen) => {
        changes.assessed(tx, foreseen)
        return show(await crud.create(tx, user_id, given, foreseen.target))
      },
    }),
    [agents.update.name]: writes(agents.update, {
      prepare: ({ user_id }, { id, if_unmodified_since: _since, ...change }) =>
        crud.foresee(user_id, id, change),
      commit: async (tx, { user_id }, { id, if_unmodified_since: since, ...change }, foreseen) => {
        if (since !== undefined) checkUnmodified(need(tx, user_id, id), since)
        changes.assessed(tx, foreseen)
        return show(await crud.update(tx, user_id, id, change))
      },
    }),
    [agents.restore.name]: writes(agents.restore, {
      commit: async (tx, { user_id }, { id }) => {
        await changes.bringBack(tx, user_id, 'agent', id)
        return show(need(tx, user_id, id))
      },
    }),
  }
}

function executing(executions: Executions, changes: Changes): Answers {
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
      commit: (tx, { user_id }, { id }) => Promise.resolve(executions.stop.one(tx, user_id, id).execution),
    }),
    [agents.undo.name]: writes(agents.undo, {
      commit: (tx, { user_id }, { id }) => changes.undo.undo(tx, user_id, id),
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
  const { id, user_id, agent_number, name, skill, updated_at } = row
  const flags = { is_active: row.is_active !== 0, voice_enabled: row.voice_enabled !== 0 }
  return { id, user_id, agent_number, name, skill, updated_at, ...flags, config: toConfig(row) }
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
