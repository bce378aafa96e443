import { Type } from 'typebox'
import { object } from './operation.ts'

/** The specification's codes, each with the HTTP status that it has unless a fault says otherwise. */
export const ERRORS = {
  UNAUTHORIZED: { code: 'AUTH_001', status: 401 },
  BIOMETRIC_REQUIRED: { code: 'AUTH_002', status: 403 },
  TOKEN_EXPIRED: { code: 'AUTH_003', status: 401 },
  INVALID_CREDENTIALS: { code: 'AUTH_004', status: 401 },
  AGENT_NOT_FOUND: { code: 'AGENT_001', status: 404 },
  AGENT_EXECUTION_FAILED: { code: 'AGENT_002', status: 502 },
  AGENT_TIMEOUT: { code: 'AGENT_003', status: 504 },
  AGENT_CONFIG_INVALID: { code: 'AGENT_004', status: 422 },
  AGENT_DISABLED: { code: 'AGENT_005', status: 409 },
  VOICE_TRANSCRIPTION_FAILED: { code: 'VOICE_001', status: 422 },
  VOICE_COMMAND_NOT_UNDERSTOOD: { code: 'VOICE_002', status: 422 },
  VOICE_SERVICE_UNAVAILABLE: { code: 'VOICE_003', status: 503 },
  SYSTEM_OVERLOADED: { code: 'SYSTEM_001', status: 503 },
  MODIFICATION_FAILED: { code: 'SYSTEM_002', status: 409 },
  ROLLBACK_FAILED: { code: 'SYSTEM_003', status: 409 },
  WORKFLOW_NOT_FOUND: { code: 'WORKFLOW_001', status: 404 },
  WORKFLOW_EXECUTION_FAILED: { code: 'WORKFLOW_002', status: 409 },
  WORKFLOW_VALIDATION_FAILED: { code: 'WORKFLOW_003', status: 422 },
  VALIDATION_ERROR: { code: 'GENERAL_001', status: 400 },
  RATE_LIMIT_EXCEEDED: { code: 'GENERAL_002', status: 429 },
  INTERNAL_SERVER_ERROR: { code: 'GENERAL_003', status: 500 },
  SERVICE_UNAVAILABLE: { code: 'GENERAL_004', status: 503 },
} as const

export type ErrorName = keyof typeof ERRORS
export type ErrorCode = (typeof ERRORS)[ErrorName]['code']

/** The body of every answer that is not 2xx, and of the socket event `error`. */
export const APIError = object({
  success: Type.Literal(false),
  error: object({
    code: Type.Enum(Object.values(ERRORS).map((error) => error.code)),
    message: Type.String(),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    timestamp: Type.String({ format: 'date-time' }),
    request_id: Type.String(),
  }),
})
export type APIError = Type.Static<typeof APIError>

/** One thing wrong with an input, in `details.issues` of a `GENERAL_001`. `path` is a JSON pointer. */
export interface Issue {
  path: string
  message: string
}
