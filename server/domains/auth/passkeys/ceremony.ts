import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Input } from '../../../../contract/operation.ts'
import type { auth } from '../../../../contract/auth.ts'
import type { Static } from 'typebox'
import type { BiometricCredential } from '../../../../contract/shapes.ts'

/** What can stand in a CBOR map here. */
type CBORType = string | Uint8Array<ArrayBuffer> | Map<string | number, CBORType>

/** The library is loaded on the first use, since most starts never need it, and not asked for anew at each. */
const library = once(() => import('@simplewebauthn/server'))
const helpers = once(() => import('@simplewebauthn/server/helpers'))

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => (loaded ??= load())
}

/** ES256, Ed25519 and RS256, by their numbers in COSE. */
const ALGORITHMS = [-7, -8, -257]

/** What an authenticator must have seen: the page and the challenge. */
export interface Expected {
  origin: string
  challenge: string
}

/** A key pair that an authenticator has made. */
export interface Registration {
  credential_id: string
  /** COSE, base64url. */
  public_key: string
  counter: number
  /** The model of the authenticator, as it says itself. */
  aaguid: string
}

/** Why a ceremony does not count; the message is for the log. */
export class CeremonyError extends Error {}

/** The domain name that passkeys of an origin belong to. */
export function rpIdOf(origin: string): string {
  return new URL(origin).hostname
}

/** The challenge that a client says it answered, unchecked. */
export function challengeIn(client_data_json: string): string {
  const { challenge } = readClientData(client_data_json)
  return typeof challenge === 'string' ? challenge : ''
}

/**
 * Checks that a passkey was made for this page and this challenge, with its user present and verified.
 *
 * @throws CeremonyError
 */
export async function readRegistration(
  given: Input<typeof auth.biometric_setup>,
  { origin, challenge }: Expected,
): Promise<Registration> {
  refuseFrames(given.challenge_response)
  const { verifyRegistrationResponse } = await library()
  const { isoCBOR, isoBase64URL, parseAuthenticatorData } = await helpers()
  const id = await attempt(() => {
    const { credentialID } = parseAuthenticatorData(isoBase64URL.toBuffer(given.authenticator_data))
    return isoBase64URL.fromBuffer(credentialID ?? new Uint8Array())
  })
  // The specification sends the authenticator data alone; without attestation they are all that there is.
  const attestation = new Map<string | number, CBORType>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, CBORType>()],
    ['authData', isoBase64URL.toBuffer(given.authenticator_data)],
  ])
  const response = {
    clientDataJSON: given.challenge_response,
    attestationObject: isoBase64URL.fromBuffer(isoCBOR.encode(attestation)),
  }
  const result = await attempt(() =>
    verifyRegistrationResponse({
      response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpIdOf(origin),
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  )
  if (!result.verified) throw new CeremonyError('The registration is not verified.')
  const { credential, aaguid } = result.registrationInfo
  const inside = await attempt(() => publicKeyOf(credential.publicKey))
  const outside = await attempt(() =>
    createPublicKey({ key: Buffer.from(given.public_key, 'base64url'), format: 'der', type: 'spki' }),
  )
  if (!inside.equals(outside))
    throw new CeremonyError('The public key is not the one in the authenticator data.')
  const public_key = isoBase64URL.fromBuffer(credential.publicKey)
  return { credential_id: credential.id, public_key, counter: credential.counter, aaguid }
}

/**
 * Checks that the holder of a passkey signed this challenge on this page, present and verified. Answers the counter of
 * the authenticator; whether it moved on is for the caller to judge.
 *
 * @throws CeremonyError
 */
export async function readAssertion(
  given: Static<typeof BiometricCredential>,
  passkey: { credential_id: string; public_key: string },
  { origin, challenge }: Expected,
): Promise<number> {
  refuseFrames(given.client_data_json)
  const { verifyAuthenticationResponse } = await library()
  const { isoBase64URL } = await helpers()
  const { verified, authenticationInfo } = await attempt(() =>
    verifyAuthenticationResponse({
      response: {
        id: given.credential_id,
        rawId: given.credential_id,
        type: 'public-key',
        response: {
          clientDataJSON: given.client_data_json,
          authenticatorData: given.authenticator_data,
          signature: given.challenge_response,
        },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpIdOf(origin),
      credential: {
        id: passkey.credential_id,
        publicKey: isoBase64URL.toBuffer(passkey.public_key),
        counter: 0,
      },
      requireUserVerification: true,
    }),
  )
  if (!verified) throw new CeremonyError('The signature is not the one of this passkey.')
  return authenticationInfo.newCounter
}

/** The library throws errors of many kinds, all of which mean that what was sent does not count. */
async function attempt<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new CeremonyError(cause instanceof Error ? cause.message : 'It cannot be read.', { cause })
  }
}

/** A page of another site may hold ours in a frame; what is signed there was not seen as ours. */
function refuseFrames(client_data_json: string): void {
  const { crossOrigin, topOrigin } = readClientData(client_data_json)
  if (crossOrigin !== undefined && crossOrigin !== false) throw new CeremonyError('It was signed in a frame.')
  if (topOrigin !== undefined) throw new CeremonyError('It was signed in a frame.')
}

function readClientData(client_data_json: string): Readonly<Record<string, unknown>> {
  try {
    const data: unknown = JSON.parse(Buffer.from(client_data_json, 'base64url').toString())
    return typeof data === 'object' && data !== null ? { ...data } : {}
  } catch {
    return {}
  }
}

const COSE = { kty: 1, crv: -1, x: -2, y: -3, n: -1, e: -2 } as const
const KTY = { OKP: 1, EC2: 2, RSA: 3 } as const

async function publicKeyOf(cose: Uint8Array<ArrayBuffer>): Promise<KeyObject> {
  const { decodeCredentialPublicKey } = await helpers()
  const map = decodeCredentialPublicKey(cose) as unknown as ReadonlyMap<number, unknown>
  const part = (name: keyof typeof COSE): string =>
    Buffer.from(map.get(COSE[name]) as Uint8Array).toString('base64url')
  const shapes = new Map<unknown, () => Record<string, string>>([
    [KTY.OKP, () => ({ kty: 'OKP', crv: 'Ed25519', x: part('x') })],
    [KTY.EC2, () => ({ kty: 'EC', crv: 'P-256', x: part('x'), y: part('y') })],
    [KTY.RSA, () => ({ kty: 'RSA', n: part('n'), e: part('e') })],
  ])
  const shape = shapes.get(map.get(COSE.kty))
  if (shape === undefined) throw new CeremonyError('The key is of an unknown kind.')
  return createPublicKey({ key: shape(), format: 'jwk' })
}
