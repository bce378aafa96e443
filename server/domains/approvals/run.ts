import type { APIError } from '../../../contract/errors.ts'
import { operations } from '../../../contract/index.ts'
import type { Operation } from '../../../contract/operation.ts'
import type { Call } from '../../kernel/answers.ts'
import type { Approved } from '../../kernel/approval.ts'
import { Fault, toAPIError } from '../../kernel/fault.ts'
import type { Job } from '../../kernel/job.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { versionOf } from './describe.ts'
import type { ApprovalParts } from './index.ts'
import { approvalStore } from './store.ts'
import type { ApprovalRow, ApprovalTables } from './store.ts'

/** The kind of job that runs what was approved. */
export const RUN = 'approvals.run'
const byName = new Map<string, Operation>(Object.entries(operations))

interface Runs {
  performWith(perform: (approved: Approved) => Promise<void>): void
}

/**
 * Runs approved calls.
 *
 * Invariants: A1 a call runs once: its effect, its end and the end of its job are one transaction. A2 it runs in the
 * state that was approved, in the name of somebody who may still do it. A3 an effect outside whose end was lost is
 * `unknown`, never repeated.
 */
export function openRuns(kernel: Kernel, parts: ApprovalParts): Runs {
  let perform: ((approved: Approved) => Promise<void>) | undefined
  kernel.jobs.handle(RUN, {
    concurrency_max: 4,
    per_user_max: 100,
    total_max: 1_000,
    lease_ms: 120_000,
    attempts_max: 10,
    run: async (job) => {
      const row = await find(kernel, job)
      if (row === undefined) return kernel.store.write((tx) => Promise.resolve(job.finish(tx)))
      const operation = byName.get(row.operation)
      const stop = checkStart(kernel, row, operation)
      const caller = parts.callerOf(row.user_id, row.session_id)
      if (stop !== undefined || operation === undefined || caller === undefined) {
        return end(kernel, job, row, stop ?? { status: 'failed', fault: gone() })
      }
      if (operation.effect === 'outside') await start(kernel, row)
      const input = kernel.keys.unwrap('approval', row.sealed_input, `input ${row.id}`).toString()
      if (perform === undefined) throw new Error('Nobody performs what is approved.')
      await perform({
        call: toCall(kernel, row, caller),
        operation,
        input: JSON.parse(input) as Record<string, unknown>,
        proven: provenBy(row),
        finish: async (tx, ended) => {
          if ('result' in ended && parts.callerOf(row.user_id, row.session_id) === undefined) throw gone()
          if ('result' in ended && versionOf(parts.changes.recordedIn(tx)) !== row.version) throw changed()
          const status = 'fault' in ended ? 'failed' : 'done'
          await note(kernel, row, status, tx, ended)
          job.finish(tx)
        },
      })
    },
    giveUp: (job, error) => giveUp(kernel, job, error),
  })
  return { performWith: (given) => (perform = given) }
}

type End = { result: unknown } | { fault: Fault }
type Tx = Parameters<Approved['finish']>[0]

/** Why an approved call must not run, or not again. */
function checkStart(
  kernel: Kernel,
  row: ApprovalRow,
  operation: Operation | undefined,
): { status: ApprovalRow['status']; fault: Fault } | undefined {
  if (operation === undefined) return { status: 'failed', fault: gone() }
  if (row.status === 'running') {
    const message = 'The server stopped while this ran: it may have happened or not.'
    return { status: 'unknown', fault: new Fault('SERVICE_UNAVAILABLE', message) }
  }
  if (row.expires_at > kernel.now()) return undefined
  return {
    status: 'failed',
    fault: new Fault('MODIFICATION_FAILED', 'The approval expired before it could run.'),
  }
}

async function find(kernel: Kernel, { user_id, key }: Job): Promise<ApprovalRow | undefined> {
  const row = await approvalStore.find(kernel.store.reader.tables<ApprovalTables>(), user_id, key)
  return row?.status === 'approved' || row?.status === 'running' ? row : undefined
}

async function start(kernel: Kernel, row: ApprovalRow): Promise<void> {
  await kernel.store.write((tx) =>
    held(approvalStore.move(tx.tables<ApprovalTables>(), row, ['approved'], { status: 'running' })),
  )
  await kernel.store.settled()
}

/** @throws Fault when the approval is in another state by now: whatever is under way with it must not be done. */
async function held(moved: Promise<boolean>): Promise<void> {
  if (!(await moved)) throw gone()
}

async function note(
  kernel: Kernel,
  row: ApprovalRow,
  status: ApprovalRow['status'],
  tx: Tx,
  ended: End,
): Promise<void> {
  const told: { error?: APIError['error']; result?: unknown } =
    'fault' in ended
      ? { error: toAPIError(ended.fault, row.request_id, kernel.clock.now()).error }
      : { result: ended.result }
  const sealed_end = kernel.keys.wrap('approval', Buffer.from(JSON.stringify(told)), `end ${row.id}`)
  const { details: _whole, ...error } = told.error ?? {}
  const failure = told.error === undefined ? null : JSON.stringify(error)
  const change = { status, sealed_end, failure }
  await held(approvalStore.move(tx.tables<ApprovalTables>(), row, ['approved', 'running'], change))
  kernel.events.tell(tx, 'approval:decided', row.user_id, {
    approval_id: row.id,
    operation: row.operation,
    status,
  })
}

async function end(
  kernel: Kernel,
  job: Job,
  row: ApprovalRow,
  { status, fault }: { status: ApprovalRow['status']; fault: Fault },
): Promise<void> {
  await kernel.store.write(async (tx) => {
    await note(kernel, row, status, tx, { fault })
    job.finish(tx)
  })
}

async function giveUp(kernel: Kernel, job: Job, error: unknown): Promise<void> {
  const row = await find(kernel, job)
  const fault = error instanceof Fault ? error : gone()
  if (row !== undefined) return end(kernel, job, row, { status: 'failed', fault })
  await kernel.store.write((tx) => Promise.resolve(job.finish(tx)))
}

function toCall(kernel: Kernel, row: ApprovalRow, caller: NonNullable<Call['caller']>): Call {
  return {
    user_id: row.user_id,
    caller,
    transport: row.transport as Call['transport'],
    request_id: row.request_id,
    ip: '',
    user_agent: '',
    origin: row.origin ?? undefined,
    now: kernel.clock.now(),
    token: undefined,
    connection_id: undefined,
  }
}

/** The approval itself used the proof up. */
function provenBy({ passkey_id, evidence }: ApprovalRow): Approved['proven'] {
  return {
    passkey_id: passkey_id ?? undefined,
    evidence: evidence ?? undefined,
    spend: () => Promise.resolve(),
  }
}

function gone(): Fault {
  return new Fault('MODIFICATION_FAILED', 'Whoever asked for this may not do it any more.')
}

function changed(): Fault {
  return new Fault('MODIFICATION_FAILED', 'What this would change was changed since it was asked for.')
}
