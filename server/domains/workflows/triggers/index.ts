import { storedFields } from '../../../kernel/stored.ts'
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
import { DEPTH_MAX } from '../engine/index.ts'
import type { Engine, NewRun } from '../engine/index.ts'
import { tiredSince } from '../engine/settle.ts'
import type { Json } from '../evaluate/value.ts'
import { workflowStore } from '../store.ts'
import type { RunRow, WorkflowRow } from '../store.ts'
import { matches } from './match.ts'
import { missed, nextDue, readSchedule } from './schedule.ts'
import type { ScheduleConditions } from './schedule.ts'
import { triggerStore, wantedBy } from './store.ts'
import type { TriggerRow, TriggerTables, Wanted } from './store.ts'

const SCHEDULE_JOB = 'workflows.schedule'
const SCHEDULES_PER_USER_MAX = 2_000
/** Webhooks that are not looked up again for each call, which asks five times. */
const KNOWN_MAX = 1_000
/** They all start in the transaction in which the agent is done. */
const COMPLETIONS_PER_AGENT_MAX = 32

export interface TriggerParts {
  engine: Engine
  zoneOf: (user_id: string) => string
  /** Takes a start off the day's quota. @throws Fault when it is used up. */
  charge: (user_id: string, chained?: boolean) => void
}

export interface Triggers {
  /** Follows a workflow, in the transaction of its change. */
  ofWorkflow(tx: Tx, row: WorkflowRow, trigger: WorkflowTrigger): Promise<void>
  /** Follows the triggers in the configuration of an agent. */
  ofAgent(tx: Tx, agent: ConfiguredAgent): Promise<void>
  /** Has the schedules of a user that name no zone of their own go by this one, from now on. */
  rezone(tx: Tx, user_id: string, zone: string): Promise<void>
  /** Starts what waits for an agent to be done; answers the runs. */
  completed(tx: Tx, execution: ExecutionRow, result: AgentResponse, depth: number): RunRow[]
  /** The trigger of a webhook. */
  byToken(db: Pick<Tx, 'connection'>, token: string): TriggerRow | undefined
  /** The token of the webhook of a workflow, or of an agent's trigger. */
  tokenOf(key: string): string
  /**
   * Starts a workflow for a trigger, or records that the day's quota or the queue did not let it; nothing while the
   * workflow is switched off.
   */
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
  const { zoneOf } = parts
  const schedule: Following['schedule'] = (tx, row, after, zone = zoneOf(row.user_id)) => {
    const context = { zone, anchor: Date.parse(row.since) }
    const conditions = readSchedule(row.conditions)
    const run_at = conditions === undefined ? undefined : nextDue(conditions, context, after)
    const { key, user_id } = row
    if (run_at === undefined) kernel.jobs.cancel(tx, SCHEDULE_JOB, key)
    else kernel.jobs.enqueue(tx, { kind: SCHEDULE_JOB, key, user_id, payload: {}, run_at, priority: 'high' })
  }
  const fire = openFire(kernel, parts)
  const ring = openRing(kernel, { zoneOf, fire, schedule })
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
  const known = new Map<string, TriggerRow>()
  const follow = openFollowing(kernel, { schedule, tokenOf, changed: () => known.clear() })
  const byToken: Triggers['byToken'] = ({ connection }, token) => {
    const row = known.get(token) ?? triggerStore.byToken(connection, digest(token))
    if (row === undefined || known.has(token)) return row
    if (known.size >= KNOWN_MAX) known.clear()
    known.set(token, row)
    return row
  }
  function tokenOf(key: string): string {
    return kernel.keys.mac('webhook', key)
  }
  return {
    ...follow,
    fire,
    tokenOf,
    byToken,
    completed: (tx, { user_id, agent_number, action, id }, answer, depth) => {
      const rows = triggerStore.completions(tx.connection, user_id, agent_number)
      if (rows.length === 0) return []
      const result = JSON.parse(JSON.stringify(answer)) as Record<string, Json>
      const data = { agent_number, action, execution_id: id, result }
      return rows
        .filter((row) => meets(row, action, result))
        .flatMap((row) => fire(tx, row, `agent:${agent_number}`, data, { depth }) ?? [])
    },
  }
}

/** Starts what is due of one schedule, in the transaction of its job. */
function openRing(
  { clock }: Pick<Kernel, 'clock'>,
  {
    zoneOf,
    fire,
    schedule,
  }: Pick<TriggerParts, 'zoneOf'> & Pick<Triggers, 'fire'> & Pick<Following, 'schedule'>,
): (tx: Tx, job: Job) => Promise<void> {
  return async (tx, job) => {
    job.finish(tx)
    const row = triggerStore.find(tx.connection, job.key)
    if (row === undefined) return
    const now = clock.now()
    const anchor = Date.parse(row.since)
    const last = row.last_due ?? anchor
    const conditions = readSchedule(row.conditions)
    if (conditions === undefined) return
    const isTired = tiredSince(clock)
    // A clock that was set back must not bring back times that were seen to.
    let seen = Math.max(last, now)
    for (const due of missed(conditions, { zone: zoneOf(row.user_id), anchor }, last, now)) {
      fire(tx, row, 'schedule', { due: iso(due) }, { once_key: onceKey(row, conditions, due) })
      if (!isTired()) continue
      // The rest is made up for in a transaction of its own.
      seen = due
      break
    }
    await triggerStore.setDue(tx.tables<TriggerTables>(), row.key, seen)
    schedule(tx, row, seen)
  }
}

/** Of starts that are refused, each trigger leaves one an hour in the history: whatever fires on must not fill the disk. */
export function refusedKey(key: string, now: number): string {
  return `refused ${key} ${Math.floor(now / 3_600_000)}`
}

function openFire(
  { clock }: Pick<Kernel, 'clock'>,
  { engine, charge }: Pick<TriggerParts, 'engine' | 'charge'>,
): Triggers['fire'] {
  return (tx, row, source, data, { once_key, depth, input } = {}) => {
    const workflow = workflowStore.find(tx.connection, row.user_id, row.workflow_id)
    // An agent's trigger stays when the workflow that it names is switched off or deleted.
    if (workflow === undefined || workflow.is_active === 0) return undefined
    const known =
      once_key === undefined ? undefined : workflowStore.once(tx.connection, workflow.id, once_key)
    if (known !== undefined) return known
    const asked: NewRun = {
      workflow,
      source,
      data: { type: row.type, source, ...data },
      input: input ?? null,
      ...(depth === undefined ? {} : { depth }),
      ...(once_key === undefined ? {} : { once_key }),
    }
    const refused_key = refusedKey(row.key, clock.now())
    // Workflows that start each other without end take no more than that off the day's quota.
    if ((depth ?? 0) > DEPTH_MAX) return engine.start(tx, { ...asked, once_key: refused_key })
    return startOrRefuse(engine, tx, asked, {
      // What somebody asks an agent for, or a run, may start others; these others' are the beginning of a chain.
      charge: () => charge(row.user_id, (depth ?? 0) > 1),
      refused_key,
    })
  }
}

/** A time of day is another moment in another zone, yet `at` happens once. */
function onceKey({ key }: TriggerRow, { at }: ScheduleConditions, due: number): string {
  return `${key} ${at ?? due}`
}

/**
 * A start that the quota or the full queue does not let happen is recorded as refused: it is not silently lost, and
 * fails neither the action of the agent that is done nor the schedule.
 */
function startOrRefuse(
  engine: Engine,
  tx: Tx,
  asked: NewRun,
  { charge, refused_key }: { charge: () => void; refused_key: string },
): RunRow {
  try {
    charge()
    return engine.start(tx, asked)
  } catch (error) {
    if (!(error instanceof Fault) || !REFUSALS.has(error.name)) throw error
    // What nobody reads must not fill the disk.
    const isLong = JSON.stringify(asked.data).length > REFUSED_DATA_MAX
    const data = isLong ? { type: asked.data['type'] ?? null, source: asked.source } : asked.data
    const refused = `${error.code}: ${error.message}`
    return engine.start(tx, { ...asked, data, input: null, once_key: refused_key, refused })
  }
}

/** Characters of the data of a start that are kept though it was refused. */
const REFUSED_DATA_MAX = 1_000
/** Refusals before which nothing was written. */
const REFUSALS: ReadonlySet<string> = new Set(['RATE_LIMIT_EXCEEDED', 'SYSTEM_OVERLOADED'])

function meets({ conditions }: TriggerRow, action: string, { success, data }: Record<string, Json>): boolean {
  const wanted = storedFields<{ action?: string; success?: boolean; match?: Record<string, Json> }>(
    conditions,
  )
  if (wanted === undefined) return false
  if (wanted.action !== undefined && wanted.action !== action) return false
  if (wanted.success !== undefined && wanted.success !== success) return false
  return wanted.match === undefined || matches(data ?? null, wanted.match)
}

/** @throws Fault `VALIDATION_ERROR` (409) when more start after one agent than may. */
function refuseCrowd({ connection }: Tx, user_id: string, source_agent: number): void {
  if (triggerStore.completions(connection, user_id, source_agent).length <= COMPLETIONS_PER_AGENT_MAX) return
  const text = `${COMPLETIONS_PER_AGENT_MAX} workflows start after agent ${source_agent} already, and no more may.`
  throw new Fault('VALIDATION_ERROR', text, { source_agent }, { status: 409 })
}

interface Following {
  /** Has a schedule ring at its next time after a moment. */
  schedule: (tx: Tx, row: TriggerRow, after: number, zone?: string) => void
  tokenOf: (key: string) => string
  /** Hears that rows have changed, once that is committed. */
  changed: () => void
}

/** Keeps the table of triggers as workflows and agents say. */
function openFollowing(
  kernel: Kernel,
  { schedule, tokenOf, changed }: Following,
): Pick<Triggers, 'ofWorkflow' | 'ofAgent' | 'rezone'> {
  const remove = async (tx: Tx, key: string): Promise<void> => {
    tx.afterCommit(changed)
    await triggerStore.remove(tx.tables<TriggerTables>(), key)
    kernel.jobs.cancel(tx, SCHEDULE_JOB, key)
  }
  const put = async (tx: Tx, row: Wanted & Pick<TriggerRow, 'since'>): Promise<void> => {
    const known = triggerStore.find(tx.connection, row.key)
    const isSame =
      known?.type === row.type && known.conditions === row.conditions && known.since === row.since
    const now = kernel.clock.now()
    // What was changed is due from now on: the times that it would have had before are not made up for.
    const last_due = row.type === 'schedule' ? ((isSame ? known.last_due : undefined) ?? now) : null
    const token_digest = row.type === 'webhook' ? digest(tokenOf(row.key)) : null
    const next = { ...row, last_due, token_digest }
    tx.afterCommit(changed)
    await triggerStore.put(tx.tables<TriggerTables>(), next)
    if (row.source_agent !== null) refuseCrowd(tx, row.user_id, row.source_agent)
    // What became due and was not seen to yet stays due.
    if (row.type === 'schedule') schedule(tx, next, last_due ?? now)
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
    ofAgent: async (tx, agent) => {
      const wanted = new Map(wantedBy(agent).map((row) => [row.key, row]))
      const known = await triggerStore.ofAgent(tx.tables<TriggerTables>(), agent.user_id, agent.id)
      for (const { key } of known) if (!wanted.has(key)) await remove(tx, key)
      for (const row of wanted.values()) {
        const before = known.find(({ key }) => key === row.key)
        await put(tx, { ...row, since: before?.since ?? kernel.now() })
      }
    },
    rezone: async (tx, user_id, zone) => {
      const db = tx.tables<TriggerTables>()
      const now = kernel.clock.now()
      for (const row of await triggerStore.ofType(db, user_id, 'schedule')) {
        if (readSchedule(row.conditions)?.timezone !== undefined) continue
        const last_due = Math.max(row.last_due ?? 0, now)
        await triggerStore.setDue(db, row.key, last_due)
        schedule(tx, row, last_due, zone)
      }
    },
  }
}
