import type { Issue } from '../contract/errors.ts'
import { ApiFault, NoAnswer } from '../sdk/fault.ts'
import { EXIT, Stop } from './exit.ts'
import type { Exit } from './exit.ts'
import { oneLine } from './print.ts'

/** How a command failed: for `--json`, for people, and for whoever called it. */
export interface Report {
  exit: Exit
  /** Fit for a terminal: one line, and a list below it where there is one. */
  line: string
  error: { code?: string; message: string; details?: Record<string, unknown>; request_id?: string }
}

/** Never shows a stack: what went wrong inside the server is in its log. */
export function toReport(error: unknown): Report {
  if (error instanceof ApiFault) return ofFault(error)
  if (error instanceof NoAnswer)
    return { exit: EXIT.unreachable, ...says(`${error.message} ${nextStep(error)}`) }
  if (error instanceof Stop) return ofStop(error)
  return { exit: EXIT.failed, ...says(error instanceof Error ? error.message : String(error)) }
}

/** The sentence of a refusal, with what is wrong with each field. */
export function explainFault({ message, details }: ApiFault): string {
  const issues = (Array.isArray(details?.['issues']) ? details['issues'] : []) as Issue[]
  const all = issues
    .filter(({ message: what }) => what !== message)
    .map(({ path, message: what }) => `${path.replace(/^\//, '')} ${what}`.trim())
    .join('; ')
  return all === '' || message.includes(all) ? message : `${message} (${all})`
}

function ofStop({ exit, message, list, cause }: Stop): Report {
  const { line, error } = says(message)
  return {
    exit,
    line: list === undefined ? line : `${line}\n${list}`,
    error: cause instanceof ApiFault ? { ...ofFault(cause).error, ...error } : error,
  }
}

function ofFault(fault: ApiFault): Report {
  const { code, message, details, request_id, status, operation } = fault
  const error = { code, message, ...(details === undefined ? {} : { details }), request_id }
  // Whoever is signing in knows that they are not signed in; everybody else has to be told.
  const isEntering = operation === 'auth.login' || operation === 'auth.setup'
  if (operation === 'auth.password' && code === 'AUTH_004')
    return { exit: EXIT.failed, line: 'The current password is wrong.', error }
  if (status !== 401)
    return { exit: EXIT.failed, line: oneLine(`${explainFault(fault)}${nextAfter(fault)}`), error }
  const line = isEntering ? message : 'You are not signed in any more. Sign in again: paios login'
  return { exit: EXIT.not_signed_in, line: oneLine(line), error }
}

/** What to do about a call that was not proven, by the reason that the server gives. */
const PROOF_STEPS: Readonly<Record<string, string>> = {
  not_enrolled: ' Make one on this machine: paios passkey add',
  sign_in_too_old: ' The command is: paios login',
  proof_missing: ' This machine has none: add --approve, and approve it where your passkey is.',
  no_passkey_for_origin: ' Add --approve, and approve it where your passkey is.',
}

function nextAfter({ operation, status, code, details }: ApiFault): string {
  if (operation === 'auth.setup' && status === 404) return ' Sign in with: paios login'
  const reason = details?.['reason']
  return code === 'AUTH_002' && typeof reason === 'string' ? (PROOF_STEPS[reason] ?? '') : ''
}

function nextStep({ reason }: NoAnswer): string {
  if (reason === 'timeout') return 'Ask again, or look at its log.'
  if (reason === 'foreign') return 'Give the address of the server with --url.'
  return 'Start it with: npm start, or give its address with --url.'
}

function says(text: string): Pick<Report, 'line' | 'error'> {
  const line = oneLine(text)
  return { line, error: { message: line } }
}
