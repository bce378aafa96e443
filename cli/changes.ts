import type { SystemModification } from '../contract/system.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT } from './exit.ts'
import { onThisMachine } from './offline.ts'
import type { PassphraseOptions } from './passphrase.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { ago, oneLine, table } from './print.ts'
import { short } from './short.ts'
import { dependsOn, isUndone } from './standing.ts'

/** The newest changes of agents, workflows and settings. */
export async function listChanges(context: Context, { limit = '20' }: { limit?: string }): Promise<Answer> {
  const wanted = readLimit(limit)
  await requireSignedIn(context)
  const found = await context.client.ask('system.modifications', { limit: wanted })
  if (found.modifications.length === 0) return { data: found, text: 'Nothing was changed yet.' }
  const rows = found.modifications.map((change) => [
    short(change.id),
    ago(change.applied_at, context.io.now()),
    change.rollback_available ? 'yes' : `no${whyNot(change, found.modifications)}`,
    oneLine(change.summary),
  ])
  return { data: found, text: table([['ID', 'WHEN', 'CAN BE UNDONE', 'WHAT'], ...rows]) }
}

/** Why a change cannot be undone, where the newer ones tell. */
function whyNot(change: SystemModification, changes: readonly SystemModification[]): string {
  if (change.rolled_back_by !== null && isUndone(change, changes))
    return `: undone by ${short(change.rolled_back_by)}`
  const later = dependsOn(change, changes)
  return later === undefined ? '' : `: ${short(later.id)} depends on it`
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
