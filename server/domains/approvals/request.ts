import type { PendingApproval } from '../../../contract/approvals.ts'
import type { Approvals, Unproven } from '../../kernel/approval.ts'
import { canonical } from '../../kernel/canonical.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { assess, mask } from './describe.ts'
import type { ApprovalParts } from './index.ts'
import { approvalStore } from './store.ts'
import type { ApprovalRow, ApprovalTables } from './store.ts'

/** How long a call waits (operation page, "Approvals"), and how many of one asker. */
const WAIT_MS = 600_000
const PENDING_MAX = 5
const REMEMBERED_MS = 30 * 86_400_000

/** Makes calls wait. */
export function openRequests(kernel: Kernel, { changes }: ApprovalParts): Approvals['request'] {
  return async (unproven) => {
    const { call, operation } = unproven
    const asked = toRow(kernel, unproven)
    await pendingOf(kernel, kernel.store.reader, asked)
    const recorded = (await unproven.simulate((tx) => Promise.resolve([...changes.recordedIn(tx)]))) ?? []
    const assessed = assess(operation, recorded)
    return kernel.store.write(async (tx) => {
      const db = tx.tables<ApprovalTables>()
      // Another may have been asked for while this one was simulated.
      const { same } = await pendingOf(kernel, tx, asked)
      // Since that one something may have been changed: then it would fail once approved.
      if (same?.version === assessed.version) return receipt(same)
      await approvalStore.forget(db, asked.user_id, iso(kernel.clock.now() - REMEMBERED_MS))
      const made = { ...asked, ...assessed, impact: JSON.stringify(assessed.impact) }
      await approvalStore.insert(db, made)
      announce(kernel, tx, call.user_id, made)
      return receipt(made)
    })
  }
}

type Asked = Omit<ApprovalRow, 'impact_assessment' | 'impact' | 'version'>

function receipt({ id, expires_at }: ApprovalRow): PendingApproval {
  return { approval_id: id, expires_at }
}

/** The same call, when it waits already. @throws Fault `RATE_LIMIT_EXCEEDED` when too many others of the session do. */
async function pendingOf(
  kernel: Kernel,
  db: Pick<Tx, 'tables'>,
  { session_id, user_id, operation, digest }: Asked,
): Promise<{ same: ApprovalRow | undefined }> {
  const tables = db.tables<ApprovalTables>()
  const pending = await approvalStore.pendingOf(tables, session_id, user_id, kernel.now())
  const same = pending.find((one) => one.operation === operation && one.digest === digest)
  if (same === undefined && pending.length >= PENDING_MAX) throw tooMany(kernel, pending[0])
  return { same }
}

function toRow(kernel: Kernel, { call, operation, input }: Unproven): Asked {
  const id = kernel.id()
  return {
    id,
    user_id: call.user_id,
    session_id: call.caller?.session_id ?? '',
    transport: call.transport,
    origin: call.origin ?? null,
    request_id: call.request_id,
    operation: operation.name,
    // Keyed: a plain digest of an input would let whoever has the data try out its secrets.
    digest: kernel.keys.mac('approval', canonical(input)),
    sealed_input: kernel.keys.wrap('approval', Buffer.from(JSON.stringify(input)), `input ${id}`),
    shown_input: JSON.stringify(mask(input)),
    status: 'pending',
    created_at: kernel.now(),
    expires_at: iso(kernel.clock.now() + WAIT_MS),
    decided_at: null,
    passkey_id: null,
    evidence: null,
    sealed_end: null,
    delivered: 0,
    failure: null,
  }
}

function announce(kernel: Kernel, tx: Tx, user_id: string, row: ApprovalRow): void {
  kernel.events.tell(tx, 'approval:requested', user_id, {
    approval_id: row.id,
    operation: row.operation,
    impact_assessment: row.impact_assessment,
    asked_by: user_id,
    expires_at: row.expires_at,
  })
}

function tooMany({ clock }: Kernel, oldest: ApprovalRow | undefined): Fault {
  const wait_ms = Date.parse(oldest?.expires_at ?? '') - clock.now()
  const retry_after_s = Math.max(1, Math.ceil((Number.isNaN(wait_ms) ? WAIT_MS : wait_ms) / 1000))
  return new Fault(
    'RATE_LIMIT_EXCEEDED',
    `${PENDING_MAX} calls of this session wait for an approval already. See them on the account page or with "paios approvals", and approve or deny one.`,
    undefined,
    { retry_after_s },
  )
}
