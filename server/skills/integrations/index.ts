import { Type } from 'typebox'
import type { HttpAction, HttpIntegration, WebhookIntegration } from '../../../contract/integrations.ts'
import type { Capabilities } from '../capabilities.ts'
import { shape } from '../skill.ts'
import type { Action } from '../skill.ts'
import { ANSWER_BYTES_MAX, Answered, readAnswer, sayAnswered } from './answer.ts'
import { hostsOf, toRequest } from './request.ts'

type Can = Pick<Capabilities, 'net'>
/** What an action does, without what it is called and takes. */
type Doing = Pick<Action, 'result' | 'effect' | 'remote' | 'repeatable' | 'confirm' | 'perform'>

/** A method that only looks may be tried again, and needs no question. */
function isRead({ method }: Pick<HttpAction, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Asks a service for one of its actions. What it does is done elsewhere: nothing here belongs to it. */
export function doHttp(service: HttpIntegration, declared: HttpAction): Doing {
  const { name } = service
  return {
    result: Answered,
    effect: declared.effect ?? (declared.method === 'DELETE' ? 'destructive' : 'network'),
    remote: true,
    ...(isRead(declared)
      ? { repeatable: true as const }
      : { confirm: (_can: Can, given: object) => Promise.resolve(sayBefore(service, declared, given)) }),
    perform: async (can: Can, given: Readonly<Record<string, unknown>>) => {
      const request = toRequest(service, declared, given)
      const data = readAnswer(name, await can.net.request({ ...request, bytes_max: ANSWER_BYTES_MAX }))
      return { data, text: sayAnswered(name, data) }
    },
  }
}

const SAID_MAX = 5
const VALUE_CHARACTERS_MAX = 60

/** Asks before something is changed elsewhere because of what was said: it cannot be taken back. */
function sayBefore(
  { name }: HttpIntegration,
  { summary = '', method, path }: HttpAction,
  given: object,
): string {
  const values = Object.entries(given).slice(0, SAID_MAX)
  const said = values.map(([key, value]) => `${key.replaceAll('_', ' ')} ${sayValue(value)}`)
  const what = summary === '' ? `${method} ${path}` : summary.replace(/\.$/, '')
  const which = said.length === 0 ? '' : ` (${said.join(', ')})`
  return `That asks ${name} to: ${what}${which}. Shall I?`
}

function sayValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX - 1)}…` : text
}

export const WebhookParameters = shape({ payload: Type.Unknown() })

/** Tells an address something, signed with the credential. What it answers is of no interest beyond its status. */
export function doWebhook(service: WebhookIntegration): Doing {
  const { name, base_url: url, credential_id } = service
  return {
    result: shape({ status: Type.Integer() }),
    effect: 'network',
    remote: true,
    confirm: (_can: Can, { payload }: { payload?: unknown }) =>
      Promise.resolve(`That sends ${sayValue(payload)} to ${name}. Shall I?`),
    perform: async (can: Can, { payload }: { payload?: unknown }) => {
      const response = await can.net.request({
        url,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: toJson(payload),
        credential_id,
        credential_place: { in: 'header', name: 'webhook-signature' },
        hosts: hostsOf(service),
        bytes_max: ANSWER_BYTES_MAX,
      })
      const { status } = readAnswer(name, response)
      return { data: { status }, text: `${name} has it.` }
    },
  }
}

/** A payload is always JSON: a text that is none becomes one of its strings. */
function toJson(payload: unknown): string {
  if (typeof payload !== 'string') return JSON.stringify(payload ?? null)
  try {
    return JSON.stringify(JSON.parse(payload))
  } catch {
    return JSON.stringify(payload)
  }
}

/** How integrations of each type are performed. */
export const DOING = {
  http: doHttp,
  webhook: doWebhook,
  webhookParameters: WebhookParameters,
  requestOf: toRequest,
}
