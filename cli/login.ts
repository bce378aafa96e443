import type { Context } from './context.ts'
import { readCredentials } from './credentials.ts'
import type { CredentialOptions } from './credentials.ts'
import type { Answer } from './exit.ts'
import { oneLine } from './print.ts'

/** Signs in with a password. */
export async function login(context: Context, options: CredentialOptions): Promise<Answer> {
  // Before anybody types a password: is there a server at all?
  await context.client.ask('system.health')
  const credentials = await readCredentials(context, options, 'known')
  const { user } = await context.client.ask('auth.login', credentials)
  return { data: { user }, text: `Signed in as ${oneLine(user.email)}.` }
}
