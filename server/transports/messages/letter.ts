import type { Issue } from '../../../contract/errors.ts'
import { APPROVAL_FIELD } from '../../../contract/approvals.ts'
import { PROOF_FIELD } from '../../../contract/credentials.ts'
import { MCPMessage, MESSAGE_ERRORS, messages, methods } from '../../../contract/messages.ts'
import type { Method } from '../../../contract/messages.ts'
import type { Operation } from '../../../contract/operation.ts'
import type { Caller } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import { findIssues } from '../../kernel/validate.ts'
import { isSayable, veilNames } from '../../kernel/veil.ts'
import type { Arguments } from '../dispatch.ts'

/** What a message asks for. `method` is absent in an answer. */
export interface Letter {
  message: MCPMessage
  method: string | undefined
  operation: Operation
  args: Omit<Arguments, 'signal'>
}

/** A message that cannot be taken; `number` is that of `MCPError`. */
export class LetterFault extends Fault {
  readonly number: number
  constructor(number: number, message: string, issues?: readonly Issue[], status = 400) {
    super(status === 403 ? 'UNAUTHORIZED' : 'VALIDATION_ERROR', message, issues && { issues }, { status })
    this.number = number
  }
}

/** A message of an agent is as old as this at most, or as far in the future: an older one may be a replay. */
const SKEW_MS = 300_000
const HEARTBEAT = 'agent.heartbeat'

/**
 * Opens a message: who it says that it is from is held against who sent it, and what it asks for is an operation like
 * any other, with the id of the message as its key, so that a replay has no second effect. Registering has no key, because its answer
 * holds a token that nothing keeps: the second one makes a new token.
 *
 * @throws LetterFault
 */
export function openLetter(body: unknown, caller: Caller, now: number): Letter {
  const issues = veilNames(MCPMessage, findIssues(MCPMessage, body))
  if (issues.length > 0)
    throw new LetterFault(MESSAGE_ERRORS.not_a_message, `This is no message: ${say(issues)}`, issues)
  const message = body as MCPMessage
  checkSource(message, caller)
  if (caller.agent_id !== undefined && Math.abs(now - Date.parse(message.timestamp)) > SKEW_MS)
    throw new LetterFault(MESSAGE_ERRORS.not_a_message, 'The timestamp is more than 5 minutes off.')
  const isAnswer = message.type === 'response' || message.type === 'error'
  return isAnswer ? answering(message) : asking(message, caller)
}

/** The identity comes from the token; a message that names another sender is refused. */
function checkSource({ source }: MCPMessage, { agent_id, agent_number = 0 }: Caller): void {
  const isOwn = source.agent_number === agent_number
  const isNamed = agent_id === undefined || source.agent_id === agent_id || source.agent_id === ''
  if (isOwn && isNamed) return
  const text = `This token is not that of agent ${source.agent_number}.`
  throw new LetterFault(MESSAGE_ERRORS.refused, text, [{ path: '/source', message: 'is somebody else' }], 403)
}

function answering(message: MCPMessage): Letter {
  const { id, result, error, type } = message
  if (type === 'error' && error === undefined)
    throw wrong(MESSAGE_ERRORS.not_a_message, '/error', 'is required in an error')
  const input = { id, ...(type === 'error' ? { error } : { result: result ?? null }) }
  return { message, method: undefined, operation: messages.answer, args: { input } }
}

function asking(message: MCPMessage, caller: Caller): Letter {
  const { method: name, params: given = {} } = message
  if (name === undefined) throw wrong(MESSAGE_ERRORS.not_a_message, '/method', 'is required')
  if (name === HEARTBEAT) return { message, method: name, operation: messages.heartbeat, args: { input: {} } }
  const method = Object.hasOwn(methods, name)
    ? (methods as Readonly<Record<string, Method>>)[name]
    : undefined
  if (method === undefined)
    throw new LetterFault(
      MESSAGE_ERRORS.unknown_method,
      isSayable(name) ? `There is no method ${name}.` : 'There is no such method.',
    )
  const { [PROOF_FIELD]: proof, [APPROVAL_FIELD]: _asked, ...params } = given
  const args = {
    key: message.id,
    // A message cannot wait for a finger on a key, so whatever needs a proof and brings none waits for an approval.
    approval: true,
    ...(proof === undefined ? {} : { proof }),
  }
  if (message.target?.broadcast === true && name === 'agent.send_message')
    return {
      message,
      method: name,
      operation: messages.broadcast,
      args: { ...args, input: broadcast(message, params) },
    }
  checkParams(method, params)
  checkTarget(message, params)
  const operation = (caller.agent_id === undefined ? undefined : method.of_agents) ?? method.operation
  return { message, method: name, operation, args: { ...args, input: renamed(method, params) } }
}

/** Operations name an agent by text, which may be its id; the specification's methods by its number. */
function renamed({ rename }: Method, params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) =>
      Object.hasOwn(rename, name) ? [rename[name] ?? name, String(value)] : [name, value],
    ),
  )
}

function broadcast({ target = {} }: MCPMessage, params: Record<string, unknown>): Record<string, unknown> {
  const { target_agent = 0, requires_response = false, ...rest } = params
  if (target.agent_number !== undefined || target.agent_id !== undefined)
    throw wrong(MESSAGE_ERRORS.not_a_message, '/target', 'is one agent or all of them, not both')
  if (target_agent !== 0)
    throw wrong(MESSAGE_ERRORS.wrong_params, '/params/target_agent', 'must be 0 in a broadcast')
  if (requires_response !== false)
    throw wrong(MESSAGE_ERRORS.wrong_params, '/params/requires_response', 'must be false in a broadcast')
  return rest
}

function checkParams({ params: schema }: Method, params: Record<string, unknown>): void {
  const issues = veilNames(schema, findIssues(schema, params)).map(({ path, message }) => ({
    path: `/params${path}`,
    message,
  }))
  if (issues.length > 0)
    throw new LetterFault(MESSAGE_ERRORS.wrong_params, `The params are wrong: ${say(issues)}`, issues)
}

/** A target beside the params must not be another one. */
function checkTarget({ target }: MCPMessage, { target_agent }: Readonly<Record<string, unknown>>): void {
  const number = target?.agent_number
  if (number === undefined || target_agent === undefined || number === target_agent) return
  throw wrong(MESSAGE_ERRORS.wrong_params, '/params/target_agent', 'is not the target of the message')
}

function wrong(number: number, path: string, message: string): LetterFault {
  return new LetterFault(number, `${path} ${message}.`, [{ path, message }])
}

function say([first]: readonly Issue[]): string {
  return `${first?.path === '' ? 'it' : first?.path} ${first?.message}.`
}
