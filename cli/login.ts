import type { SignedIn } from '../contract/auth.ts'
import { ApiFault } from '../sdk/fault.ts'
import type { Context } from './context.ts'
import { readCredentials } from './credentials.ts'
import type { CredentialOptions } from './credentials.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import type { OwnKey } from './keys.ts'
import { oneLine } from './print.ts'
import { prompt, readAll } from './prompt.ts'
import type { Question } from './prompt.ts'

export interface LoginOptions extends CredentialOptions {
  passkey?: boolean
  /** A backup code; true when it is asked for. */
  code?: string | true
}

/** What stands for the id of a passkey in a sign-in by a backup code. */
const CODE_CREDENTIAL = 'backup_code'
/** Passkeys of this machine that are tried, newest first: those that were removed elsewhere are no good. */
const KEYS_TRIED_MAX = 5

/** Signs in with a password, with a passkey of this machine, or with a backup code. */
export async function login(context: Context, options: LoginOptions): Promise<Answer> {
  const { passkey = false, code, passwordStdin = false } = options
  if ([passkey, code !== undefined, passwordStdin].filter(Boolean).length > 1) {
    throw new Stop(EXIT.usage, 'Sign in one way: --passkey, --code or a password.')
  }
  // Before anybody types a password: is there a server at all?
  await context.client.ask('system.health')
  if (passkey) return toAnswer(await byPasskey(context, options.email))
  if (code !== undefined) {
    const signedIn = await byCode(context, options.email, code)
    return toAnswer(signedIn, ' The code is used up. Make a passkey within 15 minutes: paios passkey add')
  }
  const credentials = await readCredentials(context, options, 'known')
  return toAnswer(await context.client.ask('auth.login', credentials))
}

function toAnswer({ user }: SignedIn, more = ''): Answer {
  return { data: { user }, text: `Signed in as ${oneLine(user.email)}.${more}` }
}

async function byPasskey({ client, keys }: Context, email: string | undefined): Promise<SignedIn> {
  const { sign } = await import('./prove.ts')
  const tried = choose(keys.load(), email).toReversed().slice(0, KEYS_TRIED_MAX)
  for (const [index, key] of tried.entries()) {
    const challenge = await client.ask('auth.biometric_challenge', { purpose: 'login' })
    const biometric_credential = sign(key, challenge)
    try {
      return await client.ask('auth.login', { email: email ?? key.email, biometric_credential })
    } catch (error) {
      const isWrong = error instanceof ApiFault && error.code === 'AUTH_004'
      if (!isWrong || index === tried.length - 1) throw error
    }
  }
  throw new Stop(
    EXIT.not_signed_in,
    `This machine has no passkey for ${client.url}. Sign in otherwise, then make one: paios passkey add`,
  )
}

/** The passkeys of one user. @throws Stop when it is not clear whose. */
function choose(own: readonly OwnKey[], email: string | undefined): readonly OwnKey[] {
  const named = own.filter((key) => key.email.toLowerCase() === email?.trim().toLowerCase())
  if (named.length > 0) return named
  const users = new Set(own.map(({ user_id }) => user_id))
  if (users.size <= 1) return own
  throw new Stop(EXIT.usage, `This machine has passkeys of ${users.size} users: say who with --email.`)
}

async function byCode(context: Context, email: string | undefined, code: string | true): Promise<SignedIn> {
  const given = { email, code: code === true ? undefined : code }
  const { client, io, interactive } = context
  if (!interactive && (email === undefined || io.stdin.isTTY === true) && code === true) {
    throw new Stop(EXIT.usage, 'There is nobody to ask: give --email, and the code or standard input.')
  }
  if (!interactive && email === undefined) throw new Stop(EXIT.usage, 'There is nobody to ask: give --email.')
  if (!interactive && code === true) given.code = (await readAll(io)).trim()
  const questions: Question[] = [
    ...(given.email === undefined ? [{ text: 'E-mail: ' }] : []),
    ...(given.code === undefined ? [{ text: 'Backup code: ', hidden: true }] : []),
  ]
  const replies = questions.length === 0 ? [] : await prompt(io, questions)
  if (replies === undefined) throw new Stop(EXIT.failed, 'Cancelled. Nothing was changed.')
  const address = given.email ?? replies.shift() ?? ''
  const challenge_response = given.code ?? replies.shift() ?? ''
  return client.ask('auth.login', {
    email: address.trim(),
    biometric_credential: { credential_id: CODE_CREDENTIAL, challenge_response: challenge_response.trim() },
  })
}
