import { auth } from '../../../../contract/auth.ts'
import type { Challenge } from '../../../../contract/auth.ts'
import { credentials } from '../../../../contract/credentials.ts'
import { operations } from '../../../../contract/index.ts'
import type { Operation } from '../../../../contract/operation.ts'
import { reads, writes } from '../../../kernel/answers.ts'
import type { Answers, Call } from '../../../kernel/answers.ts'
import { iso } from '../../../kernel/clock.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { findIssues } from '../../../kernel/validate.ts'
import type { Parts } from '../parts.ts'
import { unauthorized } from '../tokens.ts'
import { CeremonyError, challengeIn, readRegistration, rpIdOf } from './ceremony.ts'
import type { Binding } from './challenge.ts'
import type { PasskeyLogin } from './login.ts'
import { originOf, useUp } from './prove.ts'
import { toPasskey } from './registry.ts'

/** Operations that take a proof, by name. */
const sensitive: ReadonlyMap<string, Operation> = new Map(
  Object.values<Operation>(operations)
    .filter(({ proof }) => proof !== 'none')
    .map((one) => [one.name, one]),
)

/** Challenges, proofs and backup codes. */
export function proving(parts: Parts, passkeys: PasskeyLogin): Answers {
  const { kernel, prover, codes, challenges, registry } = parts
  const setUp = (call: Call): Challenge => {
    const binding = setupBinding(kernel, call)
    const { challenge, expires_at } = challenges.issue(binding, {})
    return {
      challenge,
      rp_id: rpIdOf(binding.origin),
      allow_credentials: registry.of(call.user_id).map(({ credential_id }) => credential_id),
      operation: auth.biometric_setup.name,
      expires_at: iso(expires_at),
    }
  }
  return {
    [auth.biometric_challenge.name]: reads(
      auth.biometric_challenge,
      (call, { purpose, operation, input }) => {
        if (purpose === 'login') return Promise.resolve(passkeys.challenge(call))
        if (call.caller === undefined) throw new Fault('UNAUTHORIZED', 'Sign in first.')
        if (purpose === 'setup') return Promise.resolve(setUp(call))
        const asked = findSensitive(operation)
        return Promise.resolve(prover.challenge(call, asked, checked(asked, call, input ?? {})))
      },
    ),
    [auth.biometric_verify.name]: writes(auth.biometric_verify, {
      async prepare(call, { biometric_credential, operation }) {
        // The challenge knows its operation; a client that names it is told when it is wrong.
        const asked =
          operation === undefined
            ? prover.find(call, sensitive.values(), biometric_credential)
            : findSensitive(operation)
        if (asked === undefined) throw invalid('/biometric_credential', 'answers no challenge of this server')
        return { asked, signed: await prover.assert(call, asked, biometric_credential) }
      },
      async commit(tx, call, _input, { asked, signed }) {
        await signed.spend(tx)
        const { credential_id } = signed.passkey
        return { verified: true, ...prover.ticket(call, asked, signed), credential_id }
      },
    }),
    [credentials.backup.name]: writes(credentials.backup, {
      async commit(tx, { user_id }) {
        const backup_codes = await codes.renew(tx, user_id)
        await parts.notify(tx, user_id, 'New backup codes were made; the old ones are void.')
        return { backup_codes, generated_at: kernel.now() }
      },
    }),
  }
}

/** The passkeys of a user. */
export function managing(parts: Parts): Answers {
  const { kernel, accounts, challenges, codes, registry, sessions } = parts
  return {
    [auth.biometric_setup.name]: writes(auth.biometric_setup, {
      async prepare(call, given) {
        const binding = setupBinding(kernel, call)
        const challenge = challengeIn(given.challenge_response)
        const opened = challenges.open(challenge, binding)
        if (opened === undefined)
          throw invalid('/challenge_response', 'answers no challenge of this server, or too late')
        try {
          const { origin } = binding
          return { opened, origin, made: await readRegistration(given, { origin, challenge }) }
        } catch (error) {
          if (!(error instanceof CeremonyError)) throw error
          throw invalid('/authenticator_data', `is not accepted: ${error.message}`, error)
        }
      },
      async commit(tx, { user_id, caller }, { name }, { opened, origin, made }) {
        if (!(await useUp(kernel, tx, opened))) throw invalid('/challenge_response', 'was used before')
        const isFirst = registry.of(user_id).length === 0
        const row = await registry.enrol(tx, user_id, { ...made, origin, name: name ?? 'Passkey' })
        await sessions.noteEnrolment(tx, user_id, caller?.session_id ?? '')
        await sessions.endAll(tx, user_id, caller?.session_id)
        if (isFirst) await accounts.wantPasskey(tx, user_id, true)
        await parts.notify(
          tx,
          user_id,
          `The passkey "${row.name}" was added. If that was not you, remove it.`,
        )
        const backup_codes = isFirst ? await codes.renew(tx, user_id) : []
        return { credential_id: row.credential_id, backup_codes }
      },
    }),
    [auth.passkeys.name]: reads(auth.passkeys, ({ user_id }) =>
      Promise.resolve({ passkeys: registry.of(user_id).map(toPasskey) }),
    ),
    [auth.passkey_rename.name]: writes(auth.passkey_rename, {
      commit: async (tx, { user_id }, { id, name }) =>
        toPasskey(await registry.rename(tx, user_id, id, name)),
    }),
    [auth.passkey_remove.name]: writes(auth.passkey_remove, {
      async commit(tx, { user_id, caller }, { id }) {
        const removed = await registry.remove(tx, user_id, id)
        if (registry.of(user_id).length === 1) {
          await codes.drop(tx, user_id)
          await accounts.wantPasskey(tx, user_id, false)
        }
        await sessions.endAll(tx, user_id, caller?.session_id)
        await parts.notify(tx, user_id, `The passkey "${removed.name}" was removed.`)
        return {}
      },
    }),
  }
}

function setupBinding(kernel: Kernel, call: Call): Binding {
  return {
    purpose: 'setup',
    user_id: call.user_id,
    session_id: call.caller?.session_id ?? '',
    operation: '',
    origin: originOf(kernel, call),
  }
}

function findSensitive(name: string | undefined): Operation {
  const found = sensitive.get(name ?? '')
  if (found !== undefined) return found
  throw invalid('/operation', name === undefined ? 'is required here' : 'is no operation that takes a proof')
}

/** A challenge is given only for what could then be done (a proof must not tell more than the call itself). */
function checked(operation: Operation, { caller }: Call, input: Record<string, unknown>): unknown {
  const issues = findIssues(operation.input, input)
  if (issues.length > 0) {
    const inside = issues.map(({ path, message }) => ({ path: `/input${path}`, message }))
    throw new Fault('VALIDATION_ERROR', `The input of ${operation.name} is not valid.`, { issues: inside })
  }
  if (operation.who === 'owner' && caller?.role !== 'owner') throw unauthorized()
  return input
}

function invalid(path: string, message: string, cause?: unknown): Fault {
  const sentence = `${path} ${message}.`.replaceAll('..', '.')
  return new Fault('VALIDATION_ERROR', sentence, { issues: [{ path, message }] }, { cause })
}
