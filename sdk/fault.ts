import type { ErrorCode } from '../contract/errors.ts'

/** What a refusal tells. */
interface Refusal {
  code: ErrorCode
  message: string
  details?: Record<string, unknown>
  request_id: string
}

/** The server refused a call, or failed in it; the message is its sentence. */
export class ApiFault extends Error {
  /** Name of the operation that was asked. */
  readonly operation: string
  /** HTTP status. */
  readonly status: number
  /** One of the codes of the specification. */
  readonly code: ErrorCode
  readonly details: Record<string, unknown> | undefined
  /** Finds the call in the server's log. */
  readonly request_id: string

  constructor(operation: string, status: number, refusal: Refusal) {
    super(refusal.message)
    this.name = 'ApiFault'
    this.operation = operation
    this.status = status
    this.code = refusal.code
    this.details = refusal.details
    this.request_id = refusal.request_id
  }
}

/**
 * Why there is no answer: nothing listens there, nothing came in time, or what came was not from PAIOS. Whether the
 * call had its effect is known only for the first.
 */
export type NoAnswerReason = 'unreachable' | 'timeout' | 'foreign'

/** A call that was not answered. */
export class NoAnswer extends Error {
  readonly reason: NoAnswerReason

  constructor(reason: NoAnswerReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NoAnswer'
    this.reason = reason
  }
}
