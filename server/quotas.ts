import { operations } from '../contract/index.ts'
import type { OperationName } from '../contract/index.ts'
import type { Auth } from './domains/auth/index.ts'
import type { Workflows } from './domains/workflows/index.ts'
import { Fault } from './kernel/fault.ts'
import type { Kernel } from './kernel/kernel.ts'
import { Limits as CallLimits } from './kernel/limits.ts'
import type { LimitBounds } from './kernel/limits.ts'

/** The window of a day gives back what was used a day ago, little by little. */
const CHAINED_RETRY_S = 3_600
const STARTS = 'workflow_executions_per_day'

/**
 * Takes the start of a workflow off the day's quota of its user.
 *
 * @param chained - workflows have started each other up to this one. Each may start several, so that there are thousands in
 *   a second before any of them is deep: they start only while more than half of the day's quota is left.
 * @throws Fault `RATE_LIMIT_EXCEEDED`
 */
export function chargeStart(
  auth: Pick<Auth, 'tierOf'>,
  calls: CallLimits,
  user_id: string,
  chained = false,
): void {
  const tier = auth.tierOf(user_id)
  if (tier === undefined) return
  const { remaining, limit } = calls.standing({ user_id, tier }, STARTS)
  if (chained && remaining * 2 <= limit)
    throw new Fault(
      'RATE_LIMIT_EXCEEDED',
      `Workflows start each other only while more than half of the ${limit} runs of a day are left.`,
      { limit, window: STARTS, type: 'user' },
      { retry_after_s: CHAINED_RETRY_S },
    )
  calls.admit({ user_id, tier }, [STARTS])
}

/** Counts calls from where the process before has stopped. */
export function openLimits(
  { clock, audit }: Kernel,
  auth: Pick<Auth, 'tierOf'>,
  bounds: Partial<LimitBounds> = {},
): CallLimits {
  const limits = new CallLimits(clock, bounds)
  for (const { actor, operation, time } of audit.counted(clock.now() - RECALLED_MS)) {
    const tier = auth.tierOf(actor)
    const kinds = operations[operation as OperationName]?.limits
    if (tier !== undefined && kinds !== undefined)
      limits.recall({ user_id: actor, tier }, kinds, clock.now() - Date.parse(time))
  }
  return limits
}

/** Counts the starts of workflows that no call has started. */
export function recallStarts(
  { clock }: Kernel,
  auth: Pick<Auth, 'tierOf'>,
  { calls, workflows }: { calls: CallLimits; workflows: Workflows },
): void {
  for (const { user_id, created_at } of workflows.startedSince(clock.now() - RECALLED_MS)) {
    const tier = auth.tierOf(user_id)
    const ago_ms = clock.now() - Date.parse(created_at)
    if (tier !== undefined) calls.recall({ user_id, tier }, [STARTS], ago_ms)
  }
}

/** The longest window of any limit is a day. */
const RECALLED_MS = 86_400_000
