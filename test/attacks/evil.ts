import { createHash, createPrivateKey, sign } from 'node:crypto'
import type { Assertion, SigningRequest, SoftwareKey } from '../../sdk/authenticator.ts'

/** What an authenticator, or the page that it signs for, may say that is not so. */
export interface Lies {
  /** Bits of the flags: 1 present, 4 verified. */
  flags?: number
  rp_id?: string
  /** Fields of the client data in place of the honest ones; `undefined` leaves one out. */
  client_data?: Readonly<Record<string, unknown>>
}

const PRESENT_AND_VERIFIED = 0x05

/**
 * Signs a challenge with a real key whatever it is asked to say: the signature always holds, so that what is refused is
 * the lie and nothing else. Without a lie it is an honest authenticator.
 */
export function signLie(
  { credential_id, private_key, origin }: SoftwareKey,
  request: SigningRequest,
  lies: Lies = {},
): Assertion {
  const honest = { type: 'webauthn.get', challenge: request.challenge, origin, crossOrigin: false }
  const client_data = Buffer.from(JSON.stringify({ ...honest, ...lies.client_data }))
  const rp_id_hash = createHash('sha256')
    .update(lies.rp_id ?? request.rp_id)
    .digest()
  const data = Buffer.concat([rp_id_hash, Buffer.from([lies.flags ?? PRESENT_AND_VERIFIED, 0, 0, 0, 0])])
  const key = createPrivateKey({ key: Buffer.from(private_key, 'base64url'), format: 'der', type: 'pkcs8' })
  const signed = Buffer.concat([data, createHash('sha256').update(client_data).digest()])
  return {
    credential_id,
    challenge_response: sign('sha256', signed, key).toString('base64url'),
    authenticator_data: data.toString('base64url'),
    client_data_json: client_data.toString('base64url'),
  }
}
