import { Fault } from '../../kernel/fault.ts'
import type { NetCapability, NetRequest } from '../../skills/capabilities.ts'
import { ActionError, UnsetError } from '../../skills/skill.ts'
import type { Egress, EgressContext } from './index.ts'
import { isRead } from './policy.ts'

/** On whose behalf an action goes out. */
interface NetContext extends EgressContext {
  /** The same whenever the same thing is sent again: the other side can tell by it what it has done already. */
  key?: string | undefined
}

/** What an action reaches the network with; every refusal is a sentence that the user is shown. */
export function bindNet(egress: Egress): (context: NetContext) => NetCapability {
  return ({ key, ...context }) => ({
    request: (request) => said(egress.request({ ...keyed(request, key), repeatable: true }, context)),
    probe: (target) => said(egress.probe(target, context)),
  })
}

const KEY = 'idempotency-key'

/** What is sent carries the key, unless its author gave it one. */
function keyed(request: NetRequest, key: string | undefined): NetRequest {
  const { method = 'GET', headers = {} } = request
  const isGiven = Object.keys(headers).some((name) => name.toLowerCase() === KEY)
  if (key === undefined || isGiven || isRead(method)) return request
  return { ...request, headers: { ...headers, [KEY]: key } }
}

async function said<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    // What broke the action off is not the network's to explain: it goes on as it is.
    if (!(error instanceof Fault)) throw error
    const isOfCredential = error.name === 'UNAUTHORIZED' && error.details?.['credential_id'] !== undefined
    throw new (isOfCredential ? UnsetError : ActionError)(error.message, { cause: error })
  }
}
