import type { Operation } from '../../../contract/operation.ts'
import type { AuditLine } from '../../kernel/audit.ts'
import type { Call } from '../../kernel/answers.ts'

/** How a call ended. `ms` is what it took. */
interface End {
  status: number
  outcome: string
  target: string | null
  ms: number
  counted?: boolean
}

/** The line of a call in the audit. */
export function lineOf(
  { caller, request_id, transport, ip }: Call,
  operation: Operation | undefined,
  { status, outcome, target, ms, counted = false }: End,
): AuditLine {
  return {
    request_id,
    actor: caller?.user_id ?? null,
    session_id: caller?.session_id ?? null,
    transport,
    operation: operation?.name ?? 'unknown',
    target,
    status,
    outcome,
    ip,
    counted: counted ? 1 : 0,
    duration_ms: Math.round(ms * 1000) / 1000,
  }
}
