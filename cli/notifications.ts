import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { ago, strokedLine, table } from './print.ts'

export interface NotificationOptions {
  limit?: string
  unread?: boolean
  read?: boolean
}

/** What the user was told lately, newest first; with `read` it is marked as read once it was listed. */
export async function notifications(
  context: Context,
  { limit = '20', unread, read }: NotificationOptions,
): Promise<Answer> {
  const wanted = readLimit(limit)
  await requireSignedIn(context)
  const filter = unread === true ? { limit: wanted, unread } : { limit: wanted }
  const found = await context.client.ask('notifications.list', filter)
  const [newest] = found.notifications
  // What came after the list was made has not been seen.
  if (read === true && newest !== undefined)
    await context.client.ask('notifications.read_all', { until: newest.created_at })
  const rows = found.notifications.map(({ created_at, source_agent, severity, text }) => [
    ago(created_at, context.io.now()),
    source_agent === 0 ? 'system' : `agent ${source_agent}`,
    severity,
    strokedLine(text),
  ])
  const nothing = unread === true ? 'Nothing unread.' : 'Nothing yet.'
  return { data: found, text: rows.length === 0 ? nothing : table(rows) }
}
