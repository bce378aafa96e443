import type { SystemHealth } from '../../../contract/system.ts'
import type { Clock } from '../../kernel/clock.ts'
import { iso } from '../../kernel/clock.ts'

type Status = SystemHealth['external_services'][number]

/** A service outside that a user has configured. */
export interface External {
  name: string
  host: string
  port: number
}

/** How services outside are found and looked at. */
export interface Outside {
  list(user_id: string): Promise<External[]>
  /** Whether one takes connections. @throws when it may not be reached or its name is unknown. */
  probe(user_id: string, service: External, timeout_ms: number): Promise<{ open: boolean }>
}

/** Services are looked at at most this often: health is asked for often, and must not become load. */
const CHECK_MS = 60_000
const TIMEOUT_MS = 3_000
/** One that takes longer than this to answer is degraded. */
const SLOW_MS = 1_000
/** Services of a user that are looked at, and users whose services are remembered. */
const SERVICES_MAX = 20
const USERS_MAX = 1_000

/** The services of a user as they were found at most 60 s ago. */
export function openExternals(clock: Clock, outside: Outside): (user_id: string) => Promise<Status[]> {
  const checks = new Map<string, { at: number; found: Promise<Status[]> }>()
  return (user_id) => {
    const at = clock.elapsed()
    const known = checks.get(user_id)
    if (known !== undefined && at - known.at < CHECK_MS) return known.found
    if (checks.size >= USERS_MAX) checks.clear()
    const found = checkAll(clock, outside, user_id)
    checks.set(user_id, { at, found })
    // What could not even be listed is looked at again by whoever asks next.
    found.catch(() => checks.delete(user_id))
    return found
  }
}

async function checkAll(clock: Clock, outside: Outside, user_id: string): Promise<Status[]> {
  const services = new Map<string, External>()
  for (const one of await outside.list(user_id)) {
    const key = `${one.host}:${one.port} ${one.name}`
    if (services.size < SERVICES_MAX) services.set(key, one)
  }
  return Promise.all([...services.values()].map((service) => check(clock, outside, user_id, service)))
}

async function check(clock: Clock, outside: Outside, user_id: string, service: External): Promise<Status> {
  const started = clock.elapsed()
  const isOpen = await outside.probe(user_id, service, TIMEOUT_MS).then(
    ({ open }) => open,
    () => false,
  )
  const response_time = Math.round(clock.elapsed() - started)
  const status = !isOpen ? 'offline' : response_time > SLOW_MS ? 'degraded' : 'online'
  return { name: service.name, status, response_time, last_check: iso(clock.now()) }
}

/** Where an address leads, when it is one that can be looked at. */
export function placeOf(address: string): Pick<External, 'host' | 'port'> | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined
  return { host: url.hostname, port: Number(url.port || (url.protocol === 'http:' ? 80 : 443)) }
}
