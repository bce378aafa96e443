import type { Challenge } from '../../../../contract/auth.ts'
import type { Call } from '../../../kernel/answers.ts'
import { iso } from '../../../kernel/clock.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { CeremonyError, challengeIn, readAssertion, rpIdOf } from './ceremony.ts'
import type { Binding, Challenges } from './challenge.ts'
import { originOf, useUp } from './prove.ts'
import type { Assertion } from './prove.ts'
import type { Registry } from './registry.ts'

interface Parts {
  kernel: Kernel
  challenges: Challenges
  registry: Registry
}

/** Signing in with a passkey. */
export interface PasskeyLogin {
  /** Says nothing of who has a passkey here: strangers may ask for it. */
  challenge(call: Call): Challenge
  /** Judges a passkey of a user; answers how to use the challenge up, or nothing when it does not hold. */
  check(
    call: Call,
    user_id: string | undefined,
    given: Assertion,
  ): Promise<((tx: Tx) => Promise<boolean>) | undefined>
}

export function openPasskeyLogin({ kernel, challenges, registry }: Parts): PasskeyLogin {
  const bindingOf = (call: Call): Binding => ({
    purpose: 'login',
    user_id: '',
    session_id: '',
    operation: '',
    origin: originOf(kernel, call),
  })
  return {
    challenge(call) {
      const binding = bindingOf(call)
      const { challenge, expires_at } = challenges.issue(binding, {})
      return {
        challenge,
        rp_id: rpIdOf(binding.origin),
        allow_credentials: [],
        operation: null,
        expires_at: iso(expires_at),
      }
    },
    async check(call, user_id, given) {
      const binding = bindingOf(call)
      const challenge = challengeIn(given.client_data_json)
      const opened = challenges.open(challenge, binding)
      const passkey =
        user_id === undefined ? undefined : registry.findByCredential(user_id, given.credential_id)
      if (opened === undefined || passkey === undefined || passkey.origin !== binding.origin) return undefined
      if (registry.isBarred(passkey)) return undefined
      try {
        const counter = await readAssertion(given, passkey, { origin: binding.origin, challenge })
        return async (tx) => (await useUp(kernel, tx, opened)) && (await registry.use(tx, passkey, counter))
      } catch (error) {
        if (!(error instanceof CeremonyError)) throw error
        kernel.log.warn('a sign-in by passkey does not hold', { user_id, why: error.message })
        await kernel.store.write((tx) => useUp(kernel, tx, opened))
        return undefined
      }
    },
  }
}
