import { MESSAGE_ERRORS, MESSAGE_VERSION, messages, methods } from '../../../contract/messages.ts'
import type { MCPMessage, Method } from '../../../contract/messages.ts'
import { iso } from '../../kernel/clock.ts'
import { filterTo } from '../filter.ts'
import type { Reply } from '../dispatch.ts'
import type { Letter } from './letter.ts'

/** Results of methods whose operation answers in another form. */
const RESULTS: Readonly<Record<string, (data: Record<string, unknown>) => Record<string, unknown>>> = {
  'memory.store': ({ id, expires_at }) => ({
    memory_id: id,
    ...(expires_at === null ? {} : { expires_at }),
  }),
}

/** What is known of a message that was answered; little, when it could not be opened. */
export interface Answered {
  letter: Letter | undefined
  /** As it was sent. */
  id: string
  /** Of `MCPError`, when the message itself was wrong. */
  number: number | undefined
  /** Whether the sender wants no answer. */
  isSilent: boolean
}

/** The message that answers a message, or an empty object where none is due. */
export function toMessage(reply: Reply, answered: Answered): MCPMessage | Record<string, never> {
  const { letter, id, isSilent } = answered
  if (isSilent) return {}
  const sender = letter?.message.source
  const head = {
    id,
    version: MESSAGE_VERSION,
    timestamp: iso(reply.at),
    source: { agent_number: 0, agent_id: '' },
    ...(sender === undefined ? {} : { target: sender }),
  } as const
  if (!reply.ok) return { ...head, type: 'error', error: toError(reply, answered.number) }
  return { ...head, type: 'response', result: toResult(letter, reply) }
}

function toResult(letter: Letter | undefined, { data, pending }: Extract<Reply, { ok: true }>): unknown {
  const name = letter?.method
  if (pending) return waiting(letter, data as Record<string, unknown>)
  if (name === undefined || letter?.operation === messages.broadcast) return data
  const made = RESULTS[name]?.(data as Record<string, unknown>) ?? data
  const method = (methods as Readonly<Record<string, Method>>)[name]
  return method === undefined ? made : filterTo(method.result, made)
}

/** What waits for an approval, in the form of its own result where it has one for that. */
function waiting(letter: Letter | undefined, receipt: Record<string, unknown>): Record<string, unknown> {
  const known = { ...receipt, status: 'pending_approval' }
  if (letter?.operation !== messages.register) return known
  return { agent_id: '', agent_number: letter.args.input['agent_number'], ...known }
}

function toError({ error: { error } }: Extract<Reply, { ok: false }>, number: number | undefined) {
  const { code, message, details, request_id } = error
  const data = { code, request_id, ...(details === undefined ? {} : { details }) }
  return { code: number ?? numberOf(code), message, data }
}

/** Wrong input is wrong params, whoever found it out; every other refusal is the specification's own. */
function numberOf(code: string): number {
  if (code === 'GENERAL_001') return MESSAGE_ERRORS.wrong_params
  return code === 'GENERAL_003' ? MESSAGE_ERRORS.internal : MESSAGE_ERRORS.refused
}
