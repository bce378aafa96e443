import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { Socket } from 'socket.io'
import type { Operation } from '../../contract/operation.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Events } from '../kernel/events.ts'
import { Fault, toAPIError } from '../kernel/fault.ts'
import type { Log } from '../kernel/log.ts'
import type { Dispatch, Exchange } from './dispatch.ts'
import { openGate } from './http/gate.ts'
import type { Gate, GateSettings } from './http/gate.ts'
import { admit } from './socket/admit.ts'
import { Connection } from './socket/connection.ts'
import { Connections } from './socket/connections.ts'
import { connecting } from './socket/operations.ts'
import { Decoder, Encoder } from './socket/packets.ts'
import { openListening } from './socket/listening.ts'
import type { Listening } from './socket/listening.ts'
import { receive, toSent } from './socket/receive.ts'
import type { Desk } from './socket/receive.ts'
import { Throttle } from './socket/throttle.ts'

/** How much one socket, and all together, may take. */
export interface SocketBounds {
  sockets_max: number
  /** From the connection to the sign-in. */
  connect_timeout_ms: number
  /** What a client that polls gets to fetch the end of its connection. */
  last_poll_ms: number
  frame_bytes_max: number
  /** Beyond these, events are refused unless the server asked for them, and packets of any kind end the connection. */
  events_per_s: number
  packets_per_s: number
  /** Calls that may be open on one socket. */
  calls_max: number
  backlog_messages_max: number
  backlog_characters_max: number
}

const STOPS = /^(?:agent|workflow):stop$/u
/** So many more stops a second than other events: nobody has to wait for room, and a flood of them holds up nobody. */
const STOPS_PER_S = 5

const BOUNDS: SocketBounds = {
  sockets_max: 2_000,
  // Together ten seconds for a client that never says anything.
  connect_timeout_ms: 9_000,
  last_poll_ms: 1_000,
  frame_bytes_max: 1_048_576,
  events_per_s: 50,
  packets_per_s: 500,
  calls_max: 100,
  backlog_messages_max: 256,
  backlog_characters_max: 4_194_304,
}

/** Sockets of one agent from outside: one is enough, and a few are there while a lost one is noticed. */
const AGENT_SOCKETS_MAX = 8

/** What a leaving server gives its sockets to take its last word. */
const FAREWELL_MS = 1_000

export interface SocketOptions {
  server: HttpServer
  dispatch: Dispatch
  operations: Readonly<Record<string, Operation>>
  events: Pick<Events, 'hear'>
  auth: {
    /** When a token that was accepted ends, in epoch ms. */
    expiresAt(token: string): number
    onSessionEnd(hook: (session_id: string) => void): void
  }
  /** Hears who follows the architecture of whom. */
  architecture?: Desk['architecture']
  voice: Listening
  /** What waits for an agent from outside whose socket it is; the answer hangs up. */
  mail: {
    open(
      to: { user_id: string; agent_id: string },
      deliver: (message: object, received?: () => void) => void,
    ): () => void
    /** Whether it was asked what this is the answer to; once for each request. */
    expects(to: { user_id: string; agent_id: string }, id: string): boolean
  }
  settings: GateSettings
  clock: Clock
  /** Makes the ids of answers that are to no call of dispatch. */
  id: () => string
  log: Log
  bounds?: Partial<SocketBounds>
}

interface Hall {
  options: SocketOptions
  bounds: SocketBounds
  gate: Gate
  connections: Connections
  operations: Desk['operations']
}

/** Opens the sockets beside the REST transport, on its server. Dispatch must know `connectionAnswers`. */
export function openSocket(options: SocketOptions): { close(): Promise<void> } {
  const bounds = { ...BOUNDS, ...options.bounds }
  const hall: Hall = {
    options,
    bounds,
    gate: openGate(options.settings, options.server),
    connections: new Connections(),
    operations: new Map(
      Object.values(options.operations).flatMap((one) =>
        one.socket === undefined ? [] : [[one.socket.event, one] as const],
      ),
    ),
  }
  const io = new Server({
    path: '/socket.io',
    transports: ['polling', 'websocket'],
    serveClient: false,
    connectTimeout: bounds.connect_timeout_ms,
    maxHttpBufferSize: bounds.frame_bytes_max,
    httpCompression: false,
    perMessageDeflate: false,
    parser: { Encoder, Decoder },
  })
  io.attach(options.server)
  admit(io, { ...options, ...hall, sockets_max: bounds.sockets_max, body_bytes_max: bounds.frame_bytes_max })
  io.engine.on('connection', ({ transport }: { transport: { closeTimeout?: number } }) => {
    if (transport.closeTimeout !== undefined) transport.closeTimeout = bounds.last_poll_ms
  })
  io.on('connection', (socket) => enter(hall, socket))
  const stopHearing = options.events.hear((event) => {
    for (const connection of hall.connections.of(event.user_id)) connection.hear(event)
  })
  openListening(options.voice, hall.connections)
  options.auth.onSessionEnd((session_id) => {
    for (const connection of hall.connections.all()) {
      if (connection.session_id === session_id) connection.dismiss('session ended')
    }
  })
  return {
    close: () => {
      stopHearing()
      return close(hall, io)
    },
  }
}

/** Judges who a new socket speaks for, and hears it from then on. */
function enter(hall: Hall, socket: Socket): void {
  const { options, bounds, gate, connections, operations } = hall
  const { auth, headers } = socket.handshake
  const token = (auth as Record<string, unknown>)['token']
  const head = {
    ip: gate.ip(socket.request, socket.conn.remoteAddress),
    origin: gate.origin(socket.request),
    user_agent: (headers['user-agent'] ?? '').slice(0, 256),
  }
  const exchange = options.dispatch.begin({
    operation: connecting,
    transport: 'socket',
    token: typeof token === 'string' ? token : undefined,
    ...head,
    request_id: undefined,
    connection_id: socket.id,
  })
  const packets = new Throttle(options.clock, bounds.packets_per_s)
  socket.conn.on('packet', () => {
    if (packets.take()) return
    socket.disconnect(true)
    socket.conn.close(true)
  })
  const { caller } = exchange
  if (typeof token !== 'string' || caller === undefined || exchange.refused !== undefined) {
    void turnAway(exchange, socket)
    return
  }
  const { agent_id } = caller
  if (agent_id !== undefined && connections.ofAgent(caller.user_id, agent_id) >= AGENT_SOCKETS_MAX) {
    const fault = new Fault('SYSTEM_OVERLOADED', `This agent has ${AGENT_SOCKETS_MAX} sockets already.`)
    void turnAway(exchange, socket, fault)
    return
  }
  const backlog = { messages_max: bounds.backlog_messages_max, characters_max: bounds.backlog_characters_max }
  const { clock, id } = options
  const connection = new Connection({ socket, clock, id, speaker: caller, token, backlog })
  connection.watch()
  connection.renew(token, options.auth.expiresAt(token))
  // Known from now on, so that the end of its session is not missed while the user is read.
  connections.add(connection)
  socket.once('disconnect', () => {
    connections.remove(connection)
    connection.release()
    options.voice.stop({ user_id: connection.user_id, connection_id: socket.id })
  })
  const opened = welcome(exchange, connection, options.mail).catch((error: unknown) => {
    options.log.error('a socket could not be welcomed', { error })
    return false
  })
  const desk: Desk = {
    ...options,
    operations,
    head,
    expiresAt: (own) => options.auth.expiresAt(own),
    calls_max: bounds.calls_max,
  }
  const events = new Throttle(options.clock, bounds.events_per_s)
  const stops = new Throttle(options.clock, STOPS_PER_S)
  // Events end here: what a client names never reaches listeners of the library's own events.
  socket.use((args: unknown[]) => {
    // Answers are bounded by the requests, and one that is refused fails what waits for it.
    const isAwaited = answers(options.mail, connection, args[1])
    // Stopping is refused for nothing that was sent before, unless it is a flood of its own.
    const isTaken = events.take() || (STOPS.test(String(args[0])) && stops.take())
    const sent = toSent(args, { isAwaited, tooMany: !isAwaited && !isTaken })
    opened
      .then((isOpen) => (isOpen && socket.connected ? receive(desk, connection, sent) : undefined))
      .catch((error: unknown) => options.log.error('a socket event failed', { event: sent.name, error }))
  })
}

async function turnAway(exchange: Exchange, socket: Socket, fault?: Fault): Promise<void> {
  const refused = exchange.refused ?? fault ?? new Fault('UNAUTHORIZED', 'Sign in first.')
  const reply = await exchange.refuse(refused)
  if (reply.ok) return
  const { error } = reply
  if (reply.status === 503) {
    // Not because of the token: a client should come back by itself.
    socket.emit('error', { ...error, message: error.error.message })
    socket.conn.close()
    return
  }
  socket.emit('unauthorized', error.error.message)
  socket.disconnect(true)
}

async function welcome(
  exchange: Exchange,
  connection: Connection,
  mail: SocketOptions['mail'],
): Promise<boolean> {
  const reply = await exchange.answer({ input: {}, signal: new AbortController().signal })
  if (!reply.ok) connection.dismiss(reply.error.error.message)
  // Its session may have ended meanwhile.
  else if (connection.socket.connected) {
    connection.open(reply.data)
    receiveMail(connection, mail)
  }
  return reply.ok
}

/** Whether an event brings what the server has asked the agent of this socket for. */
function answers(mail: SocketOptions['mail'], { user_id, agent_id }: Connection, body: unknown): boolean {
  if (agent_id === undefined || typeof body !== 'object' || body === null) return false
  const { id, type } = body as { id?: unknown; type?: unknown }
  if ((type !== 'response' && type !== 'error') || typeof id !== 'string') return false
  return mail.expects({ user_id, agent_id }, id)
}

/** An agent that takes no notice of a message for so long gets it once more when it comes back. */
const RECEIPT_MS = 10_000

/** Hands an agent from outside its messages; it acknowledges those that are kept for it. */
function receiveMail({ socket, user_id, agent_id }: Connection, mail: SocketOptions['mail']): void {
  if (agent_id === undefined) return
  const hangUp = mail.open({ user_id, agent_id }, (message, received) => {
    if (received === undefined) socket.emit('mcp:message', message)
    else
      socket.timeout(RECEIPT_MS).emit('mcp:message', message, (error: Error | null) => {
        if (error === null) received()
      })
  })
  socket.once('disconnect', hangUp)
}

async function close({ connections, options }: Hall, io: Server): Promise<void> {
  const fault = new Fault('SERVICE_UNAVAILABLE', 'The server is stopping.', { reason: 'server_restarting' })
  const open = connections.all().filter(({ isOpen }) => isOpen)
  const leaving = open.map((connection) => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    connection.socket.conn.once('close', () => resolve(undefined))
    connection.sendAway(toAPIError(fault, connection.socket.id, options.clock.now()))
    return promise
  })
  const farewell = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => farewell.resolve(undefined), FAREWELL_MS)
  await Promise.race([Promise.all(leaving), farewell.promise])
  clearTimeout(timer)
  io.engine.close()
}
