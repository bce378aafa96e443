import type { SignedIn } from '../contract/auth.ts'
import { ApiFault } from '../sdk/fault.ts'
import { command } from './control.ts'
import type { Context } from './context.ts'
import { readCredentials } from './credentials.ts'
import type { CredentialOptions } from './credentials.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { findSetupCode } from './place.ts'
import { oneLine } from './print.ts'
import { explainFault } from './report.ts'

export interface SetupOptions extends CredentialOptions {
  code?: string
  newCode?: boolean
}

/** Passwords that the server refuses before it is better to begin again. */
const TRIES_MAX = 3

/** Claims a server that nobody uses yet, or makes another code to claim it with. */
export async function setup(context: Context, options: SetupOptions): Promise<Answer> {
  if (options.newCode === true) return newCode(context)
  const { user } = await claim(context, options)
  const next = 'Try: paios ask "what can you do"'
  return { data: { user }, text: `This server is yours now, ${oneLine(user.email)}. ${next}` }
}

/** Claims a server and signs in. */
export async function claim(context: Context, options: SetupOptions): Promise<SignedIn> {
  const { client, io } = context
  // Before anybody types a password: is there a server at all?
  await client.ask('system.health')
  const setup_code = options.code ?? findSetupCode(io.environment, client.url)
  if (setup_code === undefined) {
    throw new Stop(
      EXIT.failed,
      `${client.url} has an owner already: paios login. If not, give the code that it printed: paios setup --code CODE`,
    )
  }
  for (let attempt = 1; ; attempt += 1) {
    const credentials = await readCredentials(context, options, 'new')
    try {
      return await client.ask('auth.setup', { setup_code, ...credentials })
    } catch (error) {
      if (!context.interactive || attempt === TRIES_MAX || !isAboutInput(error)) throw error
      io.stderr.write(`${oneLine(explainFault(error))} Once more.\n`)
    }
  }
}

function isAboutInput(error: unknown): error is ApiFault {
  return error instanceof ApiFault && error.code === 'GENERAL_001' && error.status === 400
}

async function newCode({ io }: Context): Promise<Answer> {
  const { setup_code } = await command(io.environment, 'new-setup-code', {})
  const text = `New setup code: ${oneLine(setup_code)}\nUse it within 30 minutes: paios setup`
  return { data: { setup_code }, text }
}
