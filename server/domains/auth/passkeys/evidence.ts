import type { Static } from 'typebox'
import type { BiometricCredential } from '../../../../contract/shapes.ts'
import type { Keys } from '../../../kernel/crypto.ts'
import { CeremonyError, challengeIn, readAssertion } from './ceremony.ts'
import type { Binding, Challenges } from './challenge.ts'

/** All that it takes to check a signature again, also when the passkey was removed since. */
export interface Evidence {
  assertion: Static<typeof BiometricCredential>
  passkey: { credential_id: string; public_key: string }
  binding: Binding
}

export function sealEvidence(keys: Keys, evidence: Evidence): string {
  return keys.wrap('evidence', Buffer.from(JSON.stringify(evidence)), evidence.binding.user_id)
}

/** What a signature was found to say: what was signed for, or why it does not hold. */
export type Judgement = { holds: true; operation: string } | { holds: false; why: string }

/**
 * Checks once more that the holder of a passkey signed what was done, without the server.
 *
 * @param input - what was asked for, where it is what was signed; nothing where an approval of it was.
 */
export async function judgeEvidence(
  keys: Keys,
  challenges: Pick<Challenges, 'made'>,
  { user_id, sealed, input }: { user_id: string; sealed: string; input: unknown },
): Promise<Judgement> {
  const evidence = open(keys, sealed, user_id)
  if (evidence === undefined)
    return { holds: false, why: 'its proof was not sealed by this server for this user' }
  const { assertion, passkey, binding } = evidence
  const challenge = challengeIn(assertion.client_data_json)
  const isDirect = !binding.operation.startsWith(APPROVING)
  if (binding.user_id !== user_id || !challenges.made(challenge, binding, isDirect ? input : undefined))
    return { holds: false, why: 'what was signed is not what was done' }
  try {
    await readAssertion(assertion, passkey, { origin: binding.origin, challenge })
  } catch (error) {
    if (error instanceof CeremonyError)
      return { holds: false, why: 'the signature is not one of its passkey' }
    throw error
  }
  const [operation = ''] = binding.operation.split(' ')
  return { holds: true, operation }
}

/** Where a call waited, the approval of it was signed. */
const APPROVING = 'approvals.'

function open(keys: Keys, sealed: string, user_id: string): Evidence | undefined {
  try {
    return JSON.parse(keys.unwrap('evidence', sealed, user_id).toString()) as Evidence
  } catch {
    return undefined
  }
}
