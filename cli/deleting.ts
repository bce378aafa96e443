import { ApiFault } from '../sdk/fault.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { oneLine, table } from './print.ts'

export interface DeleteOptions {
  force?: boolean
}

/** Deletes an agent. @throws Stop with the active workflows that use it, unless it is forced. */
export async function deleteAgent(
  context: Context,
  ref: string,
  { force = false }: DeleteOptions,
): Promise<Answer> {
  await requireSignedIn(context)
  const { client } = context
  const agent = await client.ask('agents.get', { id: ref })
  const called = `agent ${agent.agent_number}, ${oneLine(agent.name)}`
  try {
    await client.ask('agents.delete', { id: agent.id, force })
  } catch (cause) {
    const workflows = cause instanceof ApiFault ? cause.details?.['workflows'] : undefined
    if (!Array.isArray(workflows)) throw cause
    const list = table((workflows as { name: string }[]).map(({ name }) => [`  ${oneLine(name)}`]))
    const text = `Nothing was deleted: these workflows use ${called}. Switch them off or change them first, or give --force:`
    throw new Stop(EXIT.failed, text, { cause, list })
  }
  return { data: { deleted: agent }, text: `Deleted ${called}. Bring it back with: paios undo` }
}
