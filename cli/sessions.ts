import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import type { Answer } from './exit.ts'
import { ago, oneLine, table } from './print.ts'
import { idNamed, short } from './short.ts'

/** Where the user is signed in. */
export async function listSessions(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const found = await context.client.ask('auth.sessions')
  const now = context.io.now()
  const rows = found.sessions.map(({ id, user_agent, ip, created_at, last_used_at, current }) => [
    short(id),
    oneLine(user_agent),
    oneLine(ip),
    ago(created_at, now),
    current ? 'now, here' : ago(last_used_at, now),
  ])
  return { data: found, text: table([['ID', 'WITH', 'FROM', 'SIGNED IN', 'LAST USED'], ...rows]) }
}

/** Signs out elsewhere. */
export async function endSession(context: Context, said: string): Promise<Answer> {
  await requireSignedIn(context)
  const { client } = context
  const { sessions } = await client.ask('auth.sessions')
  const ids = () => Promise.resolve(sessions.map((session) => session.id))
  const id = await idNamed(said, { one: 'session', list: 'paios sessions' }, ids)
  const isOwn = sessions.some((session) => session.current && session.id === id)
  if (isOwn) await client.ask('auth.logout')
  else await client.ask('auth.session_end', { id })
  return { data: {}, text: isOwn ? 'Signed out here.' : 'Signed out there.' }
}
