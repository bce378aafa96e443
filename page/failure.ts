import type { APIError } from '../contract/errors.ts'

/** Why the server refused. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly request_id: string
  readonly details: Readonly<Record<string, unknown>>
  readonly retry_after_s: number | undefined

  constructor(status: number, { error }: APIError, retry_after_s: number | undefined) {
    super(error.message)
    this.status = status
    this.code = error.code
    this.request_id = error.request_id
    this.details = error.details ?? {}
    this.retry_after_s = retry_after_s
  }

  get reason(): string | undefined {
    const { reason } = this.details
    return typeof reason === 'string' ? reason : undefined
  }
}

/** The server did not answer, or something else did. */
export class NoAnswer extends Error {}

/** Somebody changed their mind: nothing happened, and nothing needs to be said. */
export class Cancelled extends Error {}

const UNREACHABLE = 'PAIOS does not answer. See whether it is running, then try again.'

/** What to say of a proof that is missing, and what to do about it. */
const REASONS: Readonly<Record<string, string>> = {
  not_enrolled: 'This needs a passkey, and you have none yet. Add one under Passkeys, then try again.',
  no_passkey_for_origin:
    'None of your passkeys belongs to this address. Open PAIOS at the address where you added one, or sign in here with a backup code to add another.',
  proof_mismatch: 'That took too long, so nothing was changed. Try again.',
  proof_used: 'That passkey answer was used before, so nothing was changed. Try again.',
  proof_invalid: 'This passkey was not accepted, so nothing was changed. Try another one.',
}

/** What a browser says of passkeys, by the names of its errors. */
const CEREMONIES: Readonly<Record<string, string>> = {
  NotAllowedError: 'The passkey was not used: it was cancelled, or it took too long. Nothing was changed.',
  InvalidStateError:
    'This device holds a passkey for you already. Use another device, or remove the old one first.',
  SecurityError:
    'Passkeys do not work at this address. Open PAIOS by its name, such as localhost, over a secure connection.',
  NotSupportedError: 'This device cannot make a passkey that PAIOS accepts. Use another device.',
}

/** What went wrong, as plain sentences, and the number by which the log knows it. */
export function explain(error: unknown): { text: string; request_id?: string } {
  if (error instanceof Refusal) return { text: sentenceOf(error), request_id: error.request_id }
  if (error instanceof DOMException)
    return { text: CEREMONIES[error.name] ?? `The browser refused: ${error.message}` }
  if (error instanceof NoAnswer) return { text: UNREACHABLE }
  return { text: 'Something went wrong on this page. Reload it and try again.' }
}

function sentenceOf({ code, message, reason, details, retry_after_s, status }: Refusal): string {
  if (reason !== undefined && REASONS[reason] !== undefined) return REASONS[reason]
  if (status === 429)
    return `${message}${retry_after_s === undefined ? '' : ` Try again in ${duration(retry_after_s)}.`}`
  if (code === 'AUTH_004' && typeof details['tries_left'] === 'number') {
    const left = details['tries_left']
    return `${message} ${left === 1 ? 'One try is' : `${left} tries are`} left.`
  }
  return message
}

function duration(seconds: number): string {
  if (seconds < 90) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  return `${Math.ceil(seconds / 60)} minutes`
}
