import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import type { Answer } from './exit.ts'
import { oneLine } from './print.ts'

/** Stops one execution, or everything that runs for the user, and says how far it had come. */
export async function stop(context: Context, execution_id?: string): Promise<Answer> {
  await requireSignedIn(context)
  const stopped = await context.client.ask('system.stop', execution_id === undefined ? {} : { execution_id })
  return { data: stopped, text: oneLine(stopped.text) }
}
