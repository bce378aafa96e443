import { command } from './control.ts'
import type { Context } from './context.ts'
import { readCredentials } from './credentials.ts'
import type { CredentialOptions } from './credentials.ts'
import type { Answer } from './exit.ts'
import { oneLine } from './print.ts'

/** Adds a user to the server of this machine. */
export async function addUser(context: Context, email: string, options: CredentialOptions): Promise<Answer> {
  const credentials = await readCredentials(context, { ...options, email }, 'new')
  const { user } = await command(context.io.environment, 'add-user', credentials)
  return { data: { user }, text: `Added ${oneLine(user.email)}. They sign in with: paios login` }
}
