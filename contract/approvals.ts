import { Type } from 'typebox'
import { APIError } from './errors.ts'
import { area, object, operation } from './operation.ts'
import { FreeMap, Id, Time, next_cursor, nullable, page } from './shapes.ts'
import { Impact } from './system.ts'

/** Header by which a client that cannot give proof asks for an approval instead; its only value is `request`. */
export const APPROVAL_HEADER = 'X-Approval'
/** The same in the payload of a socket event or a message; its only value is `true`. */
export const APPROVAL_FIELD = 'approval'

/** `running` to `failed` follow an approval; `unknown` is an outside effect whose end was lost in a crash. */
export const ApprovalStatus = Type.Enum([
  'pending',
  'approved',
  'running',
  'done',
  'failed',
  'unknown',
  'denied',
  'expired',
])

/** The answer 202 to a sensitive call that waits for a passkey (decision 13). */
export const PendingApproval = object({ approval_id: Id, expires_at: Time })
export type PendingApproval = Type.Static<typeof PendingApproval>

/**
 * A sensitive call that waits for the user's passkey, or what became of it. `input` has its secrets masked. `asked_by`
 * is a user id, or `agent:<number>`. `result` goes once to the session that asked, and so do the details of `error`.
 */
export const Approval = object({
  id: Id,
  operation: Type.String(),
  input: FreeMap,
  impact_assessment: Type.String(),
  impact: Impact,
  asked_by: Type.String(),
  status: ApprovalStatus,
  created_at: Time,
  expires_at: Time,
  decided_at: nullable(Time),
  result: Type.Optional(Type.Unknown()),
  error: Type.Optional(APIError.properties.error),
})
export type Approval = Type.Static<typeof Approval>

export const approvals = area('approvals', {
  list: operation({
    http: 'GET /approvals',
    summary: 'The approvals of the user, newest first.',
    input: object({ status: Type.Optional(ApprovalStatus), ...page }),
    output: object({ approvals: Type.Array(Approval), next_cursor }),
  }),
  get: operation({
    http: 'GET /approvals/:id',
    summary: 'One approval and what became of it.',
    input: object({ id: Id }),
    output: Approval,
  }),
  approve: operation({
    http: 'POST /approvals/:id/approve',
    summary: 'Lets the waiting call run once.',
    // A weaker proof here would open to a password what the waiting call keeps for a passkey.
    proof: 'strict',
    input: object({ id: Id }),
    output: Approval,
  }),
  deny: operation({
    http: 'POST /approvals/:id/deny',
    summary: 'Refuses the waiting call.',
    input: object({ id: Id }),
    output: Approval,
  }),
})
