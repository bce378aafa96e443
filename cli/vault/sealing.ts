import type { CredentialData } from '../../contract/credentials.ts'
import {
  SealedItemError,
  makeRecoveryKey,
  openItem,
  passkeyOpener,
  recoveryOpener,
  sealItem,
} from '../../sdk/sealed.ts'
import type { Opener } from '../../sdk/sealed.ts'
import type { Context } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { OwnKey } from '../keys.ts'
import { prompt, readAll } from '../prompt.ts'

/** As `makeRecoveryKey` writes it. */
const RECOVERY = /^[\w-]{43}$/

/** A secret as the server keeps it without being able to open it, and what else than the passkey here opens it. */
interface SealedHere {
  credential_data: CredentialData
  recovery_key: string
}

/** Seals a secret for the newest passkey of this machine and a recovery key, which is kept nowhere. */
export async function sealHere(
  context: Context,
  { value, additional_fields }: CredentialData,
): Promise<SealedHere> {
  const own = (await ownKeys(context)).at(-1)
  if (own === undefined)
    throw new Stop(EXIT.failed, 'This machine has no passkey to seal it for. Make one: paios passkey add')
  const recovery_key = makeRecoveryKey()
  const plain = { value, ...(additional_fields === undefined ? {} : { additional_fields }) }
  const credential_data = await sealItem(plain, [passkeyOpener(own), recoveryOpener(recovery_key)])
  return { credential_data, recovery_key }
}

/** What is said of a recovery key, which nobody can say again. */
export function tellRecovery(recovery_key: string): string {
  return [
    'Only the passkey of this machine opens it, and this recovery key, shown this once. Keep it elsewhere:',
    `  ${recovery_key}`,
    'No agent can use it. Open it with: paios credentials reveal',
  ].join('\n')
}

export interface OpeningOptions {
  /** Standard input is the recovery key. */
  recoveryStdin?: boolean
}

/** Opens what was sealed, with a passkey of this machine or with the recovery key. @throws Stop when neither opens it. */
export async function openHere(
  context: Context,
  data: CredentialData,
  { recoveryStdin = false }: OpeningOptions,
): Promise<CredentialData> {
  try {
    return await openItem(data, await openerOf(context, data, recoveryStdin))
  } catch (error) {
    if (!(error instanceof SealedItemError)) throw error
    throw new Stop(EXIT.failed, error.message, { cause: error })
  }
}

async function openerOf(
  context: Context,
  { sealed }: CredentialData,
  recoveryStdin: boolean,
): Promise<Opener> {
  const wanted = new Set(sealed?.wraps.map(({ credential_id }) => credential_id))
  const own = (await ownKeys(context)).find(({ credential_id }) => wanted.has(credential_id))
  if (own !== undefined && !recoveryStdin) return passkeyOpener(own)
  const { io, interactive } = context
  if (!recoveryStdin && !interactive)
    throw new Stop(EXIT.failed, 'It is sealed for no passkey of this machine: give --recovery-stdin.')
  const [typed = ''] = recoveryStdin
    ? [await readAll(io)]
    : ((await prompt(io, [{ text: 'Recovery key: ', hidden: true }])) ?? [])
  const key = typed.trim()
  if (!RECOVERY.test(key)) throw new Stop(EXIT.usage, 'A recovery key has 43 letters, digits, _ and -.')
  return recoveryOpener(key)
}

/** The passkeys of this machine that are those of who is signed in, oldest first. */
async function ownKeys({ keys, tokens }: Context): Promise<OwnKey[]> {
  const user_id = (await tokens.load())?.user_id
  return keys.load().filter((key) => key.user_id === user_id)
}
