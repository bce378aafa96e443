import type { Input } from '../../../contract/operation.ts'
import { workflows } from '../../../contract/workflows.ts'
import type { Workflow } from '../../../contract/workflows.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { fromCursor, readPage, toPage } from '../../kernel/paging.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import { openWaiters } from '../../kernel/waiters.ts'
import type { Agents } from '../agents/index.ts'
import { keyOf } from '../agents/names.ts'
import type { Changes } from '../changes/index.ts'
import type { Notifications } from '../notifications/index.ts'
import type { Vault } from '../vault/index.ts'
import { WORKFLOWS_MAX, definitionOf, need, openCrud } from './crud.ts'
import type { Crud } from './crud.ts'
import { openPlans } from './definition.ts'
import { openDrawn } from './drawn/index.ts'
import type { Drawn } from './drawn/index.ts'
import { answerWaiting } from './engine/awaiting.ts'
import { openEngine } from './engine/index.ts'
import type { Engine, RunLimits } from './engine/index.ts'
import { damageOf } from './engine/state.ts'
import type { Json } from './evaluate/value.ts'
import { GALLERY } from './gallery/index.ts'
import { refuseUngranted } from './grants.ts'
import { needRun, seeing } from './history.ts'
import { openWorkflowImpact } from './impact.ts'
import { openKeeping } from './keeping.ts'
import type { StoppedRun } from './keeping.ts'
import { WAITS, openOwn } from './own/index.ts'
import { asRecordOf, recordedBefore } from './replay.ts'
import { openWait, receiptOf } from './receipt.ts'
import type { Outdated } from '../retention/impact.ts'
import type { Sweep } from '../retention/index.ts'
import { forgetRuns, forgetVersions, forgetWorkflows, oldRuns, oldWorkflows } from './retention.ts'
import { openSpoken } from './spoken/index.ts'
import type { Spoken } from './spoken/index.ts'
import { workflowStore } from './store.ts'
import type { Listed, RunRow, WorkflowRow, WorkflowTables } from './store.ts'
import { checkTriggers } from './triggers/check.ts'
import { openHooks } from './triggers/hook.ts'
import type { Hooks } from './triggers/hook.ts'
import { openTriggers } from './triggers/index.ts'
import type { Triggers } from './triggers/index.ts'
import type { Told } from './validate/findings.ts'
import { openUsing } from './using.ts'
import { openValidating } from './validating.ts'
import type { Validating } from './validating.ts'
import { toExecution, toVeiled, toWorkflow } from './view.ts'

export interface Workflows {
  answers: Answers
  /**
   * Ends one run, or all of the user that run or wait; answers those that it ended, with the names of their workflows and
   * how far they had come, or nothing when there is no such run.
   */
  stop(tx: Tx, user_id: string, run_id?: string): Promise<StoppedRun[] | undefined>
  /** Makes a workflow for its user, who has proven to want it. @throws Fault `WORKFLOW_VALIDATION_FAILED` */
  create(tx: Tx, user_id: string, given: Input<typeof workflows.create>): Promise<Workflow>
  /** The workflow of a user that has a name, as a transaction sees it. */
  idOf(tx: Tx, user_id: string, name: string): Promise<string | undefined>
  /** The workflows of a user, as they are shown; a program that asks (`program_id`) sees nothing of what is in them. */
  shown(user_id: string, program_id?: string): Promise<Workflow[]>
  /** Starts that no call of their users has counted, since a time; for the day's quota after a restart. */
  startedSince(since: number): { user_id: string; created_at: string }[]
  /** Takes up what nothing else would; once, before the jobs start. */
  takeUp(): Promise<void>
  /** Lets no run go beyond the step that it is at: the server is about to stop. */
  drain(): void
  /** What forgets runs, deleted workflows and unused definitions that are old enough. */
  readonly outdated: Readonly<Record<string, Outdated>>
  readonly sweeps: Readonly<Record<string, Sweep>>
  readonly triggers: Triggers
  readonly hooks: Pick<Hooks, 'find' | 'naming'>
  /** What is said of workflows. */
  readonly spoken: Spoken
  /** What a picture of the system shows of them. */
  readonly drawn: Drawn
}

interface Parts {
  changes: Changes
  notifications: Notifications
  agents: Agents
  vault: Pick<Vault, 'signing'>
  zoneOf: (user_id: string) => string
  /** Takes a start off the day's quota of a user. @throws Fault when it is used up. */
  charge: (user_id: string, chained?: boolean) => void
  findPhraseProblem: (phrase: string) => string | undefined
  limits: Partial<RunLimits> | undefined
}

const TIMEOUT_MS_DEFAULT = 30_000

const RETENTION = {
  outdated: { 'workflow runs': oldRuns, 'deleted workflows': oldWorkflows },
  sweeps: { runs: forgetRuns, workflows: forgetWorkflows, versions: forgetVersions },
}

/** Workflows, what starts them, and their runs. */
export function openWorkflows(kernel: Kernel, parts: Parts): Workflows {
  const { changes, notifications, agents, zoneOf, charge, findPhraseProblem, limits, vault } = parts
  const [{ reader }, { signing }] = [kernel.store, vault]
  let isDraining = false
  const own = openOwn(kernel, notifications)
  const planOf = openPlans((version) => workflowStore.version(reader.connection, version)?.definition)
  const nameOf = ({ user_id, workflow_id }: RunRow): string =>
    workflowStore.find(reader.connection, user_id, workflow_id)?.name ?? 'A workflow'
  const engine = openEngine(
    {
      kernel,
      executions: agents.executions,
      notifications,
      own,
      planOf,
      nameOf,
      zoneOf,
      waiters: openWaiters<RunRow>(),
      isDraining: () => isDraining,
    },
    limits,
  )
  answerWaiting(kernel, engine)
  const triggers = openTriggers(kernel, { engine, zoneOf, charge })
  const hooks = openHooks(kernel, { engine, triggers, charge, wait: openWait(kernel, engine), signing })
  const known = { agents, zoneOf, own: own.actions, findPhraseProblem, signing }
  const { validate, validateIn } = openValidating(kernel, known)
  changes.assessWith(openWorkflowImpact(kernel, { agents, zoneOf, validate, performing: engine.performing }))
  const crud = openCrud(kernel, {
    changes,
    check: async (user_id, definition, db) =>
      refuseInvalid(
        await (db === undefined ? validate(user_id, definition) : validateIn(db, user_id, definition)),
      ),
    changed: async (tx, row, { trigger }) => {
      // However it comes to be gone, nothing of it goes on.
      if (row.deleted_at !== null) await engine.stopAll(tx, row.user_id, row.id)
      await triggers.ofWorkflow(tx, row, trigger)
    },
  })
  agents.usedBy(openUsing(kernel))
  followAgents(agents, { triggers, engine, validateIn })
  return {
    triggers,
    hooks,
    drawn: openDrawn(kernel),
    ...RETENTION,
    spoken: openSpoken({ kernel, engine, triggers, agents, charge, validate, foresee: crud.foresee }),
    drain: () => {
      isDraining = true
    },
    ...openKeeping(engine, nameOf),
    create: async (tx, user_id, given) => {
      // The agents that it names may have been made in the same transaction.
      refuseInvalid(await validateIn(tx, user_id, given.definition))
      return showIn(tx, await crud.create(tx, user_id, given))
    },
    idOf: async (tx, user_id, name) =>
      (await workflowStore.byName(tx.tables<WorkflowTables>(), user_id, keyOf(name)))?.id,
    startedSince: (since) => workflowStore.startedSince(reader.connection, since),
    shown: openShowing(reader),
    answers: {
      ...restoring(changes),
      ...configuring(kernel, { changes, crud, hooks, validate }),
      [workflows.gallery.name]: reads(workflows.gallery, () => Promise.resolve({ workflows: [...GALLERY] })),
      ...hooks.answers,
      ...starting(kernel, { engine, planOf, agents }),
      ...goingOn(engine, planOf),
      ...seeing(kernel, { engine, planOf, commandsOf: agents.commandsOf }),
    },
  }
}

/** Starts what waits for agents, and keeps up with the triggers that they have. */
function followAgents(
  agents: Pick<Agents, 'onEnded' | 'onConfigured'>,
  {
    triggers,
    engine,
    validateIn,
  }: { triggers: Triggers; engine: Pick<Engine, 'depthAfter'>; validateIn: Validating['validateIn'] },
): void {
  agents.onEnded((tx, row, result) =>
    triggers.completed(tx, row, result, engine.depthAfter(row.id)).map(({ id }) => id),
  )
  agents.onConfigured(async (tx, agent, how) => {
    if (how === 'set')
      await checkTriggers(tx, agent, (definition) => validateIn(tx, agent.user_id, definition))
    await triggers.ofAgent(tx, agent)
  })
}

/** @throws Fault `WORKFLOW_VALIDATION_FAILED` with everything that is wrong. */
function refuseInvalid({ valid, errors }: Told): void {
  if (valid) return
  const [first] = errors
  const more = errors.length > 1 ? ' There is more that is wrong.' : ''
  throw new Fault('WORKFLOW_VALIDATION_FAILED', `${first?.path} ${first?.message}${more}`, { errors })
}

/** A workflow as it is shown everywhere but on its own page: without the tokens that start it. */
function showIn(db: Pick<Tx, 'connection'>, row: WorkflowRow): Workflow {
  return toWorkflow(row, JSON.stringify(definitionOf(db, row.version)))
}

function openShowing(db: Reader): Workflows['shown'] {
  return async (user_id, program_id) => {
    const veiled = program_id !== undefined
    const rows = await workflowStore.list(db.tables<WorkflowTables>(), user_id, { veiled })
    return rows.map((row) => (veiled ? toVeiled(row) : toWorkflow(row, row.definition)))
  }
}

interface Configuring {
  changes: Pick<Changes, 'assessed'>
  crud: Crud
  hooks: Hooks
  validate: Validating['validate']
}

/** The answer that brings a workflow back. */
function restoring(changes: Pick<Changes, 'bringBack'>): Answers {
  return {
    [workflows.restore.name]: writes(workflows.restore, {
      commit: async (tx, { user_id }, { id }) => {
        await changes.bringBack(tx, user_id, 'workflow', id)
        return showIn(tx, need(tx, user_id, id))
      },
    }),
  }
}

/** The answers about workflows as they are set up. */
function configuring({ store }: Kernel, { changes, crud, hooks, validate }: Configuring): Answers {
  const { reader } = store
  return {
    [workflows.list.name]: reads(
      workflows.list,
      async ({ user_id }, { limit = WORKFLOWS_MAX, cursor, active }) => {
        const db = reader.tables<WorkflowTables>()
        const from = cursor === undefined ? undefined : String(fromCursor(cursor))
        const { rows: found, isFull } = await readPage(
          limit,
          ({ definition }: Listed) => definition.length,
          (last, count) =>
            workflowStore.list(db, user_id, { active, after: last?.name_key ?? from, limit: count }),
        )
        const { rows, ...next } = toPage(
          found,
          isFull ? found.length : limit,
          (row) => row.name_key,
          isFull || found.length > limit,
        )
        return {
          workflows: rows.map((row) => toWorkflow(row, row.definition)),
          ...(await workflowStore.counts(db, user_id)),
          ...next,
        }
      },
    ),
    [workflows.get.name]: reads(workflows.get, ({ user_id }, { id }) =>
      hooks.show(showIn(reader, need(reader, user_id, id))),
    ),
    [workflows.create.name]: writes(workflows.create, {
      // Long ones take a while, and nobody else writes meanwhile in `commit`.
      prepare: async ({ user_id }, given) => {
        refuseInvalid(await validate(user_id, given.definition))
        return crud.foresee(user_id, undefined, given)
      },
      commit: async (tx, { user_id }, given, foreseen) => {
        changes.assessed(tx, foreseen)
        return showIn(tx, await crud.create(tx, user_id, given, foreseen.target))
      },
    }),
    [workflows.update.name]: writes(workflows.update, {
      prepare: async ({ user_id }, { id, ...change }) => {
        need(reader, user_id, id)
        if (change.definition !== undefined) refuseInvalid(await validate(user_id, change.definition))
        return crud.foresee(user_id, id, change)
      },
      commit: async (tx, { user_id }, { id, ...change }, foreseen) => {
        changes.assessed(tx, foreseen)
        return showIn(tx, await crud.update(tx, user_id, id, change))
      },
    }),
    [workflows.delete.name]: writes(workflows.delete, {
      prepare: ({ user_id }, { id }) => crud.foresee(user_id, id, undefined),
      commit: async (tx, { user_id }, { id }, foreseen) => {
        changes.assessed(tx, foreseen)
        await crud.remove(tx, user_id, id)
        return {}
      },
    }),
    [workflows.validate.name]: reads(workflows.validate, async ({ user_id }, { definition, ...bare }) => {
      const { valid, errors, warnings } = await validate(user_id, definition ?? bare)
      return { valid, errors: [...errors], warnings: [...warnings] }
    }),
  }
}

interface Starting {
  engine: Engine
  planOf: ReturnType<typeof openPlans>
  agents: Pick<Agents, 'known' | 'lets'>
}

/** The answers that start runs. */
function starting(kernel: Kernel, { engine, planOf, agents }: Starting): Answers {
  const wait = openWait(kernel, engine)
  return {
    [workflows.execute.name]: writes(workflows.execute, {
      commit: async (tx, { user_id, caller }, { id, input_data, priority, wait_for_completion }) => {
        const workflow = need(tx, user_id, id)
        const by = caller?.agent_number
        if (by !== undefined) {
          const { definition } = planOf(workflow.version)
          refuseUngranted(definition, by, await agents.known(user_id, tx), agents.lets)
        }
        const source = by === undefined ? `manual:${user_id}` : `agent:${by}`
        const run = engine.start(tx, {
          workflow,
          source,
          data: { type: 'manual', source },
          input: (input_data ?? null) as Json,
          priority,
          depth: by === undefined ? 0 : engine.depthBelow(user_id, by),
        })
        // Where nobody waits they are not kept with the receipt.
        return receiptOf(run, wait_for_completion === true ? run.steps : undefined)
      },
      wait: ({ user_id }, { wait_for_completion, timeout_ms = TIMEOUT_MS_DEFAULT }, receipt, signal) =>
        wait_for_completion === true ? wait(user_id, receipt, timeout_ms, signal) : Promise.resolve(receipt),
    }),
    [workflows.replay.name]: writes(workflows.replay, {
      commit: (tx, { user_id }, { id, from_step, input }) => {
        const of = needRun(tx, user_id, id)
        const workflow = need(tx, user_id, of.workflow_id)
        const steps = workflowStore.steps(tx.connection, of.id)
        const damaged = planOf(of.version).isDamaged === true ? 'The definition' : damageOf(of, steps)
        if (damaged !== undefined)
          throw new Fault('WORKFLOW_EXECUTION_FAILED', `${damaged} is damaged.`, { execution_id: id })
        const kept = recordedBefore(planOf(of.version), steps, from_step)
        const run = engine.start(tx, {
          workflow,
          source: `replay:${of.id}`,
          data: JSON.parse(of.trigger_data) as Record<string, Json>,
          input: (input === undefined ? JSON.parse(of.input) : input) as Json,
          priority: of.priority,
          replay: { of, from_step: from_step ?? null, version: of.version },
        })
        for (const step of asRecordOf(run, kept)) workflowStore.putStep(tx.connection, step)
        return Promise.resolve(receiptOf(run))
      },
    }),
  }
}

/** The answers that stop runs and go on with them. */
function goingOn(engine: Engine, planOf: ReturnType<typeof openPlans>): Answers {
  const show = (db: Pick<Tx, 'connection'>, run: RunRow) =>
    toExecution(run, workflowStore.steps(db.connection, run.id), {
      order: [...planOf(run.version).main.steps.keys()],
      performing: engine.performing(run.id),
    })
  return {
    [workflows.stop.name]: writes(workflows.stop, {
      commit: (tx, { user_id }, { id }) =>
        Promise.resolve(show(tx, engine.stop(tx, needRun(tx, user_id, id)))),
    }),
    [workflows.resume.name]: writes(workflows.resume, {
      commit: (tx, { user_id }, { id, step_id, approved, note }) => {
        const run = needRun(tx, user_id, id)
        const waiting = workflowStore
          .steps(tx.connection, id)
          .filter(
            (step) => step.status === 'waiting' && step.waits_for === WAITS.approval && step.answer === null,
          )
        const step = waiting.find((one) => step_id === undefined || one.step_id === step_id)
        if (step === undefined || run.ended_at !== null || (step_id === undefined && waiting.length > 1)) {
          const text =
            waiting.length > 1 ? 'Several steps wait: say which.' : 'No such step waits for approval.'
          const details = { execution_id: id, waiting: waiting.map((one) => one.step_id) }
          throw new Fault('VALIDATION_ERROR', text, details, { status: 409 })
        }
        if (engine.isLate(run))
          throw new Fault(
            'VALIDATION_ERROR',
            'The time of this run is over: it ends without an answer.',
            { execution_id: id },
            { status: 409 },
          )
        engine.answer(tx, run, step.step_id, { approved, ...(note === undefined ? {} : { note }) })
        return Promise.resolve(show(tx, run))
      },
    }),
  }
}
