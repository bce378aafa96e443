import { lookup } from 'node:dns/promises'
import { Fault } from '../../kernel/fault.ts'
import type { Redactor } from '../../kernel/redact.ts'
import { BOUNDS, within } from './bounds.ts'
import type { Bounds } from './bounds.ts'
import { Breaker } from './breaker.ts'
import { openConnection } from './connection.ts'
import { dial } from './dial.ts'
import { addressesOf, exchange, rulesOf } from './exchange.ts'
import type { Frame, Ways } from './exchange.ts'
import { HostFailure, toFailure } from './failure.ts'
import { placeOf, toPlace, toURL } from './parse.ts'
import { authority, reachOf } from './policy.ts'
import type { Reach } from './policy.ts'
import { Slots } from './slots.ts'

/** What goes out. Sizes in bytes, times in milliseconds; `bounds.ts` holds what is used without them, and the most. */
export interface EgressRequest {
  /** `http:` or `https:`, absolute. */
  url: string
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** Of the whole exchange, from 1. */
  timeout_ms?: number
  /** Of the answer, after it was unpacked. */
  bytes_max?: number
  /** With 0 an answer that sends elsewhere is answered as it is. */
  redirects_max?: number
  /** The secret that goes along, wherever the context lends it. */
  credential_id?: string
  /** The one place that it goes to, of those that it may be sent in; all of them unless given. */
  credential_place?: Pick<Lent, 'in' | 'name'>
  /** Hosts that it may be sent to, and on to, of those that are allowed; any of these unless given. */
  hosts?: readonly string[]
  /** What only looks is tried again when that may help; anything else may have been done already, and never is. */
  repeatable?: boolean
  /**
   * Takes the body of an answer with a status of 2xx piece by piece, as it comes and with the secrets taken out; the one
   * that is answered at last is empty then. Such a request is never repeated.
   */
  received?: (part: Uint8Array) => void
}

export interface EgressResponse {
  status: number
  /** Names in small letters; several values of one name are joined by a comma. */
  headers: Record<string, string>
  /** Address that answered at last. */
  url: string
  /** Unpacked. */
  body: Uint8Array
  /** The body is only the beginning of what was answered. Of what only looks, nothing is answered then. */
  cut?: true
  /** It is cut since the rest did not arrive or could not be read, and not for its length. */
  broken?: true
}

/**
 * A secret for one hop: what is sent, in which place, and what must not come back in any writing. In the header
 * `webhook-signature` it is not sent: the body is signed with it.
 */
export interface Lent {
  in: 'header' | 'query' | 'body'
  name: string
  text: string
  secret: string
}

/** On whose behalf something goes out. */
export interface EgressContext {
  user_id: string
  /** Breaks everything off; its reason is what the asker is told. */
  signal: AbortSignal
  /** Hosts that trusted code adds for every method, such as push services; never private addresses. */
  hosts?: readonly string[]
  /** The one place that the operator has named for exactly this, as `host:port`; it may be of the own network. */
  place?: string
  /** Made anew for the body, each header and the address that come back, and takes secrets out of them. */
  redact?: () => Redactor
  /** The answer goes into the vault and nowhere else: a secret stays in it, since the next one may be made of it. */
  for_vault?: true
  /** Opens the secret of a request for one hop. @throws Fault where it may not be sent. */
  lend?: (use: { credential_id: string; origin: string }) => Promise<readonly Lent[]>
  /** Hears of every hop and every further try before it is made, and before the name is looked up; may throw to refuse. */
  before?: (hop: { method: string; host: string }) => void
  /** Awaited once a connection is open, before the first byte of a request: until then it has changed nothing. */
  sends?: () => Promise<void>
  /** Bytes on the wire in both directions, after each hop, and the host of it. */
  measured?: (bytes: number, host: string) => void
}

export interface Probe {
  host: string
  port: number
  timeout_ms?: number
}

/** Where a raw TCP connection goes. */
export interface ConnectionTarget {
  host: string
  port: number
  /** Until it is open, in milliseconds. */
  timeout_ms?: number
  /** Of all that comes. */
  bytes_max?: number
}

/** A raw TCP connection. It ends with the signal that it was opened with, and when it lasts for too long. */
export interface Connection {
  /** What comes, to the end; to be gone through once, and leaving it closes the connection. @throws Fault where it breaks off */
  readonly received: AsyncIterable<Uint8Array>
  /** Resolves once more may be written. @throws Fault when nothing can be any more */
  write(bytes: Uint8Array): Promise<void>
  /** Ends it at once; what comes is at its end then. */
  close(): void
}

/** The one way to other machines. */
export interface Egress {
  /**
   * Asks another machine.
   *
   * @throws Fault `VALIDATION_ERROR` for what is malformed, `UNAUTHORIZED` 403 for where nobody may go, `SYSTEM_OVERLOADED`
   * when too many wait, `AGENT_TIMEOUT`, and `AGENT_EXECUTION_FAILED` when the host fails.
   */
  request(request: EgressRequest, context: EgressContext): Promise<EgressResponse>
  /** Whether a TCP port takes connections; the rules are those of reading by HTTP. */
  probe(target: Probe, context: EgressContext): Promise<{ open: boolean; ms: number }>
  /**
   * Opens a TCP connection for a protocol that is not HTTP; the rules are those of sending by HTTP. No secret goes along.
   *
   * @throws Fault as `request` does
   */
  connect(target: ConnectionTarget, context: EgressContext): Promise<Connection>
  /** Whether a user leaves a host alone for now because it failed several times in a row. */
  isResting(user_id: string, target: Pick<Probe, 'host' | 'port'>): boolean
  /**
   * Whether an address that may be read from is public, before its name is looked up.
   *
   * @throws Fault as `request` does for what is malformed, and for where nobody may go
   */
  reach(url: string): Reach
  /** Breaks off what runs, and answers once every connection has ended. */
  close(): Promise<void>
}

export interface EgressOptions {
  /** Addresses of a name; the system's own answer unless given. */
  resolve?: (host: string) => Promise<string[]>
  bounds?: Partial<Bounds>
  /** Of the program, for the header `User-Agent`. */
  version?: string
}

/** Stores nothing: of the kernel it takes the clock, chance, and what the operator allows. */
export function openEgress(kernel: Ways['kernel'], options: EgressOptions = {}): Egress {
  const bounds = { ...BOUNDS, ...options.bounds }
  const ways: Ways = {
    kernel,
    bounds,
    slots: new Slots(bounds),
    breaker: new Breaker(bounds, kernel.clock),
    resolve: options.resolve ?? systemResolve,
    user_agent: options.version === undefined ? 'PAIOS' : `PAIOS/${options.version}`,
  }
  const closing = new AbortController()
  const active = new Set<Promise<unknown>>()
  const run = <T>(context: EgressContext, timeout_ms: number, work: (frame: Frame) => Promise<T>) => {
    const running = framed(ways, { ...context, closing: closing.signal }, timeout_ms, work)
    active.add(running)
    const forget = (): unknown => active.delete(running)
    running.then(forget, forget)
    return running
  }
  return {
    request: (request, context) =>
      run(context, within(request.timeout_ms, bounds.timeout_ms, bounds.timeout_ms_max), (frame) =>
        exchange(ways, request, frame),
      ),
    probe: (target, context) => run(context, bounds.timeout_ms_max, (frame) => probe(ways, target, frame)),
    connect: async (target, context) => {
      const timeout_ms = within(target.timeout_ms, bounds.probe_timeout_ms, bounds.timeout_ms_max)
      const opened = await run(context, timeout_ms, (frame) => openConnection(ways, target, frame))
      active.add(opened.closed)
      void opened.closed.then(() => active.delete(opened.closed))
      return opened.connection
    },
    isResting: (user_id, { host, port }) =>
      ways.breaker.isOpen({ user_id, host: authority(toPlace(host, port)) }),
    reach: (url) => reachOf(rulesOf(ways), placeOf(toURL(url)), 'GET'),
    close: async () => {
      closing.abort(new Fault('SERVICE_UNAVAILABLE', 'The server is stopping.'))
      await Promise.allSettled(active)
    },
  }
}

/** Runs something within its deadline. Whatever an end breaks off, its reason is what the asker is told. */
async function framed<T>(
  { kernel: { clock } }: Ways,
  { closing, ...context }: EgressContext & { closing: AbortSignal },
  timeout_ms: number,
  work: (frame: Frame) => Promise<T>,
): Promise<T> {
  let host = 'The host'
  const deadline = new AbortController()
  const signal = AbortSignal.any([context.signal, closing, deadline.signal])
  signal.throwIfAborted()
  const cancel = clock.after(timeout_ms, () =>
    deadline.abort(
      new Fault('AGENT_TIMEOUT', `${host} did not answer within ${timeout_ms / 1_000} s.`, { host }),
    ),
  )
  const at = (name: string): void => {
    host = name
  }
  try {
    return await work({ context, signal, deadline: clock.elapsed() + timeout_ms, at })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    cancel()
  }
}

async function probe(
  ways: Ways,
  target: Probe,
  { context, signal, at }: Frame,
): Promise<{ open: boolean; ms: number }> {
  const { clock } = ways.kernel
  const place = toPlace(target.host, target.port)
  const host = authority(place)
  const reach = reachOf(rulesOf(ways), place, 'HEAD', context.hosts)
  at(host)
  const release = await ways.slots.acquire({ host, user_id: context.user_id }, signal)
  const patience = new AbortController()
  const started = clock.elapsed()
  const timeout_ms = within(target.timeout_ms, ways.bounds.probe_timeout_ms, ways.bounds.timeout_ms_max)
  const cancel = clock.after(timeout_ms, () => patience.abort())
  try {
    context.before?.({ method: 'CONNECT', host })
    const both = AbortSignal.any([signal, patience.signal])
    const addresses = await addressesOf(ways, place, reach, both)
    const socket = await dial({ place, addresses, reach, tls: false }, clock, both)
    socket.destroy()
    return { open: true, ms: Math.round(clock.elapsed() - started) }
  } catch (error) {
    signal.throwIfAborted()
    const failure = toFailure(error, host)
    // Nobody there is what was asked, and so is nobody who answers in time; a name that does not exist is not.
    const isShut = patience.signal.aborted || (failure instanceof HostFailure && failure.transient)
    if (!isShut) throw failure
    return { open: false, ms: Math.round(clock.elapsed() - started) }
  } finally {
    cancel()
    release()
  }
}

async function systemResolve(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true })
  return found.map(({ address }) => address)
}
