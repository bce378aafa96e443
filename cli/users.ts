import type { Account } from '../contract/users.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { readCredentials } from './credentials.ts'
import type { CredentialOptions } from './credentials.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { ago, oneLine, table } from './print.ts'
import { prompt } from './prompt.ts'

type Tier = Account['tier']

const PAGE = 500
/** More users than one server is made for. */
const PAGES_MAX = 200

/** The users of the server, for its owner. */
export async function listUsers(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const users = await readAllUsers(context)
  const rows = users.map(({ id, email, tier, owner, created_at }) => [
    id,
    oneLine(email),
    tier,
    owner ? 'owner' : 'user',
    ago(created_at, context.io.now()),
  ])
  return { data: { users }, text: table([['ID', 'E-MAIL', 'TIER', 'ROLE', 'ADDED'], ...rows]) }
}

export interface AddOptions extends CredentialOptions {
  tier?: Tier
}

export async function createUser(context: Context, email: string, options: AddOptions): Promise<Answer> {
  await requireSignedIn(context)
  const { tier, ...given } = options
  const credentials = await readCredentials(context, { ...given, email }, 'new')
  const user = await context.client.ask('users.create', {
    ...credentials,
    ...(tier === undefined ? {} : { tier }),
  })
  return { data: { user }, text: `Added ${oneLine(user.email)}. They sign in with: paios login` }
}

export async function setTier(context: Context, who: string, tier: Tier): Promise<Answer> {
  await requireSignedIn(context)
  const { id } = await find(context, who)
  const user = await context.client.ask('users.update', { id, tier })
  return { data: { user }, text: `${oneLine(user.email)} is ${user.tier} now.` }
}

/** Removes a user with everything of theirs; at a terminal after asking once more. */
export async function removeUser(context: Context, who: string, options: { yes?: boolean }): Promise<Answer> {
  await requireSignedIn(context)
  const user = await find(context, who)
  if (options.yes !== true) await confirm(context, user)
  await context.client.ask('users.delete', { id: user.id })
  return { data: { removed: user }, text: `Removed ${oneLine(user.email)} with everything of theirs.` }
}

async function confirm({ io, interactive }: Context, { email }: Account): Promise<void> {
  const loss = `Everything of ${oneLine(email)} is deleted for good.`
  if (!interactive) throw new Stop(EXIT.usage, `${loss} There is nobody to ask: give --yes.`)
  io.stderr.write(`${loss}\n`)
  const [reply = ''] = (await prompt(io, [{ text: 'Type the e-mail address to go on: ' }])) ?? []
  if (reply.trim() !== email) throw new Stop(EXIT.failed, 'Cancelled. Nothing was changed.')
}

/** @param who - id or e-mail address. */
async function find(context: Context, who: string): Promise<Account> {
  const address = who.toLowerCase()
  const users = await readAllUsers(context)
  const user = users.find(({ id, email }) => id === who || email.toLowerCase() === address)
  if (user !== undefined) return user
  throw new Stop(EXIT.failed, `There is no user ${who}. They are listed by: paios users`)
}

async function readAllUsers({ client }: Context): Promise<Account[]> {
  const users: Account[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = await client.ask('users.list', { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
    users.push(...found.users)
    cursor = found.next_cursor
    if (cursor === undefined) break
  }
  return users
}
