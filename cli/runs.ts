import type { ExecutionDetail, WorkflowExecution } from '../contract/workflows.ts'
import type { Context } from './context.ts'
import { untilEnded } from './ended.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { sayBreak } from './json-place.ts'
import { readLimit } from './limit.ts'
import { ago, oneLine, table } from './print.ts'
import { endOf, hintOf, runNamed } from './run.ts'
import { short, shortened } from './short.ts'
import { workflowNamed } from './workflows.ts'

/** As long as a server lets a call wait. */
const WAIT_MS = 600_000

export interface RunOptions {
  input?: string
  wait?: boolean
}

/** Starts a workflow; with `wait` it answers how it ended, and ends as it did. */
export async function runWorkflow(context: Context, name: string, options: RunOptions): Promise<Answer> {
  const input_data = options.input === undefined ? undefined : readInput(options.input)
  const { id } = await workflowNamed(context, name, { loosely: true })
  const given = { id, ...(input_data === undefined ? {} : { input_data }) }
  const { client } = context
  if (options.wait !== true) {
    const receipt = await client.ask('workflows.execute', given)
    return { data: receipt, text: `Started: ${short(receipt.execution_id)}` }
  }
  const wait = { wait_for_completion: true, timeout_ms: WAIT_MS }
  const { execution_id } = await client.ask('workflows.execute', { ...given, ...wait })
  const answer = endOf(await client.ask('workflows.execution', { id: execution_id }))
  const hint = options.input === undefined ? hintOf(answer.data) : ''
  return { ...answer, text: `${answer.text}${hint}` }
}

/** The runs of a workflow, newest first. */
export async function showHistory(
  context: Context,
  name: string,
  { limit = '20' }: { limit?: string },
): Promise<Answer> {
  const wanted = readLimit(limit)
  const { id } = await workflowNamed(context, name, { loosely: true })
  const found = await context.client.ask('workflows.history', { id, limit: wanted })
  if (found.executions.length === 0) return { data: found, text: 'It has not run yet.' }
  const rows = found.executions.map((run) => [
    short(run.execution_id),
    run.status,
    run.started_at === null ? '' : ago(run.started_at, context.io.now()),
    run.duration === null ? '' : `${run.duration} ms`,
    sourceOf(run),
    run.error === undefined ? waitOf(run) : oneLine(run.error),
  ])
  return { data: found, text: table([['ID', 'STATUS', 'STARTED', 'TOOK', 'BY', 'NOTE'], ...rows]) }
}

/** Stops one run. */
export async function stopRun(context: Context, said: string): Promise<Answer> {
  const id = await runNamed(context, said)
  const run = await context.client.ask('workflows.stop', { id })
  return { data: run, text: run.status === 'stopped' ? 'Stopped.' : `It had ended before: ${run.status}.` }
}

export interface ReplayOptions {
  from?: string
  wait?: boolean
}

/** Runs one again, from a step on with what the steps before it gave; with `wait` it answers how that ended. */
export async function replayRun(
  context: Context,
  said: string,
  { from: from_step, wait }: ReplayOptions,
): Promise<Answer> {
  const id = await runNamed(context, said)
  const given = { id, ...(from_step === undefined ? {} : { from_step }) }
  const receipt = await context.client.ask('workflows.replay', given)
  if (wait !== true) return { data: receipt, text: `Started: ${short(receipt.execution_id)}` }
  return endOf(await followRun(context, receipt.execution_id))
}

/** A run when it has ended, or as it is when that takes too long. */
async function followRun(context: Context, id: string): Promise<ExecutionDetail> {
  const run = await untilEnded(context, WAIT_MS, {
    ask: () => context.client.ask('workflows.execution', { id }),
    isOpen: ({ ended_at }) => ended_at === null,
    hear: (live, wake) =>
      live.on('workflow:completed', ({ execution_id }) => {
        if (execution_id === id) wake()
      }),
  })
  if (run !== undefined) return run
  throw new Stop(EXIT.unreachable, `What became of run ${short(id)} is not known.`)
}

/** Answers the step of a run that waits for a yes or no. */
export async function resumeRun(
  context: Context,
  [said, answer]: readonly [string, 'yes' | 'no'],
  { step, note }: { step?: string; note?: string },
): Promise<Answer> {
  const id = await runNamed(context, said)
  const run = await context.client.ask('workflows.resume', {
    id,
    approved: answer === 'yes',
    ...(step === undefined ? {} : { step_id: step }),
    ...(note === undefined ? {} : { note }),
  })
  return { data: run, text: answer === 'yes' ? 'Approved; it goes on.' : 'Refused; it goes on with that.' }
}

/** What has started it, in words. */
function sourceOf({ trigger_source }: WorkflowExecution): string {
  if (trigger_source.startsWith('manual:')) return 'hand'
  return oneLine(shortened(trigger_source))
}

function readInput(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Stop(EXIT.usage, `--input is not JSON${sayBreak(text)}. It is such as {"csv": "..."}.`, {
      cause: error,
    })
  }
}

function waitOf({ steps }: WorkflowExecution): string {
  const waiting = steps.filter(({ status }) => status === 'waiting').map(({ step_id }) => step_id)
  return waiting.length === 0 ? '' : `waits at ${waiting.map(oneLine).join(', ')}`
}
