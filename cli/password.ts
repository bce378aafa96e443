import { ApiFault } from '../sdk/fault.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { prompt, readAll } from './prompt.ts'

/** Changes the password of the user. */
export async function changePassword(
  context: Context,
  options: { passwordStdin?: boolean },
): Promise<Answer> {
  await requireSignedIn(context)
  const [current_password = '', new_password = ''] = await read(context, options.passwordStdin === true)
  try {
    await context.client.ask('auth.password', { current_password, new_password })
  } catch (error) {
    const isOver = error instanceof ApiFault && error.status === 401 && error.operation === 'approvals.get'
    if (!isOver) throw error
    // The end of an approved call is told to the session that asked, and this call ends them all.
    throw new Stop(
      EXIT.not_signed_in,
      'Your sessions were ended, as a changed password does. Sign in with the new one: paios login',
      { cause: error },
    )
  }
  return { data: {}, text: 'The password is changed, and all your other sessions were ended.' }
}

const QUESTIONS = [
  { text: 'Current password: ', hidden: true },
  { text: 'New password (15 characters or more): ', hidden: true },
  { text: 'The same again: ', hidden: true },
]

async function read({ io, interactive }: Context, isPiped: boolean): Promise<readonly string[]> {
  if (isPiped) {
    if (io.stdin.isTTY === true) {
      throw new Stop(EXIT.usage, 'Leave out --password-stdin: here you are asked, and nothing is shown.')
    }
    const lines = (await readAll(io)).replace(/\r?\n$/, '').split(/\r?\n/)
    if (lines.length === 2) return lines
    throw new Stop(EXIT.usage, 'Standard input must be two lines: the current password and the new one.')
  }
  if (!interactive) throw new Stop(EXIT.usage, 'There is nobody to ask: give --password-stdin.')
  const replies = await prompt(io, QUESTIONS)
  if (replies === undefined) throw new Stop(EXIT.failed, 'Cancelled. Nothing was changed.')
  if (replies[1] !== replies[2]) {
    throw new Stop(EXIT.failed, 'The two new passwords differ. Nothing was changed.')
  }
  return replies
}
