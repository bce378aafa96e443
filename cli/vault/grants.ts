import type { Destination, Grant } from '../../contract/credentials.ts'
import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { oneLine, table } from '../print.ts'
import { SEARCHED_MAX, idNamed, short } from '../short.ts'
import { readTime } from '../time.ts'
import { credentialNamed } from './named.ts'

/** Which agents may use what, and where they may send it. */
export async function listGrants(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const found = await context.client.ask('credentials.grants', { limit: SEARCHED_MAX })
  if (found.grants.length === 0) return { data: found, text: 'No agent may use a secret.' }
  return { data: found, text: toLines(found.grants) }
}

/** Grants as a table. */
export function toLines(grants: readonly Grant[]): string {
  const rows = grants.map((grant) => [
    short(grant.id),
    String(grant.agent_number),
    grant.damaged === true ? '(damaged)' : oneLine(grant.service_name),
    grant.destinations.map(sayPlace).join('; '),
    grant.expires_at ?? 'never',
  ])
  return table([['GRANT', 'AGENT', 'SERVICE', 'WHERE', 'ENDS'], ...rows])
}

function sayPlace({ origin, in: place, name, field, format }: Destination): string {
  const what = field === undefined ? '' : ` from ${field}`
  return oneLine(`${origin} ${place} ${name}${what}${format === undefined ? '' : ` as ${format}`}`)
}

/** Where an agent may send a secret: to one origin, and there in one place. */
export interface GrantOptions {
  to: string
  header?: string
  query?: string
  body?: string
  field?: string
  format?: string
  expires?: string
}

export async function grantCredential(
  context: Context,
  [said, agent]: readonly [credential: string, agent: string],
  options: GrantOptions,
): Promise<Answer> {
  const destination = toDestination(options)
  const expires = options.expires === undefined ? {} : { expires_at: readTime(options.expires) }
  const { id: credential_id } = await credentialNamed(context, said)
  const { agent_number, name } = await context.client.ask('agents.get', { id: agent })
  const input = { credential_id, agent_number, destinations: [destination], ...expires }
  const grant = await context.client.ask('credentials.grant', input)
  const text = `Agent ${agent_number}, ${oneLine(name)}, may send ${oneLine(grant.service_name)} to ${sayPlace(destination)}. Take that back with: paios credentials revoke ${short(grant.id)}`
  const doubts = (grant.warnings ?? []).map((warning) => `Mind: ${oneLine(warning)}`)
  return { data: grant, text: [text, ...doubts].join('\n') }
}

function toDestination({ to: origin, header, query, body, field, format }: GrantOptions): Destination {
  const places = [
    ['header', header],
    ['query', query],
    ['body', body],
  ] as const
  const given = places.flatMap(([place, name]) => (name === undefined ? [] : [{ in: place, name }]))
  if (given.length > 1) throw new Stop(EXIT.usage, 'Give one of --header, --query and --body.')
  const [place = { in: 'header', name: 'authorization' } as const] = given
  const more = { ...(field === undefined ? {} : { field }), ...(format === undefined ? {} : { format }) }
  return { origin, ...place, ...more }
}

export async function revokeGrant(context: Context, said: string): Promise<Answer> {
  await requireSignedIn(context)
  const { grants } = await context.client.ask('credentials.grants', { limit: SEARCHED_MAX })
  const what = { one: 'grant', list: 'paios credentials grants' }
  const id = await idNamed(said, what, () => Promise.resolve(grants.map((grant) => grant.id)))
  await context.client.ask('credentials.revoke', { id })
  return { data: { revoked: id }, text: 'Taken back: the agent may not use it any more.' }
}
