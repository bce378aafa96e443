import type { Operation } from '../../../contract/operation.ts'
import { operations } from '../../../contract/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Dispatch, Head, Reply } from '../dispatch.ts'
import { envelope } from '../http/envelope.ts'
import { JsonError } from '../json.ts'
import { carry } from '../messages/carry.ts'
import type { Connection } from './connection.ts'
import { decodeEvent, requestIdOf } from './decode.ts'
import { endSpoken, goesOn, noteFirst, toSentenceBody } from './listening.ts'
import type { Listening, Spoken } from './listening.ts'
import { connection_operations, unknown } from './operations.ts'
import type { Missed } from './operations.ts'

/** What receiving needs besides the connection. */
export interface Desk {
  dispatch: Dispatch
  /** The operations that have a socket event, by its name. */
  operations: ReadonlyMap<string, Operation>
  /** Hears that somebody follows the architecture of a user; what it answers is called when they no longer do. */
  architecture?: { follow(user_id: string): () => void } | undefined
  /** Where the socket comes from. */
  head: Pick<Head, 'ip' | 'user_agent' | 'origin'>
  /** When a token ends, in epoch ms. */
  expiresAt: (token: string) => number
  /** Calls that may be open on one socket. */
  calls_max: number
  voice: Listening
  clock: Clock
}

/** Calls that stop something and find room where no other does. */
const STOPS_MAX = 8
/** Characters of an unknown event's name that are said back. */
const NAME_MAX = 64
/** The same of the id of a message. */
const ID_MAX = 128

/** An event as a client sent it. */
export interface Sent {
  name: string
  args: readonly unknown[]
  /** Takes the answer, when the client asked for an acknowledgement. */
  acknowledge: ((body: unknown) => void) | undefined
  /** The server has asked for it. */
  isAwaited: boolean
  /** More than a socket may send. */
  tooMany: boolean
}

/** Splits the arguments as the library gives them. */
export function toSent(
  [name, ...rest]: readonly unknown[],
  judged: Pick<Sent, 'isAwaited' | 'tooMany'>,
): Sent {
  const last = rest.at(-1)
  const isAcknowledged = typeof last === 'function'
  return {
    name: typeof name === 'string' ? name : '',
    args: isAcknowledged ? rest.slice(0, -1) : rest,
    acknowledge: isAcknowledged ? (last as (body: unknown) => void) : undefined,
    ...judged,
  }
}

/** What says what a socket listens to: the last word counts, also when an earlier one takes longer to look up. */
const SUBSCRIBES = /^(?:agent:|system:)(?:un)?subscribe/

/** Answers one event. */
export function receive(desk: Desk, connection: Connection, sent: Sent): Promise<void> {
  const work = () => take(desk, connection, sent)
  return SUBSCRIBES.test(sent.name) ? connection.inTurn(work) : work()
}

async function take(desk: Desk, connection: Connection, sent: Sent): Promise<void> {
  if (goesOn(desk, connection, sent)) return
  const spoken = noteFirst(connection, sent, (one) => processSpoken(desk, connection, one))
  const own = connection_operations.get(sent.name)
  const operation = own ?? desk.operations.get(sent.name) ?? unknown
  const flight = connection.depart(sent.name)
  const call: Call = { operation, sent, signal: flight.away.signal }
  const reply =
    sent.name === 'resume' ? await resume(desk, connection, call) : await perform(desk, connection, call)
  const started =
    reply.ok && own === undefined ? (reply.data as { execution_id?: string }).execution_id : undefined
  connection.land(flight, started)
  if (reply.ok) settle(desk, connection, sent, reply.data)
  // The pieces that follow one that was refused are dropped; its last one hears why.
  if (!reply.ok) spoken?.replied.resolve(reply)
  spoken?.begun.resolve()
  // It may have gone while its utterance was opened.
  if (spoken !== undefined && !connection.socket.connected)
    desk.voice.stop({ user_id: connection.user_id, connection_id: connection.socket.id })
  if (reply.ok && spoken?.isAwaited === true)
    void spoken.replied.promise.then((answer) => sent.acknowledge?.(toSentenceBody(answer)))
  else tell(connection, operation, sent, reply)
  if (!reply.ok && reply.status === 401) connection.dismiss(reply.error.error.message)
}

interface Call {
  operation: Operation
  sent: Sent
  signal: AbortSignal
}

async function perform(
  { dispatch, head, calls_max }: Desk,
  connection: Connection,
  { operation, sent, signal }: Call,
  refused?: Fault,
): Promise<Reply> {
  const [first] = sent.args
  // A token that is to take the place of the present one is the one to be judged.
  const token = sent.name === 'authenticate' && typeof first === 'string' ? first : connection.token
  const exchange = dispatch.begin({
    operation,
    transport: 'socket',
    token,
    ...head,
    request_id: undefined,
    connection_id: connection.socket.id,
  })
  // Stopping finds room where nothing else does.
  const isStop = operation.unlimited && !connection_operations.has(sent.name)
  const most = isStop ? calls_max + STOPS_MAX : calls_max
  const isBusy = connection.flights.size > most && !sent.isAwaited
  const fault = exchange.refused ?? refused ?? refusal(operation, sent, isBusy)
  if (fault !== undefined) return exchange.refuse(fault)
  if (exchange.caller?.session_id !== connection.session_id) {
    return exchange.refuse(new Fault('UNAUTHORIZED', 'That token is for another session.'))
  }
  if (operation.carries === 'message') return carry(exchange, { body: first, signal })
  return exchange.answer({ ...decodeEvent(operation, sent.args), signal })
}

/** Has an utterance that has ended be processed, as if its client had sent the sentence. */
async function processSpoken(
  desk: Desk,
  connection: Connection,
  { first, isAwaited }: Spoken,
): Promise<Reply> {
  const { utterance_id, language, context } = first
  const input = { utterance_id, ...(language && { language }), ...(context && { context }) }
  const name = 'voice:command'
  const sent: Sent = { name, args: [input], acknowledge: undefined, isAwaited: false, tooMany: false }
  const flight = connection.depart(name)
  const operation = operations['voice.process']
  const reply = await perform(desk, connection, { operation, sent, signal: flight.away.signal })
  connection.land(flight, reply.ok ? (reply.data as { execution_id?: string }).execution_id : undefined)
  if (!reply.ok && !isAwaited) connection.fail(reply.error, { event: 'voice:audio' })
  return reply
}

/** Sends page after page of what was missed, and then what happened meanwhile. */
async function resume(desk: Desk, connection: Connection, call: Call): Promise<Reply> {
  if (!connection.pause()) {
    const fault = new Fault('VALIDATION_ERROR', 'It is resuming already.', undefined, { status: 409 })
    return perform(desk, connection, call, fault)
  }
  let { args } = call.sent
  let gap = false
  for (;;) {
    const reply = await perform(desk, connection, { ...call, sent: { ...call.sent, args } })
    if (!reply.ok) {
      connection.catchUp({ more: false })
      return reply
    }
    const missed = reply.data as Missed
    gap ||= missed.gap
    await connection.replay(missed.events)
    const last_seq = missed.events.at(-1)?.seq ?? args[0]
    if (!connection.socket.connected || connection.catchUp(missed))
      return { ...reply, data: { last_seq, gap } }
    args = [last_seq]
  }
}

function refusal(operation: Operation, { name, args, tooMany }: Sent, isBusy: boolean): Fault | undefined {
  const [first] = args
  if (tooMany) return new Fault('RATE_LIMIT_EXCEEDED', 'Too many events.', undefined, { retry_after_s: 1 })
  if (isBusy) return new Fault('SYSTEM_OVERLOADED', 'Too many calls are open on this socket.')
  if (first instanceof JsonError) {
    const issues = [{ path: '', message: first.message }]
    return new Fault('VALIDATION_ERROR', `The event is not valid: ${first.message}.`, { issues })
  }
  if (operation !== unknown) return undefined
  return new Fault('VALIDATION_ERROR', `There is no event ${JSON.stringify(name.slice(0, NAME_MAX))}.`)
}

/** Does what an event about the connection itself asks for. */
function settle(desk: Desk, connection: Connection, { name, args }: Sent, data: unknown): void {
  const [first] = args
  switch (name) {
    case 'agent:subscribe': {
      const { agent_id, agent_number } = data as { agent_id: string; agent_number: number }
      connection.agents.set(agent_id, agent_number)
      break
    }
    case 'agent:unsubscribe':
      for (const [id, number] of connection.agents) {
        if (first === id || first === String(number)) connection.agents.delete(id)
      }
      break
    case 'system:subscribe_architecture':
      // A program hears of nothing but its agent: for it, nothing is drawn. One that has gone meanwhile follows nothing.
      if (connection.socket.connected && connection.agent_id === undefined)
        connection.follow(desk.architecture?.follow(connection.user_id) ?? (() => {}))
      break
    case 'system:unsubscribe_architecture':
      connection.unfollow()
      break
    case 'voice:stop_listening':
      for (const { event, away } of connection.flights) if (event === 'voice:command') away.abort()
      desk.voice.stop({ user_id: connection.user_id, connection_id: connection.socket.id })
      for (const id of connection.spoken.keys()) endSpoken(connection, id)
      break
    case 'authenticate':
      connection.renew(String(first), desk.expiresAt(String(first)))
      break
    default:
  }
}

function tell(
  connection: Connection,
  operation: Operation,
  { name, args, acknowledge }: Sent,
  reply: Reply,
): void {
  if (acknowledge !== undefined) {
    acknowledge(toBody(operation, reply))
    return
  }
  if (reply.ok && reply.pending) return
  if (!reply.ok) {
    const request_id = idOf(operation, args)
    const event = name.slice(0, NAME_MAX)
    connection.fail(reply.error, { event, ...(request_id === undefined ? {} : { request_id }) })
    return
  }
  // A document is an answer of its own, such as a message for a message; an empty one says that there is none.
  const isDocument = operation.http.envelope === 'document' && Object.keys(reply.data as object).length > 0
  if (isDocument) connection.socket.emit(name, reply.data)
}

/** How the client itself calls what failed, also when that breaks the rules of what may be read. */
function idOf(operation: Operation, args: readonly unknown[]): string | undefined {
  const said = args[0] instanceof JsonError ? args.slice(1) : args
  if (operation.carries !== 'message') return requestIdOf(operation, said)
  const { id } = (said[0] ?? {}) as { id?: unknown }
  return typeof id === 'string' ? id.slice(0, ID_MAX) : undefined
}

function toBody(operation: Operation, reply: Reply): unknown {
  if (!reply.ok) return reply.error
  return reply.pending ? { success: true, data: reply.data } : envelope(operation, reply.data)
}
