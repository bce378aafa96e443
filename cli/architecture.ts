import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import type { Answer } from './exit.ts'
import { visible } from './print.ts'

/** How agents, workflows and what they use are connected, as a diagram (Mermaid). */
export async function showArchitecture(context: Context, { at }: { at?: string }): Promise<Answer> {
  await requireSignedIn(context)
  const found = await context.client.ask('system.architecture', at === undefined ? {} : { at })
  return { data: found, text: visible(found.mermaid_diagram.trimEnd()) }
}
