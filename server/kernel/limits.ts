import { TIERS } from '../../contract/limits.ts'
import type { LIMIT_TYPES, LimitKind, Tier } from '../../contract/limits.ts'
import type { Clock } from './clock.ts'
import { Fault } from './fault.ts'
import { Window } from './window.ts'

/** How many calls anybody may make (decision 32). */
export interface LimitBounds {
  /** Of strangers, by address. */
  anonymous_per_minute: number
  /** Of all, by address. */
  ip_per_minute: number
  tiers: Readonly<Record<Tier, Readonly<Record<LimitKind, number>>>>
  /** Windows of addresses that are kept; the one that was used least lately goes first. */
  addresses_max: number
}

export const LIMIT_BOUNDS: LimitBounds = {
  anonymous_per_minute: 60,
  ip_per_minute: 2_000,
  tiers: TIERS,
  addresses_max: 20_000,
}

const MINUTE_MS = 60_000
const LENGTH_MS: Readonly<Record<LimitKind, number>> = {
  requests_per_minute: MINUTE_MS,
  voice_commands_per_hour: 3_600_000,
  agent_executions_per_hour: 3_600_000,
  workflow_executions_per_day: 86_400_000,
}

/** How a window stands after a call: what its headers say. */
export interface Standing {
  /** Of the window, as in `LimitKind`, or of the limits by address. */
  name: string
  type: (typeof LIMIT_TYPES)[number]
  limit: number
  remaining: number
  window_s: number
  /** Epoch seconds at which one more call may be made. */
  reset: number
}

/** Whom calls are counted for. */
export interface Counted {
  readonly user_id: string
  readonly tier: Tier
  /** Number of the agent whose token it is. */
  readonly agent_number?: number | undefined
  readonly agent_id?: string | undefined
  /** The webhook that is called. */
  readonly hook?: { readonly key: string } | undefined
}

interface Slot extends Pick<Standing, 'name' | 'type'> {
  window: Window
}

/** Counts calls in sliding windows. Time is monotonic, so that a clock that is set back locks nobody out. */
export class Limits {
  readonly #clock: Clock
  readonly #bounds: LimitBounds
  /** In the order of their last use. */
  readonly #addresses = new Map<string, Window>()
  readonly #users = new Map<string, Window>()

  constructor(clock: Clock, bounds: Partial<LimitBounds> = {}) {
    this.#clock = clock
    this.#bounds = { ...LIMIT_BOUNDS, ...bounds }
  }

  /**
   * Counts a call by the address that it comes from.
   *
   * @throws Fault `RATE_LIMIT_EXCEEDED`
   */
  admitAddress(ip: string): Standing {
    return this.#take([this.#address('requests_per_minute_of_address', ip, this.#bounds.ip_per_minute)])
  }

  /** Counts a call of a stranger, whose window is narrower. @throws Fault `RATE_LIMIT_EXCEEDED` */
  admitStranger(ip: string): Standing {
    return this.#take([
      this.#address('requests_per_minute_of_strangers', ip, this.#bounds.anonymous_per_minute),
    ])
  }

  /**
   * Counts a call of a user in the given windows: in all of them or, when one is full, in none.
   *
   * @throws Fault `RATE_LIMIT_EXCEEDED` that names the full window.
   */
  admit(by: Counted, kinds: readonly LimitKind[]): Standing {
    return this.#take(kinds.map((kind) => this.#user(by, kind)))
  }

  /** Forgets a user who is gone. */
  forget(user_id: string): void {
    for (const key of this.#users.keys()) if (key.split(' ')[1] === user_id) this.#users.delete(key)
  }

  /** How a window of a user stands, without counting a call. */
  standing(by: Counted, kind: LimitKind = 'requests_per_minute'): Standing {
    return this.#describe(this.#user(by, kind))
  }

  /** Counts a call that was made before this process was started. */
  recall(by: Counted, kinds: readonly LimitKind[], ago_ms: number): void {
    const at = this.#clock.elapsed() - Math.max(0, ago_ms)
    for (const kind of kinds) if (ago_ms < LENGTH_MS[kind]) this.#user(by, kind).window.take(at)
  }

  #take(slots: readonly Slot[]): Standing {
    const now = this.#clock.elapsed()
    const full = slots.find(({ window }) => window.remaining(now) === 0)
    if (full !== undefined) {
      const retry_after_s = Math.max(1, Math.ceil(full.window.nextFree_ms(now) / 1000))
      throw new LimitFault(this.#describe(full), retry_after_s)
    }
    for (const { window } of slots) window.take(now)
    return tightest(slots.map((slot) => this.#describe(slot)))
  }

  #describe({ name, type, window }: Slot): Standing {
    const now = this.#clock.elapsed()
    const { limit, length_ms } = window
    const reset = Math.ceil((this.#clock.now() + window.nextFree_ms(now)) / 1000)
    return { name, type, limit, remaining: window.remaining(now), window_s: length_ms / 1000, reset }
  }

  #address(name: string, ip: string, limit: number): Slot {
    const key = `${name} ${networkOf(ip)}`
    const window = this.#addresses.get(key) ?? new Window(limit, MINUTE_MS)
    this.#addresses.delete(key)
    const [oldest] = this.#addresses.size >= this.#bounds.addresses_max ? this.#addresses.keys() : []
    if (oldest !== undefined) this.#addresses.delete(oldest)
    this.#addresses.set(key, window)
    return { name, type: 'ip', window }
  }

  /**
   * What an agent from outside or the sender of a webhook asks is its own, so that it cannot use up its user's; the
   * quotas are the user's alone.
   */
  #user({ user_id, tier, agent_id, agent_number, hook }: Counted, kind: LimitKind): Slot {
    const limit = this.#bounds.tiers[tier][kind]
    const own = hook?.key ?? agent_id
    const isOwn = own !== undefined && kind === 'requests_per_minute'
    const key = `${kind} ${user_id}${isOwn ? ` ${own}` : ''}`
    let window = this.#users.get(key)
    if (window?.limit !== limit) {
      // Another tier: what was used stays used.
      window = window?.resized(limit) ?? new Window(limit, LENGTH_MS[kind])
      this.#users.set(key, window)
    }
    return { name: kind, type: agent_number === undefined ? 'user' : 'agent', window }
  }
}

/** A refusal by a limit, with how the full window stands. */
export class LimitFault extends Fault {
  readonly standing: Standing
  constructor(standing: Standing, retry_after_s: number) {
    const { name, limit, type } = standing
    super(
      'RATE_LIMIT_EXCEEDED',
      `Too many calls: ${limit} ${name.replaceAll('_', ' ')}. Try again in ${retry_after_s} s.`,
      { limit, window: name, type },
      { retry_after_s },
    )
    this.standing = standing
  }
}

/** The window that will be full first. */
export function tightest(standings: readonly Standing[]): Standing {
  const [first, ...others] = standings
  if (first === undefined) throw new Error('A call is counted in one window at least.')
  return others.reduce((least, one) => (one.remaining < least.remaining ? one : least), first)
}

/** A host may choose among 2^64 addresses of its IPv6 network, so the network is what counts. */
function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip
  const [head = '', tail = ''] = ip.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const gap = ip.includes('::') ? Array.from({ length: 8 - left.length - right.length }, () => '0') : []
  return [...left, ...gap, ...right].slice(0, 4).join(':')
}
