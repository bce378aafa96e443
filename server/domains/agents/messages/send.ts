import type { Execution } from '../../../../contract/agents.ts'
import { MESSAGE_VERSION, WAIT_MS_MAX, messages } from '../../../../contract/messages.ts'
import type { MCPMessage } from '../../../../contract/messages.ts'
import type { Input } from '../../../../contract/operation.ts'
import { writes } from '../../../kernel/answers.ts'
import type { Answers, Call } from '../../../kernel/answers.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { ActionError, LateError } from '../../../skills/skill.ts'
import { need } from '../accept.ts'
import type { Executions } from '../executions.ts'
import type { Lines } from '../remote/lines.ts'
import type { Registry } from '../remote/registry.ts'
import type { Skills } from '../skills.ts'
import { agentStore } from '../store.ts'
import type { AgentRow, AgentTables } from '../store.ts'
import { toConfig } from '../view.ts'
import { mayAsk } from '../grants.ts'
import { trafficStore } from '../traffic/store.ts'
import type { Hops } from './hops.ts'
import type { Mail } from './mail.ts'

export interface MessageParts {
  kernel: Kernel
  executions: Executions
  skills: Skills
  registry: Registry
  lines: Lines
  mail: Mail
  hops: Hops
}

const DATA_BYTES_MAX = 262_144

/** What was sent, and what its reply will come from. */
interface Receipt {
  delivered_to: number[]
  message_id: string
  /** The request as the agent from outside gets it. */
  request?: { message: MCPMessage; agent_id: string; agent_number: number }
  /** What an agent of this server makes of it. */
  execution?: Execution
}

/** The answers to what agents and users say to agents. */
export function sending(parts: MessageParts): Answers {
  const replies = openReplies(parts)
  return {
    [messages.to.name]: writes(messages.to, {
      commit: (tx, call, input) => send(parts, replies, tx, call, input),
      wait: async ({ user_id }, { requires_response }, receipt: Receipt, signal) => {
        const { delivered_to, message_id } = receipt
        if (!requires_response) return { delivered_to, message_id }
        const response = await replies.of(user_id, receipt, signal)
        return { delivered_to, message_id, ...(response === GAVE_UP ? {} : { response }) }
      },
    }),
    [messages.broadcast.name]: writes(messages.broadcast, {
      commit: (tx, call, input) => broadcast(parts, tx, call, input),
    }),
  }
}

async function send(
  parts: MessageParts,
  replies: Replies,
  tx: Tx,
  call: Call,
  { id, message_type, data, requires_response }: Input<typeof messages.to>,
): Promise<Receipt> {
  const { kernel, mail, hops, registry } = parts
  const { user_id } = call
  const from_agent = call.caller?.agent_number ?? 0
  checkSize(data)
  const told = (to_agent: number) =>
    kernel.events.tell(tx, 'agent:message', user_id, {
      from_agent,
      to_agent,
      message_type,
      data: data ?? null,
      timestamp: kernel.now(),
    })
  const count = hops.next(call.caller?.agent_id)
  const message_id = kernel.id()
  if (id === '0') {
    if (requires_response) throw unanswered(0, [])
    told(0)
    return { delivered_to: [0], message_id }
  }
  const target = need(tx, user_id, id)
  const { agent_number, id: agent_id } = target
  if (target.is_active === 0)
    throw new Fault('AGENT_DISABLED', `Agent ${agent_number} is switched off.`, { agent_number })
  told(agent_number)
  countMessage(kernel, tx, call, agent_id, data)
  tx.afterCommit(() => hops.heard(agent_id, count))
  const receipt: Receipt = { delivered_to: [agent_number], message_id }
  if (registry.registrationOf(agent_id) === undefined)
    return {
      ...receipt,
      ...perform(parts, tx, call, target, { message_type, data, requires_response, message_id }),
    }
  const message = toMessage(kernel, call, message_id, target, { message_type, data, requires_response })
  if (!requires_response) {
    await mail.post(tx, { user_id, agent_id }, message)
    return receipt
  }
  tx.afterCommit(() => replies.expect(message_id))
  return { ...receipt, request: { message, agent_id, agent_number } }
}

/** What users say to their agents passes between no two agents. */
function countMessage(
  { clock }: Kernel,
  { connection }: Tx,
  { user_id, caller }: Call,
  target: string,
  data: unknown,
): void {
  const source = caller?.agent_id
  if (source === undefined || source === target) return
  const bytes = Buffer.byteLength(JSON.stringify(data ?? null))
  trafficStore.add(connection, { user_id, source, target, uses: 1, bytes }, clock.now())
}

interface Said {
  message_type: string
  data: unknown
  requires_response: boolean
}

/** An agent of this server understands a message whose type is one of its actions; others are only told as an event. */
function perform(
  { skills, executions }: MessageParts,
  tx: Tx,
  { user_id, caller }: Call,
  target: AgentRow,
  { message_type, data, requires_response, message_id }: Said & { message_id: string },
): { execution?: Execution } {
  const actions = skills.of({ ...target, config: toConfig(target) })?.actions ?? {}
  if (!Object.hasOwn(actions, message_type)) {
    if (requires_response) throw unanswered(target.agent_number, Object.keys(actions))
    return {}
  }
  const { agent_number: from } = caller ?? {}
  if (from !== undefined && !mayAsk(toConfig(target), from, message_type))
    throw new Fault(
      'UNAUTHORIZED',
      `Agent ${from} may not ask agent ${target.agent_number} to ${message_type}: its user has not granted that.`,
      { grant: 'preferences.action_grants' },
      { status: 403 },
    )
  const execution = executions.accept(tx, {
    user_id,
    ref: target.id,
    timeout_ms: WAIT_MS_MAX,
    command: {
      action: message_type,
      parameters: toParameters(data),
      user_id,
      request_id: message_id,
      priority: 'normal',
      context: { from_agent: from ?? 0 },
    },
  })
  return { execution }
}

async function broadcast(
  { kernel, registry, mail, hops }: MessageParts,
  tx: Tx,
  call: Call,
  { message_type, data, target_agents }: Input<typeof messages.broadcast>,
): Promise<Receipt> {
  checkSize(data)
  const { user_id, caller } = call
  const from_agent = caller?.agent_number ?? 0
  const count = hops.next(caller?.agent_id)
  const rows =
    target_agents === undefined
      ? await agentStore.list(tx.tables<AgentTables>(), user_id, { active: true })
      : target_agents.map((number) => need(tx, user_id, String(number)))
  const targets = rows.filter((row) => row.is_active !== 0 && row.agent_number !== from_agent)
  kernel.events.tell(tx, 'agent:broadcast', user_id, {
    from_agent,
    message_type,
    data: data ?? null,
    ...(target_agents === undefined ? {} : { target_agents }),
  })
  const message_id = kernel.id()
  const delivered_to: number[] = []
  for (const target of targets) {
    tx.afterCommit(() => hops.heard(target.id, count))
    if (registry.registrationOf(target.id) === undefined) {
      countMessage(kernel, tx, call, target.id, data)
      delivered_to.push(target.agent_number)
      continue
    }
    // One that never fetches its messages must not keep them from the others.
    // Each recipient has a copy of its own, which goes when that one has received it.
    const said = { message_type, data, requires_response: false }
    if (!(await mail.hasRoom(tx, { user_id, agent_id: target.id }))) continue
    const message = toMessage(kernel, { caller }, kernel.id(), target, said, true)
    await mail.post(tx, { user_id, agent_id: target.id }, message)
    countMessage(kernel, tx, call, target.id, data)
    delivered_to.push(target.agent_number)
  }
  return { delivered_to, message_id }
}

function toMessage(
  kernel: Kernel,
  { caller }: Pick<Call, 'caller'>,
  id: string,
  { agent_number, id: agent_id }: AgentRow,
  { message_type, data, requires_response }: Said,
  isBroadcast = false,
): MCPMessage {
  return {
    id,
    version: MESSAGE_VERSION,
    type: requires_response ? 'request' : 'notification',
    method: 'agent.send_message',
    params: { target_agent: agent_number, message_type, data: data ?? null, requires_response },
    timestamp: kernel.now(),
    source: { agent_number: caller?.agent_number ?? 0, agent_id: caller?.agent_id ?? '' },
    target: isBroadcast ? { broadcast: true } : { agent_number, agent_id },
  }
}

/** Replies that are waited for. */
interface Replies {
  /** A request was sent by this process, which alone can hear its reply. */
  expect(message_id: string): void
  of(user_id: string, receipt: Receipt, signal: AbortSignal): Promise<unknown>
}

/** Whoever waited went away: what was asked goes on. */
const GAVE_UP = Symbol('gave up')

function givenUp(signal: AbortSignal): Promise<typeof GAVE_UP> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(GAVE_UP)
    signal.addEventListener('abort', () => resolve(GAVE_UP), { once: true })
  })
}

/** How long a reply can be asked for again by the key of its request. */
const KEPT_MS = 60_000

function openReplies({ kernel, lines, executions }: MessageParts): Replies {
  const expected = new Set<string>()
  const replies = new Map<string, Promise<unknown>>()
  const { clock } = kernel
  const ask = (message_id: string, request: NonNullable<Receipt['request']>): Promise<unknown> => {
    const ending = new AbortController()
    const late = new LateError(
      `Agent ${request.agent_number} has not answered within ${WAIT_MS_MAX / 1000} s.`,
    )
    const cancel = clock.after(WAIT_MS_MAX, () => ending.abort(late))
    const reply = lines.ask(request, request.message, ending.signal).finally(() => {
      cancel()
      clock.after(KEPT_MS, () => replies.delete(message_id))
    })
    replies.set(message_id, reply)
    return reply
  }
  return {
    expect: (message_id) => expected.add(message_id),
    of: async (user_id, { message_id, request, execution }, signal) => {
      if (execution !== undefined) return ended(await executions.finished(user_id, execution, signal))
      if (request === undefined) return null
      const known = expected.delete(message_id) ? ask(message_id, request) : replies.get(message_id)
      // Nobody may be left to hear how it fails.
      known?.catch(() => {})
      if (known === undefined) throw new Fault('AGENT_TIMEOUT', 'The reply to this message was lost.')
      return Promise.race([known, givenUp(signal)]).catch((error: unknown) => {
        if (error instanceof LateError) throw new Fault('AGENT_TIMEOUT', error.message)
        if (error instanceof ActionError)
          throw new Fault('AGENT_EXECUTION_FAILED', `Agent ${request.agent_number} refused: ${error.message}`)
        throw error
      })
    },
  }
}

function ended({ status, result, execution_id }: Execution): unknown {
  if (status === 'completed' || status === 'failed') return result
  throw new Fault('AGENT_TIMEOUT', 'The agent has not finished yet.', { execution_id })
}

function toParameters(data: unknown): Record<string, unknown> {
  if (data === undefined || data === null) return {}
  if (typeof data === 'object' && !Array.isArray(data)) return data as Record<string, unknown>
  throw new Fault('VALIDATION_ERROR', 'The data of an action are its parameters: an object.', {
    issues: [{ path: '/data', message: 'must be an object' }],
  })
}

function checkSize(data: unknown): void {
  if (Buffer.byteLength(JSON.stringify(data ?? null)) <= DATA_BYTES_MAX) return
  throw new Fault('VALIDATION_ERROR', `The data are larger than ${DATA_BYTES_MAX} bytes.`, {
    issues: [{ path: '/data', message: `must not be larger than ${DATA_BYTES_MAX} bytes` }],
  })
}

function unanswered(agent_number: number, available_actions: string[]): Fault {
  const text = `Agent ${agent_number} answers only messages whose type is one of its actions.`
  return new Fault('AGENT_EXECUTION_FAILED', text, { available_actions }, { status: 400 })
}
