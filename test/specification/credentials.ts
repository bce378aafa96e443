import type { TypeFact } from './notation.ts'

/** The interfaces of the specification's Credential Management API chapter, in its order. */
export const credentialsTypes: readonly TypeFact[] = [
  {
    name: 'Credential',
    fields: [
      { name: 'id', type: 'string', optional: false },
      { name: 'user_id', type: 'string', optional: false },
      { name: 'service_name', type: 'string', optional: false },
      {
        name: 'credential_type',
        type: { enum: ['api_key', 'password', 'oauth_token', 'certificate'] },
        optional: false,
      },
      { name: 'encrypted_data', type: 'string', optional: false },
      { name: 'encryption_key_id', type: 'string', optional: false },
      {
        name: 'metadata',
        type: {
          fields: [
            { name: 'description', type: 'string', optional: true },
            { name: 'expires_at', type: 'string', optional: true },
            { name: 'last_used', type: 'string', optional: true },
            { name: 'usage_count', type: 'number', optional: false },
            { name: 'auto_rotate', type: 'boolean', optional: false },
          ],
        },
        optional: false,
      },
      { name: 'created_at', type: 'string', optional: false },
      { name: 'updated_at', type: 'string', optional: false },
    ],
  },
  {
    name: 'StoreCredentialRequest',
    fields: [
      { name: 'service_name', type: 'string', optional: false },
      {
        name: 'credential_type',
        type: { enum: ['api_key', 'password', 'oauth_token', 'certificate'] },
        optional: false,
      },
      {
        name: 'credential_data',
        type: {
          fields: [
            { name: 'value', type: 'string', optional: false },
            { name: 'additional_fields', type: 'string-map', optional: true },
          ],
        },
        optional: false,
      },
      {
        name: 'metadata',
        type: {
          fields: [
            { name: 'description', type: 'string', optional: true },
            { name: 'expires_at', type: 'string', optional: true },
            { name: 'auto_rotate', type: 'boolean', optional: true },
          ],
        },
        optional: true,
      },
      { name: 'biometric_verification', type: { ref: 'BiometricCredential' }, optional: false },
    ],
  },
  {
    name: 'BiometricCredential',
    fields: [
      { name: 'credential_id', type: 'string', optional: false },
      { name: 'challenge_response', type: 'string', optional: false },
      { name: 'authenticator_data', type: 'string', optional: false },
      { name: 'client_data_json', type: 'string', optional: false },
    ],
  },
]
