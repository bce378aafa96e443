import type { Input } from '../../../contract/operation.ts'
import { workflows } from '../../../contract/workflows.ts'
import type { ExecutionDetail } from '../../../contract/workflows.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { maskSecrets } from '../../kernel/mask.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Agents } from '../agents/index.ts'
import { asOf } from './as-of.ts'
import { need } from './crud.ts'
import type { Plan } from './definition.ts'
import { compare, toDetail } from './detail.ts'
import type { Engine } from './engine/index.ts'
import { historyStore } from './history-store.ts'
import { workflowStore } from './store.ts'
import type { RunRow, WorkflowTables } from './store.ts'
import { toExecution } from './view.ts'
import type { Show } from './view.ts'

const MILLISECONDS = { fractionalSecondDigits: 3 } as const

/** A time as rows have it, so that it can be compared with theirs. */
function toText(time: string | undefined): string | undefined {
  return time === undefined ? undefined : Temporal.Instant.from(time).toString(MILLISECONDS)
}

interface Parts {
  engine: Pick<Engine, 'performing'>
  planOf: (version: number) => Plan
  /** Commands of agents' executions. */
  commandsOf: Agents['commandsOf']
}

/** Pages of runs, newest first, of one workflow or of all. */
function openPages({ store }: Kernel, { engine, planOf }: Pick<Parts, 'engine' | 'planOf'>) {
  const { reader } = store
  return async (
    user_id: string,
    workflow_id: string | undefined,
    {
      cursor,
      limit = LIMIT_DEFAULT,
      since,
      until,
      ...filter
    }: Omit<Input<typeof workflows.executions>, 'id'>,
  ) => {
    const db = reader.tables<WorkflowTables>()
    const before = cursor === undefined ? undefined : String(fromCursor(cursor))
    const times = { since: toText(since), until: toText(until) }
    const asked = { ...filter, ...times, before, limit: limit + 1 }
    const found = await historyStore.runs(db, user_id, workflow_id, asked)
    const { rows, ...next } = toPage(found, limit, ({ id }) => id)
    const steps = Map.groupBy(
      rows.length === 0
        ? []
        : await historyStore.stepsOf(
            db,
            rows.map(({ id }) => id),
          ),
      ({ run_id }) => run_id,
    )
    const show = (row: RunRow) => {
      const own = (steps.get(row.id) ?? []).toSorted((a, b) => a.seq - b.seq)
      return toExecution(row, own, {
        order: [...planOf(row.version).main.steps.keys()],
        performing: engine.performing(row.id),
      })
    }
    return { rows, next, show }
  }
}

/** What is masked looks the same, whatever it was: runs are compared before that. */
const whole: Show = (value) => value

/** The answers that show past and present runs. */
export function seeing(kernel: Kernel, { engine, planOf, commandsOf }: Parts): Answers {
  const { reader } = kernel.store
  const page = openPages(kernel, { engine, planOf })
  const detail = async (
    user_id: string,
    id: string,
    { as_of, show = maskSecrets }: { as_of?: string | undefined; show?: Show },
  ): Promise<ExecutionDetail> => {
    const known = needRun(reader, user_id, id)
    const recorded = workflowStore.steps(reader.connection, id)
    const plan = planOf(known.version)
    const { row, steps } =
      as_of === undefined ? { row: known, steps: recorded } : asOf(known, recorded, plan, as_of)
    const commands = await commandsOf(
      user_id,
      steps.flatMap(({ execution_id }) => execution_id ?? []),
    )
    return toDetail(row, steps, {
      plan,
      commands,
      show,
      performing: as_of === undefined ? engine.performing(id) : undefined,
    })
  }
  return {
    [workflows.history.name]: reads(workflows.history, async ({ user_id }, { id, ...filter }) => {
      need(reader, user_id, id)
      const { rows, next, show } = await page(user_id, id, filter)
      return { executions: rows.map((row) => show(row)), ...next }
    }),
    [workflows.executions.name]: reads(workflows.executions, async ({ user_id }, filter) => {
      const { rows, next, show } = await page(user_id, undefined, filter)
      const names = new Map<string, string>()
      for (const { id, name } of await workflowStore.names(reader.tables<WorkflowTables>(), user_id))
        names.set(id, name)
      const executions = rows.map((row) => ({
        ...show(row),
        workflow_id: row.workflow_id,
        workflow_name: names.get(row.workflow_id) ?? '',
      }))
      return { executions, ...next }
    }),
    [workflows.execution.name]: reads(workflows.execution, ({ user_id }, { id, as_of }) =>
      detail(user_id, id, { as_of }),
    ),
    [workflows.compare.name]: reads(workflows.compare, async ({ user_id }, { id, other_id }) => {
      const show = whole
      const [left, right] = [await detail(user_id, id, { show }), await detail(user_id, other_id, { show })]
      if (left.workflow_id === right.workflow_id) return maskSecrets(compare(left, right))
      throw new Fault('VALIDATION_ERROR', 'These are executions of different workflows.', {
        issues: [{ path: '/other_id', message: 'is an execution of another workflow' }],
      })
    }),
  }
}

/** @throws Fault `WORKFLOW_NOT_FOUND`, the same for a run of somebody else. */
export function needRun(db: Pick<Tx, 'connection'>, user_id: string, id: string): RunRow {
  const run = workflowStore.run(db.connection, user_id, id)
  if (run === undefined)
    throw new Fault('WORKFLOW_NOT_FOUND', `There is no execution ${id}.`, { execution_id: id })
  return run
}
