import type { Approval } from '../contract/approvals.ts'
import { ApiFault } from '../sdk/fault.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { readLimit } from './limit.ts'
import { ago, oneLine, table, toJson } from './print.ts'
import { sayResult } from './result.ts'
import { SEARCHED_MAX, idNamed, short } from './short.ts'
import { followApproved, sayEnd } from './wait.ts'

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
  if (rows.length === 0)
    return {
      data: found,
      text: 'Nothing waits for your passkey, and nothing has. What workflows ask you is in: paios notifications',
    }
  return { data: found, text: table([['ID', 'STATUS', 'ASKED', 'OPERATION', 'WHAT IT DOES'], ...rows]) }
}

export async function showApproval(context: Context, said: string): Promise<Answer> {
  const id = await approvalNamed(context, said)
  const approval = await context.client.ask('approvals.get', { id })
  return { data: approval, text: toText(approval, context.io.now()) }
}

/** Lets the waiting call run, and tells what came of it. */
export async function approve(context: Context, said: string): Promise<Answer> {
  const id = await approvalNamed(context, said)
  await context.client.ask('approvals.approve', { id })
  const approval = await followOwn(context, id)
  const { status, impact_assessment, result, error } = approval
  const isOpen = status === 'approved' || status === 'running'
  const exit = status === 'done' || isOpen ? EXIT.done : EXIT.failed
  // The result is told once, and to the session that asked alone: here when that is this one.
  const told = sayResult(result)
  const shown = told === '' ? '' : `\n${told}`
  const text =
    status === 'done'
      ? `Approved and done. ${oneLine(impact_assessment)}${shown}`
      : error === undefined
        ? sayEnd(approval)
        : `It was approved, but failed: ${oneLine(error.message)}`
  return { data: approval, text, exit }
}

async function followOwn(context: Context, id: string): Promise<Approval> {
  try {
    return await followApproved(context, id)
  } catch (error) {
    if (!(error instanceof ApiFault) || error.status !== 401) throw error
    // A changed password, or a session that was ended, may have been this one's.
    const text = 'Approved, and that ended your session here. Sign in again: paios login'
    throw new Stop(EXIT.not_signed_in, text, { cause: error })
  }
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
