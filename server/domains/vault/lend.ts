import type { Destination } from '../../../contract/credentials.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { SECRET_CHARACTERS_MIN } from '../../kernel/redact.ts'
import { SECRET_PREFIX } from '../../kernel/signing-key.ts'
import type { Lent } from '../egress/index.ts'
import type { Grants } from './grants.ts'
import { toData } from './safe.ts'
import type { About, Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'

/** One use of a secret: by whom, and whom it is about to be sent to. */
export interface Use {
  user_id: string
  agent_id: string
  credential_id: string
  origin: string
  /** Also one that has ended: where it is sent to be renewed. */
  though_expired?: true
  /** Hears what the secret is for, once it is lent. */
  lent?: (service_name: string) => void
}

/** The header of a secret that signs and is not sent. */
const SIGNATURE = 'webhook-signature'

/** Why a credential is used by nobody but its user, although it is there and as it was stored. */
export type Closed = 'is sealed, and only a passkey opens it' | 'has expired'

export function findClosed(
  { expires_at }: Pick<CredentialRow, 'expires_at'>,
  { sealed }: Pick<About, 'sealed'>,
  now: number,
): Closed | undefined {
  if (sealed === true) return 'is sealed, and only a passkey opens it'
  return expires_at !== null && Date.parse(expires_at) <= now ? 'has expired' : undefined
}

/**
 * Opens a secret for one use, which is counted.
 *
 * @throws Fault `UNAUTHORIZED` (403) when the agent may not, or not there, or the credential has expired; the same for one
 * that does not exist.
 */
export type Lend = (use: Use) => Promise<Lent[]>

export function openLending(
  kernel: Kernel,
  { safe, grants }: { safe: Safe; grants: Pick<Grants, 'destinations'> },
): Lend {
  return async ({ user_id, agent_id, credential_id, origin, though_expired, lent: tell }) => {
    const db = kernel.store.reader.tables<VaultTables>()
    const now = kernel.clock.now()
    const granted = await grants.destinations(user_id, agent_id, credential_id, now)
    const row = await vaultStore.find(db, user_id, credential_id)
    if (row === undefined || granted.length === 0)
      throw refused(credential_id, 'not_granted', 'The agent was not given this credential.')
    const places = granted.filter((one) => one.origin === origin)
    if (places.length === 0)
      throw refused(credential_id, 'wrong_destination', `The credential may not be sent to ${origin}.`)
    const hasEnded = row.expires_at !== null && Date.parse(row.expires_at) <= now
    if (hasEnded && though_expired !== true)
      throw refused(credential_id, 'expired', 'The credential has expired.')
    const { secret, about } = await safe.open(db, row)
    const data = toData(secret)
    if (data.sealed !== undefined)
      throw refused(credential_id, 'sealed', 'Only a passkey of its user opens the credential.')
    const fields = new Map(Object.entries(data.additional_fields ?? {}))
    const lent = places.map((place) => lentTo(row, place, data.value, fields))
    await kernel.store.write((tx) => vaultStore.used(tx.tables<VaultTables>(), row, kernel.now()))
    tell?.(about.service_name)
    return lent
  }
}

function lentTo(
  { id, credential_type }: CredentialRow,
  { in: where, name, field, format }: Destination,
  value: string,
  fields: ReadonlyMap<string, string>,
): Lent {
  const secret = field === undefined ? value : fields.get(field)
  if (secret === undefined) throw refused(id, 'no_such_field', `The credential has no field ${field ?? ''}.`)
  if (secret.length < SECRET_CHARACTERS_MIN)
    throw refused(
      id,
      'too_short',
      `A secret of less than ${SECRET_CHARACTERS_MIN} characters could not be hidden in what comes back.`,
    )
  // What its owner calls the secret must not come back either.
  if (where === 'header' && name === SIGNATURE)
    return { in: where, name, secret: withoutPrefix(secret), text: secret }
  const isPlain = format === undefined && where === 'header' && name === 'authorization'
  if (!isPlain) return { in: where, name, secret, text: (format ?? '{}').replace('{}', () => secret) }
  if (credential_type !== 'password') return { in: where, name, secret, text: `Bearer ${secret}` }
  const pair = Buffer.from(`${fields.get('username') ?? ''}:${secret}`).toString('base64')
  return { in: where, name, secret, text: `Basic ${pair}` }
}

/** A secret that signs, without what says how it is written. */
function withoutPrefix(secret: string): string {
  return secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret
}

function refused(credential_id: string, reason: string, text: string): Fault {
  return new Fault('UNAUTHORIZED', text, { credential_id, reason }, { status: 403 })
}
