/** The chapter Error Handling and Rate Limiting of the specification, copied by hand word for word; `any` is `unknown` here, which is stricter. */

export interface APIError {
  success: false
  error: {
    code: string
    message: string
    details?: Record<string, unknown>
    timestamp: string
    request_id: string
  }
}

/** An enum in the specification; Node runs no enums. */
export const ErrorCodes = {
  // Authentication Errors
  UNAUTHORIZED: 'AUTH_001',
  BIOMETRIC_REQUIRED: 'AUTH_002',
  TOKEN_EXPIRED: 'AUTH_003',
  INVALID_CREDENTIALS: 'AUTH_004',

  // Agent Errors
  AGENT_NOT_FOUND: 'AGENT_001',
  AGENT_EXECUTION_FAILED: 'AGENT_002',
  AGENT_TIMEOUT: 'AGENT_003',
  AGENT_CONFIG_INVALID: 'AGENT_004',
  AGENT_DISABLED: 'AGENT_005',

  // Voice Errors
  VOICE_TRANSCRIPTION_FAILED: 'VOICE_001',
  VOICE_COMMAND_NOT_UNDERSTOOD: 'VOICE_002',
  VOICE_SERVICE_UNAVAILABLE: 'VOICE_003',

  // System Errors
  SYSTEM_OVERLOADED: 'SYSTEM_001',
  MODIFICATION_FAILED: 'SYSTEM_002',
  ROLLBACK_FAILED: 'SYSTEM_003',

  // Workflow Errors
  WORKFLOW_NOT_FOUND: 'WORKFLOW_001',
  WORKFLOW_EXECUTION_FAILED: 'WORKFLOW_002',
  WORKFLOW_VALIDATION_FAILED: 'WORKFLOW_003',

  // General Errors
  VALIDATION_ERROR: 'GENERAL_001',
  RATE_LIMIT_EXCEEDED: 'GENERAL_002',
  INTERNAL_SERVER_ERROR: 'GENERAL_003',
  SERVICE_UNAVAILABLE: 'GENERAL_004',
} as const

export interface RateLimitTiers {
  free: {
    requests_per_minute: 60
    voice_commands_per_hour: 100
    agent_executions_per_hour: 200
    workflow_executions_per_day: 50
  }
  pro: {
    requests_per_minute: 300
    voice_commands_per_hour: 500
    agent_executions_per_hour: 1000
    workflow_executions_per_day: 500
  }
  enterprise: {
    requests_per_minute: 1000
    voice_commands_per_hour: 2000
    agent_executions_per_hour: 5000
    workflow_executions_per_day: 2000
  }
}
