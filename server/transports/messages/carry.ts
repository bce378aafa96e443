import { asFault } from '../../kernel/fault.ts'
import type { Exchange, Reply } from '../dispatch.ts'
import { LetterFault, openLetter } from './letter.ts'
import type { Letter } from './letter.ts'
import { toMessage } from './reply.ts'

/**
 * Performs what a message asks for, and answers with a message: also when it failed, so that whoever speaks this protocol
 * reads nothing else. Neither throws nor rejects.
 */
export async function carry(
  exchange: Exchange,
  { body, signal }: { body: unknown; signal: AbortSignal },
): Promise<Reply> {
  let letter: Letter | undefined
  let number: number | undefined
  let reply: Reply
  try {
    if (exchange.caller === undefined) throw new Error('A message came from nobody.')
    letter = openLetter(body, exchange.caller, exchange.begun_at)
    reply = await exchange.answer({ ...letter.args, signal }, letter.operation)
  } catch (error) {
    number = error instanceof LetterFault ? error.number : undefined
    reply = await exchange.refuse(asFault(error))
  }
  const said = isFields(body) ? body : {}
  // Nobody answers an answer, unless it came for nothing.
  const isAnswer = said['type'] === 'response' || said['type'] === 'error'
  const isSilent = said['type'] === 'notification' || (isAnswer && reply.ok)
  const id =
    typeof said['id'] === 'string' && said['id'] !== '' ? said['id'].slice(0, 128) : exchange.request_id
  const { request_id, standing, at } = reply
  return {
    ok: true,
    status: 200,
    data: toMessage(reply, { letter, id, number, isSilent }),
    pending: false,
    request_id,
    standing,
    at,
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
