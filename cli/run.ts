import type { ExecutionDetail, StepDetail } from '../contract/workflows.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT } from './exit.ts'
import type { Answer } from './exit.ts'
import { oneLine, table } from './print.ts'
import { SEARCHED_MAX, idNamed, short, shortened } from './short.ts'

const SHOWN_MAX = 100

/** A run with its steps; as of one of them, what came later has not happened. */
export async function showRun(
  context: Context,
  said: string,
  { asOf: as_of }: { asOf?: string },
): Promise<Answer> {
  const id = await runNamed(context, said)
  const given = { id, ...(as_of === undefined ? {} : { as_of }) }
  const run = await context.client.ask('workflows.execution', given)
  return { data: run, text: toText(run) }
}

/** Where two runs of a workflow differ, step by step. */
export async function compareRuns(context: Context, left: string, right: string): Promise<Answer> {
  const [id, other_id] = [await runNamed(context, left), await runNamed(context, right)]
  const found = await context.client.ask('workflows.compare', { id, other_id })
  if (found.same) return { data: found, text: 'They are the same, step by step.' }
  const { status, input_differs } = found
  const rows = found.steps.map((step) => [
    oneLine(step.step_id),
    step.left?.status ?? 'not there',
    step.right?.status ?? 'not there',
    step.differs_in.join(', '),
  ])
  const text = [
    `They were started with ${input_differs ? 'different' : 'the same'} input.`,
    table([
      ['STEP', short(id), short(other_id), 'DIFFERS IN'],
      ['the run', status.left, status.right, ''],
      ...rows,
    ]),
  ]
  return { data: found, text: text.join('\n') }
}

/** The run that an id means, or the end of one. */
export async function runNamed(context: Context, said: string): Promise<string> {
  await requireSignedIn(context)
  return idNamed(said, { one: 'run', list: 'paios workflows history NAME' }, async () => {
    const { executions } = await context.client.ask('workflows.executions', { limit: SEARCHED_MAX })
    return executions.map(({ execution_id }) => execution_id)
  })
}

/** How a run ended, for whoever waited for it: the command ends as the run did. */
export function endOf(run: ExecutionDetail): Answer & { data: ExecutionDetail } {
  const { status } = run
  const exit = status === 'failed' || status === 'stopped' ? EXIT.failed : EXIT.done
  return { data: run, text: toText(run), exit }
}

const READS_NULL = / to read of null\b/u

/** What to do where a run that was started without input has a step that failed because it wanted some. */
export function hintOf({ steps, definition }: ExecutionDetail): string {
  const { error_handling } = definition
  const wanting = [...definition.steps, ...(error_handling.fallback_steps ?? [])].filter(
    ({ condition = '', parameters }) => /\binput\b/u.test(`${condition} ${JSON.stringify(parameters)}`),
  )
  const isWanted = steps.some(
    ({ step_id, error = '' }) => READS_NULL.test(error) && wanting.some(({ id }) => id === step_id),
  )
  return isWanted ? '\nIt was started without input: give some with --input.' : ''
}

function toText({ execution_id, status, error, steps }: ExecutionDetail): string {
  const rows = steps.map((step) => [`  ${oneLine(step.step_id)}`, step.status, effortOf(step), shown(step)])
  const why = error === undefined ? '' : ` ${oneLine(error)}`
  return `${short(execution_id)} ${status}${why}\n${table(rows)}`
}

/** How long a step took, and its attempts where it was more than one. */
function effortOf({ attempts, started_at, ended_at }: StepDetail): string {
  const ms =
    started_at === null || ended_at === null ? undefined : Date.parse(ended_at) - Date.parse(started_at)
  const tries = attempts > 1 ? `${attempts} attempts` : ''
  return [ms === undefined ? '' : `${Math.max(0, ms)} ms`, tries].filter((part) => part !== '').join(', ')
}

function shown({ result, error }: StepDetail): string {
  const text = oneLine(
    error ?? (result === undefined || result === null ? '' : shortened(JSON.stringify(result))),
  )
  const characters = Array.from(text)
  return characters.length > SHOWN_MAX ? `${characters.slice(0, SHOWN_MAX - 1).join('')}…` : text
}
