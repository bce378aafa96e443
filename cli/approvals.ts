import type { Approval } from '../contract/approvals.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { ago, oneLine, table, toJson } from './print.ts'
import { SEARCHED_MAX, idNamed, short } from './short.ts'

/** The newest approvals, with what became of them. */
export async function listApprovals(context: Context, options: { limit?: string }): Promise<Answer> {
  const limit = readLimit(options.limit ?? '20')
  await requireSignedIn(context)
  const found = await context.client.ask('approvals.list', { limit })
  const rows = found.approvals.map(({ id, status, operation, created_at, impact_assessment }) => [
    short(id),
    status,
    ago(created_at, context.io.now()),
    operation,
    oneLine(impact_assessment),
  ])
  if (rows.length === 0) return { data: found, text: 'Nothing waits for you, and nothing has.' }
  return { data: found, text: table([['ID', 'STATUS', 'ASKED', 'OPERATION', 'WHAT IT DOES'], ...rows]) }
}

export async function showApproval(context: Context, said: string): Promise<Answer> {
  const id = await approvalNamed(context, said)
  const approval = await context.client.ask('approvals.get', { id })
  return { data: approval, text: toText(approval, context.io.now()) }
}

/** Lets the waiting call run. */
export async function approve(context: Context, said: string): Promise<Answer> {
  const id = await approvalNamed(context, said)
  const approval = await context.client.ask('approvals.approve', { id })
  return { data: approval, text: `Approved. ${oneLine(approval.impact_assessment)}` }
}

export async function deny(context: Context, said: string): Promise<Answer> {
  const id = await approvalNamed(context, said)
  const approval = await context.client.ask('approvals.deny', { id })
  return { data: approval, text: `Denied ${oneLine(approval.operation)}. Nothing was done.` }
}

/** The approval that an id means, or the end of one. */
async function approvalNamed(context: Context, said: string): Promise<string> {
  await requireSignedIn(context)
  return idNamed(said, { one: 'approval', list: 'paios approvals' }, async () => {
    const { approvals } = await context.client.ask('approvals.list', { limit: SEARCHED_MAX })
    return approvals.map(({ id }) => id)
  })
}

function toText(approval: Approval, now: number): string {
  const { id, operation, status, asked_by, created_at, expires_at, decided_at, input, result, error } =
    approval
  const facts = table([
    ['status', status],
    ['asked', `${ago(created_at, now)} by ${oneLine(asked_by)}`],
    ['decided', decided_at === null ? `not yet; waits until ${expires_at}` : ago(decided_at, now)],
    ['input', toJson(input)],
    ...(result === undefined ? [] : [['result', toJson(result)]]),
    ...(error === undefined ? [] : [['error', oneLine(error.message)]]),
  ])
  return [`${operation} ${short(id)}`, oneLine(approval.impact_assessment), '', facts].join('\n')
}
