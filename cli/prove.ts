import type { Challenge } from '../contract/auth.ts'
import { makeKey, signChallenge } from '../sdk/authenticator.ts'
import type { Assertion } from '../sdk/authenticator.ts'
import { EXIT, Stop } from './exit.ts'
import type { KeyFile, OwnKey } from './keys.ts'

/** Proves a call with the newest passkey of this machine that the server takes, if there is one. */
export function prove(keys: KeyFile, challenge: Challenge): Assertion | undefined {
  const allowed = new Set<string>(challenge.allow_credentials)
  const key = keys.load().findLast(({ credential_id }) => allowed.has(credential_id))
  return key === undefined ? undefined : sign(key, challenge)
}

/** @throws Stop for a challenge of another page than the one that the passkey is for. */
export function sign(key: OwnKey, challenge: Challenge): Assertion {
  return refusingOthers(() => signChallenge(key, challenge))
}

/** @throws Stop for a challenge of another page. */
export function make(page: string, challenge: Challenge): ReturnType<typeof makeKey> {
  return refusingOthers(() => makeKey(page, challenge))
}

function refusingOthers<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Stop(EXIT.failed, `${error.message} Nothing was signed.`, { cause: error })
  }
}
