import type { Operations } from '../contract/index.ts'
import type { Output } from '../contract/operation.ts'
import type { GalleryEntry, Workflow, WorkflowDefinition } from '../contract/workflows.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { nameIn, orProblems, readWorkflow } from './definition.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { allNamed, almostNamed } from './named.ts'
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

/** One workflow, as a file that `create` and `validate` take; how it is called stands beside it and not in it. */
export async function showWorkflow(context: Context, name: string): Promise<Answer> {
  const { id } = await workflowNamed(context, name, { loosely: true })
  const workflow = await context.client.ask('workflows.get', { id })
  const { description, definition } = workflow
  const { json, io } = context
  if (!json) for (const line of callsOf(workflow)) io.stderr.write(`${line}\n`)
  return {
    data: workflow,
    text: visible(JSON.stringify({ name: workflow.name, description, definition }, undefined, 2)),
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
  const given = {
    name: name ?? nameIn(path, read),
    definition: read.definition as WorkflowDefinition,
    ...(read.description === undefined ? {} : { description: read.description }),
  }
  const made = await orProblems(context, given, () => context.client.ask('workflows.create', given))
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
  const [entry, other] = allNamed(workflows, wanted, { names: (one) => [one.name, one.title], loosely: true })
  if (entry === undefined || other !== undefined)
    throw new Stop(
      EXIT.failed,
      `The gallery has ${entry === undefined ? 'no' : 'more than one'} ${JSON.stringify(wanted)}; it has ${workflows.map((one) => one.name).join(', ')}.`,
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
  return { data: whole, text: [text, ...callsOf(whole)].join('\n') }
}

/** How a webhook is called, and with what its calls are signed; the same of those that agents have for the workflow. */
function callsOf({ webhook_path, webhook_secret, definition, agent_webhooks = [] }: Workflow): string[] {
  const signedBy = webhook_secret ?? definition.trigger.conditions['secret']
  const own =
    webhook_path === undefined ? [] : [`It is called at ${oneLine(webhook_path)}`, ...signedWith(signedBy)]
  const others = agent_webhooks.flatMap(({ path, secret }) => [
    `For an agent it is called at ${oneLine(path)}`,
    ...signedWith(secret),
  ])
  return [...own, ...others]
}

function signedWith(secret: unknown): string[] {
  return typeof secret === 'string' ? [`Its calls are signed with ${oneLine(secret)}`] : []
}

/**
 * The workflow that a name or an id means, however the name is written.
 *
 * @param how - with `loosely` a beginning of the name or of a word in it is enough: not for what changes or deletes it.
 * @throws Stop when there is none, or more than one.
 */
export async function workflowNamed(
  context: Context,
  name: string,
  how: { loosely?: boolean } = {},
): Promise<Workflow> {
  await requireSignedIn(context)
  const { workflows } = await allWorkflows(context)
  const byId = workflows.filter(({ id }) => id === name)
  const named = (loosely: boolean, names = ({ name: own }: Workflow) => [own]) =>
    allNamed(workflows, name, { loosely, names })
  const byName = byId.length > 0 ? byId : named(how.loosely === true)
  if (byName.length === 1 && byName[0] !== undefined) return byName[0]
  const gallery = byName.length > 0 ? [] : (await context.client.ask('workflows.gallery')).workflows
  const found = byName.length > 0 ? byName : named(false, titlesIn(gallery))
  const [first, second] = found
  if (first !== undefined && second === undefined) return first
  const said = JSON.stringify(name)
  if (first !== undefined) {
    const all = found.map((one) => oneLine(one.name)).join(', ')
    throw new Stop(EXIT.failed, `There is more than one workflow ${said}: ${all}.`)
  }
  const near = [...named(true), ...almostNamed(workflows, name, (one) => [one.name])]
  throw new Stop(EXIT.failed, `There is no workflow ${said}.${hintOf(name, near, gallery)}`)
}

/** What was meant, where that can be seen; else where names are found. */
function hintOf(said: string, near: readonly Workflow[], gallery: readonly GalleryEntry[]): string {
  const list = ' The names of yours: paios workflows list'
  const names = new Set(near.map((one) => oneLine(one.name)))
  if (names.size > 0) return ` Is it ${[...names].join(' or ')}?${list}`
  const [ready] = almostNamed(gallery, said, (one) => [one.name, one.title])
  return ready === undefined ? list : ` Take it from the gallery: paios workflows add ${ready.name}`
}

/** The title in the gallery of what was taken from there. */
function titlesIn(gallery: readonly GalleryEntry[]): (workflow: Workflow) => string[] {
  return ({ name }) => gallery.filter((one) => one.name === name).map(({ title }) => title)
}
