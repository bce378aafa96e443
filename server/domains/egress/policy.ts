import { isIP } from 'node:net'
import { Fault } from '../../kernel/fault.ts'
import { isHostOf } from '../../kernel/host-pattern.ts'
import { isOwnNetwork, isPublic } from './address.ts'

/** What the operator allows. */
export interface Rules {
  /** `undefined`: every public host may be read from, and none be sent to. */
  hosts: readonly string[] | undefined
  /** Each as `host:port`, an IPv6 address in brackets. */
  lan: readonly string[]
}

/** Somewhere to go: the name as an address spells it, without a dot at its end. */
export interface Place {
  hostname: string
  port: number
}

/** Whether the addresses of the place must be public. */
export type Reach = 'public' | 'own network'

const READING = new Set(['GET', 'HEAD'])

/** Whether a method only looks. Whatever else is asked for may have been done as soon as it was sent. */
export function isRead(method: string): boolean {
  return READING.has(method)
}

/**
 * Whether somebody may go there with this method, before the name is looked up.
 *
 * @param more - hosts that trusted code adds, for every method.
 * @throws Fault `UNAUTHORIZED` 403 that names the setting which the operator would change.
 */
export function reachOf(rules: Rules, place: Place, method: string, more: readonly string[] = []): Reach {
  if (rules.lan.includes(authority(place))) return 'own network'
  // What is private is said first: listing the host among the public ones would not help.
  const literal = literalOf(place.hostname)
  if (literal !== undefined && !isPublic(literal)) throw notPublicFault(place)
  const isNamed = (pattern: string): boolean => isHostOf(pattern, place.hostname)
  if (more.some(isNamed)) return 'public'
  if (rules.hosts === undefined && isRead(method)) return 'public'
  if (rules.hosts?.some(isNamed) === true) return 'public'
  const why =
    rules.hosts === undefined
      ? `Public hosts may only be read from: for ${method} the operator would list ${place.hostname} in PAIOS_EGRESS_HOSTS.`
      : `${place.hostname} may not be reached: the operator would list it in PAIOS_EGRESS_HOSTS.`
  throw new Fault(
    'UNAUTHORIZED',
    why,
    { host: authority(place), setting: 'PAIOS_EGRESS_HOSTS' },
    { status: 403 },
  )
}

/**
 * Holds a request to the hosts that its author has named.
 *
 * @throws Fault `UNAUTHORIZED` 403
 */
export function checkNamed(place: Place, hosts: readonly string[] | undefined): void {
  if (hosts === undefined || hosts.some((pattern) => isHostOf(pattern, place.hostname))) return
  throw new Fault(
    'UNAUTHORIZED',
    `${place.hostname} is not one of the hosts that this may be sent to: ${hosts.join(', ')}.`,
    { host: authority(place), reason: 'other_host' },
    { status: 403 },
  )
}

/**
 * Of the addresses that a name stands for, those to connect to.
 *
 * @throws Fault `UNAUTHORIZED` 403 when a single one of a public name is not public: such a name is a trap. The
 * addresses themselves stay unsaid, since they would tell strangers about the own network.
 */
export function permitted(place: Place, reach: Reach, addresses: readonly string[]): string[] {
  const literal = literalOf(place.hostname)
  if (reach === 'public') {
    if (!addresses.every(isPublic)) throw notPublicFault(place)
    return [...addresses]
  }
  const own = addresses.filter((address) => address === literal || isOwnNetwork(address))
  if (own.length === 0 && addresses.length > 0) throw notPublicFault(place)
  return own
}

/** The address that a host is, if it is none that has to be looked up. */
export function literalOf(hostname: string): string | undefined {
  const text = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return isIP(text) === 0 ? undefined : text
}

/** `host:port`, as the operator would write it. */
export function authority({ hostname, port }: Place): string {
  return `${hostname}:${port}`
}

function notPublicFault(place: Place): Fault {
  const host = authority(place)
  return new Fault(
    'UNAUTHORIZED',
    `${place.hostname} is not a public address: the operator would list ${host} in PAIOS_EGRESS_LAN.`,
    { host, setting: 'PAIOS_EGRESS_LAN' },
    { status: 403 },
  )
}
