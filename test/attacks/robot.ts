import type { MCPMessage } from '../../contract/messages.ts'
import { operations } from '../../contract/index.ts'
import type { Client } from '../../server/transports/socket/rig.ts'
import { dataOf, outcomeOf } from './rig.ts'
import type { Answered, Fields, Person, Target } from './rig.ts'

/** A program outside that has registered as an agent of somebody, and that does what it likes. */
export interface Robot {
  agent_id: string
  agent_number: number
  token: string
  /** Asks over HTTP with the token of the agent. */
  http(line: string, body?: unknown): Promise<Answered>
  /** Opens a socket of the agent and waits until it is welcome. */
  enter(): Promise<Client>
  /** A message of the agent, as it may say it. */
  letter(method: string, params: Fields, more?: Fields): MCPMessage
  /** Sends a message over HTTP; answers as `outcomeOf` does, or `response`. */
  say(method: string, params: Fields, more?: Fields): Promise<string>
}

let ids = 0

/** What a program says of itself when it registers. */
export function registration(agent_number: number, more: Fields = {}): Fields {
  const plain = { capabilities: ['echo'], voice_commands: [], config_schema: {} }
  return { agent_number, name: `Robot ${agent_number}`, ...plain, ...more }
}

/** Registers as its user does, who has just signed in. */
export function register(target: Target, { token }: Person, input: Fields): Promise<Answered> {
  return target.perform(operations['messages.register'], input, { token })
}

export async function openRobot(
  target: Target,
  owner: Person,
  agent_number: number,
  more: Fields = {},
): Promise<Robot> {
  const { agent_id, token } = dataOf<{ agent_id: string; token: string }>(
    await register(target, owner, registration(agent_number, more)),
  )
  const http: Robot['http'] = (line, body = {}) =>
    target.http(line, { token, ...(line.startsWith('GET') ? {} : { body: body as object }) })
  const letter: Robot['letter'] = (method, params, given = {}) => {
    ids += 1
    return {
      id: `letter-${ids}`,
      version: '1.0',
      type: 'request',
      method,
      params,
      timestamp: new Date(target.clock.now()).toISOString(),
      source: { agent_number, agent_id },
      ...given,
    }
  }
  return {
    agent_id,
    agent_number,
    token,
    http,
    letter,
    enter: async () => {
      const client = target.open(token)
      await client.next('authenticated')
      return client
    },
    say: async (method, params, given) => spoken(await http('POST /api/mcp', letter(method, params, given))),
  }
}

/** What became of a message: `response`, or its refusal as `outcomeOf` says it. */
export function spoken(answered: Answered): string {
  return answered.body['type'] === 'response' ? 'response' : outcomeOf(answered)
}

/** To whom a sentence goes, and for what: `number action` when it is understood. */
export function routed(answered: Answered): string {
  const { agent_routing, intent } = dataOf<{
    agent_routing: { target_agent: number | null; global_command: boolean }
    intent: { action: string }
  }>(answered)
  return `${agent_routing.global_command ? 'system' : agent_routing.target_agent} ${intent.action}`
}

/** Lets an agent act for its user. */
export function execution({ user_id }: Person, agent: number | string, action: string, more: Fields = {}) {
  ids += 1
  const { parameters = {}, request_id = `execution-${ids}`, ...asked } = more
  const command = { action, parameters, user_id, request_id, priority: 'normal' }
  return { id: String(agent), command, wait_for_completion: true, ...asked }
}

/** Lets what is under way come to its end: the clock stands still, and so does everything that waits for it. */
export async function turns(count = 30): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
