import { io } from 'socket.io-client'
import type { ManagerOptions, Socket, SocketOptions as ClientOptions } from 'socket.io-client'
import { Type } from 'typebox'
import type { EventData, EventName } from '../../../contract/events.ts'
import type { User } from '../../../contract/auth.ts'
import { area, object, operation } from '../../../contract/operation.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Caller } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import { ALICE, openRig } from '../http/rig.ts'
import type { Rig } from '../http/rig.ts'
import { openSocket } from '../socket.ts'
import type { SocketBounds } from '../socket.ts'
import { connectionAnswers } from './operations.ts'
import { fakeClock } from '../../../test/clock.ts'
import type { FakeClock } from '../../../test/clock.ts'

/** Operations with a socket event each, for the tests. */
export const deeds = area('deeds', {
  execute: operation({
    http: 'POST /deeds/:id/execute',
    summary: 'Starts an execution and tells of it.',
    key: 'command.request_id',
    socket: { event: 'agent:execute', rename: { agent_id: 'id' } },
    input: object({ id: Type.String(), command: object({ request_id: Type.String() }) }),
    output: object({ execution_id: Type.String() }),
  }),
  run: operation({
    http: 'POST /deeds/:id/run',
    summary: 'Says what it was asked.',
    socket: { event: 'workflow:execute', args: ['id', 'input_data'] },
    input: object({ id: Type.String({ maxLength: 8 }), input_data: Type.Optional(Type.Unknown()) }),
    output: Type.Unknown(),
  }),
  modify: operation({
    http: 'POST /deeds/modify',
    summary: 'Needs a passkey.',
    proof: 'strict',
    key: 'header',
    socket: { event: 'system:modify', drop: ['id'] },
    input: object({ description: Type.String() }),
    output: Type.Unknown(),
  }),
  send: operation({
    http: 'POST /deeds/mcp',
    summary: 'Answers a message with a message.',
    envelope: 'document',
    socket: { event: 'mcp:message' },
    input: object({ id: Type.String(), silent: Type.Optional(Type.Boolean()) }),
    output: object({ id: Type.Optional(Type.String()) }),
  }),
  listen: operation({
    http: 'POST /deeds/listen',
    summary: 'Listens until it is told to stop.',
    outcome: 'accepted',
    socket: { event: 'voice:command' },
    input: object({}),
    output: object({ status: Type.String() }),
  }),
})

const id = (last: string) => `018f0000-0000-7000-8000-${last.padStart(12, '0')}`
export const AGENTS = { a1: { id: id('a1'), agent_number: 1 }, a2: { id: id('a2'), agent_number: 2 } }
export const EXECUTION = id('e1')
export const BOB: Caller = { ...ALICE, user_id: id('b'), session_id: 'session-b', role: 'user' }
const user = (user_id: string): User => {
  const now = '2026-11-01T00:00:00.000Z'
  const settings = { in_app: true, push: false, email: false, sound: false, min_severity: 'info' as const }
  const voice = { voice_enabled: true, default_voice_language: 'en' }
  const preferences = {
    ...voice,
    biometric_enabled: false,
    theme: 'system' as const,
    notification_settings: settings,
  }
  return { id: user_id, email: `${user_id}@example.org`, created_at: now, updated_at: now, preferences }
}

/** A server with sockets. Tokens are `alice`, `alice-2` (same session), `alice-other` (another session) and `bob`. */
export interface SocketRig extends Rig {
  clock: FakeClock
  /** Opens a socket and gives what it hears. */
  open(token?: string, options?: Partial<ManagerOptions & ClientOptions>): Client
  /** Records an event and delivers it. */
  happen<N extends EventName>(name: N, user_id: string, data: EventData<N>): Promise<void>
  /** Ends a session as signing out does. */
  endSession(session_id: string): void
  closeSockets(): Promise<void>
}

/** A socket of a client with everything that it heard. */
export interface Client {
  socket: Socket
  /** `[event, ...arguments]` in their order. */
  heard: unknown[][]
  /** The next event of this name, counted from the last one that was asked for. */
  next(name: string): Promise<unknown[]>
  ask(event: string, ...args: unknown[]): Promise<Answer>
  /** Resolves with the reason. */
  gone: Promise<string>
}

export interface Answer {
  success: boolean
  data?: unknown
  error?: { code: string; message: string; details?: Record<string, unknown>; request_id: string }
}

const sessions = new Map([
  ['alice', ALICE],
  ['alice-2', ALICE],
  ['alice-other', { ...ALICE, session_id: 'session-c' }],
  ['bob', BOB],
])

function deedAnswers(rig: () => Rig): Answers {
  return {
    [deeds.execute.name]: writes(deeds.execute, {
      commit: (tx, { user_id }) => {
        const { events } = rig().kernel
        const command = { action: 'x', parameters: {}, user_id, request_id: 'r', priority: 'normal' as const }
        const agent_id = AGENTS.a1.id
        events.tell(tx, 'agent:execution_started', user_id, { agent_id, execution_id: EXECUTION, command })
        return Promise.resolve({ execution_id: EXECUTION })
      },
    }),
    [deeds.run.name]: reads(deeds.run, (_call, input) => Promise.resolve(input)),
    [deeds.modify.name]: reads(deeds.modify, (_call, input) => Promise.resolve(input)),
    [deeds.send.name]: reads(deeds.send, (_call, input) =>
      Promise.resolve(input.silent === true ? {} : { id: 'back' }),
    ),
    [deeds.listen.name]: writes(deeds.listen, {
      commit: () => Promise.resolve({ status: 'queued' }),
      wait: (_call, _input, _receipt, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ status: 'stopped' }))
        }),
    }),
  }
}

function agentOf(user_id: string, ref: string) {
  if (user_id !== ALICE.user_id) return undefined
  return Object.values(AGENTS).find((one) => one.id === ref || String(one.agent_number) === ref)
}

const NO_MAIL = { open: () => () => {}, expects: () => false }
const NO_VOICE = { take: () => Promise.resolve(false), stop: () => {}, hear: () => {} }

export async function openSocketRig(bounds: Partial<SocketBounds> = {}): Promise<SocketRig> {
  const clock = fakeClock(Date.UTC(2026, 10, 1))
  const ended = new Set<string>()
  const hooks: ((session_id: string) => void)[] = []
  const opened: { rig: Rig | undefined } = { rig: undefined }
  const current = (): Rig => {
    if (opened.rig === undefined) throw new Error('Not open yet.')
    return opened.rig
  }
  const rig = await openRig({
    clock,
    operations: deeds,
    answers: {
      ...deedAnswers(current),
      ...connectionAnswers({
        user: (user_id) => Promise.resolve(user(user_id)),
        agent: (user_id, ref) => Promise.resolve(agentOf(user_id, ref)),
        events: { since: (user_id, seq) => current().kernel.events.since(user_id, seq) },
        listen: () => Promise.resolve(),
      }),
    },
    authenticate: (token) => {
      const caller = sessions.get(token)
      if (caller === undefined || ended.has(caller.session_id)) throw new Fault('UNAUTHORIZED', 'Not valid.')
      return caller
    },
  })
  opened.rig = rig
  const sockets = openSocket({
    server: rig.http.server,
    dispatch: rig.dispatch,
    operations: deeds,
    events: rig.kernel.events,
    auth: {
      expiresAt: (token) => clock.now() + (token === 'alice-2' ? 900_000 : 5_000),
      onSessionEnd: (hook) => hooks.push(hook),
    },
    mail: NO_MAIL,
    voice: NO_VOICE,
    settings: rig.kernel.settings,
    clock,
    id: rig.kernel.id,
    log: rig.kernel.log,
    bounds,
  })
  const clients: Client[] = []
  return {
    ...rig,
    clock,
    open: (token = 'alice', options = {}) => {
      const client = openClient(rig.port, token, options)
      clients.push(client)
      return client
    },
    happen: async (name, user_id, data) => {
      await rig.kernel.store.write((tx) => Promise.resolve(rig.kernel.events.tell(tx, name, user_id, data)))
    },
    endSession: (session_id) => {
      ended.add(session_id)
      for (const hook of hooks) hook(session_id)
    },
    closeSockets: () => sockets.close(),
    close: async () => {
      for (const { socket } of clients) socket.disconnect()
      await sockets.close()
      await rig.close()
    },
  }
}

export function openClient(
  port: number,
  token: string,
  options: Partial<ManagerOptions & ClientOptions>,
): Client {
  const socket = io(`http://127.0.0.1:${port}`, {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    ...options,
  })
  const heard: unknown[][] = []
  const waiting = new Map<string, ((args: unknown[]) => void)[]>()
  const taken = new Map<string, number>()
  const note = (name: string, args: unknown[]) => {
    heard.push([name, ...args])
    for (const resolve of waiting.get(name)?.splice(0, 1) ?? []) resolve(args)
  }
  socket.onAny((name: string, ...args: unknown[]) => note(name, args))
  socket.on('connect_error', (error) => note('connect_error', [error]))
  const gone = new Promise<string>((resolve) => {
    socket.on('disconnect', resolve)
  })
  return {
    socket,
    heard,
    gone,
    next: (name) => {
      const count = taken.get(name) ?? 0
      taken.set(name, count + 1)
      const earlier = heard.filter(([event]) => event === name)[count]
      if (earlier !== undefined) return Promise.resolve(earlier.slice(1))
      return new Promise((resolve) => {
        waiting.set(name, [...(waiting.get(name) ?? []), resolve])
      })
    },
    ask: (event, ...args) => socket.emitWithAck(event, ...args) as Promise<Answer>,
  }
}
