import type { Destination, credentials } from '../../../contract/credentials.ts'
import type { ExternalIntegration } from '../../../contract/integrations.ts'
import type { Input } from '../../../contract/operation.ts'
import { Fault } from '../../kernel/fault.ts'
import { isHostOf } from '../../kernel/host-pattern.ts'
import type { Skill } from '../../skills/skill.ts'
import type { Egress } from '../egress/index.ts'
import type { Vault } from '../vault/index.ts'
import type { Holder, Holders } from './import.ts'

/** Looks at whether a secret gets to where it is meant for, as everything is set up now. */
export interface Sending {
  /**
   * Why the secret of an integration that is on is not sent, or of one that is off not renewed, in a sentence; nothing where
   * it is, or where there is none.
   */
  findProblem(user_id: string, holder: Holder, one: ExternalIntegration): Promise<string | undefined>
  /** Why nothing would be sent, or too many would see it, in sentences; nothing for an agent that is not there. */
  findDoubts(user_id: string, grant: Input<typeof credentials.grant>): Promise<string[]>
}

/** Speech engines are asked by nobody else, and with what is granted to it. */
const CONCIERGE = 1
const SIGNED = { in: 'header', name: 'webhook-signature' } as const

interface SendingParts {
  lendable: Vault['lendable']
  agents: Pick<Holders, 'known'>
  skills: readonly Skill[]
  egress: Pick<Egress, 'reach'>
}

export function openSending({ agents, skills, egress, lendable }: SendingParts): Sending {
  /** Whether an agent can be told by request which secret to send where. */
  const sendsAny = ({ agent_number, skill }: Holder): boolean =>
    agent_number === CONCIERGE ||
    Object.values(skills.find(({ name }) => name === skill)?.actions ?? {}).some(
      ({ parameters }) =>
        'properties' in parameters && Object.hasOwn(Object(parameters.properties), 'credential_id'),
    )
  return {
    findProblem: async (user_id, holder, one) => {
      const { credential_id, base_url = '', enabled, rotation } = one
      const origin = URL.parse(base_url)?.origin
      if (credential_id === undefined || origin === undefined) return undefined
      if (!enabled || !holder.is_active)
        return rotation && `Its credential is not renewed while ${enabled ? 'the agent' : 'it'} is off.`
      const places = await lendable(user_id, holder.id, credential_id)
      if (typeof places === 'string') return `The credential that it names ${places}: nothing is sent.`
      const there = places.filter((place) => place.origin === origin)
      const { agent_number } = holder
      if (there.length === 0)
        return `No grant lets agent ${agent_number} send the credential to ${origin}: nothing is sent.`
      return there.some((place) => isPlaceOf(one, place))
        ? undefined
        : `What is granted to agent ${agent_number} goes to another place of ${origin}: nothing is sent.`
    },
    findDoubts: async (user_id, { agent_number, credential_id, destinations }) => {
      const holder = (await agents.known(user_id)).find((one) => one.agent_number === agent_number)
      if (holder === undefined) return []
      const own = holder.config.external_integrations.filter((one) => one.credential_id === credential_id)
      const doubts = destinations.flatMap((destination) => {
        const url = URL.parse(destination.origin)
        if (url === null) return []
        const unsent = unsentBy(holder, own, destination, url, sendsAny(holder))
        return [unsent, unreached(egress, url)].filter((doubt) => doubt !== undefined)
      })
      return [...new Set(doubts)]
    },
  }
}

/** Why no integration of an agent sends a credential there. */
function unsentBy(
  holder: Holder,
  own: readonly ExternalIntegration[],
  place: Destination,
  { origin, hostname }: URL,
  isEnough: boolean,
): string | undefined {
  const there = own.filter(
    ({ base_url = '', allowed_hosts }) =>
      URL.parse(base_url)?.origin === origin || allowed_hosts.some((host) => isHostOf(host, hostname)),
  )
  const { agent_number } = holder
  const fitting = there.filter((one) => isPlaceOf(one, place))
  // Who is told by request what to send where needs none.
  if (fitting.length === 0 && isEnough) return offOf(holder)
  if (there.length === 0)
    return `Agent ${agent_number} has no integration that sends this credential to ${origin}: nothing is sent until it has one.`
  if (fitting.length === 0)
    return `The integration of agent ${agent_number} sends it in another place than the ${place.in} ${place.name}: nothing is sent there.`
  if (!fitting.some(({ enabled }) => enabled))
    return `The integration of agent ${agent_number} is switched off: by it nothing is sent until it is on.`
  return offOf(holder)
}

/** Whether an integration sends its secret in that place. */
function isPlaceOf({ type, auth }: ExternalIntegration, { in: where, name }: Destination): boolean {
  // A webhook is signed, whatever else it may say.
  const place = type === 'webhook' ? SIGNED : auth
  return place === undefined || (place.in === where && place.name.toLowerCase() === name.toLowerCase())
}

function offOf({ agent_number, is_active }: Holder): string | undefined {
  if (is_active) return undefined
  return `Agent ${agent_number} is switched off: nothing is sent until it is on.`
}

/** Why a place cannot be reached, or is reached with everybody reading along. */
function unreached(egress: Pick<Egress, 'reach'>, url: URL): string | undefined {
  try {
    return egress.reach(url.href) === 'public' && url.protocol === 'http:' && url.hostname !== 'localhost'
      ? `${url.origin} is plain http: everybody on the way there can read the secret.`
      : undefined
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}
