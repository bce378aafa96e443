import type { AgentResponse } from '../../../../contract/agents.ts'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { iso } from '../../../kernel/clock.ts'
import { digest } from '../../../kernel/crypto.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Job } from '../../../kernel/job.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { ConfiguredAgent } from '../../agents/crud.ts'
import type { ExecutionRow } from '../../agents/store.ts'
import type { Engine } from '../engine/index.ts'
import type { Json } from '../evaluate/value.ts'
import { workflowStore } from '../store.ts'
import type { RunRow, WorkflowRow } from '../store.ts'
import { matches } from './match.ts'
import { missed, nextDue } from './schedule.ts'
import type { ScheduleConditions } from './schedule.ts'
import { triggerStore } from './store.ts'
import type { TriggerRow, TriggerTables } from './store.ts'

const SCHEDULE_JOB = 'workflows.schedule'
const SCHEDULES_PER_USER_MAX = 2_000

export interface TriggerParts {
  engine: Engine
  zoneOf: (user_id: string) => string
  /** Takes a start off the day's quota. @throws Fault when it is used up. */
  charge: (user_id: string) => void
}

export interface Triggers {
  /** Follows a workflow, in the transaction of its change. */
  ofWorkflow(tx: Tx, row: WorkflowRow, trigger: WorkflowTrigger): Promise<void>
  /** Follows the triggers in the configuration of an agent. */
  ofAgent(tx: Tx, agent: ConfiguredAgent): Promise<void>
  /** Starts what waits for an agent to be done; answers the runs. */
  completed(tx: Tx, execution: ExecutionRow, result: AgentResponse, depth: number): RunRow[]
  /** The trigger of a webhook. */
  byToken(db: Pick<Tx, 'connection'>, token: string): TriggerRow | undefined
  /** The token of the webhook of a workflow, or of an agent's trigger. */
  tokenOf(key: string): string
  /** Starts a workflow for a trigger, or records that the day's quota did not let it. */
  fire(
    tx: Tx,
    trigger: TriggerRow,
    source: string,
    data: Record<string, Json>,
    more?: Fired,
  ): RunRow | undefined
}

interface Fired {
  once_key?: string
  depth?: number
  input?: Json
}

/** What starts workflows. */
export function openTriggers(kernel: Kernel, parts: TriggerParts): Triggers {
  const { engine, zoneOf, charge } = parts
  const context = (row: TriggerRow) => ({ zone: zoneOf(row.user_id), anchor: Date.parse(row.since) })
  const schedule = (tx: Tx, row: TriggerRow, after: number): void => {
    const due = nextDue(JSON.parse(row.conditions) as ScheduleConditions, context(row), after)
    const { key, user_id } = row
    if (due === undefined) kernel.jobs.cancel(tx, SCHEDULE_JOB, key)
    else
      kernel.jobs.enqueue(tx, {
        kind: SCHEDULE_JOB,
        key,
        user_id,
        payload: {},
        run_at: due,
        priority: 'high',
      })
  }
  const fire: Triggers['fire'] = (tx, row, source, data, { once_key, depth, input } = {}) => {
    const workflow = workflowStore.find(tx.connection, row.user_id, row.workflow_id)
    if (workflow === undefined) return undefined
    const known =
      once_key === undefined ? undefined : workflowStore.once(tx.connection, workflow.id, once_key)
    if (known !== undefined) return known
    return engine.start(tx, {
      workflow,
      source,
      data: { type: row.type, source, ...data },
      input: input ?? null,
      ...(depth === undefined ? {} : { depth }),
      ...(once_key === undefined ? {} : { once_key }),
      ...refusedBy(() => charge(row.user_id)),
    })
  }
  const ring = async (tx: Tx, job: Job): Promise<void> => {
    job.finish(tx)
    const row = triggerStore.find(tx.connection, job.key)
    if (row === undefined) return
    const now = kernel.clock.now()
    const conditions = JSON.parse(row.conditions) as ScheduleConditions
    const last = row.last_due ?? Date.parse(row.since)
    for (const due of missed(conditions, context(row), last, now))
      fire(tx, row, 'schedule', { due: iso(due) }, { once_key: `${row.key} ${due}` })
    // A clock that was set back must not bring back times that were seen to.
    const seen = Math.max(last, now)
    await triggerStore.setDue(tx.tables<TriggerTables>(), row.key, seen)
    schedule(tx, row, seen)
  }
  kernel.jobs.handle(SCHEDULE_JOB, {
    concurrency_max: 4,
    per_user_max: SCHEDULES_PER_USER_MAX,
    total_max: 1_000_000,
    lease_ms: 60_000,
    attempts_max: 5,
    run: (job) => kernel.store.write((tx) => ring(tx, job)),
    giveUp: (job, error) =>
      kernel.store.write((tx) => {
        kernel.log.error('a schedule fails again and again', { key: job.key, error })
        job.finish(tx)
        const row = triggerStore.find(tx.connection, job.key)
        if (row !== undefined) schedule(tx, row, kernel.clock.now())
        return Promise.resolve()
      }),
  })
  const follow = openFollowing(kernel, { schedule, tokenOf })
  function tokenOf(key: string): string {
    return kernel.keys.mac('webhook', key)
  }
  return {
    ...follow,
    fire,
    tokenOf,
    byToken: ({ connection }, token) => triggerStore.byToken(connection, digest(token)),
    completed: (tx, execution, result, depth) =>
      triggerStore
        .completions(tx.connection, execution.user_id, execution.agent_number)
        .filter((row) => meets(row, execution, result))
        .flatMap((row) => {
          const { agent_number, action, id } = execution
          const data = { agent_number, action, execution_id: id, result: toJson(result) }
          return fire(tx, row, `agent:${agent_number}`, data, { depth }) ?? []
        }),
  }
}

/** A start that is over the quota is recorded as refused, and not silently lost. */
function refusedBy(charge: () => void): { refused?: string } {
  try {
    charge()
    return {}
  } catch (error) {
    if (error instanceof Fault) return { refused: `${error.code}: ${error.message}` }
    throw error
  }
}

function meets(row: TriggerRow, { action }: ExecutionRow, { success, data }: AgentResponse): boolean {
  const wanted = JSON.parse(row.conditions) as {
    action?: string
    success?: boolean
    match?: Record<string, Json>
  }
  if (wanted.action !== undefined && wanted.action !== action) return false
  if (wanted.success !== undefined && wanted.success !== success) return false
  return wanted.match === undefined || matches(toJson(data), wanted.match)
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json
}

interface Following {
  schedule: (tx: Tx, row: TriggerRow, after: number) => void
  tokenOf: (key: string) => string
}

/** Keeps the table of triggers as workflows and agents say. */
function openFollowing(
  kernel: Kernel,
  { schedule, tokenOf }: Following,
): Pick<Triggers, 'ofWorkflow' | 'ofAgent'> {
  const remove = async (tx: Tx, key: string): Promise<void> => {
    await triggerStore.remove(tx.tables<TriggerTables>(), key)
    kernel.jobs.cancel(tx, SCHEDULE_JOB, key)
  }
  const put = async (tx: Tx, row: Omit<TriggerRow, 'token_digest' | 'last_due'>): Promise<void> => {
    const known = triggerStore.find(tx.connection, row.key)
    const isSame =
      known?.type === row.type && known.conditions === row.conditions && known.since === row.since
    const last_due = isSame ? known.last_due : null
    const token_digest = row.type === 'webhook' ? digest(tokenOf(row.key)) : null
    const next = { ...row, last_due, token_digest }
    await triggerStore.put(tx.tables<TriggerTables>(), next)
    if (row.type === 'schedule') schedule(tx, next, Math.max(last_due ?? 0, kernel.clock.now()))
    else kernel.jobs.cancel(tx, SCHEDULE_JOB, row.key)
  }
  return {
    ofWorkflow: async (tx, row, { type, conditions, source_agent }) => {
      const { id: key, user_id, active_since } = row
      const isOn = row.deleted_at === null && row.is_active !== 0 && active_since !== null
      if (!isOn || type === 'manual') return remove(tx, key)
      await put(tx, {
        key,
        user_id,
        workflow_id: key,
        agent_id: null,
        type,
        conditions: JSON.stringify(conditions),
        source_agent: source_agent ?? null,
        since: active_since,
      })
    },
    ofAgent: async (tx, { id: agent_id, user_id, agent_number, is_active, config }) => {
      const wanted = is_active ? config.workflow_triggers : []
      const known = await triggerStore.ofAgent(tx.tables<TriggerTables>(), user_id, agent_id)
      const keys = wanted.map((_, index) => `${agent_id}.${index}`)
      for (const { key } of known) if (!keys.includes(key)) await remove(tx, key)
      for (const [index, { type, conditions, source_agent = agent_number }] of wanted.entries()) {
        const key = `${agent_id}.${index}`
        const { workflow_id, ...others } = conditions
        const before = known.find((row) => row.key === key)
        await put(tx, {
          key,
          user_id,
          workflow_id: String(workflow_id),
          agent_id,
          type,
          conditions: JSON.stringify(others),
          source_agent: type === 'agent_completion' ? source_agent : null,
          since: before?.type === type ? before.since : kernel.now(),
        })
      }
    },
  }
}
