import type { HttpAction, HttpIntegration, Rotation } from '../../../../contract/integrations.ts'
import type { ExternalIntegration } from '../../../../contract/integrations.ts'
import { iso } from '../../../kernel/clock.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { Fault } from '../../../kernel/fault.ts'
import { valueAt } from '../../../kernel/json-pointer.ts'
import { ActionError } from '../../../skills/skill.ts'
import type { Egress, EgressResponse } from '../../egress/index.ts'
import type { Renewed, Renewing } from '../../vault/renewal.ts'
import { isHttp } from '../equip.ts'
import type { Performing } from '../equip.ts'
import type { Holders } from '../import.ts'
import { settled } from '../settled.ts'

/** Bytes of an answer: a secret has 64 KiB at most, and stands in little else. */
const ANSWER_BYTES_MAX = 262_144
const DAY_MS = 86_400_000

interface RenewingParts {
  agents: Pick<Holders, 'known'>
  performing: Pick<Performing, 'requestOf'>
  egress: Pick<Egress, 'request'>
  /** What was imported for an integration, as far as it is here. */
  importedOf: (user_id: string, one: ExternalIntegration) => readonly HttpAction[]
}

/** Has services give credentials other secrets, by the actions that their integrations name for it. */
export function openRenewing(clock: Pick<Clock, 'now'>, parts: RenewingParts): Renewing {
  const all = async (user_id: string) =>
    (await parts.agents.known(user_id))
      .filter(({ is_active }) => is_active)
      .flatMap(({ id: agent_id, agent_number, config }) =>
        config.external_integrations.flatMap((one) => {
          const found = renewingOf(one, parts.importedOf(user_id, one))
          return found === undefined ? [] : [{ agent_id, agent_number, ...found }]
        }),
      )
  return {
    renewers: async (user_id) =>
      (await all(user_id)).map(({ service, credential_id, agent_id, agent_number }) => ({
        credential_id,
        agent_id,
        agent_number,
        integration: service.name,
      })),
    renew: async ({ credential_id, agent_id, integration }, { user_id, key, lend, begins, signal }) => {
      const found = (await all(user_id)).find(
        (one) =>
          one.credential_id === credential_id &&
          one.agent_id === agent_id &&
          one.service.name === integration,
      )
      if (found === undefined) return { refused: `${integration} is no longer set up for it.` }
      const { service, rotation, action } = found
      const asked = parts.performing.requestOf(service, action, rotation.parameters ?? {})
      // The service that keeps to it answers a repetition with what it has made already.
      const request = {
        ...asked,
        headers: { ...asked.headers, 'idempotency-key': key },
        bytes_max: ANSWER_BYTES_MAX,
      }
      let isSent = false
      const sends = async (): Promise<void> => {
        await begins()
        isSent = true
      }
      const response = await parts.egress
        .request(request, { user_id, signal, lend, sends, for_vault: true })
        .catch((error: unknown) => refusedBefore(error, isSent))
      return 'refused' in response ? response : read(service, rotation, response, clock.now())
    },
  }
}

/** What an integration renews its credential by. */
function renewingOf(
  one: ExternalIntegration,
  imported: readonly HttpAction[],
): { service: HttpIntegration; rotation: Rotation; action: HttpAction; credential_id: string } | undefined {
  if (!one.enabled || !isHttp(one)) return undefined
  const { rotation, credential_id, actions = [] } = one
  const action = [...actions, ...imported].find(({ name }) => name === rotation?.action)
  if (rotation === undefined || credential_id === undefined || action === undefined) return undefined
  return { service: one, rotation, credential_id, action: settled(action) }
}

/** What never reached the service has changed nothing there; whatever else failed may have: also where it sends on to. */
function refusedBefore(error: unknown, isSent: boolean): { refused: string } {
  const isOurs =
    !isSent &&
    (error instanceof ActionError ||
      (error instanceof Fault && ['UNAUTHORIZED', 'VALIDATION_ERROR'].includes(error.name)))
  if (isOurs && error instanceof Error) return { refused: error.message }
  throw error
}

/** Takes the next secret out of an answer. Nothing else of it is told: it may have that secret in it anywhere. */
function read(
  { name, auth = HEADER }: Pick<HttpIntegration, 'name' | 'auth'>,
  rotation: Rotation,
  { status, body, cut, broken }: EgressResponse,
  now: number,
): Renewed {
  const said = `${name} answered with status ${status}`
  if (status === 429 || status >= 500) throw new Fault('AGENT_EXECUTION_FAILED', `${said}.`)
  // A service that takes the request for another one under the same key does so again and again.
  if (status < 200 || status > 299) return { refused: `${said}.`, is_other: status === 400 || status === 422 }
  if (broken === true) throw new Fault('AGENT_EXECUTION_FAILED', `Not all of what ${name} answered arrived.`)
  const text = new TextDecoder().decode(body)
  const json = cut === true ? undefined : parsed(text)
  const value = json && valueAt(json.value, rotation.value)
  if (typeof value !== 'string')
    return {
      refused: `In what ${name} answered there is no text at ${rotation.value || 'its root'}.`,
      text,
      // What is no JSON at all may be the beginning of some.
      is_part: json === undefined && cut !== true,
    }
  if (auth.in === 'header' && !CARRIED.test(value))
    return { refused: `What ${name} gave has characters that no header can carry.`, text }
  const end =
    rotation.expires_at === undefined ? undefined : timeOf(valueAt(json?.value, rotation.expires_at))
  const { lifetime_days } = rotation
  const lasting = lifetime_days === undefined ? undefined : iso(now + lifetime_days * DAY_MS)
  // A secret that has ended already would be of no use: who says so means something else.
  return { value, text, expires_at: end !== undefined && end > iso(now) ? end : lasting }
}

const HEADER = { in: 'header', name: 'authorization' } as const
/** What a header can carry without losing any of it: characters of one byte, with none that are blank at the ends. */
const CARRIED = /^[!-~\u0080-\u00ff](?:[ -~\u0080-\u00ff]*[!-~\u0080-\u00ff])?$/

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

/** Times of the fourth millennium and later are in milliseconds, or nonsense. */
const SECONDS_MAX = 32_503_680_000

/** A time as services write it: as text with an offset, or in seconds since 1970. */
function timeOf(said: unknown): string | undefined {
  if (typeof said === 'number' && said > 0) return said < SECONDS_MAX ? iso(said * 1_000) : undefined
  if (typeof said !== 'string' || !/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/i.test(said)) return undefined
  const at = Date.parse(said)
  return Number.isNaN(at) || at > SECONDS_MAX * 1_000 ? undefined : iso(at)
}
