import type { MCPMessage } from '../../contract/messages.ts'
import type { Client } from '../../server/transports/socket/rig.ts'
import type { Person, Whole } from './rig.ts'

/** A program outside that has registered as an agent, by a socket of its own. */
export interface RemoteAgent {
  token: string
  agent_id: string
  agent_number: number
  socket: Client
  /** What it was sent, oldest first. */
  heard(): MCPMessage[]
  /** The next message that it is sent. */
  next(): Promise<MCPMessage>
  answer(id: string, result: unknown): void
  refuse(id: string, message: string): void
  /** Sends a message and waits for the one that answers it. */
  say(method: string, params: Record<string, unknown>, more?: Partial<MCPMessage>): Promise<MCPMessage>
}

let ids = 0

/** A message as a sender writes it. */
export function message(
  { clock }: Pick<Whole, 'clock'>,
  source: MCPMessage['source'],
  method: string,
  params: Record<string, unknown>,
  more: Partial<MCPMessage> = {},
): MCPMessage {
  ids += 1
  return {
    id: `message-${ids}`,
    version: '1.0',
    type: 'request',
    method,
    params,
    timestamp: new Date(clock.now()).toISOString(),
    source,
    ...more,
  }
}

/** Registers an agent as its user does who has just signed in, and opens its socket. */
export async function enterRemote(
  whole: Whole,
  { token }: Person,
  agent_number: number,
  more: { capabilities?: string[]; actions?: object[]; name?: string } = {},
): Promise<RemoteAgent> {
  const { capabilities = ['echo'], name = `Robot ${agent_number}`, actions } = more
  const registered = await whole.ask(token, 'messages.register', {
    agent_number,
    name,
    capabilities,
    voice_commands: [],
    config_schema: { type: 'object' },
    ...(actions === undefined ? {} : { actions: actions as never }),
  })
  const own = registered.token ?? ''
  const { agent_id } = registered
  const socket = whole.open(own)
  await socket.next('authenticated')
  const source = { agent_number, agent_id }
  const send = (one: MCPMessage) => socket.socket.emit('mcp:message', one)
  const plain = (id: string, answer: Partial<MCPMessage>) =>
    send({
      id,
      version: '1.0',
      timestamp: new Date(whole.clock.now()).toISOString(),
      source,
      ...answer,
    } as MCPMessage)
  return {
    token: own,
    agent_id,
    agent_number,
    socket,
    heard: () =>
      socket.heard.filter(([event]) => event === 'mcp:message').map(([, one]) => one as MCPMessage),
    next: async () => (await socket.next('mcp:message'))[0] as MCPMessage,
    answer: (id, result) => plain(id, { type: 'response', result }),
    refuse: (id, text) => plain(id, { type: 'error', error: { code: -32_000, message: text } }),
    say: async (method, params, given) =>
      (await socket.ask(
        'mcp:message',
        message(whole, source, method, params, given),
      )) as unknown as MCPMessage,
  }
}
