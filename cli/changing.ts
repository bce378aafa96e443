import type { WorkflowDefinition } from '../contract/workflows.ts'
import type { Context } from './context.ts'
import { nameIn, orProblems, readWorkflow } from './definition.ts'
import type { Answer } from './exit.ts'
import { oneLine } from './print.ts'
import { startOf } from './starts.ts'
import { workflowNamed } from './workflows.ts'

/** Changes a workflow into what a file says. */
export async function updateFromFile(
  context: Context,
  path: string,
  { name }: { name?: string },
): Promise<Answer> {
  const read = readWorkflow(path)
  const { id } = await workflowNamed(context, name ?? nameIn(path, read))
  const given = {
    id,
    definition: read.definition as WorkflowDefinition,
    ...(read.name === undefined ? {} : { name: read.name }),
    ...(read.description === undefined ? {} : { description: read.description }),
  }
  const changed = await orProblems(context, given, () => context.client.ask('workflows.update', given))
  const off = changed.is_active ? '' : ' It is off.'
  return {
    data: changed,
    text: `Changed ${oneLine(changed.name)}. It starts ${startOf(changed.definition)}.${off}`,
  }
}

/** Lets a workflow start, or start no more. */
export async function switchWorkflow(context: Context, name: string, is_active: boolean): Promise<Answer> {
  const before = await workflowNamed(context, name)
  const said = `${oneLine(before.name)} is ${is_active ? 'on' : 'off'}`
  if (before.is_active === is_active) return { data: before, text: `${said} already.` }
  const changed = await context.client.ask('workflows.update', { id: before.id, is_active })
  const start = is_active ? ` It starts ${startOf(changed.definition)}.` : ' What runs of it goes on.'
  return { data: changed, text: `${said}.${start}` }
}

export async function deleteWorkflow(context: Context, name: string): Promise<Answer> {
  const { client } = context
  const workflow = await workflowNamed(context, name)
  await client.ask('workflows.delete', { id: workflow.id })
  const text = `Deleted ${oneLine(workflow.name)}. Bring it back with: paios undo`
  return { data: { deleted: workflow }, text }
}
