import type { Destination } from '../../../contract/credentials.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Grants } from './grants.ts'
import { SECRET_CHARACTERS_MIN } from './redact.ts'
import { toData } from './safe.ts'
import type { Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { VaultTables } from './store.ts'

/** One use of a secret: by whom, and where it is about to be sent. */
export interface Use extends Destination {
  user_id: string
  agent_id: string
  credential_id: string
  /** An additional field in place of the value. */
  field?: string | undefined
}

/**
 * Opens a secret for one use, which is counted.
 *
 * @throws Fault `UNAUTHORIZED` (403) when the agent may not, or not there, or the credential has expired; the same for one
 * that does not exist.
 */
export type Lend = (use: Use) => Promise<string>

export function openLending(
  kernel: Kernel,
  { safe, grants }: { safe: Safe; grants: Pick<Grants, 'destinations'> },
): Lend {
  return async ({ user_id, agent_id, credential_id, field, ...place }) => {
    const db = kernel.store.reader.tables<VaultTables>()
    const now = kernel.clock.now()
    const allowed = await grants.destinations(user_id, agent_id, credential_id, now)
    const row = await vaultStore.find(db, user_id, credential_id)
    if (row === undefined || allowed.length === 0)
      throw refused(credential_id, 'not_granted', 'The agent was not given this credential.')
    if (!allowed.some((one) => isSame(one, place)))
      throw refused(
        credential_id,
        'wrong_destination',
        `The credential may not be sent to ${place.origin} in the ${place.in} ${place.name}.`,
      )
    if (row.expires_at !== null && Date.parse(row.expires_at) <= now)
      throw refused(credential_id, 'expired', 'The credential has expired.')
    const data = toData(await safe.open(db, row))
    const fields = data.additional_fields ?? {}
    const value = field === undefined ? data.value : Object.hasOwn(fields, field) ? fields[field] : undefined
    if (value === undefined)
      throw refused(credential_id, 'no_such_field', `The credential has no field ${field ?? ''}.`)
    if (value.length < SECRET_CHARACTERS_MIN)
      throw refused(
        credential_id,
        'too_short',
        `A secret of less than ${SECRET_CHARACTERS_MIN} characters could not be hidden in what comes back.`,
      )
    await kernel.store.write((tx) => vaultStore.used(tx.tables<VaultTables>(), row, kernel.now()))
    return value
  }
}

function isSame(granted: Destination, { origin, in: where, name }: Destination): boolean {
  const named = where === 'header' ? name.toLowerCase() : name
  return granted.origin === origin && granted.in === where && granted.name === named
}

function refused(credential_id: string, reason: string, text: string): Fault {
  return new Fault('UNAUTHORIZED', text, { credential_id, reason }, { status: 403 })
}
