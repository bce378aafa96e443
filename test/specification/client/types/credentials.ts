/** The chapter Credential Management API of the specification, copied by hand word for word; `any` is `unknown` here, which is stricter. */

export interface Credential {
  id: string
  user_id: string
  service_name: string
  credential_type: 'api_key' | 'password' | 'oauth_token' | 'certificate'
  encrypted_data: string
  encryption_key_id: string
  metadata: {
    description?: string
    expires_at?: string
    last_used?: string
    usage_count: number
    auto_rotate: boolean
  }
  created_at: string
  updated_at: string
}

export interface StoreCredentialRequest {
  service_name: string
  credential_type: 'api_key' | 'password' | 'oauth_token' | 'certificate'
  credential_data: {
    value: string
    additional_fields?: Record<string, string>
  }
  metadata?: {
    description?: string
    expires_at?: string
    auto_rotate?: boolean
  }
  biometric_verification: BiometricCredential
}

export interface BiometricCredential {
  credential_id: string
  challenge_response: string
  authenticator_data: string
  client_data_json: string
}
