import type { Tx } from '../../kernel/store/store.ts'
import type { Engine } from './engine/index.ts'
import type { Workflows } from './index.ts'
import { workflowStore } from './store.ts'
import type { RunRow, StepRow } from './store.ts'

/** A run that was stopped, with how many of its steps were done, and the ids of those of which nobody knows. */
export interface StoppedRun {
  id: string
  name: string
  done: number
  unknown: readonly string[]
}

/** Ends runs for whoever asks that, one or all of a user, and takes up those that are lost. */
export function openKeeping(
  engine: Pick<Engine, 'stop' | 'stopAll' | 'takeUp'>,
  nameOf: (run: RunRow) => string,
): Pick<Workflows, 'stop' | 'takeUp'> {
  const stop: Workflows['stop'] = async (tx, user_id, run_id) => {
    const run = run_id === undefined ? undefined : workflowStore.run(tx.connection, user_id, run_id)
    if (run_id !== undefined && run === undefined) return undefined
    const one = run?.ended_at === null ? [engine.stop(tx, run)] : []
    const stopped = run_id === undefined ? await engine.stopAll(tx, user_id) : one
    return stopped.map((ended) => ({ id: ended.id, name: nameOf(ended), ...reachedIn(tx, ended) }))
  }
  return { stop, takeUp: engine.takeUp }
}

/** How far a run had come: those that are done stay done, and of some nobody knows. */
function reachedIn({ connection }: Tx, { id }: RunRow): { done: number; unknown: string[] } {
  const steps = workflowStore.steps(connection, id)
  const of = (state: StepRow['status']) => steps.filter(({ status }) => status === state)
  return { done: of('completed').length, unknown: of('unknown').map(({ step_id }) => step_id) }
}
