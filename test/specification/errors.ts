import type { ErrorCodeFact, TypeFact } from './notation.ts'

/** The shape of every refusal. */
export const errorTypes: readonly TypeFact[] = [
  {
    name: 'APIError',
    fields: [
      { name: 'success', type: { literal: false }, optional: false },
      {
        name: 'error',
        type: {
          fields: [
            { name: 'code', type: 'string', optional: false },
            { name: 'message', type: 'string', optional: false },
            { name: 'details', type: 'object', optional: true },
            { name: 'timestamp', type: 'string', optional: false },
            { name: 'request_id', type: 'string', optional: false },
          ],
        },
        optional: false,
      },
    ],
  },
]

/** The `ErrorCodes` enum: each name with the code that travels. */
export const errorCodes: readonly ErrorCodeFact[] = [
  { name: 'UNAUTHORIZED', code: 'AUTH_001' },
  { name: 'BIOMETRIC_REQUIRED', code: 'AUTH_002' },
  { name: 'TOKEN_EXPIRED', code: 'AUTH_003' },
  { name: 'INVALID_CREDENTIALS', code: 'AUTH_004' },
  { name: 'AGENT_NOT_FOUND', code: 'AGENT_001' },
  { name: 'AGENT_EXECUTION_FAILED', code: 'AGENT_002' },
  { name: 'AGENT_TIMEOUT', code: 'AGENT_003' },
  { name: 'AGENT_CONFIG_INVALID', code: 'AGENT_004' },
  { name: 'AGENT_DISABLED', code: 'AGENT_005' },
  { name: 'VOICE_TRANSCRIPTION_FAILED', code: 'VOICE_001' },
  { name: 'VOICE_COMMAND_NOT_UNDERSTOOD', code: 'VOICE_002' },
  { name: 'VOICE_SERVICE_UNAVAILABLE', code: 'VOICE_003' },
  { name: 'SYSTEM_OVERLOADED', code: 'SYSTEM_001' },
  { name: 'MODIFICATION_FAILED', code: 'SYSTEM_002' },
  { name: 'ROLLBACK_FAILED', code: 'SYSTEM_003' },
  { name: 'WORKFLOW_NOT_FOUND', code: 'WORKFLOW_001' },
  { name: 'WORKFLOW_EXECUTION_FAILED', code: 'WORKFLOW_002' },
  { name: 'WORKFLOW_VALIDATION_FAILED', code: 'WORKFLOW_003' },
  { name: 'VALIDATION_ERROR', code: 'GENERAL_001' },
  { name: 'RATE_LIMIT_EXCEEDED', code: 'GENERAL_002' },
  { name: 'INTERNAL_SERVER_ERROR', code: 'GENERAL_003' },
  { name: 'SERVICE_UNAVAILABLE', code: 'GENERAL_004' },
]
