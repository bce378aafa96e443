import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { ago, oneLine, table } from './print.ts'

/** What the user was told lately, newest first. */
export async function notifications(context: Context, options: { limit?: string }): Promise<Answer> {
  await requireSignedIn(context)
  const found = await context.client.ask('notifications.list', { limit: readLimit(options.limit ?? '20') })
  const rows = found.notifications.map(({ created_at, source_agent, severity, text }) => [
    ago(created_at, context.io.now()),
    source_agent === 0 ? 'system' : `agent ${source_agent}`,
    severity,
    oneLine(text),
  ])
  return { data: found, text: rows.length === 0 ? 'Nothing yet.' : table(rows) }
}
