import { isDeepStrictEqual } from 'node:util'
import type { AgentDetail } from '../contract/agents.ts'
import type { Issue } from '../contract/errors.ts'
import type { ExternalIntegration } from '../contract/integrations.ts'
import { ApiFault } from '../sdk/fault.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { sayBreak } from './json-place.ts'
import { oneLine, table } from './print.ts'
import { readAll } from './prompt.ts'
import { short } from './short.ts'
import { readTextFile } from './text-file.ts'
import { credentialNamed } from './vault/named.ts'

type List = readonly ExternalIntegration[]
/** An integration as somebody wrote it: what of it is wrong the server says. */
type Given = Partial<ExternalIntegration>

/** What an integration is unless its file says otherwise. */
const USUAL: Given = { allowed_hosts: [], enabled: true }
const AT = '/config/external_integrations'

/** One integration of an agent as a file of it says it, for `editIntegration`. */
export async function showIntegration(context: Context, ref: string, id: string): Promise<Answer> {
  const { list } = await holderOf(context, ref)
  const one = list[placeOf(ref, list, id)]
  return { data: one, text: JSON.stringify(one, undefined, 2) }
}

/** Sets an agent up with one more service; the others stay. */
export async function addIntegration(context: Context, ref: string, source: string): Promise<Answer> {
  const given = await withCredential(context, await readIntegration(context, source))
  const { agent, list } = await holderOf(context, ref)
  if (list.some(({ id }) => id === given.id))
    throw refused([
      {
        path: '/id',
        message: `is taken: change that one with paios integrations edit ${ref} ${String(given.id)}`,
      },
    ])
  const one = { ...USUAL, ...given } as ExternalIntegration
  const saved = await save(context, agent, [...list, one], list.length)
  return {
    data: saved.at(-1),
    text: `Agent ${agent.agent_number} has ${oneLine(one.name)} now.${await mind(context, agent, one)}${nextStep(agent, one)}`,
  }
}

/** Puts what a file says in the place of one integration; its id stays. */
export async function editIntegration(
  context: Context,
  [ref, id]: readonly [agent: string, id: string],
  source: string,
): Promise<Answer> {
  const given = await withCredential(context, await readIntegration(context, source))
  const { agent, list } = await holderOf(context, ref)
  const index = placeOf(ref, list, id)
  if (given.id !== undefined && given.id !== id)
    throw refused([{ path: '/id', message: `must be ${oneLine(id)}, or left out: an id stays` }])
  const one = { ...USUAL, ...given, id } as ExternalIntegration
  if (isDeepStrictEqual(one, list[index])) return { data: one, text: 'That is how it is already.' }
  const saved = await save(context, agent, list.with(index, one), index)
  const text = `Changed ${oneLine(one.name)} of agent ${agent.agent_number}. Take that back with: paios undo${await mind(context, agent, one)}`
  return { data: saved[index], text }
}

/** Takes one integration away from an agent; the others stay. */
export async function removeIntegration(context: Context, ref: string, id: string): Promise<Answer> {
  const { agent, list } = await holderOf(context, ref)
  const index = placeOf(ref, list, id)
  const removed = list[index]
  await save(context, agent, list.toSpliced(index, 1), undefined)
  const text = `Agent ${agent.agent_number} no longer has ${oneLine(removed?.name ?? id)}. Bring it back with: paios undo${stays(removed)}`
  return { data: { removed }, text }
}

/** That a secret which only an integration used may be sent as before. */
function stays(removed: ExternalIntegration | undefined): string {
  if (removed?.credential_id === undefined) return ''
  return `\nWhat it may send stays until you take it back: paios credentials grants`
}

async function holderOf(context: Context, ref: string): Promise<{ agent: AgentDetail; list: List }> {
  await requireSignedIn(context)
  const agent = await context.client.ask('agents.get', { id: ref })
  return { agent, list: agent.config.external_integrations }
}

/** @throws Stop when the agent has none of that id. */
function placeOf(ref: string, list: List, id: string): number {
  const index = list.findIndex((one) => one.id === id)
  if (index >= 0) return index
  const ids = list.map((one) => oneLine(one.id)).join(', ')
  throw new Stop(
    EXIT.failed,
    `Agent ${oneLine(ref)} has no integration ${JSON.stringify(id)}; it has: ${ids || 'none'}.`,
  )
}

/**
 * Saves the whole list, which is what can be changed. `own` is the place of what was given: what is wrong with that is
 * told by its place in the file.
 */
async function save(
  { client }: Context,
  { id, agent_number, updated_at }: AgentDetail,
  list: ExternalIntegration[],
  own: number | undefined,
): Promise<List> {
  try {
    const saved = await client.ask('agents.update', {
      id,
      config: { external_integrations: list },
      if_unmodified_since: updated_at,
    })
    return saved.config.external_integrations
  } catch (error) {
    const issues = error instanceof ApiFault ? error.details?.['issues'] : undefined
    if (!Array.isArray(issues) || issues.length === 0) throw error
    throw refused(
      (issues as Issue[]).map((issue) => inFile(issue, list, own, agent_number)),
      error,
    )
  }
}

/** What is wrong, by its place in the file, or with which other integration it is. */
function inFile({ path, message }: Issue, list: List, own: number | undefined, agent_number: number): Issue {
  const [, place, rest = ''] = new RegExp(`^${AT}/(\\d+)(.*)$`, 's').exec(path) ?? []
  if (place === undefined) return { path, message }
  if (Number(place) === own) return { path: rest === '' ? '/' : rest, message }
  const other = list[Number(place)]?.id ?? place
  return { path: `${rest} of ${other}, which agent ${agent_number} has already,`, message }
}

function refused(issues: readonly Issue[], cause?: unknown): Stop {
  const list = table(issues.map(({ path, message }) => [`  ${oneLine(path)}`, oneLine(message)]))
  return new Stop(EXIT.failed, 'The integration is wrong, so nothing was changed:', { cause, list })
}

/** Why nothing comes of an integration as everything is set up, in a line of its own. */
async function mind(
  { client }: Context,
  { agent_number }: AgentDetail,
  { id }: ExternalIntegration,
): Promise<string> {
  // What was set is set, whether or not that can be looked at now.
  const { integrations } = await client.ask('integrations.list', {}).catch(() => ({ integrations: [] }))
  const found = integrations.find((one) => one.agent_number === agent_number && one.id === id)
  return found?.problem === undefined ? '' : `\nMind: ${oneLine(found.problem)}`
}

function nextStep(
  { agent_number }: AgentDetail,
  { id, type, base_url = '', auth, credential_id }: ExternalIntegration,
): string {
  if (type !== 'http' && type !== 'webhook') return ''
  const look = `\nLook at it: paios integrations actions ${agent_number} ${oneLine(id)}`
  if (credential_id === undefined) return look
  const origin = URL.parse(base_url)?.origin ?? 'ORIGIN'
  const place =
    auth === undefined || (auth.in === 'header' && auth.name === 'authorization')
      ? ''
      : ` --${auth.in} ${oneLine(auth.name)}`
  const where = type === 'webhook' ? ' --header webhook-signature' : place
  return `${look}\nLet it use its secret: paios credentials grant ${short(credential_id)} ${agent_number} --to ${origin}${where}`
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/u

/** A credential may be named as it is to every other command; the server takes its whole id. */
async function withCredential(context: Context, given: Given): Promise<Given> {
  const { credential_id } = given
  if (typeof credential_id !== 'string' || credential_id === '' || ID.test(credential_id)) return given
  return { ...given, credential_id: (await credentialNamed(context, credential_id)).id }
}

/** A file of one integration, or standard input. @throws Stop for what is no object of JSON. */
async function readIntegration({ io }: Context, source: string): Promise<Given> {
  const name = source === '-' ? 'Standard input' : source
  const text = source === '-' ? await readAll(io) : readTextFile(source)
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw new Stop(EXIT.usage, `${name} is not JSON${sayBreak(text)}.`, { cause: error })
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new Stop(EXIT.usage, `${name} must have one integration: an object with id, name, type and more.`)
  return given
}
