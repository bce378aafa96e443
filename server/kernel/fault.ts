import { ERRORS } from '../../contract/errors.ts'
import type { APIError, ErrorCode, ErrorName } from '../../contract/errors.ts'

interface FaultOptions extends ErrorOptions {
  /** HTTP status where the decisions give another than the code's own (a conflict: 409, an unknown id: 404). */
  status?: number
  /** Whole seconds after which trying again makes sense. */
  retry_after_s?: number
}

/** A refusal with one of the specification's codes. The message is a sentence for the caller and never holds a secret. */
export class Fault extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly details: Record<string, unknown> | undefined
  readonly retry_after_s: number | undefined

  constructor(
    name: ErrorName,
    message: string,
    details?: Record<string, unknown>,
    options: FaultOptions = {},
  ) {
    super(message, options)
    this.name = name
    this.code = ERRORS[name].code
    this.status = options.status ?? ERRORS[name].status
    this.details = details
    this.retry_after_s = options.retry_after_s ?? (this.status === 503 ? 1 : undefined)
  }
}

/** The wire form of a fault. Anything that is not a Fault becomes `GENERAL_003` without its text. */
export function toAPIError(error: unknown, request_id: string, now: number): APIError {
  const fault = asFault(error)
  return {
    success: false,
    error: {
      code: fault.code,
      message: fault.message,
      ...(fault.details === undefined ? {} : { details: fault.details }),
      timestamp: new Date(now).toISOString(),
      request_id,
    },
  }
}

/** The fault itself, or an internal error that keeps its cause for the log and tells the caller nothing. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  return new Fault(
    'INTERNAL_SERVER_ERROR',
    'Something went wrong inside. The log has the details.',
    undefined,
    {
      cause: error,
    },
  )
}
