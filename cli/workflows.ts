import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Operations } from '../contract/index.ts'
import type { Output } from '../contract/operation.ts'
import type { Workflow, WorkflowDefinition } from '../contract/workflows.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { ago, oneLine, table, visible } from './print.ts'
import { startOf } from './starts.ts'

/** All pages of the list. */
export async function allWorkflows({
  client,
}: Pick<Context, 'client'>): Promise<Output<Operations['workflows.list']>> {
  const { next_cursor, ...all } = await client.ask('workflows.list', {})
  for (let cursor = next_cursor; cursor !== undefined;) {
    const more = await client.ask('workflows.list', { cursor })
    all.workflows.push(...more.workflows)
    cursor = more.next_cursor
  }
  return all
}

/** All workflows of the user. */
export async function listWorkflows(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const found = await allWorkflows(context)
  if (found.workflows.length === 0)
    return { data: found, text: 'You have no workflows. Some that are ready: paios workflows gallery' }
  const rows = found.workflows.map((one) => [
    oneLine(one.name),
    one.is_active ? 'on' : 'off',
    startOf(one.definition),
    one.execution_count === 0 ? '0' : `${one.execution_count} (${Math.round(one.success_rate * 100)} % well)`,
    one.last_executed === null ? 'never' : ago(one.last_executed, context.io.now()),
  ])
  return { data: found, text: table([['NAME', 'STATE', 'STARTS', 'RUNS', 'LAST RUN'], ...rows]) }
}

/** One workflow, as a file that `create` and `validate` take. */
export async function showWorkflow(context: Context, name: string): Promise<Answer> {
  const { id } = await workflowNamed(context, name)
  const workflow = await context.client.ask('workflows.get', { id })
  const { description, definition } = workflow
  return {
    data: workflow,
    text: visible(JSON.stringify({ name: workflow.name, description, definition }, undefined, 2)),
  }
}

/** Everything that is wrong with the definition in a file. */
export async function validateFile(context: Context, path: string): Promise<Answer> {
  const { definition } = readWorkflow(path)
  await requireSignedIn(context)
  const found = await context.client.ask('workflows.validate', { definition })
  const rows = [
    ...found.errors.map((one) => ['error', oneLine(one.path) || '/', oneLine(one.message)]),
    ...found.warnings.map((one) => ['warning', oneLine(one.path) || '/', oneLine(one.message)]),
  ]
  return {
    data: found,
    text: rows.length === 0 ? 'Nothing is wrong with it.' : table(rows),
    exit: found.valid ? EXIT.done : EXIT.failed,
  }
}

/** Makes the workflow in a file. */
export async function createWorkflow(
  context: Context,
  path: string,
  { name }: { name?: string },
): Promise<Answer> {
  const read = readWorkflow(path)
  await requireSignedIn(context)
  const made = await context.client.ask('workflows.create', {
    name: name ?? nameIn(path, read),
    definition: read.definition as WorkflowDefinition,
    ...(read.description === undefined ? {} : { description: read.description }),
  })
  return toMade(context, made)
}

/** The workflows that are ready to be taken. */
export async function showGallery(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const found = await context.client.ask('workflows.gallery')
  const entries = found.workflows.map(
    (one) => `${oneLine(one.name)}: ${oneLine(one.title)}\n  ${oneLine(one.description)}`,
  )
  return { data: found, text: `${entries.join('\n\n')}\n\nTake one with: paios workflows add NAME` }
}

/** Makes a workflow of the gallery one's own. */
export async function addFromGallery(
  context: Context,
  wanted: string,
  { name }: { name?: string },
): Promise<Answer> {
  await requireSignedIn(context)
  const { workflows } = await context.client.ask('workflows.gallery')
  const entry = workflows.find((one) => one.name === wanted)
  if (entry === undefined)
    throw new Stop(
      EXIT.failed,
      `The gallery has no ${JSON.stringify(wanted)}; it has ${workflows.map((one) => one.name).join(', ')}.`,
    )
  const { description, definition } = entry
  const made = await context.client.ask('workflows.create', {
    name: name ?? entry.name,
    description,
    definition,
  })
  return toMade(context, made)
}

async function toMade({ client }: Context, made: Workflow): Promise<Answer> {
  const text = `Made ${oneLine(made.name)}. It starts ${startOf(made.definition)}.`
  if (made.definition.trigger.type !== 'webhook') return { data: made, text }
  // Its path is as good as a password, and is told by this answer alone.
  const whole = await client.ask('workflows.get', { id: made.id })
  return { data: whole, text: `${text}\nIt is called at ${oneLine(whole.webhook_path ?? '')}` }
}

/**
 * The workflow that a name or an id means; the case of letters does not matter where only one is meant so.
 *
 * @throws Stop when there is none.
 */
export async function workflowNamed(context: Context, name: string): Promise<Workflow> {
  await requireSignedIn(context)
  const { workflows } = await allWorkflows(context)
  const found =
    workflows.find((one) => one.id === name) ??
    workflows.find((one) => one.name === name) ??
    workflows.find((one) => one.name.toLowerCase() === name.trim().toLowerCase())
  if (found !== undefined) return found
  throw new Stop(
    EXIT.failed,
    `There is no workflow ${JSON.stringify(name)}. The names of yours: paios workflows list`,
  )
}

interface File {
  name?: string
  description?: string
  definition: unknown
}

/** The name that a file gives its workflow, or its own. */
export function nameIn(path: string, { name }: File): string {
  return name ?? basename(path, extname(path))
}

/** A definition, or an object that has one beside its name and description. What of it is wrong the server says. */
export function readWorkflow(path: string): File {
  const given = readJson(path)
  if (typeof given !== 'object' || given === null || !('definition' in given)) return { definition: given }
  const { name, description, definition } = given as Record<keyof File, unknown>
  return {
    definition,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof description === 'string' ? { description } : {}),
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    throw new Stop(EXIT.usage, `${path} ${why}.`, { cause: error })
  }
}
