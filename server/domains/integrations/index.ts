import type { Issue } from '../../../contract/errors.ts'
import { integrations } from '../../../contract/integrations.ts'
import type { ExternalIntegration, IntegrationHealth } from '../../../contract/integrations.ts'
import type { Output } from '../../../contract/operation.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Workers } from '../../kernel/workers.ts'
import type { Action, Skill } from '../../skills/skill.ts'
import type { Changes } from '../changes/index.ts'
import type { Egress } from '../egress/index.ts'
import type { Vault } from '../vault/index.ts'
import type { Renewing } from '../vault/renewal.ts'
import { findIntegrationIssues } from './check.ts'
import type { FindPhraseProblem } from './check.ts'
import { compileWith } from './compiling.ts'
import { openDocuments } from './documents.ts'
import type { Documents } from './documents.ts'
import { equip, isHttp } from './equip.ts'
import type { Equipment, Performing } from './equip.ts'
import { openHealth, whereOf } from './health.ts'
import type { Looking } from './health.ts'
import { firstWordsOf } from './phrases.ts'
import { importing } from './import.ts'
import { openRenewing } from './renewing/index.ts'
import { findRotationIssues, renewalImpact } from './rotation.ts'
import type { Holder, ImportParts } from './import.ts'
import { openSending } from './sending.ts'
import type { Sending } from './sending.ts'

interface Parts extends Omit<ImportParts, 'documents' | 'namesOf' | 'compile'> {
  changes: Pick<Changes, 'assessed' | 'assessWith'>
  performing: Performing
  findPhraseProblem: FindPhraseProblem
  /** What can be said to the agents that everybody has. */
  sayable: readonly Skill[]
  workers: Pick<Workers, 'run'>
  vault: Pick<Vault, 'grants' | 'lendable'>
  egress: Pick<Egress, 'probe' | 'isResting' | 'request' | 'reach'>
}

/** A service that an agent is set up to use, and how it is. */
export interface Service {
  name: string
  host: string
  health: IntegrationHealth
}

export type Actions = Readonly<Record<string, Action>>

export interface Integrations {
  answers: Answers
  /** What an agent can ask the services that it is set up with; the same object for the same configuration. */
  actionsOf(user_id: string, list: readonly ExternalIntegration[]): Actions | undefined
  /**
   * Everything that is wrong with the integrations of one agent, whose other actions have these names; paths begin with
   * the place in the list.
   */
  findIssues(user_id: string, list: readonly ExternalIntegration[], taken: readonly string[]): Issue[]
  /** The services that agents of a user are set up to use and that are switched on. */
  services(user_id: string, how: Looking): Promise<Service[]>
  /** What gives credentials other secrets. */
  readonly renewing: Renewing
  /** What tells whether a grant leads anywhere. */
  readonly sending: Sending
}

/** Actions that are kept ready, of all users. */
const READY_MAX = 20_000

/** Services outside, each an entry in the configuration of the agent that has its actions. */
export function openIntegrations(kernel: Kernel, parts: Parts): Integrations {
  const { findPhraseProblem, sayable } = parts
  const orders = firstWordsOf(
    sayable.flatMap(({ actions }) => Object.values(actions).flatMap((one) => one.phrases)),
  )
  const documents = openDocuments(kernel)
  const health = openHealth(kernel.clock, parts.egress)
  const equipped = openEquipping(parts.performing, documents)
  parts.changes.assessWith(renewalImpact)
  const sending = openSending({ ...parts, skills: sayable, lendable: parts.vault.lendable })
  const imported = (user_id: string, one: ExternalIntegration) => importedOf(documents, user_id, one) ?? []
  const healthOf = (
    user_id: string,
    { base_url = '', enabled }: ExternalIntegration,
    how: Looking,
  ): IntegrationHealth => {
    const where = enabled ? whereOf(base_url) : undefined
    return where === undefined ? { status: 'unknown' } : health.of(user_id, where, how)
  }
  return {
    actionsOf: equipped.actionsOf,
    findIssues: (user_id, list, taken) => {
      const issues = findIntegrationIssues(list, { findPhraseProblem, orders })
      if (issues.length > 0) return issues
      const wrong = list.flatMap((one, index) => findRotationIssues(one, index, imported(user_id, one)))
      return wrong.length > 0 ? wrong : findClashes(equipped.of(user_id, list), list, taken)
    },
    sending,
    renewing: openRenewing(kernel.clock, { ...parts, importedOf: imported }),
    services: async (user_id, how) => {
      const known = await parts.agents.known(user_id)
      const services = new Map<string, Service>()
      for (const one of known.flatMap(({ config }) => config.external_integrations)) {
        const { name } = one
        const host = hostOf(one)
        // Several agents that use one service use one thing.
        if (one.enabled && host !== undefined && whereOf(one.base_url ?? '') !== undefined)
          services.getOrInsertComputed(`${host} ${name}`, () => ({
            name,
            host,
            health: healthOf(user_id, one, how),
          }))
      }
      return [...services.values()]
    },
    answers: {
      ...listing({ parts, documents, equipped, healthOf, sending }),
      [integrations.openapi.name]: writes(
        integrations.openapi,
        importing({
          ...parts,
          documents,
          compile: compileWith(kernel.clock, parts.workers),
          namesOf: (user_id, list) => equipped.of(user_id, list).map(({ name }) => name),
        }),
      ),
    },
  }
}

interface Equipping {
  of(user_id: string, list: readonly ExternalIntegration[]): Equipment[]
  actionsOf: Integrations['actionsOf']
}

function openEquipping(performing: Performing, documents: Documents): Equipping {
  const ready = new Map<string, { actions: Actions; count: number }>()
  const of: Equipping['of'] = (user_id, list) =>
    list
      .filter(({ enabled }) => enabled)
      .flatMap((one) => equip(performing, one, importedOf(documents, user_id, one) ?? []))
  const remember = (key: string, actions: Actions): Actions => {
    ready.set(key, { actions, count: Object.keys(actions).length })
    let count = [...ready.values()].reduce((sum, one) => sum + one.count, 0)
    for (const [oldest, one] of ready) {
      if (count <= READY_MAX || oldest === key) break
      ready.delete(oldest)
      count -= one.count
    }
    return actions
  }
  return {
    of,
    actionsOf: (user_id, list) => {
      if (!list.some(({ enabled }) => enabled)) return undefined
      const key = `${user_id} ${JSON.stringify(list)}`
      const known = ready.get(key)
      if (known !== undefined) return known.actions
      // The first of two that have one name: they were told apart when they were saved.
      const found = new Map<string, Action>()
      for (const { name, action } of of(user_id, list)) if (!found.has(name)) found.set(name, action)
      const actions = Object.fromEntries(found)
      // A document that is missing may be imported yet.
      const isWhole = list.every((one) => importedOf(documents, user_id, one) !== undefined)
      return isWhole ? remember(key, actions) : actions
    },
  }
}

/** What was imported for an integration; nothing when it names a document that is not here. */
function importedOf(documents: Documents, user_id: string, { document_id }: ExternalIntegration) {
  return document_id === undefined ? [] : documents.find(user_id, document_id)?.actions
}

/** Names that two actions of one agent would have. */
function findClashes(
  equipment: readonly Equipment[],
  list: readonly ExternalIntegration[],
  taken: readonly string[],
): Issue[] {
  const seen = new Set(taken)
  return equipment.flatMap(({ name, integration_id }) => {
    const isTaken = seen.has(name)
    seen.add(name)
    const index = list.findIndex(({ id }) => id === integration_id)
    return isTaken
      ? [{ path: `/${index}`, message: `has an action ${name}, which the agent has already` }]
      : []
  })
}

function hostOf({ base_url }: ExternalIntegration): string | undefined {
  return (base_url === undefined ? undefined : URL.parse(base_url)?.host) || undefined
}

interface ListingParts {
  parts: Parts
  documents: Documents
  equipped: Equipping
  sending: Sending
  healthOf: (user_id: string, integration: ExternalIntegration, how: Looking) => IntegrationHealth
}

function listing({ parts: { agents }, documents, equipped, healthOf, sending }: ListingParts): Answers {
  const show = async (user_id: string, holder: Holder, one: ExternalIntegration) => {
    const { id, name, type, enabled, credential_id, document_id } = one
    const host = hostOf(one)
    const problem = problemOf(documents, user_id, one) ?? (await sending.findProblem(user_id, holder, one))
    return {
      agent_number: holder.agent_number,
      id,
      name,
      type,
      enabled,
      ...(host === undefined ? {} : { host }),
      ...(credential_id === undefined ? {} : { credential_id }),
      ...(document_id === undefined ? {} : { document_id }),
      actions: equipped.of(user_id, [one]).length,
      health: healthOf(user_id, one, 'looking'),
      ...(problem === undefined ? {} : { problem }),
    }
  }
  return {
    [integrations.list.name]: reads(integrations.list, async ({ user_id }) => {
      const known = await agents.known(user_id)
      const shown = known.flatMap((holder) =>
        holder.config.external_integrations.map((one) => show(user_id, holder, one)),
      )
      return { integrations: await Promise.all(shown) }
    }),
    [integrations.actions.name]: reads(
      integrations.actions,
      async ({ user_id }, { agent: ref, id, limit = LIMIT_DEFAULT, cursor }) => {
        const found = (await agents.known(user_id)).find(
          (one) => one.id === ref || String(one.agent_number) === ref,
        )
        if (found === undefined) throw new Fault('AGENT_NOT_FOUND', `There is no agent ${ref}.`, { id: ref })
        const one = found.config.external_integrations.find((other) => other.id === id)
        if (one === undefined)
          throw new Fault(
            'VALIDATION_ERROR',
            `Agent ${ref} has no integration ${id}.`,
            { id },
            { status: 404 },
          )
        const all = equipped.of(user_id, [{ ...one, enabled: true }])
        const start = cursor === undefined ? 0 : placeOf(cursor)
        const { rows, ...next } = toPage(
          all
            .slice(start, start + limit + 1)
            .map((equipment, index) => ({ equipment, end: start + index + 1 })),
          limit,
          ({ end }) => end,
        )
        return { actions: rows.map(({ equipment }) => toShown(equipment)), total_count: all.length, ...next }
      },
    ),
  }
}

/** @throws Fault `VALIDATION_ERROR` for the cursor of another list. */
function placeOf(cursor: string): number {
  const key = fromCursor(cursor)
  if (typeof key === 'number' && Number.isSafeInteger(key) && key >= 0) return key
  throw new Fault('VALIDATION_ERROR', 'The cursor is one of another list.', {
    issues: [{ path: '/cursor', message: 'is not a cursor of this list' }],
  })
}

function toShown({ name, action }: Equipment): Output<typeof integrations.actions>['actions'][number] {
  const { summary, effect, parameters, phrases } = action
  const shown = JSON.parse(JSON.stringify(parameters)) as Record<string, unknown>
  return { name, summary, effect, parameters: shown, phrases: [...phrases] }
}

/** Why an integration has none of the actions that it should have. */
function problemOf(documents: Documents, user_id: string, one: ExternalIntegration): string | undefined {
  if (one.type === 'mcp' || one.type === 'llm') return undefined
  if (importedOf(documents, user_id, one) === undefined)
    return 'The document that it was imported from is not on this server: import it again.'
  if (one.type === 'http' && !isHttp(one)) return 'It was set up by an earlier version, and is not complete.'
  return undefined
}
