import type { Challenge } from '../contract/auth.ts'
import type { OperationName, Operations } from '../contract/index.ts'
import type { Input } from '../contract/operation.ts'
import { makeKey, signChallenge } from '../sdk/authenticator.ts'
import type { Assertion, SoftwareKey } from '../sdk/authenticator.ts'
import type { Reply } from '../server/transports/dispatch.ts'
import type { TestApp } from './app.ts'

export const ORIGIN = 'http://localhost:3001'

/** Makes a passkey and enrols it, proven by `by` where there is one already. */
export async function enrol(
  server: TestApp,
  token: string,
  { origin = ORIGIN, by }: { origin?: string; by?: SoftwareKey } = {},
): Promise<{ key: SoftwareKey; backup_codes: string[] }> {
  const setup = await server.call(token, 'auth.biometric_challenge', { purpose: 'setup' }, undefined, {
    origin,
  })
  const { key, registered } = makeKey(origin, dataOf<Challenge>(setup))
  const proof =
    by === undefined ? undefined : await proofFor(server, token, by, 'auth.biometric_setup', registered)
  const enrolled = await server.call(token, 'auth.biometric_setup', registered, undefined, { origin, proof })
  return { key, backup_codes: dataOf<{ backup_codes: string[] }>(enrolled).backup_codes }
}

/** Asks for the challenge of a call and signs it. */
export async function proofFor<N extends OperationName>(
  server: TestApp,
  token: string,
  key: SoftwareKey,
  operation: N,
  input: Input<Operations[N]>,
): Promise<Assertion> {
  const asked = { purpose: 'operation' as const, operation, input: { ...input } }
  const { origin } = key
  const reply = await server.call(token, 'auth.biometric_challenge', asked, undefined, { origin })
  return signChallenge(key, dataOf<Challenge>(reply))
}

/** Performs a call with a proof for exactly it. */
export async function prove<N extends OperationName>(
  server: TestApp,
  token: string,
  key: SoftwareKey,
  operation: N,
  input: Input<Operations[N]>,
): Promise<Reply> {
  const proof = await proofFor(server, token, key, operation, input)
  return server.call(token, operation, input, undefined, { proof, origin: key.origin })
}

/** The data of a success. @throws Error with the refusal otherwise. */
export function dataOf<T>(reply: Reply): T {
  if (!reply.ok) throw new Error(`${reply.status} ${JSON.stringify(reply.error)}`)
  return reply.data as T
}

/** `code reason` of a refusal, such as `AUTH_002 proof_missing`; `ok` for a success. */
export function outcomeOf(reply: Reply): string {
  if (reply.ok) return 'ok'
  const { code, details } = reply.error.error
  const reason = details?.['reason']
  return typeof reason === 'string' ? `${code} ${reason}` : code
}
