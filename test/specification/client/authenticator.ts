import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { BiometricSetupRequest } from './types/auth.ts'
import type { BiometricCredential } from './types/credentials.ts'

/** What a page would hand to `navigator.credentials`. */
export interface Challenge {
  challenge: string
  rp_id: string
}

/** A passkey of one page, as a browser and a device would keep it. */
export interface Passkey {
  /** What `POST /auth/biometric/setup` takes. */
  registered: BiometricSetupRequest
  sign(asked: Challenge): BiometricCredential
}

/** WebAuthn, section 6.1: the user was there, was verified, and the data holds a credential. */
const PRESENT_AND_VERIFIED = 0x05
const WITH_CREDENTIAL = 0x40

/** Makes a passkey as WebAuthn describes it, with mathematics alone. `origin` is the page that it is for. */
export function makePasskey(origin: string, asked: Challenge): Passkey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const model = Buffer.alloc(16)
  const attested = Buffer.concat([model, Buffer.from([0, id.length]), id, coseOf(publicKey)])
  const made = authenticatorData(asked.rp_id, PRESENT_AND_VERIFIED | WITH_CREDENTIAL)
  return {
    registered: {
      public_key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
      challenge_response: clientData('webauthn.create', origin, asked).toString('base64url'),
      authenticator_data: Buffer.concat([made, attested]).toString('base64url'),
    },
    sign: (next) => {
      const client_data = clientData('webauthn.get', origin, next)
      const data = authenticatorData(next.rp_id, PRESENT_AND_VERIFIED)
      const digest = createHash('sha256').update(client_data).digest()
      return {
        credential_id: id.toString('base64url'),
        challenge_response: sign('sha256', Buffer.concat([data, digest]), privateKey).toString('base64url'),
        authenticator_data: data.toString('base64url'),
        client_data_json: client_data.toString('base64url'),
      }
    },
  }
}

function clientData(type: string, origin: string, { challenge }: Challenge): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}

function authenticatorData(rp_id: string, flags: number): Buffer {
  return Buffer.concat([createHash('sha256').update(rp_id).digest(), Buffer.from([flags, 0, 0, 0, 0])])
}

/** RFC 9053: an elliptic curve key (2) for ES256 (-7) on P-256 (1), with its two coordinates. */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return Buffer.concat([Buffer.from('a5010203262001', 'hex'), coordinate(0x21, x), coordinate(0x22, y)])
}

/** A string of 32 bytes under a label. */
function coordinate(label: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([label, 0x58, 32]), Buffer.from(value, 'base64url')])
}
