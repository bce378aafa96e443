import { isDeepStrictEqual } from 'node:util'
import type { AgentConfig } from '../../../contract/agents.ts'
import type { Destination, credentials } from '../../../contract/credentials.ts'
import { DOCUMENT_BYTES_MAX } from '../../../contract/integrations.ts'
import type { ExternalIntegration, OpenApiImported, integrations } from '../../../contract/integrations.ts'
import type { Input } from '../../../contract/operation.ts'
import type { Call, Writing } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import { isHostOf } from '../../kernel/host-pattern.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Foreseen } from '../changes/impact.ts'
import type { Changes } from '../changes/index.ts'
import type { Egress } from '../egress/index.ts'
import type { Vault } from '../vault/index.ts'
import { findAddressIssues } from './check.ts'
import { idOf } from './documents.ts'
import type { Documents, ImportedDocument } from './documents.ts'
import { idFrom } from './openapi/compile.ts'
import type { CompileTask, Compiled, CompiledDocument } from './openapi/compile.ts'
import { USUAL } from './openapi/security.ts'

/** An agent, as far as its integrations are concerned. */
export interface Holder {
  id: string
  agent_number: number
  name: string
  is_active: boolean
  skill: string | null
  config: AgentConfig
}

/** The agents, which hold integrations in their configuration. */
export interface Holders {
  /** Of a user, by number; as a transaction sees them, in one. */
  known(user_id: string, db?: Pick<Tx, 'tables'>): Promise<Holder[]>
  /** Names of the actions of a skill. */
  ownActions(skill: string | null): readonly string[]
  foresee(user_id: string, ref: string, change: Change): Promise<Foreseen>
  update(tx: Tx, user_id: string, ref: string, change: Change, description: string): Promise<unknown>
}
interface Change {
  config: Pick<AgentConfig, 'external_integrations'>
}

export interface ImportParts {
  agents: Holders
  documents: Documents
  /** Names of the actions of integrations. */
  namesOf: (user_id: string, list: readonly ExternalIntegration[]) => string[]
  changes: Pick<Changes, 'assessed'>
  vault: Pick<Vault, 'grants'>
  egress: Pick<Egress, 'request'>
  /** Makes actions of a document, beside the event loop. */
  compile: (task: CompileTask, user_id: string) => Promise<Compiled>
}

type Asked = Input<typeof integrations.openapi>
type Importing = Writing<typeof integrations.openapi, Prepared>

/** What an import comes to, before anything of it is stored. */
interface Prepared {
  compiled: CompiledDocument
  document: ImportedDocument
  integration: ExternalIntegration
  /** What the agent had been set up with. */
  before: readonly ExternalIntegration[]
  destination: Destination | undefined
  foreseen: Foreseen
}

/** Makes an integration of an agent from a document: its actions, the change of the agent, and the grant of its secret. */
export function importing(parts: ImportParts): Importing {
  return {
    prepare: (call, asked) => prepare(parts, call, asked),
    commit: async (tx, { user_id, now }, { agent_number, credential_id, dry_run = false }, prepared) => {
      const { document, integration, destination, foreseen, compiled } = prepared
      if (!dry_run) {
        const holder = await needHolder(parts, user_id, agent_number, tx)
        // What it would come to was worked out with this: what somebody changed meanwhile must not be undone by it.
        if (!isDeepStrictEqual(holder.config.external_integrations, prepared.before))
          throw new Fault(
            'VALIDATION_ERROR',
            `Agent ${agent_number} was changed while the document was read: import it again. Nothing was changed now.`,
            { agent_number },
            { status: 409 },
          )
        await parts.documents.keep(tx, user_id, document)
        parts.changes.assessed(tx, foreseen)
        const change = { config: { external_integrations: withOne(holder, integration) } }
        const { length } = document.actions
        const said = `Imported ${integration.name} into agent ${agent_number}, ${holder.name}: ${length} actions.`
        await parts.agents.update(tx, user_id, holder.id, change, said)
        if (credential_id !== undefined && destination !== undefined)
          await grant(
            parts,
            tx,
            { user_id, now, agent_id: holder.id },
            { credential_id, agent_number, destination },
          )
      }
      return shown(prepared, compiled, dry_run)
    },
  }
}

const NAMES_SHOWN = 100

function shown(
  { integration, destination, foreseen, document }: Prepared,
  { title, version, operations, warnings }: CompiledDocument,
  dry_run: boolean,
): OpenApiImported {
  return {
    integration,
    title,
    version,
    operations,
    actions: document.actions.length,
    names: document.actions.slice(0, NAMES_SHOWN).map(({ name }) => name),
    warnings,
    ...(destination === undefined ? {} : { granted: destination }),
    impact_assessment: foreseen.assessment.impact_assessment,
    dry_run,
  }
}

async function prepare(parts: ImportParts, { user_id }: Call, asked: Asked): Promise<Prepared> {
  const { agent_number, only, credential_id } = asked
  const holder = await needHolder(parts, user_id, agent_number)
  const text = await textOf(parts, user_id, asked)
  const others = holder.config.external_integrations.map((one) => [
    one.id,
    parts.namesOf(user_id, [{ ...one, enabled: true }]),
  ])
  const compiled = await parts.compile(
    {
      text,
      id: asked.id ?? (asked.name === undefined ? undefined : idFrom(asked.name)),
      only,
      taken: parts.agents.ownActions(holder.skill),
      others: Object.fromEntries(others) as CompileTask['others'],
    },
    user_id,
  )
  if ('problems' in compiled) throw wrong(compiled.problems)
  const base_url = addressOf(asked, compiled)
  const auth = credential_id === undefined ? undefined : (compiled.auth ?? USUAL)
  const { id, title, version, actions } = compiled
  const document = { id: idOf(actions), title, version, actions }
  const integration: ExternalIntegration = {
    id,
    name: asked.name ?? title,
    type: 'http',
    base_url,
    ...(credential_id === undefined ? {} : { credential_id }),
    ...(auth === undefined ? {} : { auth }),
    allowed_hosts: [],
    enabled: true,
    ...kept(holder, { id, credential_id, document, base_url }),
    document_id: document.id,
  }
  // What it would come to is worked out with the actions that it would have.
  parts.documents.hold(user_id, document)
  const change = { config: { external_integrations: withOne(holder, integration) } }
  const foreseen = await parts.agents.foresee(user_id, holder.id, change)
  const destination = auth === undefined ? undefined : { origin: new URL(base_url).origin, ...auth }
  const before = holder.config.external_integrations
  return { compiled, document, integration, destination, foreseen, before }
}

type Kept = Partial<Pick<ExternalIntegration, 'rotation' | 'enabled' | 'allowed_hosts' | 'actions'>>

/**
 * What no document says, and an earlier import was given by hand: whether it is on, further hosts, actions beside those of
 * the document, and how its secret is renewed, while that is the same.
 */
function kept(
  { config }: Holder,
  {
    id,
    credential_id,
    document,
    base_url,
  }: { id: string; credential_id: string | undefined; document: ImportedDocument; base_url: string },
): Kept {
  const before = config.external_integrations.find((one) => one.id === id)
  if (before === undefined) return {}
  const { enabled, rotation } = before
  const { hostname } = new URL(base_url)
  const hosts = before.allowed_hosts
  const isListed = hosts.length === 0 || hosts.some((host) => isHostOf(host, hostname))
  const isSame = credential_id !== undefined && before.credential_id === credential_id
  const imported = new Set(document.actions.map(({ name }) => name))
  const own = (before.actions ?? []).filter(({ name }) => !imported.has(String(name)))
  return {
    enabled,
    allowed_hosts: isListed ? hosts : [...hosts, hostname],
    ...(own.length === 0 ? {} : { actions: own }),
    ...(isSame && rotation !== undefined ? { rotation } : {}),
  }
}

/** @throws Fault `AGENT_NOT_FOUND` */
async function needHolder(
  { agents }: ImportParts,
  user_id: string,
  agent_number: number,
  tx?: Tx,
): Promise<Holder> {
  const found = (await agents.known(user_id, tx)).find((one) => one.agent_number === agent_number)
  if (found !== undefined) return found
  throw new Fault('AGENT_NOT_FOUND', `There is no agent ${agent_number}.`, { agent_number })
}

/** The integrations of an agent with one more, in the place of the one of its id. */
function withOne({ config }: Holder, one: ExternalIntegration): ExternalIntegration[] {
  const all = config.external_integrations
  const index = all.findIndex(({ id }) => id === one.id)
  return index < 0 ? [...all, one] : all.with(index, one)
}

/** The document that is to be imported: as it was sent, or from where it lies. @throws Fault */
async function textOf({ egress }: ImportParts, user_id: string, asked: Asked): Promise<string> {
  const { document, url, credential_id, base_url } = asked
  if ((document === undefined) === (url === undefined))
    throw wrong([{ path: '/document', message: 'is needed, or url in its place, and not both' }])
  if (credential_id !== undefined && base_url === undefined)
    throw wrong([{ path: '/base_url', message: 'is needed: no document says who is given a secret' }])
  if (document !== undefined) {
    if (Buffer.byteLength(document) <= DOCUMENT_BYTES_MAX) return document
    throw wrong([{ path: '/document', message: `must not be larger than ${DOCUMENT_BYTES_MAX} bytes` }])
  }
  const request = { url: url ?? '', bytes_max: DOCUMENT_BYTES_MAX, repeatable: true }
  const { status, body } = await egress.request(request, { user_id, signal: new AbortController().signal })
  if (status < 200 || status > 299)
    throw wrong([{ path: '/url', message: `was answered with status ${status}, and no document` }])
  return new TextDecoder().decode(body)
}

/** The address of the service: as it was said, or the first server of the document. @throws Fault `VALIDATION_ERROR` */
function addressOf({ base_url, url }: Asked, { servers: [first] }: CompiledDocument): string {
  const text = base_url ?? (first === undefined ? undefined : (URL.parse(first, url)?.href ?? undefined))
  if (text === undefined)
    throw wrong([{ path: '/base_url', message: 'is needed: the document does not say where its service is' }])
  const issues = findAddressIssues(text, false)
  if (issues.length > 0) throw wrong(issues)
  return text
}

/** Lets the agent use the credential there, unless it may already. */
async function grant(
  { vault: { grants } }: ImportParts,
  tx: Tx,
  { user_id, agent_id, now }: { user_id: string; agent_id: string; now: number },
  {
    destination,
    ...given
  }: Omit<Input<typeof credentials.grant>, 'destinations'> & { destination: Destination },
): Promise<void> {
  const granted = await grants.destinations(user_id, agent_id, given.credential_id, now)
  const { origin, in: where, name } = destination
  if (granted.some((one) => one.origin === origin && one.in === where && one.name === name)) return
  await grants.grant(tx, user_id, now, { ...given, destinations: [destination] })
}

function wrong(issues: { path: string; message: string }[]): Fault {
  const [first] = issues
  return new Fault('VALIDATION_ERROR', `${first?.path} ${first?.message}.`, { issues })
}
