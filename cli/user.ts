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

/** Makes a code that lets a user in who lost every passkey and backup code. */
export async function recoverUser({ io }: Context, email: string): Promise<Answer> {
  const { code } = await command(io.environment, 'recover-user', { email })
  const text = [
    `Code: ${oneLine(code)}`,
    `It signs in once, within 30 minutes: paios login --email ${oneLine(email)} --code`,
    'All sessions of the user were ended, and the user is told.',
  ]
  return { data: { code }, text: text.join('\n') }
}
