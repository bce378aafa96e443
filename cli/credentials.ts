import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import { prompt, readAll } from './prompt.ts'
import type { Question } from './prompt.ts'

/** How a user names themselves on the command line. A password never stands there, where others could read it. */
export interface CredentialOptions {
  email?: string
  passwordStdin?: boolean
}

export interface Credentials {
  email: string
  password: string
}

/** Mistypings of a new password after which it is better to begin again. */
const TRIES_MAX = 3

/**
 * Takes an e-mail address and a password from the options and standard input, or asks for them.
 *
 * @param password - a `new` one is asked for twice, because nobody sees what they type.
 */
export async function readCredentials(
  { io, interactive }: Pick<Context, 'io' | 'interactive'>,
  { email, passwordStdin = false }: CredentialOptions,
  password: 'known' | 'new',
): Promise<Credentials> {
  if (passwordStdin) {
    if (email === undefined) throw new Stop(EXIT.usage, '--password-stdin needs --email, too.')
    if (io.stdin.isTTY === true) {
      throw new Stop(EXIT.usage, 'Leave out --password-stdin: here you are asked, and nothing is shown.')
    }
    return { email, password: (await readAll(io)).replace(/\r?\n$/, '') }
  }
  if (!interactive) {
    throw new Stop(EXIT.usage, 'There is nobody to ask: give --email and --password-stdin.')
  }
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const replies = await prompt(io, questions(email, password))
    if (replies === undefined) throw new Stop(EXIT.failed, 'Cancelled. Nothing was changed.')
    const [address, first = '', second = first] = email === undefined ? replies : [email, ...replies]
    if (first === second) return { email: (address ?? '').trim(), password: first }
    io.stderr.write('These are two different passwords. Once more.\n')
  }
  throw new Stop(EXIT.failed, 'The two passwords differ. Nothing was changed.')
}

function questions(email: string | undefined, password: 'known' | 'new'): Question[] {
  const address = email === undefined ? [{ text: 'E-mail: ' }] : []
  if (password === 'known') return [...address, { text: 'Password: ', hidden: true }]
  return [
    ...address,
    { text: 'New password (15 characters or more): ', hidden: true },
    { text: 'The same again: ', hidden: true },
  ]
}
