import type { Caller } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { DispatchOptions, Head } from '../dispatch.ts'

/**
 * Strangers reach public operations; a token that is sent is checked even there, so that a stale one is noticed. Without
 * a webhook of that token there is nothing to reach.
 */
export function identify(
  { operation, token }: Pick<Head, 'operation' | 'token'>,
  authenticate: DispatchOptions['authenticate'],
): Caller | undefined {
  if (operation === undefined) return undefined
  if (token === undefined) {
    if (operation.who === 'public') return undefined
    throw new Fault('UNAUTHORIZED', 'Sign in first.')
  }
  try {
    return authenticate(token, operation.carries)
  } catch (error) {
    if (operation.who === 'public' && operation.carries !== 'webhook') return undefined
    throw error
  }
}
