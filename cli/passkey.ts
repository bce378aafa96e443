import { hostname } from 'node:os'
import type { Passkey } from '../contract/auth.ts'
import { NoAnswer } from '../sdk/fault.ts'
import { toPage } from '../sdk/origin.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { ago, oneLine, table } from './print.ts'
import { make } from './prove.ts'
import { idNamed, short } from './short.ts'

const NAME_MAX = 80
const CODES =
  'Backup codes, shown this once: each signs in once when every passkey is lost. Keep them elsewhere.'

/** Makes a passkey on this machine and enrols it. */
export async function addPasskey(context: Context, options: { name?: string }): Promise<Answer> {
  await requireSignedIn(context)
  const { client, keys } = context
  const { name = `paios on ${hostname()}`.slice(0, NAME_MAX) } = options
  const { id: user_id, email } = await client.ask('auth.me')
  const challenge = await client.ask('auth.biometric_challenge', { purpose: 'setup' })
  const { key, registered } = make(toPage(client.url), challenge)
  // Kept before the server knows it: a passkey that is enrolled and that nobody has would lock its user out.
  keys.add({ ...key, user_id, email })
  try {
    const { credential_id, backup_codes } = await client.ask('auth.biometric_setup', { ...registered, name })
    const text = [`Added ${oneLine(name)}: from now on commands on this machine prove themselves with it.`]
    if (backup_codes.length > 0) text.push('', CODES, ...backup_codes.map((code) => `  ${oneLine(code)}`))
    return { data: { credential_id, name, backup_codes }, text: text.join('\n') }
  } catch (error) {
    // Without an answer it may be enrolled.
    if (!(error instanceof NoAnswer)) keys.remove(key.credential_id)
    throw error
  }
}

/** The passkeys of the user, on whatever device. */
export async function listPasskeys(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const found = await context.client.ask('auth.passkeys')
  const now = context.io.now()
  const here = new Set(context.keys.load().map(({ credential_id }) => credential_id))
  const rows = found.passkeys.map((passkey) => [
    short(passkey.id),
    oneLine(passkey.name),
    whereOf(passkey, here),
    oneLine(passkey.origin),
    ago(passkey.created_at, now),
    passkey.last_used_at === null ? 'never' : ago(passkey.last_used_at, now),
  ])
  if (rows.length === 0) return { data: found, text: 'No passkey yet. Make one here: paios passkey add' }
  return { data: found, text: table([['ID', 'NAME', 'WHERE', 'PAGE', 'ADDED', 'LAST USED'], ...rows]) }
}

function whereOf({ credential_id, software }: Passkey, here: ReadonlySet<string>): string {
  if (here.has(credential_id)) return 'here'
  return software ? 'another machine' : 'a device'
}

/** The passkey that an id means, or the end of one. */
async function passkeyNamed(context: Context, said: string): Promise<string> {
  await requireSignedIn(context)
  return idNamed(said, { one: 'passkey', list: 'paios passkey list' }, async () => {
    const { passkeys } = await context.client.ask('auth.passkeys')
    return passkeys.map(({ id }) => id)
  })
}

export async function renamePasskey(context: Context, said: string, name: string): Promise<Answer> {
  const id = await passkeyNamed(context, said)
  const passkey = await context.client.ask('auth.passkey_rename', { id, name })
  return { data: passkey, text: `It is called ${oneLine(passkey.name)} now.` }
}

/** Removes a passkey, here too when this machine holds it. */
export async function removePasskey(context: Context, said: string): Promise<Answer> {
  const id = await passkeyNamed(context, said)
  const { client, keys } = context
  const { passkeys } = await client.ask('auth.passkeys')
  const passkey = passkeys.find((one) => one.id === id)
  if (passkey === undefined) {
    throw new Stop(EXIT.failed, `You have no passkey ${id}. They are listed by: paios passkey list`)
  }
  await client.ask('auth.passkey_remove', { id })
  keys.remove(passkey.credential_id)
  const codes = passkeys.length === 1 ? ' It was the last one, so the backup codes are void, too.' : ''
  const text = `Removed ${oneLine(passkey.name)}. All other sessions were ended.${codes}`
  return { data: { removed: passkey }, text }
}

/** Makes new backup codes. */
export async function newCodes(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const made = await context.client.ask('credentials.backup')
  const codes = made.backup_codes.map((code) => `  ${oneLine(code)}`)
  return { data: made, text: [CODES, ...codes, 'The old ones are void.'].join('\n') }
}
