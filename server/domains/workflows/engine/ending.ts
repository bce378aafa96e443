import type { AgentResponse } from '../../../../contract/agents.ts'
import type { RetryPolicy } from '../../../../contract/workflows.ts'
import { storedFields } from '../../../kernel/stored.ts'
import type { Json } from '../evaluate/value.ts'
import type { Begun } from '../own/index.ts'
import { checkSize } from './journal.ts'
import { FINAL_CODE, afterFailure } from './outcome.ts'
import type { Ended, Failed } from './outcome.ts'
import type { EngineParts } from './parts.ts'
import type { RunState, StepState } from './state.ts'

const DAMAGED = { success: false, data: null, error: 'GENERAL_003: Its result is damaged.' }

type Parts = Pick<EngineParts, 'kernel' | 'retry_jitter'> & { policy: RetryPolicy }

/** A step of the engine's own that has begun: it waits, or is done already. */
export function begunOwn(
  parts: Pick<EngineParts, 'kernel'>,
  run: RunState,
  state: StepState,
  outcome: Begun,
): StepState {
  if (!('wake' in outcome)) return { ...state, ...completed(parts, run, outcome.result) }
  return { ...state, status: 'waiting', ...outcome }
}

/** How an execution ended, as the end of its step or of one attempt at it. */
export function endOf(
  parts: Parts,
  run: RunState,
  begun: StepState,
  { ended, wasBegun, retry_after_s }: Ended,
): StepState {
  const { success, data, error } = storedFields<AgentResponse>(ended.result ?? '{}') ?? DAMAGED
  if (success) return { ...begun, ...completed(parts, run, (data ?? null) as Json) }
  const isUnknown = wasBegun && ended.begun !== 0
  const kind = isUnknown ? 'unknown' : FINAL_CODE.test(error ?? '') ? 'final' : 'failed'
  return failedWith(parts, begun, { message: error ?? '', kind, retry_after_s })
}

/** A step after an attempt that failed. */
export function failedWith(
  { kernel: { clock, random }, retry_jitter, policy }: Parts,
  state: StepState,
  failed: Failed,
): StepState {
  const chance = new DataView(random(4).slice().buffer).getUint32(0) / 2 ** 32
  return afterFailure(policy, state, {
    ...failed,
    now: clock.now(),
    stretch: retry_jitter * (2 * chance - 1),
  })
}

function completed(
  { kernel }: Pick<EngineParts, 'kernel'>,
  run: RunState,
  result: Json,
): Pick<StepState, 'status' | 'result' | 'ended_at' | 'error'> {
  checkSize(run, result)
  return { status: 'completed', result, ended_at: kernel.now(), error: null }
}
