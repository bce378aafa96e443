import type { IntegrationHealth } from '../../../contract/integrations.ts'
import type { Clock } from '../../kernel/clock.ts'
import { iso } from '../../kernel/clock.ts'
import type { Egress } from '../egress/index.ts'

/** Where a service is. */
export interface Where {
  host: string
  port: number
}

/** Whether somebody asks, who wants to know how it is now, or only what is known is wanted. */
export type Looking = 'looking' | 'known'

/** How services are, as far as is known. */
export interface Healths {
  /** What is known now. What was not looked at for a minute is looked at meanwhile: nobody waits for it. */
  of(user_id: string, where: Where, how: Looking): IntegrationHealth
}

/** Services are looked at at most this often: health is asked for often, and must not become load. */
const CHECK_MS = 60_000
const TIMEOUT_MS = 3_000
/** One that takes longer than this to take a connection is degraded. */
const SLOW_MS = 1_000
/** Services that are remembered, of one user and of all. */
const SERVICES_OF_USER_MAX = 20
const SERVICES_MAX = 5_000

interface Look {
  user_id: string
  at: number
  found: IntegrationHealth
}

export function openHealth(clock: Clock, egress: Pick<Egress, 'probe' | 'isResting'>): Healths {
  const looks = new Map<string, Look>()
  const look = (key: string, user_id: string, where: Where): Look => {
    const before = looks.get(key)
    const own = [...looks].filter(([, one]) => one.user_id === user_id)
    const started: Look = { user_id, at: clock.elapsed(), found: before?.found ?? { status: 'unknown' } }
    if (before === undefined && own.length >= SERVICES_OF_USER_MAX) {
      // Those that nobody asks for any more make room.
      const [first, { at }] = own.reduce((a, b) => (a[1].at <= b[1].at ? a : b))
      if (clock.elapsed() - at < CHECK_MS) return started
      looks.delete(first)
    }
    const [oldest] = looks.keys()
    if (looks.size >= SERVICES_MAX && oldest !== undefined) looks.delete(oldest)
    looks.delete(key)
    looks.set(key, started)
    void check(clock, egress, user_id, where).then((found) => {
      started.found = found
    })
    return started
  }
  return {
    of: (user_id, where, how) => {
      if (isResting(egress, user_id, where)) return { status: 'offline', last_check: iso(clock.now()) }
      const key = `${user_id} ${where.host}:${where.port}`
      const known = looks.get(key)
      const isFresh = known !== undefined && clock.elapsed() - known.at < CHECK_MS
      if (isFresh || how === 'known') return known?.found ?? { status: 'unknown' }
      return look(key, user_id, where).found
    },
  }
}

/** Whether real traffic failed so often that the host is left alone. */
function isResting(egress: Pick<Egress, 'isResting'>, user_id: string, where: Where): boolean {
  try {
    return egress.isResting(user_id, where)
  } catch {
    // What is no place is none that anything was sent to.
    return false
  }
}

async function check(
  clock: Clock,
  egress: Pick<Egress, 'probe'>,
  user_id: string,
  where: Where,
): Promise<IntegrationHealth> {
  const started = clock.elapsed()
  const context = { user_id, signal: new AbortController().signal }
  const isOpen = await egress.probe({ ...where, timeout_ms: TIMEOUT_MS }, context).then(
    ({ open }) => open,
    // It may not be reached, or its name is unknown.
    () => false,
  )
  const response_time = Math.round(clock.elapsed() - started)
  const status = !isOpen ? 'offline' : response_time > SLOW_MS ? 'degraded' : 'online'
  return { status, response_time, last_check: iso(clock.now()) }
}

/** Where an address leads, when it is one that can be looked at. */
export function whereOf(address: string): Where | undefined {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  return { host: url.hostname, port: Number(url.port || (url.protocol === 'http:' ? 80 : 443)) }
}
