/** The chapter Authentication of the specification, copied by hand word for word; `any` is `unknown` here, which is stricter. */
import type { BiometricCredential } from './credentials.ts'
import type { NotificationSettings } from './undefined.ts'

export interface AuthToken {
  access_token: string
  refresh_token: string
  expires_in: number
  token_type: 'Bearer'
  user_id: string
}

export interface User {
  id: string
  email: string
  created_at: string
  updated_at: string
  preferences: UserPreferences
}

export interface UserPreferences {
  voice_enabled: boolean
  default_voice_language: string
  biometric_enabled: boolean
  theme: 'light' | 'dark' | 'system'
  notification_settings: NotificationSettings
}

export interface LoginRequest {
  email: string
  password?: string
  biometric_credential?: BiometricCredential
}

export interface LoginResponse {
  success: boolean
  data: AuthToken & { user: User }
  message: string
}

export interface BiometricSetupRequest {
  public_key: string
  challenge_response: string
  authenticator_data: string
}

export interface BiometricSetupResponse {
  success: boolean
  credential_id: string
  backup_codes: string[]
}
