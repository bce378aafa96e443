import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT } from './exit.ts'
import { onThisMachine } from './offline.ts'
import type { PassphraseOptions } from './passphrase.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { ago, oneLine, table } from './print.ts'
import { short } from './short.ts'

/** The newest changes of agents, workflows and settings. */
export async function listChanges(context: Context, { limit = '20' }: { limit?: string }): Promise<Answer> {
  const wanted = readLimit(limit)
  await requireSignedIn(context)
  const found = await context.client.ask('system.modifications', { limit: wanted })
  if (found.modifications.length === 0) return { data: found, text: 'Nothing was changed yet.' }
  const rows = found.modifications.map(({ id, applied_at, rollback_available, summary }) => [
    short(id),
    ago(applied_at, context.io.now()),
    rollback_available ? 'yes' : 'no',
    oneLine(summary),
  ])
  return { data: found, text: table([['ID', 'WHEN', 'CAN BE UNDONE', 'WHAT'], ...rows]) }
}

/** Whether what passkeys have signed is what was done, checked on the machine of the server. */
export async function verifyChanges(context: Context, options: PassphraseOptions): Promise<Answer> {
  const { verifyChanges: verify } = await import('../server/offline-changes.ts')
  const report = await onThisMachine(context, (place) => verify(place), options)
  const { ok, changes, signed, unproven, problems } = report
  const found = problems.map(({ id, description, why }) => `  ${short(id)} ${oneLine(description)}: ${why}`)
  const text = ok
    ? `The changes hold: ${changes}, of which passkeys have signed ${signed}.${ofEarlier(unproven)}`
    : `Not all changes hold:\n${found.join('\n')}`
  return { data: report, text, exit: ok ? EXIT.done : EXIT.failed }
}

function ofEarlier(unproven: number): string {
  return unproven === 0
    ? ''
    : ` ${unproven} are from an earlier version, which sealed none: nobody can tell of them.`
}
