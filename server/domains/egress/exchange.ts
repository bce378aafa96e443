import type { Kernel } from '../../kernel/kernel.ts'
import { Fault } from '../../kernel/fault.ts'
import { within } from './bounds.ts'
import type { Bounds } from './bounds.ts'
import type { Breaker, Outcome } from './breaker.ts'
import { redacted } from './body.ts'
import { HostFailure, toFailure } from './failure.ts'
import { perform } from './hop.ts'
import type { Answer } from './hop.ts'
import type { EgressContext, EgressRequest, EgressResponse } from './index.ts'
import { placeOf, toHop } from './parse.ts'
import type { Hop } from './parse.ts'
import { authority, checkNamed, isRead, literalOf, permitted, reachOf } from './policy.ts'
import type { Place, Reach } from './policy.ts'
import { withLent } from './lent.ts'
import { follow } from './redirect.ts'
import { isBusy, isLater, nextTry } from './retry.ts'
import type { Slots } from './slots.ts'

/** What all exchanges share. */
export interface Ways {
  kernel: Pick<Kernel, 'clock' | 'random' | 'settings'>
  bounds: Bounds
  slots: Slots
  breaker: Breaker
  resolve: (host: string) => Promise<string[]>
  user_agent: string
}

/** One exchange: from the first hop to the answer, within its deadline. */
export interface Frame {
  context: EgressContext
  signal: AbortSignal
  /** Monotonic milliseconds at which the signal ends it. */
  deadline: number
  /** Takes note of the host that is being asked, for the sentence of a time-out. */
  at: (host: string) => void
}

/** A time-out that came so early says nothing about the host. */
const FAIR_MS = 1_000

/** Asks, follows where it is sent, and answers the last answer. */
export async function exchange(ways: Ways, request: EgressRequest, frame: Frame): Promise<EgressResponse> {
  const redirects_max = Math.min(request.redirects_max ?? Infinity, ways.bounds.redirects_max)
  let hop = toHop(request, ways.bounds)
  for (let redirects = 0; ; redirects += 1) {
    const answer = await tryHop(ways, hop, request, frame, redirects_max > 0)
    if (answer.location === undefined) {
      const url = redacted(hop.url.href, frame.context.redact?.())
      const { status, headers, body, isCut, isBroken } = answer
      const cut = { ...(isCut ? { cut: true as const } : {}), ...(isBroken ? { broken: true as const } : {}) }
      return { status, headers, url, body, ...cut }
    }
    if (redirects >= redirects_max)
      throw new HostFailure(hop.url.host, `sends on more than ${redirects_max} times`, false)
    hop = follow(hop, answer.status, answer.location)
  }
}

/** One hop, again if that does no harm and may help. */
async function tryHop(
  ways: Ways,
  hop: Hop,
  request: EgressRequest,
  frame: Frame,
  follows: boolean,
): Promise<Answer> {
  const { clock, random } = ways.kernel
  for (let tries = 1; ; tries += 1) {
    const tried = await attempt(ways, hop, request, frame, follows).catch((error: unknown) => {
      if (error instanceof HostFailure && error.transient && !frame.signal.aborted) return error
      throw error
    })
    const failed = tried instanceof HostFailure
    const mayAgain = request.repeatable === true && request.received === undefined && isRead(hop.method)
    const again = mayAgain && (failed || isLater(tried.status))
    const status = failed ? undefined : tried.status
    const retry_after = failed ? undefined : tried.headers['retry-after']
    const chance = Buffer.from(random(4)).readUInt32BE() / 2 ** 32
    const moment = { chance, left_ms: frame.deadline - clock.elapsed(), now: clock.now() }
    const wait_ms = again ? nextTry({ tries, status, retry_after }, ways.bounds, moment) : undefined
    const way = { user_id: frame.context.user_id, host: authority(placeOf(hop.url)) }
    if (wait_ms === undefined || ways.breaker.isOpen(way)) {
      if (failed) throw tried
      return tried
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = clock.after(wait_ms, resolve)
    await unless(frame.signal, promise).finally(cancel)
  }
}

async function attempt(
  ways: Ways,
  hop: Hop,
  request: EgressRequest,
  frame: Frame,
  follows: boolean,
): Promise<Answer> {
  const { kernel, bounds } = ways
  const { context, signal } = frame
  const place = placeOf(hop.url)
  const host = hop.url.host
  checkNamed(place, request.hosts)
  const rules = rulesOf(ways)
  const lan = context.place === undefined ? rules.lan : [...rules.lan, context.place]
  const reach = reachOf({ ...rules, lan }, place, hop.method, context.hosts)
  frame.at(host)
  const way = { user_id: context.user_id, host: authority(place) }
  const release = await ways.slots.acquire(way, signal)
  try {
    const leave = ways.breaker.enter(way)
    const started = kernel.clock.elapsed()
    try {
      context.before?.({ method: hop.method, host })
      const addresses = await addressesOf(ways, place, reach, signal)
      const target = { place, addresses, reach, tls: hop.url.protocol === 'https:' }
      const sent = await withLent(hop, request, context, kernel)
      const answer = await perform(sent.hop, target, {
        clock: kernel.clock,
        signal,
        user_agent: ways.user_agent,
        bytes_max: within(request.bytes_max, bounds.bytes, bounds.bytes_max),
        follows,
        // Also where it was sent on to a GET: what was sent first has been done all the same.
        cuts: !isRead(request.method ?? 'GET'),
        redact: context.for_vault === true ? undefined : sent.redact,
        received: request.received,
        sends: context.sends,
        measured: (bytes) => context.measured?.(bytes, host),
      })
      // What is sent on to could be somebody who is to learn it.
      if (answer.location !== undefined && redacted(answer.location, sent.redact?.()) !== answer.location)
        throw new HostFailure(host, 'sends on to an address with the secret in it', false)
      leave(isBusy(answer.status) ? 'busy' : 'worked', `answered ${answer.status}`)
      return answer
    } catch (error) {
      const failure = toFailure(error, host)
      const what = failure instanceof HostFailure ? failure.what : 'did not answer in time'
      leave(outcomeOf(failure, signal, kernel.clock.elapsed() - started), what)
      throw failure
    }
  } finally {
    release()
  }
}

/** The addresses that a name stands for right now, all of them checked. Nothing looks the name up again after this. */
export async function addressesOf(
  { resolve }: Ways,
  place: Place,
  reach: Reach,
  signal: AbortSignal,
): Promise<string[]> {
  const literal = literalOf(place.hostname)
  const found = literal === undefined ? await unless(signal, resolve(place.hostname)) : [literal]
  return permitted(place, reach, found)
}

export function rulesOf({ kernel: { settings } }: Ways): {
  hosts: readonly string[] | undefined
  lan: readonly string[]
} {
  return { hosts: settings.egress_hosts, lan: settings.egress_lan }
}

function outcomeOf(failure: unknown, signal: AbortSignal, lasted_ms: number): Outcome {
  if (!signal.aborted) return failure instanceof HostFailure ? 'failed' : 'unknown'
  const isTimeout = signal.reason instanceof Fault && signal.reason.name === 'AGENT_TIMEOUT'
  return isTimeout && lasted_ms >= FAIR_MS ? 'failed' : 'unknown'
}

/** What a promise comes to, or the reason of the signal if that ends first. */
async function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const end = (): void => reject(signal.reason)
  if (signal.aborted) end()
  signal.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([promise, ended])
  } finally {
    signal.removeEventListener('abort', end)
  }
}
