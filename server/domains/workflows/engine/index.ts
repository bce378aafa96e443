import { Fault } from '../../../kernel/fault.ts'
import { LostJobError } from '../../../kernel/job.ts'
import type { Job, Priority } from '../../../kernel/job.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { openTurns } from '../../../kernel/turns.ts'
import type { Json } from '../evaluate/value.ts'
import { workflowStore } from '../store.ts'
import type { RunRow, WorkflowRow } from '../store.ts'
import { beginning, recordBeginning } from './beginning.ts'
import type { Beginning } from './beginning.ts'
import { Driver } from './driver.ts'
import type { Depths } from './driver.ts'
import { openLauncher } from './launcher.ts'
import { openPace } from './pace.ts'
import { RUN_JOB, endRun, enqueueRun, putSteps, tellFailure } from './journal.ts'
import type { EngineParts } from './parts.ts'
import { deadlineOf, firstFailure, tiredSince } from './settle.ts'
import type { World } from './settle.ts'
import { NEW_STEP, damageOf, hasOutcome, toState } from './state.ts'
import type { RunState, StepState, Steps } from './state.ts'

/** Runs that go on at once, in all and of one user, and that may exist, waiting ones counted. */
export interface RunLimits {
  runs_at_once: number
  runs_per_user_at_once: number
  runs_per_user_max: number
  runs_total_max: number
  /** The share by which a wait before another attempt is longer or shorter at most. */
  retry_jitter: number
}

const LIMITS: RunLimits = {
  runs_at_once: 128,
  runs_per_user_at_once: 64,
  runs_per_user_max: 20_000,
  runs_total_max: 200_000,
  retry_jitter: 0.1,
}
/** Longer than any run may take: a lease only frees what hangs for good. */
const LEASE_MS = 90_000_000
/** Each is ended by a crash of the process: one that ends it again and again is given up. */
const ATTEMPTS_MAX = 100
/** Workflows that start each other. */
export const DEPTH_MAX = 8

/** What starts a run. `data` is what expressions see as `trigger`. */
export interface NewRun {
  workflow: WorkflowRow
  source: string
  data: Record<string, Json>
  input: Json
  priority?: Priority | undefined
  depth?: number
  /** What would start it a second time finds the first run. */
  once_key?: string
  replay?: { of: RunRow; from_step: string | null; version: number }
  /** Why it is not run, but only recorded as refused. */
  refused?: string
}

/** A run that was taken on, with its steps if that was all of it. */
export type StartedRun = RunRow & { steps?: Steps }

export interface Engine {
  /** Takes on a run in the caller's transaction; the known one when it was started before. */
  start(tx: Tx, asked: NewRun): StartedRun
  /** Ends a run, at once and for good; one that has ended stays as it is. */
  stop(tx: Tx, run: RunRow): RunRow
  /** Ends all runs of a user, or of one workflow; with thousands of them others have turns meanwhile. */
  stopAll(tx: Tx, user_id: string, workflow_id?: string): Promise<RunRow[]>
  /** Takes up the runs whose job is lost, which nothing else would ever wake; once, before the jobs start. */
  takeUp(): Promise<void>
  /** Whether the time of a run is over, so that it ends as soon as it is looked at. */
  isLate(run: RunRow): boolean
  /** Tells a waiting step what it waits for, unless the time of its run is over. */
  answer(tx: Tx, run: RunRow, step_id: string, answer: Json): void
  /** The run once it has ended, or as it is when the signal ends the waiting; nothing when it is gone. */
  finished(user_id: string, run_id: string, signal: AbortSignal): Promise<RunRow | undefined>
  /** Steps of a run that are being performed at the moment, with when they began. */
  performing(run_id: string): ReadonlyMap<string, { started_at: string }> | undefined
  /** How deep the next run is that comes of an execution; 0 when no run performs it. */
  depthAfter(execution_id: string): number
  /** How deep the next run is that an agent asks for: it may do so for any of the runs that it is at work for. */
  depthBelow(user_id: string, agent_number: number): number
}

/** Runs workflows, from their records. */
export function openEngine(
  given: Omit<EngineParts, 'retry_jitter' | 'launch' | 'pace'>,
  limits: Partial<RunLimits> = {},
): Engine {
  const bounds = { ...LIMITS, ...limits }
  const pace = openPace(given.kernel.clock)
  const launch = openLauncher(given.kernel.clock, pace)
  const parts: EngineParts = { ...given, retry_jitter: bounds.retry_jitter, launch, pace }
  const { kernel, waiters } = parts
  const active = new Map<string, Driver>()
  const depths: Depths = new Map()
  /** Runs that were recorded just now, each until it goes on: what was written need not be read. */
  const fresh = new Map<string, RunState>()
  kernel.jobs.handle(RUN_JOB, {
    concurrency_max: bounds.runs_at_once,
    per_lane_at_once: bounds.runs_per_user_at_once,
    per_user_max: bounds.runs_per_user_max,
    total_max: bounds.runs_total_max,
    lease_ms: LEASE_MS,
    attempts_max: ATTEMPTS_MAX,
    run: async (job, signal) => {
      const run = fresh.get(job.key) ?? load(parts, job)
      fresh.delete(job.key)
      if (run === undefined) throw new LostJobError(`There is no run ${job.key}.`)
      if (typeof run === 'string') return giveUp(parts, job, run)
      if (run.row.ended_at !== null) return leave(parts, job)
      const driver = new Driver(parts, job, run, depths)
      active.set(job.key, driver)
      try {
        await driver.drive(signal)
      } finally {
        if (active.get(job.key) === driver) active.delete(job.key)
      }
    },
    giveUp: (job, error) => giveUp(parts, job, `It failed repeatedly inside (${nameOf(error)}).`),
  })
  const look = (user_id: string, run_id: string) =>
    workflowStore.run(kernel.store.reader.connection, user_id, run_id)
  const stopping = openStopping(parts, active)
  return {
    start: (tx, asked) => start(parts, tx, asked, fresh),
    ...stopping,
    takeUp: () => takeUp(parts),
    isLate: (run) => isLate(parts, run),
    answer: (tx, run, step_id, answer) => {
      // It is due already, and ends whatever comes now.
      if (isLate(parts, run)) return
      workflowStore.answerStep(tx.connection, { run_id: run.id, step_id, answer: JSON.stringify(answer) })
      if (active.get(run.id)?.answer(tx, step_id, answer) !== true) wake(parts, tx, run)
    },
    finished: async (user_id, run_id, signal) => {
      // Looking and listening are one turn of the event loop: no run ends in between.
      const now = look(user_id, run_id)
      if (now === undefined || now.ended_at !== null) return now
      return (await waiters.wait(run_id, signal)) ?? look(user_id, run_id)
    },
    performing: (run_id) => active.get(run_id)?.performing,
    depthAfter: (execution_id) => (depths.get(execution_id)?.depth ?? -1) + 1,
    depthBelow: (user_id, agent_number) =>
      [...depths.values()]
        .filter((one) => one.user_id === user_id && one.agent_number === agent_number)
        .reduce((most, { depth }) => Math.max(most, depth + 1), 0),
  }
}

function start(parts: EngineParts, tx: Tx, asked: NewRun, fresh: Map<string, RunState>): StartedRun {
  const { kernel } = parts
  const { workflow, source, data, input, priority = 'normal', depth = 0, once_key, replay, refused } = asked
  const known = once_key === undefined ? undefined : workflowStore.once(tx.connection, workflow.id, once_key)
  if (known !== undefined) return known
  const now = kernel.now()
  const { id: workflow_id, user_id } = workflow
  const row: RunRow = {
    id: kernel.id(),
    user_id,
    workflow_id,
    version: replay?.version ?? workflow.version,
    status: 'queued',
    priority,
    trigger_source: source,
    trigger_data: JSON.stringify(data),
    input: JSON.stringify(input ?? null),
    depth,
    replay_of: replay?.of.id ?? null,
    from_step: replay?.from_step ?? null,
    once_key: once_key ?? null,
    error: null,
    created_at: now,
    started_at: null,
    ended_at: null,
  }
  const damage = parts.planOf(row.version).isDamaged === true ? 'Its definition is damaged.' : undefined
  const isRefused = refused !== undefined || damage !== undefined || depth > DEPTH_MAX
  const started: RunRow = { ...row, status: 'executing', started_at: now }
  // What a replay begins with is recorded after this.
  const begun = isRefused || replay !== undefined ? undefined : beginIn(tx, parts, started)
  const isDone = begun?.isDone === true
  let recorded: RunState | undefined
  // Before the job is there, so that it is known when that begins.
  tx.afterCommit(() => {
    if (recorded !== undefined && !isDone) fresh.set(row.id, recorded)
  })
  const starts = isDone || (!isRefused && enqueueRun(parts, tx, row, kernel.clock.now()))
  const stored = starts ? started : row
  // What ends at once is inserted as it ended.
  if (!isRefused && !isDone) workflowStore.insertRun(tx.connection, stored)
  workflowStore.countStart(tx.connection, workflow_id, now)
  kernel.events.tell(tx, 'workflow:triggered', user_id, {
    workflow_id,
    trigger_source: source,
    execution_id: row.id,
  })
  if (isRefused) {
    const why =
      refused ?? damage ?? `Workflows have started each other ${DEPTH_MAX} times: this one was not run.`
    return endRun(parts, tx, toState(stored, []), { status: 'failed', error: why, isNew: true })
  }
  if (!starts || begun === undefined) return stored
  recorded = recordBeginning(parts, tx, begun)
  return isDone ? { ...recorded.row, steps: recorded.steps } : recorded.row
}

/** The run of a job, or why it cannot go on. */
function load({ kernel, planOf }: EngineParts, { user_id, key }: Job): RunState | string | undefined {
  const { connection } = kernel.store.reader
  const row = workflowStore.run(connection, user_id, key)
  if (row === undefined) return undefined
  const steps = workflowStore.steps(connection, key)
  const damaged = planOf(row.version).isDamaged === true ? 'The definition' : damageOf(row, steps)
  return damaged === undefined ? toState(row, steps) : `${damaged} is damaged.`
}

/** Since when transactions that start runs work out how these begin. */
const workingOut = new WeakMap<Tx, World['isTired']>()

/** How a run begins, unless others that begin in the same transaction have taken long: then it is left to the run. */
function beginIn(tx: Tx, parts: EngineParts, row: RunRow): Beginning | undefined {
  const isTired = workingOut.get(tx) ?? tiredSince(parts.kernel.clock)
  workingOut.set(tx, isTired)
  return isTired() ? undefined : beginning(parts, row)
}

async function takeUp(parts: EngineParts): Promise<void> {
  const { store, jobs, clock } = parts.kernel
  const { connection } = store.reader
  const lost = workflowStore.allOpen(connection).filter(({ id }) => !jobs.has(store.reader, RUN_JOB, id))
  if (lost.length === 0) return
  await store.write((tx) => {
    for (const run of lost) enqueueRun(parts, tx, run, clock.now())
    return Promise.resolve()
  })
}

function isLate({ kernel, planOf }: EngineParts, { started_at, version }: RunRow): boolean {
  const plan = planOf(version)
  // How long one may take whose definition is damaged nobody knows; it is given up when it is looked at.
  const isKnown = started_at !== null && plan.isDamaged !== true
  return isKnown && kernel.clock.now() >= deadlineOf(started_at, plan)
}

/** Has a run that waits looked at now. */
function wake(parts: EngineParts, tx: Tx, run: RunRow): void {
  enqueueRun(parts, tx, run, parts.kernel.clock.now())
}

function openStopping(
  parts: EngineParts,
  active: ReadonlyMap<string, Driver>,
): Pick<Engine, 'stop' | 'stopAll'> {
  const { kernel } = parts
  const stopOne: Engine['stop'] = (tx, run) => {
    if (run.ended_at !== null) return run
    kernel.jobs.cancel(tx, RUN_JOB, run.id)
    return stop(parts, tx, run, {
      status: 'stopped',
      why: 'It was stopped.',
      begun: active.get(run.id)?.underWay,
    })
  }
  return {
    stop: stopOne,
    stopAll: async (tx, user_id, workflow_id) => {
      const breathe = openTurns(kernel.clock)
      const stopped: RunRow[] = []
      for (const { id } of workflowStore.openRuns(tx.connection, user_id, workflow_id)) {
        await breathe()
        const run = workflowStore.run(tx.connection, user_id, id)
        if (run?.ended_at !== null) continue
        // Whatever is wrong with one of them, all others are stopped.
        const ended = await tx
          .attempt(() => Promise.resolve(stopOne(tx, run)))
          .catch((error: unknown) => {
            kernel.log.error('a run could not be stopped', { run_id: id, error })
          })
        if (ended !== undefined) stopped.push(ended)
      }
      return stopped
    },
  }
}

interface Stopping {
  status: 'stopped' | 'failed'
  why: string
  /** What was being performed, as far as it had begun. */
  begun?: ReadonlyMap<string, StepState> | undefined
}

/** Ends a run whose job is gone: what has no outcome is stopped. */
function stop(parts: EngineParts, tx: Tx, row: RunRow, { status, why, begun }: Stopping): RunRow {
  const ended: RunRow = { ...row, status, error: why, ended_at: parts.kernel.now() }
  // First of all: what is told of the steps could wake it by what another of them waits for.
  workflowStore.advanceRun(tx.connection, ended)
  const run = toState(row, workflowStore.steps(tx.connection, row.id))
  const steps = new Map(run.steps)
  const { main, fallback } = parts.planOf(row.version)
  const hasFallenBack = firstFailure(main, steps) !== undefined
  const ids = new Set([
    ...main.steps.keys(),
    ...(hasFallenBack ? fallback.steps.keys() : []),
    ...steps.keys(),
  ])
  const open = [...ids].filter((id) => !hasOutcome(steps.get(id)))
  for (const [index, id] of open.entries()) {
    const state: StepState = {
      ...(begun?.get(id) ?? steps.get(id) ?? NEW_STEP),
      status: 'stopped',
      // Of what waits it is only when it would have ended.
      result: null,
      wake: null,
      waits_for: null,
    }
    steps.set(id, { ...state, seq: run.seq + index + 1, ended_at: parts.kernel.now() })
  }
  return endRun(parts, tx, putSteps(parts, tx, run, steps, open), { status, error: why })
}

/** A job of a run that has ended is of no use. */
function leave({ kernel }: EngineParts, job: Job): Promise<void> {
  return kernel.store.write((tx) => Promise.resolve(job.finish(tx)))
}

async function giveUp(parts: EngineParts, job: Job, why: string): Promise<void> {
  await parts.kernel.store.write(async (tx) => {
    job.finish(tx)
    const row = workflowStore.run(tx.connection, job.user_id, job.key)
    if (row === undefined || row.ended_at !== null) return
    const ended = stop(parts, tx, row, { status: 'failed', why })
    await tellFailure(parts, tx, ended, parts.planOf(row.version).definition)
  })
}

function nameOf(error: unknown): string {
  return error instanceof Fault ? error.code : error instanceof Error ? error.name : 'unknown'
}
