import type { OpenApiImported } from '../contract/integrations.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { sayParameters } from './parameters.ts'
import { oneLine, table } from './print.ts'
import { readTextFile } from './text-file.ts'
import { credentialNamed } from './vault/named.ts'

/** The services that agents can ask, and how they are. */
export async function listIntegrations(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const found = await context.client.ask('integrations.list', {})
  const rows = found.integrations.map((one) => [
    String(one.agent_number),
    oneLine(one.id),
    one.type,
    oneLine(one.host ?? ''),
    String(one.actions),
    one.enabled ? one.health.status : 'off',
  ])
  if (rows.length === 0)
    return { data: found, text: 'There is none. Import one with: paios integrations import AGENT DOCUMENT' }
  const problems = found.integrations.flatMap(({ agent_number, id, problem }) =>
    problem === undefined ? [] : [oneLine(`Mind ${id} of agent ${agent_number}: ${problem}`)],
  )
  const shown = table([['AGENT', 'ID', 'TYPE', 'HOST', 'ACTIONS', 'IS'], ...rows])
  return { data: found, text: [shown, ...problems].join('\n') }
}

export async function listActions(
  context: Context,
  agent: string,
  id: string,
  { limit = '50' }: { limit?: string },
): Promise<Answer> {
  const count = readLimit(limit)
  await requireSignedIn(context)
  const found = await context.client.ask('integrations.actions', { agent, id, limit: count })
  const lines = found.actions.map(({ name, summary, parameters }) =>
    oneLine(`${name} ${sayParameters(parameters)} - ${summary}`),
  )
  const left = found.total_count - lines.length
  return { data: found, text: [...lines, ...(left > 0 ? [`and ${left} more: --limit`] : [])].join('\n') }
}

export interface ImportOptions {
  name?: string
  id?: string
  base?: string
  credential?: string
  only?: string[]
  dryRun?: boolean
}

/** Makes actions of an agent from an OpenAPI document: a file, or an address that the server fetches. */
export async function importOpenApi(
  context: Context,
  agent: string,
  document: string,
  { name, id, base, credential, only = [], dryRun = false }: ImportOptions,
): Promise<Answer> {
  if (!/^\d{1,4}$/.test(agent))
    throw new Stop(EXIT.usage, `${JSON.stringify(agent)} is not the number of an agent.`)
  await requireSignedIn(context)
  const source = /^https?:\/\//.test(document) ? { url: document } : { document: readTextFile(document) }
  const credential_id = credential === undefined ? undefined : (await credentialNamed(context, credential)).id
  const imported = await context.client.ask('integrations.openapi', {
    agent_number: Number(agent),
    ...source,
    dry_run: dryRun,
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { id }),
    ...(base === undefined ? {} : { base_url: base }),
    ...(credential_id === undefined ? {} : { credential_id }),
    ...(only.length === 0 ? {} : { only }),
  })
  return { data: imported, text: toText(imported, agent) }
}

/** Remarks that are printed; `--json` has all. */
const REMARKS_MAX = 10

function toText(imported: OpenApiImported, agent: string): string {
  const { title, actions, operations, warnings, granted, dry_run, integration, impact_assessment } = imported
  const will = dry_run ? 'would have' : 'has'
  const more = warnings.length - REMARKS_MAX
  return [
    `Agent ${agent} ${will} ${actions} actions of ${oneLine(title)}, of ${operations} operations.`,
    ...(granted === undefined ? [] : [`The credential goes to ${oneLine(granted.origin)} alone.`]),
    oneLine(impact_assessment),
    ...warnings.slice(0, REMARKS_MAX).map(({ path, message }) => oneLine(`  ${path}: ${message}`)),
    ...(more > 0 ? [`  and ${more} more remarks: --json`] : []),
    ...(dry_run ? [] : [`Look at them: paios integrations actions ${agent} ${oneLine(integration.id)}`]),
  ].join('\n')
}
