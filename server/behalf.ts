import { operations } from '../contract/index.ts'
import type { OnBehalf } from './domains/voice/sensitive.ts'
import type { Dispatch } from './transports/dispatch.ts'

/**
 * Lets a call go through dispatch in the name of another call, as if its client had made it: it is counted, proven and
 * audited like any other, and waits for an approval where its caller can give no proof.
 */
export function askOnBehalf(dispatch: Pick<Dispatch, 'begin'>): OnBehalf {
  return async (call, { operation, input }, key) => {
    const { transport, token, ip, user_agent, origin, request_id } = call
    const head = { operation: operations[operation], transport, token, ip, user_agent, origin, request_id }
    const exchange = dispatch.begin(head)
    const signal = new AbortController().signal
    const reply =
      exchange.refused === undefined
        ? await exchange.answer({ input, key, approval: true, signal })
        : await exchange.refuse(exchange.refused)
    if (!reply.ok) {
      const { code, message, details } = reply.error.error
      return { kind: 'refused', code, message, reason: details?.['reason'] }
    }
    if (!reply.pending) return { kind: 'done', data: reply.data }
    return { kind: 'pending', ...(reply.data as { approval_id: string; expires_at: string }) }
  }
}
