import type { Static } from 'typebox'
import type { Challenge } from '../../../../contract/auth.ts'
import type { Operation } from '../../../../contract/operation.ts'
import { BiometricCredential } from '../../../../contract/shapes.ts'
import type { Call } from '../../../kernel/answers.ts'
import { iso } from '../../../kernel/clock.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Proofs, Proven } from '../../../kernel/proof.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { findIssues } from '../../../kernel/validate.ts'
import { CeremonyError, challengeIn, readAssertion, rpIdOf } from './ceremony.ts'
import { sealEvidence } from './evidence.ts'
import type { Binding, Challenges, Opened } from './challenge.ts'
import type { Registry } from './registry.ts'
import { passkeyStore } from './store.ts'
import type { PasskeyRow, PasskeyTables } from './store.ts'

type Sensitive = Pick<Operation, 'name' | 'http' | 'proof'>
export type Assertion = Static<typeof BiometricCredential>

/** What refusals say; each goes with a challenge for another try. */
const REASONS = {
  not_enrolled: 'This needs a passkey, and none is enrolled yet.',
  no_passkey_for_origin: 'None of your passkeys belongs to this address.',
  recovered: 'A session that a backup code has opened gets at this after a day: sign in with your passkey.',
  sign_in_too_old: 'Sign in with your password again: this needs a fresh proof.',
  proof_missing: 'This needs a proof by your passkey.',
  proof_malformed: 'The proof cannot be read.',
  proof_mismatch: 'The proof is too old, or was not made for exactly this request.',
  proof_invalid: 'The proof does not hold.',
  proof_used: 'The proof was used before.',
  software_passkey:
    'The owner of this server lets no passkey count that is kept in a file. It proves only that another may be enrolled.',
} as const
export type Reason = keyof typeof REASONS

/** A challenge that a passkey of the caller has signed. */
export interface Signed {
  readonly passkey: PasskeyRow
  readonly opened: Opened
  readonly evidence: string
  /** @throws Fault `BIOMETRIC_REQUIRED` when the challenge was used before. */
  spend(tx: Tx): Promise<void>
}

export interface Prover extends Proofs {
  /** The challenge for an operation with this input. */
  challenge(call: Call, operation: Sensitive, input: unknown): Challenge
  /** Judges the answer to the challenge of an operation, for whatever input that was made. */
  assert(call: Call, operation: Sensitive, given: Assertion): Promise<Signed>
  /** The operation whose challenge was answered. */
  find<O extends Sensitive>(call: Call, among: Iterable<O>, given: Assertion): O | undefined
  /** A word that stands once for what was signed. */
  ticket(call: Call, operation: Sensitive, signed: Signed): { proof_token: string; expires_at: string }
}

interface Parts {
  kernel: Kernel
  challenges: Challenges
  registry: Registry
}

/** What a ticket holds, sealed. */
interface Ticket {
  nonce: string
  expires_at: number
  digest: string
  passkey_id: string
  evidence: string
}

export function openProver(parts: Parts): Prover {
  const { kernel, challenges } = parts
  const refusal: Prover['refusal'] = (call, operation, input, reason) =>
    refuse(parts, call, operation, input, reason)
  const redeem = (call: Call, operation: Sensitive, input: unknown, token: string): Proven | undefined => {
    const ticket = openTicket(kernel, token, bindingOf(kernel, call, operation))
    if (ticket === undefined) return undefined
    const opened = { ...ticket, digest: Buffer.from(ticket.digest, 'base64url') }
    if (kernel.clock.now() >= ticket.expires_at || !challenges.covers(opened, input))
      throw refusal(call, operation, input, 'proof_mismatch')
    const { passkey_id, evidence } = ticket
    const isThere = (): boolean =>
      parts.registry
        .of(call.user_id)
        .some((one) => one.id === passkey_id && counts(parts.registry, one, operation))
    if (!isThere()) throw refusal(call, operation, input, 'proof_invalid')
    const spend = async (tx: Tx): Promise<void> => {
      if (!isThere()) throw refusal(call, operation, input, 'proof_invalid')
      if (!(await useUp(kernel, tx, opened))) throw refusal(call, operation, input, 'proof_used')
    }
    return { passkey_id, evidence, spend }
  }
  const prover: Prover = {
    refusal,
    challenge: (call, operation, input) => describe(parts, call, operation, input),
    assert: (call, operation, given) => judge(parts, call, operation, given),
    find(call, among, given) {
      const challenge = challengeIn(given.client_data_json)
      for (const one of among)
        if (challenges.open(challenge, bindingOf(kernel, call, one)) !== undefined) return one
      return undefined
    },
    ticket(call, operation, { passkey, opened, evidence }) {
      const { expires_at } = opened
      const nonce = Buffer.from(kernel.random(16)).toString('base64url')
      const ticket: Ticket = {
        nonce,
        expires_at,
        digest: opened.digest.toString('base64url'),
        passkey_id: passkey.id,
        evidence,
      }
      const associated = JSON.stringify(bindingOf(kernel, call, operation))
      const proof_token = kernel.keys.wrap('ticket', Buffer.from(JSON.stringify(ticket)), associated)
      return { proof_token, expires_at: iso(expires_at) }
    },
    async verify(call, operation, input, given) {
      const redeemed = typeof given === 'string' ? redeem(call, operation, input, given) : undefined
      if (redeemed !== undefined) return redeemed
      const assertion = readAssertionText(given)
      if (assertion === undefined) throw refusal(call, operation, input, 'proof_malformed')
      const signed = await judge(parts, call, operation, assertion, input)
      const { passkey, opened, spend } = signed
      if (!challenges.covers(opened, input)) {
        await kernel.store.write((tx) => useUp(kernel, tx, opened))
        throw refusal(call, operation, input, 'proof_mismatch')
      }
      return {
        passkey_id: passkey.id,
        get evidence() {
          return signed.evidence
        },
        spend,
      }
    },
  }
  return prover
}

/** The name of the page that a call comes from, and that its passkeys belong to. */
export function originOf({ settings }: Pick<Kernel, 'settings'>, { origin }: Pick<Call, 'origin'>): string {
  return origin ?? settings.public_url
}

function bindingOf(kernel: Kernel, call: Call, { name, http }: Sensitive): Binding {
  return {
    purpose: 'operation',
    user_id: call.user_id,
    session_id: call.caller?.session_id ?? '',
    operation: `${name} ${http.method} ${http.path}`,
    origin: originOf(kernel, call),
  }
}

function describe(
  { kernel, challenges, registry }: Parts,
  call: Call,
  operation: Sensitive,
  input: unknown,
): Challenge {
  const binding = bindingOf(kernel, call, operation)
  const { challenge, expires_at } = challenges.issue(binding, input)
  const own = registry
    .of(call.user_id)
    .filter((one) => one.origin === binding.origin && counts(registry, one, operation))
  return {
    challenge,
    rp_id: rpIdOf(binding.origin),
    allow_credentials: own.map(({ credential_id }) => credential_id),
    operation: operation.name,
    expires_at: iso(expires_at),
  }
}

/** One that is barred still proves that its holder may enrol another. */
function counts(registry: Registry, passkey: PasskeyRow, { proof }: Sensitive): boolean {
  return proof === 'enrol' || !registry.isBarred(passkey)
}

function refuse(parts: Parts, call: Call, operation: Sensitive, input: unknown, given: string): Fault {
  const details = describe(parts, call, operation, input)
  const isElsewhere = given === 'proof_missing' && details.allow_credentials.length === 0
  const reason = (isElsewhere ? 'no_passkey_for_origin' : given) as Reason
  return new Fault('BIOMETRIC_REQUIRED', REASONS[reason], { reason, ...details })
}

/** A failure uses the challenge up: whoever guesses gets one try for each. */
async function judge(
  parts: Parts,
  call: Call,
  operation: Sensitive,
  given: Assertion,
  input: unknown = {},
): Promise<Signed> {
  const { kernel, challenges, registry } = parts
  const fail = (reason: Reason): Fault => refuse(parts, call, operation, input, reason)
  const { origin, ...binding } = bindingOf(kernel, call, operation)
  const challenge = challengeIn(given.client_data_json)
  const opened = challenges.open(challenge, { ...binding, origin })
  if (opened === undefined) throw fail('proof_mismatch')
  const passkey = registry.findByCredential(call.user_id, given.credential_id)
  try {
    if (passkey === undefined || passkey.origin !== origin)
      throw new CeremonyError('The passkey is not one of this user for this page.')
    if (!counts(registry, passkey, operation)) throw fail('software_passkey')
    const counter = await readAssertion(given, passkey, { origin, challenge })
    const { credential_id, public_key } = passkey
    let sealed: string | undefined
    const spend = async (tx: Tx): Promise<void> => {
      if (!(await useUp(kernel, tx, opened))) throw fail('proof_used')
      if (!(await registry.use(tx, passkey, counter))) throw fail('proof_invalid')
    }
    return {
      passkey,
      opened,
      // Sealed for what keeps it: a secret that is only shown keeps none.
      get evidence() {
        sealed ??= sealEvidence(kernel.keys, {
          assertion: given,
          passkey: { credential_id, public_key },
          binding: { ...binding, origin },
        })
        return sealed
      },
      spend,
    }
  } catch (error) {
    if (!(error instanceof CeremonyError)) throw error
    const { user_id, request_id } = call
    kernel.log.warn('a proof does not hold', { user_id, request_id, why: error.message })
    await kernel.store.write((tx) => useUp(kernel, tx, opened))
    throw fail('proof_invalid')
  }
}

/** Remembers a challenge as used; the answer is false when it is. */
export function useUp(
  { clock }: Pick<Kernel, 'clock'>,
  tx: Tx,
  { nonce, expires_at }: Pick<Opened, 'nonce' | 'expires_at'>,
): Promise<boolean> {
  return passkeyStore.useNonce(tx.tables<PasskeyTables>(), nonce, expires_at, clock.now())
}

function openTicket({ keys }: Kernel, token: string, binding: Binding): Ticket | undefined {
  try {
    return JSON.parse(keys.unwrap('ticket', token, JSON.stringify(binding)).toString()) as Ticket
  } catch {
    // It was not sealed here for this call; it may be an assertion.
    return undefined
  }
}

/** In a header a proof travels as base64url JSON, in a body as the object itself. */
function readAssertionText(given: unknown): Assertion | undefined {
  const value = typeof given === 'string' ? parse(given) : given
  return findIssues(BiometricCredential, value).length === 0 ? (value as Assertion) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown
  } catch {
    return undefined
  }
}
