import { Type } from 'typebox'
import { area, object, operation } from './operation.ts'
import { BiometricCredential, FreeMap, Id, Language, Text, Time, nullable } from './shapes.ts'

const clockTime = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })

/** How a user is told of things (decision 20). Quiet hours are local to their own time zone. */
export const NotificationSettings = object({
  in_app: Type.Boolean(),
  push: Type.Boolean(),
  email: Type.Boolean(),
  sound: Type.Boolean(),
  quiet_hours: Type.Optional(object({ start: clockTime, end: clockTime, timezone: Text(64, 1) })),
  min_severity: Type.Enum(['info', 'warning', 'critical']),
})

/** `timezone` is an IANA name; absent means the server's (decision 34). */
export const UserPreferences = object({
  voice_enabled: Type.Boolean(),
  default_voice_language: Language,
  biometric_enabled: Type.Boolean(),
  theme: Type.Enum(['light', 'dark', 'system']),
  notification_settings: NotificationSettings,
  timezone: Type.Optional(Text(64, 1)),
})
export type UserPreferences = Type.Static<typeof UserPreferences>

export const User = object({
  id: Id,
  email: Type.String(),
  created_at: Time,
  updated_at: Time,
  preferences: UserPreferences,
})
export type User = Type.Static<typeof User>

/** `expires_in` is in seconds. */
export const AuthToken = object({
  access_token: Type.String(),
  refresh_token: Type.String(),
  expires_in: Type.Integer({ description: 'Seconds.' }),
  token_type: Type.Literal('Bearer'),
  user_id: Id,
})
export type AuthToken = Type.Static<typeof AuthToken>

export const SignedIn = object({ ...AuthToken.properties, user: User })
export type SignedIn = Type.Static<typeof SignedIn>

/** A sign-in that is still valid, on one device. */
export const Session = object({
  id: Id,
  created_at: Time,
  last_used_at: Time,
  user_agent: Type.String(),
  ip: Type.String(),
  current: Type.Boolean(),
})
export type Session = Type.Static<typeof Session>

/** What a passkey must sign (decisions 6 and 9). Sign-in challenges never list credentials. */
export const Challenge = object({
  challenge: Type.String(),
  rp_id: Type.String(),
  allow_credentials: Type.Array(Type.String()),
  operation: nullable(Type.String()),
  expires_at: Time,
})
export type Challenge = Type.Static<typeof Challenge>

/** The model that software authenticators of PAIOS name themselves, so that their passkeys can be marked. */
export const SOFTWARE_AAGUID = '70616f73-736f-4674-8a75-746865746963'

/**
 * A passkey of a user. It is good for the page at `origin` alone. `software`: kept in a file rather than in a device.
 * Until `provisional_until` a fresh password sign-in may remove it.
 */
export const Passkey = object({
  id: Id,
  credential_id: Type.String(),
  name: Type.String(),
  origin: Type.String(),
  software: Type.Boolean(),
  provisional_until: nullable(Time),
  created_at: Time,
  last_used_at: nullable(Time),
})
export type Passkey = Type.Static<typeof Passkey>

const email = Type.String({ minLength: 3, maxLength: 254 })
/** Any Unicode; what makes a password good enough is decided by decision 4. */
const password = Text(1024, 1)
const passkey_name = Text(80, 1)

export const auth = area('auth', {
  setup: operation({
    http: 'POST /auth/setup',
    summary: 'Claims a new server with its setup code and creates the owner.',
    who: 'public',
    status: 201,
    envelope: 'message',
    input: object({ setup_code: Text(128, 1), email, password }),
    output: SignedIn,
  }),
  login: operation({
    http: 'POST /auth/login',
    summary: 'Signs in with a password, a passkey or a backup code.',
    who: 'public',
    vital: true,
    envelope: 'message',
    input: object({
      email,
      password: Type.Optional(password),
      biometric_credential: Type.Optional(
        object({
          ...BiometricCredential.properties,
          authenticator_data: Type.Optional(Text(4096)),
          client_data_json: Type.Optional(Text(8192)),
        }),
      ),
    }),
    output: SignedIn,
  }),
  logout: operation({
    http: 'POST /auth/logout',
    summary: 'Ends the session of the token, also of an expired one.',
    who: 'public',
    vital: true,
  }),
  refresh: operation({
    http: 'POST /auth/refresh',
    summary: 'Exchanges a refresh token for the next pair of tokens.',
    who: 'public',
    vital: true,
    input: object({ refresh_token: Type.Optional(Text(256, 1)) }),
    output: AuthToken,
  }),
  biometric_setup: operation({
    http: 'POST /auth/biometric/setup',
    summary: 'Enrols a passkey.',
    envelope: 'flat',
    proof: 'enrol',
    input: object({
      public_key: Text(4096, 1),
      challenge_response: Text(8192, 1),
      authenticator_data: Text(8192, 1),
      name: Type.Optional(passkey_name),
    }),
    output: object({ credential_id: Type.String(), backup_codes: Type.Array(Type.String()) }),
  }),
  biometric_verify: operation({
    http: 'POST /auth/biometric/verify',
    summary: 'Exchanges a passkey assertion for a one-use proof ticket.',
    input: object({ biometric_credential: BiometricCredential, operation: Type.Optional(Text(128, 1)) }),
    output: object({
      verified: Type.Boolean(),
      proof_token: Type.String(),
      expires_at: Time,
      credential_id: Type.String(),
    }),
  }),
  biometric_challenge: operation({
    http: 'POST /auth/biometric/challenge',
    summary: 'Hands out a challenge for a passkey; for an operation it is bound to the `input` given here.',
    who: 'public',
    input: object({
      purpose: Type.Enum(['setup', 'login', 'operation']),
      operation: Type.Optional(Text(128, 1)),
      input: Type.Optional(FreeMap),
    }),
    output: Challenge,
  }),
  passkeys: operation({
    http: 'GET /auth/passkeys',
    summary: 'The passkeys of the signed-in user, oldest first.',
    output: object({ passkeys: Type.Array(Passkey) }),
  }),
  passkey_rename: operation({
    http: 'PUT /auth/passkeys/:id',
    summary: 'Gives a passkey another name.',
    proof: 'account',
    input: object({ id: Id, name: passkey_name }),
    output: Passkey,
  }),
  passkey_remove: operation({
    http: 'DELETE /auth/passkeys/:id',
    summary: 'Removes a passkey and ends all other sessions; with the last one go the backup codes.',
    proof: 'remove',
    irreversible: 'The passkey must be enrolled anew to be used again.',
    input: object({ id: Id }),
  }),
  password: operation({
    http: 'PUT /auth/password',
    summary: 'Changes the password, ends every session and answers with a new one.',
    proof: 'account',
    input: object({ current_password: password, new_password: password }),
    output: AuthToken,
  }),
  me: operation({ http: 'GET /auth/me', summary: 'The signed-in user.', output: User }),
  preferences: operation({
    http: 'PUT /auth/preferences',
    summary: 'Changes some preferences; the others stay.',
    proof: 'account',
    input: Type.Partial(UserPreferences, { additionalProperties: false }),
    output: User,
  }),
  sessions: operation({
    http: 'GET /auth/sessions',
    summary: 'The sessions of the signed-in user.',
    output: object({ sessions: Type.Array(Session) }),
  }),
  session_end: operation({
    http: 'DELETE /auth/sessions/:id',
    summary: 'Ends a session of the signed-in user.',
    proof: 'account',
    input: object({ id: Id }),
  }),
})
