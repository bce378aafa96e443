import type { Challenge } from '../contract/auth.ts'
import type { Answered, Given } from './send.ts'

/** What a passkey says to a challenge; all parts base64url. */
export type Assertion = Required<NonNullable<Given<'auth.login'>['biometric_credential']>>

/** ES256, Ed25519 and RS256, which the server reads. */
const ALGORITHMS = [-7, -8, -257]
const TIMEOUT_MS = 110_000

/** Whether this browser has passkeys, here: they need a secure connection, or localhost. */
export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in globalThis
}

/** Makes a passkey on this device, or one that its user holds to it. @throws DOMException */
export async function makePasskey(
  { challenge, rp_id, allow_credentials }: Challenge,
  user: Pick<Answered<'auth.me'>, 'id' | 'email'>,
): Promise<Omit<Given<'auth.biometric_setup'>, 'name'>> {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: toBytes(challenge),
      rp: { id: rp_id, name: 'PAIOS' },
      user: { id: new TextEncoder().encode(user.id), name: user.email, displayName: user.email },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
      excludeCredentials: descriptors(allow_credentials),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      attestation: 'none',
      timeout: TIMEOUT_MS,
    },
  })
  const response = (made as PublicKeyCredential | null)?.response as
    | AuthenticatorAttestationResponse
    | undefined
  const public_key = response?.getPublicKey()
  if (response === undefined || public_key === null || public_key === undefined)
    throw new DOMException('The passkey has a key of an unknown kind.', 'NotSupportedError')
  return {
    public_key: toText(public_key),
    challenge_response: toText(response.clientDataJSON),
    authenticator_data: toText(response.getAuthenticatorData()),
  }
}

/** Has a passkey answer a challenge. @throws DOMException */
export async function usePasskey({ challenge, rp_id, allow_credentials }: Challenge): Promise<Assertion> {
  const used = await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(challenge),
      rpId: rp_id,
      allowCredentials: descriptors(allow_credentials),
      userVerification: 'required',
      timeout: TIMEOUT_MS,
    },
  })
  if (used === null) throw new DOMException('No passkey was used.', 'NotAllowedError')
  const { id, response } = used as PublicKeyCredential & { response: AuthenticatorAssertionResponse }
  return {
    credential_id: id,
    challenge_response: toText(response.signature),
    authenticator_data: toText(response.authenticatorData),
    client_data_json: toText(response.clientDataJSON),
  }
}

/** As it travels in a header. */
export function toHeader(assertion: Assertion): string {
  return toText(new TextEncoder().encode(JSON.stringify(assertion)))
}

function descriptors(ids: readonly string[]): PublicKeyCredentialDescriptor[] {
  return ids.map((id) => ({ type: 'public-key', id: toBytes(id) }))
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function toText(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
