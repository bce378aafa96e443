import { Type } from 'typebox'
import { area, object, operation } from './operation.ts'
import { AgentNumber, Id, Text, Time, next_cursor, nullable, page } from './shapes.ts'

/** Where the proof of a sensitive operation travels (decision 10); dispatch lifts it out before the input is checked. */
export const PROOF_FIELD = 'biometric_verification'
/** Header with base64url JSON of a `BiometricCredential`, or with a one-use ticket. */
export const PROOF_HEADER = 'X-Biometric-Proof'

export const CredentialType = Type.Enum(['api_key', 'password', 'oauth_token', 'certificate'])

/** `usage_count` counts uses by agents and reveals; `last_used` is the last of them. */
export const CredentialMetadata = object({
  description: Type.Optional(Type.String()),
  expires_at: Type.Optional(Time),
  last_used: Type.Optional(Time),
  usage_count: Type.Integer(),
  auto_rotate: Type.Boolean(),
})

/**
 * How having a service give a credential another secret went, or that it is under way; `reason` is why it failed, when the
 * secret is the one that it was.
 */
export const Renewal = object({
  state: Type.Enum(['under_way', 'renewed', 'failed']),
  at: Type.Optional(Time),
  reason: Type.Optional(Type.String()),
})
export type Renewal = Type.Static<typeof Renewal>

/**
 * `encrypted_data` is the sealed envelope, in lists its fingerprint; `encryption_key_id` names a key version. `damaged`
 * tells that its row was changed by something other than the server: its name is not known then. Until `restorable_until`
 * the secret before this one can be brought back. `sealed` is true of one that only its user's passkeys open. `renewal` is
 * the last one of the present secret.
 */
export const Credential = object({
  id: Id,
  user_id: Id,
  service_name: Type.String(),
  credential_type: CredentialType,
  encrypted_data: Type.String(),
  encryption_key_id: Type.String(),
  metadata: CredentialMetadata,
  created_at: Time,
  updated_at: Time,
  damaged: Type.Optional(Type.Boolean()),
  restorable_until: Type.Optional(Time),
  sealed: Type.Optional(Type.Boolean()),
  renewal: Type.Optional(Renewal),
})
export type Credential = Type.Static<typeof Credential>

const Bytes = (length: number) =>
  Type.String({ minLength: length, maxLength: length, pattern: '^[A-Za-z0-9_-]+$' })

/**
 * How a secret was sealed before it came here, so that the server cannot open it: under a key of its own, which is wrapped
 * once for each of two or more openers, a passkey by its PRF extension (`credential_id` is its WebAuthn id) or a recovery
 * key. All parts base64url: `nonce` 12 bytes, `salt` 32, `key` 12 of nonce and the wrapped 32 with their tag.
 */
export const SealedItem = object({
  nonce: Bytes(16),
  wraps: Type.Array(object({ credential_id: Text(1024, 1), salt: Bytes(43), key: Bytes(80) }), {
    minItems: 2,
    maxItems: 10,
  }),
})
export type SealedItem = Type.Static<typeof SealedItem>

/**
 * A secret in the clear, each part at most 64 KiB of UTF-8. Never echoed, logged or audited. With `sealed` the value is
 * ciphertext, base64url, and there are no other fields: no agent can be given it.
 */
export const CredentialData = object({
  value: Text(65_536, 1),
  additional_fields: Type.Optional(Type.Record(Type.String(), Text(65_536))),
  sealed: Type.Optional(SealedItem),
})
export type CredentialData = Type.Static<typeof CredentialData>

/** A credential with its secret, for the one answer that a passkey opened. `credential_data` is additive. */
export const RevealedCredential = object({ ...Credential.properties, credential_data: CredentialData })
export type RevealedCredential = Type.Static<typeof RevealedCredential>

/**
 * Where an agent may send a secret: to one origin, such as `https://api.example.com:8443`, and there in a header, a
 * parameter of the query or a field of a JSON body, by its name. `field` is one of the additional fields in place of the
 * value; `format` is what is sent, with `{}` in the place of the secret, such as `Bearer {}`. In the header
 * `authorization` a password goes as `Basic` with the field `username`, anything else as `Bearer`, unless said otherwise.
 * All places that an agent was granted for an origin are used. In the header
 * `webhook-signature` it does not go along at all: the body is signed with it, as Standard Webhooks does.
 */
export const Destination = object({
  origin: Text(300, 8),
  in: Type.Enum(['header', 'query', 'body']),
  name: Text(128, 1),
  field: Type.Optional(Text(128, 1)),
  format: Type.Optional(Text(256, 2)),
})
export type Destination = Type.Static<typeof Destination>

/**
 * That an agent may use a credential, which it never sees. `damaged` as of credentials: nothing is lent by it. `warnings` are
 * told to who makes one: why nothing would come of it as everything is set up now, or that it was there already.
 */
export const Grant = object({
  id: Id,
  credential_id: Id,
  service_name: Type.String(),
  agent_id: Id,
  agent_number: AgentNumber,
  destinations: Type.Array(Destination),
  expires_at: nullable(Time),
  created_at: Time,
  damaged: Type.Optional(Type.Boolean()),
  warnings: Type.Optional(Type.Array(Type.String())),
})
export type Grant = Type.Static<typeof Grant>

const settable = {
  service_name: Text(128, 1),
  credential_type: CredentialType,
  credential_data: CredentialData,
  metadata: object({
    description: Type.Optional(Text(2000)),
    expires_at: Type.Optional(Time),
    /** Takes an end away; not beside `expires_at`. */
    never_expires: Type.Optional(Type.Boolean()),
    auto_rotate: Type.Optional(Type.Boolean()),
  }),
}

export const credentials = area('credentials', {
  list: operation({
    http: 'GET /credentials',
    summary: 'The stored credentials of the user, without their secrets.',
    input: object({
      service_name: Type.Optional(settable.service_name),
      credential_type: Type.Optional(CredentialType),
      ...page,
    }),
    output: object({ credentials: Type.Array(Credential), total_count: Type.Integer(), next_cursor }),
  }),
  store: operation({
    http: 'POST /credentials',
    summary: 'Stores a secret.',
    proof: 'strict',
    key: 'header',
    status: 201,
    input: object({ ...settable, metadata: Type.Optional(settable.metadata) }),
    output: Credential,
  }),
  get: operation({
    http: 'GET /credentials/:id',
    summary: 'One credential with its secret.',
    proof: 'strict',
    // Reading a secret counts a use and is told to the user.
    effect: 'store',
    input: object({ id: Id }),
    output: RevealedCredential,
  }),
  update: operation({
    http: 'PUT /credentials/:id',
    summary: 'Changes some fields of a credential; a new secret keeps the id.',
    proof: 'strict',
    input: object({ id: Id, ...Type.Partial(object(settable)).properties }),
    output: Credential,
  }),
  restore: operation({
    http: 'POST /credentials/restore',
    summary: 'Brings the former secret of a credential back; the present one is the former one then.',
    proof: 'strict',
    input: object({ credential_id: Id }),
    output: Credential,
  }),
  delete: operation({
    http: 'DELETE /credentials/:id',
    summary:
      'Deletes a credential for good; `force` also one in use, `shred` also the key that old backups need.',
    proof: 'strict',
    irreversible: 'A deleted credential cannot be brought back.',
    input: object({
      id: Id,
      force: Type.Optional(Type.Boolean()),
      shred: Type.Optional(Type.Boolean()),
    }),
  }),
  rotate: operation({
    http: 'POST /credentials/rotate',
    summary:
      'Makes a new key for all credentials and seals them under it; the old key is destroyed at the end.',
    proof: 'strict',
    irreversible:
      'The old key is destroyed: backups of the data that were made before can no longer be opened.',
    output: object({ encryption_key_id: Type.String() }),
  }),
  renew: operation({
    http: 'POST /credentials/renew',
    summary:
      'Has the service give a credential another secret, by the integration that can, or joins that; the outcome is its `renewal`, a notification and an event.',
    proof: 'strict',
    status: 202,
    irreversible: 'The service may void the secret before, whatever is brought back here.',
    input: object({ credential_id: Id }),
    /** `joined` is true where that was under way already. */
    output: object({
      credential_id: Id,
      agent_number: AgentNumber,
      integration: Type.String(),
      joined: Type.Optional(Type.Boolean()),
    }),
  }),
  verify: operation({
    http: 'POST /credentials/verify',
    summary: 'Tells whether a credential can be opened, without its secret.',
    proof: 'strict',
    input: object({ credential_id: Id }),
    output: object({
      accessible: Type.Boolean(),
      decryptable: Type.Boolean(),
      expired: Type.Boolean(),
      last_used: nullable(Time),
    }),
  }),
  grants: operation({
    http: 'GET /credentials/grants',
    summary: 'Which agents may use which credentials, and where they may send them.',
    input: object({ agent_number: Type.Optional(AgentNumber), credential_id: Type.Optional(Id), ...page }),
    output: object({ grants: Type.Array(Grant), next_cursor }),
  }),
  grant: operation({
    http: 'POST /credentials/grants',
    summary: 'Lets an agent use a credential for certain destinations, without ever seeing it.',
    proof: 'strict',
    key: 'header',
    status: 201,
    input: object({
      credential_id: Id,
      agent_number: AgentNumber,
      destinations: Type.Array(Destination, { minItems: 1, maxItems: 20 }),
      expires_at: Type.Optional(Time),
    }),
    output: Grant,
  }),
  revoke: operation({
    http: 'DELETE /credentials/grants/:id',
    summary: 'Takes a grant back.',
    proof: 'strict',
    input: object({ id: Id }),
  }),
  backup: operation({
    http: 'POST /credentials/backup',
    summary: 'Makes ten backup codes; the old ones are dead at once.',
    proof: 'strict',
    irreversible: 'The old backup codes are void for good.',
    output: object({ backup_codes: Type.Array(Type.String()), generated_at: Time }),
  }),
})
