import { Fault } from '../../kernel/fault.ts'
import type { NetCapability } from '../../skills/capabilities.ts'
import { ActionError } from '../../skills/skill.ts'
import type { Egress, EgressContext } from './index.ts'

/** What an action reaches the network with; every refusal is a sentence that the user is shown. */
export function bindNet(egress: Egress): (context: EgressContext) => NetCapability {
  return (context) => ({
    request: (request) => said(egress.request({ ...request, repeatable: true }, context)),
    probe: (target) => said(egress.probe(target, context)),
  })
}

async function said<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    // What broke the action off is not the network's to explain: it goes on as it is.
    throw error instanceof Fault ? new ActionError(error.message, { cause: error }) : error
  }
}
