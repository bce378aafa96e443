import type { Approval, PendingApproval } from '../contract/approvals.ts'
import { ERRORS } from '../contract/errors.ts'
import { ApiFault } from '../sdk/fault.ts'
import type { Context } from './context.ts'
import { untilEnded } from './ended.ts'
import { EXIT, Stop } from './exit.ts'
import { short } from './short.ts'

type Status = Approval['status']

/** As long as a server lets a call wait, and a little for what was approved to run. */
const WAIT_MS = 630_000
/** What was just approved runs at once. */
const RUN_MS = 30_000
const OPEN: ReadonlySet<Status> = new Set<Status>(['pending', 'approved', 'running'])

/**
 * Waits until a call is approved and has run, and answers its result.
 *
 * @throws ApiFault when it ran and failed; Stop when it did not run.
 */
export async function waitForApproval(
  context: Pick<Context, 'io' | 'client'>,
  { approval_id: id }: PendingApproval,
  operation: string,
): Promise<unknown> {
  const { io } = context
  io.stderr.write(
    `Waiting for approval ${short(id)}. Give it on the account page, or where your passkey is: paios approvals approve ${short(id)}\n`,
  )
  const { status, result, error } = await follow(context, id, WAIT_MS)
  if (status === 'done') return result
  if (error !== undefined) {
    const { details, ...told } = error
    const http = Object.values(ERRORS).find(({ code }) => code === error.code)?.status ?? 500
    throw new ApiFault(operation, http, { ...told, ...(details === undefined ? {} : { details }) })
  }
  throw new Stop(EXIT.failed, sayEnd({ id, status }))
}

/** Waits for the end of what was just approved. */
export function followApproved(context: Pick<Context, 'io' | 'client'>, id: string): Promise<Approval> {
  return follow(context, id, RUN_MS)
}

/** What became of an approval whose call has no result to tell. */
export function sayEnd({ id, status }: Pick<Approval, 'id' | 'status'>): string {
  return ENDS[status] ?? `Approval ${short(id)} is ${status}.`
}

const ENDS: Partial<Record<Status, string>> = {
  pending: 'Nobody approved it in time. Nothing was done.',
  approved: 'It was approved, but has not run yet. Look at it with: paios approvals',
  running: 'It was approved, but has not ended yet. Look at it with: paios approvals',
  failed: 'It was approved, but failed. Look at it with: paios approvals',
  unknown: 'It was approved, but the server stopped while it ran: it may have happened or not.',
  denied: 'It was denied. Nothing was done.',
  expired: 'Nobody approved it in time. Nothing was done.',
}

/** Asks for an approval whenever something happened to it, until it has ended or too long. */
async function follow(
  context: Pick<Context, 'io' | 'client'>,
  id: string,
  wait_ms: number,
): Promise<Approval> {
  const approval = await untilEnded(context, wait_ms, {
    ask: () => context.client.ask('approvals.get', { id }),
    isOpen: ({ status }) => OPEN.has(status),
    hear: (live, wake) =>
      live.on('approval:decided', ({ approval_id }) => {
        if (approval_id === id) wake()
      }),
  })
  if (approval !== undefined) return approval
  throw new Stop(EXIT.unreachable, `What became of approval ${short(id)} is not known.`)
}
