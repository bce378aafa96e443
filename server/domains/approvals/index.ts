import { approvals } from '../../../contract/approvals.ts'
import type { Approval } from '../../../contract/approvals.ts'
import type { APIError } from '../../../contract/errors.ts'
import type { Impact } from '../../../contract/system.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Caller } from '../../kernel/answers.ts'
import type { Approvals, Approved } from '../../kernel/approval.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import { proofOf } from '../../kernel/proof.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { storedFields } from '../../kernel/stored.ts'
import { NO_IMPACT } from '../changes/impact.ts'
import type { Changes } from '../changes/index.ts'
import { openRequests } from './request.ts'
import { RUN, openRuns } from './run.ts'
import { approvalStore } from './store.ts'
import type { ApprovalRow, ApprovalTables } from './store.ts'

export interface ApprovalDomain extends Approvals {
  answers: Answers
  /** Says who performs what was approved; once, before the jobs start. */
  performWith(perform: (approved: Approved) => Promise<void>): void
}

export interface ApprovalParts {
  changes: Pick<Changes, 'recordedIn'>
  /** Who a user is now; nothing when there is no such user any more. */
  callerOf(user_id: string, session_id: string): Caller | undefined
}

/** Sensitive calls that wait for their user's passkey. */
export function openApprovals(kernel: Kernel, parts: ApprovalParts): ApprovalDomain {
  const runs = openRuns(kernel, parts)
  return {
    request: openRequests(kernel, parts),
    performWith: runs.performWith,
    answers: { ...seeing(kernel), ...deciding(kernel) },
  }
}

function seeing(kernel: Kernel): Answers {
  const reading = () => kernel.store.reader.tables<ApprovalTables>()
  return {
    [approvals.list.name]: reads(
      approvals.list,
      async ({ user_id }, { status, cursor, limit = LIMIT_DEFAULT }) => {
        const before = cursor === undefined ? undefined : String(fromCursor(cursor))
        const filter = { status, before, limit: limit + 1, now: kernel.now() }
        const found = await approvalStore.list(reading(), user_id, filter)
        const { rows, ...next } = toPage(found, limit, ({ id }) => id)
        return { approvals: rows.map((row) => toApproval(row, kernel.now())), ...next }
      },
    ),
    [approvals.get.name]: writes(approvals.get, {
      async commit(tx, { user_id, caller }, { id }) {
        const db = tx.tables<ApprovalTables>()
        const row = await approvalStore.find(db, user_id, id)
        if (row === undefined) throw missing(id)
        const approval = toApproval(row, kernel.now())
        const isTheirs = row.session_id === caller?.session_id && row.sealed_end !== null
        if (!isTheirs) return approval
        // The end may hold what only its asker may see, so it is told once and to nobody else.
        await approvalStore.move(db, row, [row.status], { delivered: 1, sealed_end: null })
        return { ...approval, ...openEnd(kernel, row) }
      },
    }),
  }
}

function deciding(kernel: Kernel): Answers {
  const decide = async (
    tx: Tx,
    user_id: string,
    id: string,
    change: Partial<ApprovalRow>,
  ): Promise<ApprovalRow> => {
    const db = tx.tables<ApprovalTables>()
    const row = await approvalStore.find(db, user_id, id)
    if (row === undefined) throw missing(id)
    const { status } = toApproval(row, kernel.now())
    if (status !== 'pending') {
      throw new Fault('VALIDATION_ERROR', `It is ${status} already.`, { id, status }, { status: 409 })
    }
    const decided_at = kernel.now()
    await approvalStore.move(db, row, ['pending'], { ...change, decided_at })
    const after = { ...row, ...change, decided_at }
    kernel.events.tell(tx, 'approval:decided', user_id, {
      approval_id: id,
      operation: row.operation,
      status: after.status,
    })
    return after
  }
  return {
    [approvals.approve.name]: writes(approvals.approve, {
      async commit(tx, { user_id }, { id }) {
        const proven = proofOf(tx)
        const row = await decide(tx, user_id, id, {
          status: 'approved',
          passkey_id: proven?.passkey_id ?? null,
          evidence: proven?.evidence ?? null,
        })
        kernel.jobs.enqueue(tx, { kind: RUN, key: id, user_id, payload: {}, priority: 'high' })
        return toApproval(row, kernel.now())
      },
    }),
    [approvals.deny.name]: writes(approvals.deny, {
      commit: async (tx, { user_id }, { id }) =>
        toApproval(await decide(tx, user_id, id, { status: 'denied' }), kernel.now()),
    }),
  }
}

function missing(id: string): Fault {
  return new Fault('VALIDATION_ERROR', `There is no approval ${id}.`, { id }, { status: 404 })
}

function openEnd(
  { keys }: Pick<Kernel, 'keys'>,
  { id, sealed_end }: ApprovalRow,
): { result?: unknown; error?: APIError['error'] } {
  if (sealed_end === null) return {}
  return JSON.parse(keys.unwrap('approval', sealed_end, `end ${id}`).toString()) as {
    result?: unknown
    error?: APIError['error']
  }
}

function toApproval(row: ApprovalRow, now: string): Approval {
  const { id, operation, impact_assessment, user_id, created_at, expires_at, decided_at } = row
  const isExpired = row.status === 'pending' && row.expires_at <= now
  const error = row.failure === null ? undefined : storedFields<APIError['error']>(row.failure)
  return {
    id,
    operation,
    input: storedFields<Record<string, unknown>>(row.shown_input) ?? {},
    impact_assessment,
    impact: { ...NO_IMPACT, ...storedFields<Impact>(row.impact) },
    asked_by: user_id,
    status: isExpired ? 'expired' : row.status,
    created_at,
    expires_at,
    decided_at,
    ...(error && { error }),
  }
}
