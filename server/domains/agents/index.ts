import { agents } from '../../../contract/agents.ts'
import type { Execution } from '../../../contract/agents.ts'
import type { Output } from '../../../contract/operation.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Changes } from '../changes/index.ts'
import type { Memories } from '../memory/index.ts'
import { RUN_JOB, TIMEOUT_MS_DEFAULT, accept, need } from './accept.ts'
import type { NewExecution } from './accept.ts'
import { openCrud } from './crud.ts'
import { toLog } from './logs.ts'
import { openRunner } from './run.ts'
import { openSkills } from './skills.ts'
import type { Skills } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'
import { openUsage } from './usage.ts'
import { toAgent, toExecution, toStatus } from './view.ts'
import { openWaiters } from './waiters.ts'

export interface Limits {
  executions_at_once: number
  executions_per_user_max: number
  executions_total_max: number
}

export interface Agents {
  answers: Answers
  readonly skills: Skills
  /** Gives a new user the built-in agents. */
  seed(tx: Tx, user_id: string): Promise<void>
  /** The agents of a user, by number. */
  list(user_id: string): Promise<AgentRow[]>
  counts(user_id: string): Promise<{ total_count: number; active_count: number; error_count: number }>
  /** Id of an agent of the user, by id or number. */
  idOf(user_id: string, ref: string): Promise<string | undefined>
  /** Takes on an execution in the caller's transaction. */
  accept(tx: Tx, asked: NewExecution): Execution
  /** The execution once it has ended, or as it is when the signal ends the waiting. */
  finished(user_id: string, execution: Execution, signal: AbortSignal): Promise<Execution>
}

interface Parts {
  changes: Changes
  memory: Memories
  zoneOf: (user_id: string) => Promise<string>
  limits?: Partial<Limits>
}

const LIMITS: Limits = { executions_at_once: 16, executions_per_user_max: 100, executions_total_max: 1_000 }
/** Longer than any time-out: a lease only frees what hangs for good. */
const LEASE_MS = 660_000
const RECENT = 20

/** Agents, what they can do, and doing it. */
export function openAgents(kernel: Kernel, { changes, memory, zoneOf, limits }: Parts): Agents {
  const bounds = { ...LIMITS, ...limits }
  const skills = openSkills()
  const usage = openUsage(kernel.clock)
  const waiters = openWaiters()
  const crud = openCrud(kernel, { changes, skills, usage })
  const { reader } = kernel.store
  kernel.jobs.handle(RUN_JOB, {
    concurrency_max: bounds.executions_at_once,
    per_user_max: bounds.executions_per_user_max,
    total_max: bounds.executions_total_max,
    lease_ms: LEASE_MS,
    attempts_max: 3,
    ...openRunner({ kernel, skills, usage, undo: changes.undo, waiters, zoneOf }),
  })
  const show = (row: AgentRow) => toAgent(row, usage, Object.keys(skills.get(row.skill)?.actions ?? {}))
  const finished: Agents['finished'] = async (user_id, execution, signal) => {
    // Listening starts before looking: an execution that ends in between is heard.
    const ended = waiters.wait(execution.execution_id, signal)
    const row = agentStore.execution(reader.connection, user_id, execution.execution_id)
    if (row === undefined || row.status === 'completed' || row.status === 'failed')
      return row === undefined ? execution : toExecution(row)
    return (await ended) ?? toExecution(row)
  }
  const list = (user_id: string) => agentStore.list(reader.tables<AgentTables>(), user_id)
  const counts = (user_id: string) => agentStore.counts(reader.tables<AgentTables>(), user_id)
  return {
    skills,
    seed: (tx, user_id) => crud.seed(tx, user_id),
    list,
    counts,
    idOf: (user_id, ref) => Promise.resolve(agentStore.find(reader.connection, user_id, ref)?.id),
    accept: (tx, asked) => accept(kernel, skills, usage, tx, asked),
    finished,
    answers: {
      [agents.list.name]: reads(agents.list, async ({ user_id }, { limit, cursor, active }) => {
        const after = cursor === undefined ? {} : { after: Number(fromCursor(cursor)) }
        const filter = {
          ...after,
          ...(active === undefined ? {} : { active }),
          ...(limit === undefined ? {} : { limit: limit + 1 }),
        }
        const found = await agentStore.list(reader.tables<AgentTables>(), user_id, filter)
        const { rows, ...next } = toPage(found, limit ?? found.length, (row) => row.agent_number)
        const { total_count, active_count } = await counts(user_id)
        return { agents: rows.map(show), total_count, active_count, ...next }
      }),
      [agents.get.name]: reads(agents.get, ({ user_id }, { id }) =>
        Promise.resolve(show(need(reader, user_id, id))),
      ),
      [agents.create.name]: writes(agents.create, {
        commit: async (tx, { user_id }, given) => show(await crud.create(tx, user_id, given)),
      }),
      [agents.update.name]: writes(agents.update, {
        commit: async (tx, { user_id }, { id, ...change }) =>
          show(await crud.update(tx, user_id, id, change)),
      }),
      [agents.delete.name]: writes(agents.delete, {
        commit: async (tx, { user_id }, { id }) => {
          await crud.remove(tx, user_id, id)
          return {}
        },
      }),
      [agents.execute.name]: writes(agents.execute, {
        commit: (tx, call, { id, command, timeout_ms = TIMEOUT_MS_DEFAULT }) => {
          checkUser(call, command.user_id)
          return Promise.resolve(
            accept(kernel, skills, usage, tx, { user_id: call.user_id, ref: id, command, timeout_ms }),
          )
        },
        wait: ({ user_id }, { wait_for_completion }, receipt, signal) =>
          wait_for_completion === true ? finished(user_id, receipt, signal) : Promise.resolve(receipt),
      }),
      [agents.status.name]: reads(agents.status, ({ user_id }, input) =>
        status(kernel, usage, user_id, input),
      ),
      [agents.logs.name]: reads(
        agents.logs,
        async ({ user_id }, { id, level, since, execution_id, cursor, limit = LIMIT_DEFAULT }) => {
          const agent = need(reader, user_id, id)
          if (level === 'debug' || level === 'warn') return { logs: [] }
          const found = await agentStore.executions(reader.tables<AgentTables>(), user_id, agent.id, {
            limit: limit + 1,
            ...(since === undefined ? {} : { since }),
            ...(execution_id === undefined ? {} : { id: execution_id }),
            ...(level === undefined ? {} : { failed: level === 'error' }),
            ...(cursor === undefined ? {} : { before: String(fromCursor(cursor)) }),
          })
          const { rows, ...next } = toPage(found, limit, (row) => row.id)
          return { logs: rows.map(toLog), ...next }
        },
      ),
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
      [agents.undo.name]: writes(agents.undo, {
        commit: (tx, { user_id }, { id }) => changes.undo.undo(tx, user_id, id),
      }),
    },
  }
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

async function status(
  kernel: Kernel,
  usage: ReturnType<typeof openUsage>,
  user_id: string,
  { id, execution_id }: { id: string; execution_id?: string },
): Promise<Output<typeof agents.status>> {
  const { reader } = kernel.store
  const agent = need(reader, user_id, id)
  if (execution_id === undefined) {
    const recent = await agentStore.executions(reader.tables<AgentTables>(), user_id, agent.id, {
      limit: RECENT,
    })
    return { ...toStatus(agent, usage), executions: recent.map(toExecution) }
  }
  const row = agentStore.execution(reader.connection, user_id, execution_id)
  if (row === undefined || row.agent_id !== agent.id) {
    throw new Fault('AGENT_NOT_FOUND', `Agent ${agent.agent_number} has no execution ${execution_id}.`, {
      execution_id,
    })
  }
  return toExecution(row)
}
