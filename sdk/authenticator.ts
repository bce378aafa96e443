import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { SOFTWARE_AAGUID } from '../contract/auth.ts'

/**
 * A passkey that is kept in software, for machines without a device: real WebAuthn, its user being whoever can read it.
 `private_key` is PKCS #8 DER, base64url; a secret. */
export interface SoftwareKey {
  readonly credential_id: string
  readonly private_key: string
  /** The one page that it is good for; it signs for no other. */
  readonly origin: string
}

/** What a passkey is asked to sign. */
export interface SigningRequest {
  readonly challenge: string
  readonly rp_id: string
}

/** What `auth.biometric_setup` takes. All parts base64url. */
export interface Registered {
  readonly public_key: string
  readonly challenge_response: string
  readonly authenticator_data: string
}

/** What proves a call, or signs in (specification, `BiometricCredential`). All parts base64url. */
export interface Assertion {
  readonly credential_id: string
  readonly challenge_response: string
  readonly authenticator_data: string
  readonly client_data_json: string
}

/** Bits of the flags of authenticator data (WebAuthn, section 6.1): present, verified, with a credential. */
const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 }

/** Makes a passkey for a page, and what enrols it. */
export function makeKey(
  origin: string,
  request: SigningRequest,
): { key: SoftwareKey; registered: Registered } {
  const rp_id = belongs(origin, request)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const attested = Buffer.concat([aaguid(), Buffer.from([0, id.length]), id, toCose(publicKey)])
  const flags = FLAGS.present | FLAGS.verified | FLAGS.attested
  return {
    key: {
      credential_id: id.toString('base64url'),
      private_key: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
      origin,
    },
    registered: {
      public_key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
      challenge_response: clientData('webauthn.create', origin, request).toString('base64url'),
      authenticator_data: Buffer.concat([authenticatorData(rp_id, flags), attested]).toString('base64url'),
    },
  }
}

/**
 * Signs a challenge.
 *
 * @throws TypeError for a challenge of another page than the one that the key is for.
 */
export function signChallenge(key: SoftwareKey, request: SigningRequest): Assertion {
  const rp_id = belongs(key.origin, request)
  const client_data = clientData('webauthn.get', key.origin, request)
  const data = authenticatorData(rp_id, FLAGS.present | FLAGS.verified)
  const private_key = createPrivateKey({
    key: Buffer.from(key.private_key, 'base64url'),
    format: 'der',
    type: 'pkcs8',
  })
  const digest = createHash('sha256').update(client_data).digest()
  return {
    credential_id: key.credential_id,
    challenge_response: sign('sha256', Buffer.concat([data, digest]), private_key).toString('base64url'),
    authenticator_data: data.toString('base64url'),
    client_data_json: client_data.toString('base64url'),
  }
}

/** A browser refuses to sign for the name of another page; so does this. */
function belongs(origin: string, { rp_id }: SigningRequest): string {
  if (new URL(origin).hostname === rp_id) return rp_id
  throw new TypeError(`${rp_id} asks for a passkey that belongs to ${origin}.`)
}

function clientData(type: string, origin: string, { challenge }: SigningRequest): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}

/** The counter stays 0: it would only tell copies apart, and a file can be restored from a backup. */
function authenticatorData(rp_id: string, flags: number): Buffer {
  return Buffer.concat([createHash('sha256').update(rp_id).digest(), Buffer.from([flags, 0, 0, 0, 0])])
}

function aaguid(): Buffer {
  return Buffer.from(SOFTWARE_AAGUID.replaceAll('-', ''), 'hex')
}

/** A P-256 key in COSE (RFC 9053): a map of kty 2, alg -7, crv 1, x and y, in CBOR. */
function toCose(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01])
  return Buffer.concat([head, coordinate(0x21, x), coordinate(0x22, y)])
}

/** A byte string of 32 bytes under a name. */
function coordinate(name: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([name, 0x58, 32]), Buffer.from(value, 'base64url')])
}
