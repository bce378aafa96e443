import { BlockList, isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Where clouds answer their own machines, with keys in the answer: no agent has business there. */
const METADATA = new Set(['169.254.169.254', '168.63.129.16', '100.100.100.200', 'fd00:ec2::254'])

/** What a name of the own network may stand for, besides public addresses. */
const OWN_NETWORK = new Set(['unicast', 'private', 'uniqueLocal', 'carrierGradeNat', 'loopback'])

type Address = ReturnType<typeof ipaddr.parse>

/** Whether an address belongs to the internet: not to this machine, its networks, a cloud, or no one. */
export function isPublic(address: string): boolean {
  const parsed = parse(address)
  if (parsed === undefined || METADATA.has(parsed.toString())) return false
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || isGlobal(parsed))
}

/** Whether a name that the operator lists may stand for an address. An address that is listed itself needs no leave. */
export function isOwnNetwork(address: string): boolean {
  const parsed = parse(address)
  if (parsed === undefined || METADATA.has(parsed.toString()) || !OWN_NETWORK.has(parsed.range()))
    return false
  return parsed.range() !== 'unicast' || parsed instanceof ipaddr.IPv4 || isGlobal(parsed)
}

/** `undefined` unless it is spelt out as the system takes it: the library alone also reads `127.1` and zones. */
function parse(address: string): Address | undefined {
  return isIP(address) === 0 || address.includes('%') ? undefined : ipaddr.parse(address)
}

/**
 * Only 2000::/3 is in use; the rest holds forms such as `::127.0.0.1`, which some systems still take for IPv4. ISATAP
 * carries an IPv4 address behind 5efe.
 *
 * @see RFC 4291, section 2.5.5.1; RFC 5214, section 6.1
 */
function isGlobal(address: Address): boolean {
  if (!(address instanceof ipaddr.IPv6)) return false
  const [first = 0, , , , marker = 0, isatap] = address.parts
  return first >> 13 === 1 && !(isatap === 0x5efe && (marker & 0xfdff) === 0)
}

const NOT_PUBLIC_4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3'
const NOT_PUBLIC_6 = '::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20'

const blocked4 = blockList(NOT_PUBLIC_4, 'ipv4')
const blocked6 = blockList(NOT_PUBLIC_6, 'ipv6')

function blockList(networks: string, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const network of networks.split(' ')) {
    const [address = '', prefix] = network.split('/')
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}

/**
 * The same rule once more, in another's code, for the socket itself. There is one list a family, because the platform
 * takes every IPv4 address for one within `::/3`.
 */
export function notPublic(address: string): BlockList {
  return isIP(address) === 4 ? blocked4 : blocked6
}
