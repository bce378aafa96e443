import type { WorkflowReceipt } from '../../../contract/workflows.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { maskSecrets } from '../../kernel/mask.ts'
import type { Engine } from './engine/index.ts'
import { resultsOf } from './engine/journal.ts'
import { toState } from './engine/state.ts'
import type { Steps } from './engine/state.ts'
import { workflowStore } from './store.ts'
import type { RunRow } from './store.ts'

/** What starting a run answers at once, with its results where `steps` are all of it. */
export function receiptOf({ id, status }: Pick<RunRow, 'id' | 'status'>, steps?: Steps): WorkflowReceipt {
  const receipt = { execution_id: id, status }
  return steps === undefined ? receipt : { ...receipt, results: maskSecrets(resultsOf(steps)) }
}

export type Wait = (
  user_id: string,
  receipt: WorkflowReceipt,
  timeout_ms: number,
  signal: AbortSignal,
) => Promise<WorkflowReceipt>

/** Waits for a run: its results once it has ended, or how far it is when the time is over or the signal comes. */
export function openWait({ clock, store }: Kernel, engine: Pick<Engine, 'finished'>): Wait {
  return async (user_id, receipt, timeout_ms, signal) => {
    if (receipt.results !== undefined) return receipt
    const late = new AbortController()
    const cancel = clock.after(timeout_ms, () => late.abort())
    const run = await engine.finished(user_id, receipt.execution_id, AbortSignal.any([signal, late.signal]))
    cancel()
    // It was taken back with everything of its user.
    if (run === undefined) return receipt
    if (run.ended_at === null) return receiptOf(run)
    return receiptOf(run, toState(run, workflowStore.steps(store.reader.connection, run.id)).steps)
  }
}
