import { Type } from 'typebox'
import { INTEGRATIONS } from '../../../contract/integrations.ts'
import type {
  ExternalIntegration,
  HttpAction,
  HttpIntegration,
  WebhookIntegration,
} from '../../../contract/integrations.ts'
import { findValueIssues } from '../../kernel/foreign-schema.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { NetRequest } from '../../skills/capabilities.ts'
import type { Action, SlotType } from '../../skills/skill.ts'
import { phrasesOf } from './phrases.ts'
import { parametersOf, settled } from './settled.ts'

type Doing = Pick<Action, 'result' | 'effect' | 'remote' | 'repeatable' | 'confirm' | 'perform'>

/** How integrations of each type are performed. */
export interface Performing {
  http: (service: HttpIntegration, declared: HttpAction) => Doing
  webhook: (service: WebhookIntegration) => Doing
  webhookParameters: Action['parameters']
  /** What an action asks its service. @throws ActionError for values that have no way into it. */
  requestOf: (
    service: HttpIntegration,
    declared: HttpAction,
    parameters: Readonly<Record<string, unknown>>,
  ) => NetRequest
}

/** What telling a webhook is called, unless its user says otherwise. */
export const SEND = 'send'

/** What an action of an integration is called, and whose it is. */
export interface Equipment {
  name: string
  integration_id: string
  action: Action
}

/**
 * The actions of one integration, without the one that renews its credential: that one's answer is a secret, which goes
 * into the vault and is asked for by `credentials.renew` alone. One that is not of its type, as an earlier version took it, has none.
 */
export function equip(
  performing: Performing,
  integration: ExternalIntegration,
  imported: readonly HttpAction[],
): Equipment[] {
  const { id: integration_id } = integration
  if (isHttp(integration))
    return [...(integration.actions ?? []), ...imported]
      .filter(({ name }) => name !== integration.rotation?.action)
      .map((declared) => ({
        name: declared.name,
        integration_id,
        action: toAction(performing, integration, declared),
      }))
  if (!isWebhook(integration)) return []
  return [{ name: integration.action ?? SEND, integration_id, action: toTelling(performing, integration) }]
}

export function isHttp(integration: object): integration is HttpIntegration {
  return 'type' in integration && integration.type === 'http' && isOf('http', integration)
}

function isWebhook(integration: object): integration is WebhookIntegration {
  return 'type' in integration && integration.type === 'webhook' && isOf('webhook', integration)
}

function isOf(type: keyof typeof INTEGRATIONS, integration: object): boolean {
  return findIssues(INTEGRATIONS[type], integration).length === 0
}

function toAction({ http }: Performing, service: HttpIntegration, given: HttpAction): Action {
  const declared = settled(given)
  const { parameters = { type: 'object', additionalProperties: false } } = declared
  const { properties, required } = parametersOf(declared)
  const fields = Object.entries(properties).map(([name, schema]) => {
    const field = Type.Unsafe<unknown>(schema)
    return [name, required.includes(name) ? field : Type.Optional(field)] as const
  })
  const doing = http(service, declared)
  return {
    ...doing,
    summary: declared.summary ?? `${declared.method} ${declared.path}`,
    parameters: Type.Object(Object.fromEntries(fields), { additionalProperties: false }),
    check: (values) => findValueIssues(parameters, values),
    slots: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, slotOf(schema)])),
    named: true,
    phrases: declared.phrases ?? phrasesOf(service.name, declared),
    examples: [],
  }
}

function slotOf({ type }: Readonly<Record<string, unknown>>): SlotType {
  if (type === 'array') return 'items'
  return type === 'integer' || type === 'number' ? 'number' : 'text'
}

function toTelling({ webhook, webhookParameters }: Performing, service: WebhookIntegration): Action {
  const { name } = service
  const summary = `Tells ${name}.`
  const declared: HttpAction = { name: service.action ?? SEND, method: 'POST', path: '/', summary }
  return {
    ...webhook(service),
    summary,
    parameters: webhookParameters,
    named: true,
    slots: { payload: 'text' },
    questions: { payload: `What should I send to ${name}?` },
    phrases: phrasesOf(name, { ...declared, summary: 'tell', parameters: { required: ['payload'] } }),
    examples: [],
  }
}
