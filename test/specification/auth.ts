import type { TypeFact } from './notation.ts'

/** The interfaces of the specification's Authentication chapter, in its order. */
export const authTypes: readonly TypeFact[] = [
  {
    name: 'AuthToken',
    fields: [
      { name: 'access_token', type: 'string', optional: false },
      { name: 'refresh_token', type: 'string', optional: false },
      { name: 'expires_in', type: 'number', optional: false },
      { name: 'token_type', type: { literal: 'Bearer' }, optional: false },
      { name: 'user_id', type: 'string', optional: false },
    ],
  },
  {
    name: 'User',
    fields: [
      { name: 'id', type: 'string', optional: false },
      { name: 'email', type: 'string', optional: false },
      { name: 'created_at', type: 'string', optional: false },
      { name: 'updated_at', type: 'string', optional: false },
      { name: 'preferences', type: { ref: 'UserPreferences' }, optional: false },
    ],
  },
  {
    name: 'UserPreferences',
    fields: [
      { name: 'voice_enabled', type: 'boolean', optional: false },
      { name: 'default_voice_language', type: 'string', optional: false },
      { name: 'biometric_enabled', type: 'boolean', optional: false },
      { name: 'theme', type: { enum: ['light', 'dark', 'system'] }, optional: false },
      { name: 'notification_settings', type: { ref: 'NotificationSettings' }, optional: false },
    ],
  },
  {
    name: 'LoginRequest',
    fields: [
      { name: 'email', type: 'string', optional: false },
      { name: 'password', type: 'string', optional: true },
      { name: 'biometric_credential', type: { ref: 'BiometricCredential' }, optional: true },
    ],
  },
  // `data` is `AuthToken & { user: User }` in the specification, written out here.
  {
    name: 'LoginResponse',
    fields: [
      { name: 'success', type: 'boolean', optional: false },
      {
        name: 'data',
        type: {
          fields: [
            { name: 'access_token', type: 'string', optional: false },
            { name: 'refresh_token', type: 'string', optional: false },
            { name: 'expires_in', type: 'number', optional: false },
            { name: 'token_type', type: { literal: 'Bearer' }, optional: false },
            { name: 'user_id', type: 'string', optional: false },
            { name: 'user', type: { ref: 'User' }, optional: false },
          ],
        },
        optional: false,
      },
      { name: 'message', type: 'string', optional: false },
    ],
  },
  {
    name: 'BiometricSetupRequest',
    fields: [
      { name: 'public_key', type: 'string', optional: false },
      { name: 'challenge_response', type: 'string', optional: false },
      { name: 'authenticator_data', type: 'string', optional: false },
    ],
  },
  {
    name: 'BiometricSetupResponse',
    fields: [
      { name: 'success', type: 'boolean', optional: false },
      { name: 'credential_id', type: 'string', optional: false },
      { name: 'backup_codes', type: { array: 'string' }, optional: false },
    ],
  },
]
