import type { Engine } from './engine/index.ts'
import type { Workflows } from './index.ts'
import { workflowStore } from './store.ts'
import type { RunRow } from './store.ts'

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
    return stopped.map((ended) => ({ id: ended.id, name: nameOf(ended) }))
  }
  return { stop, takeUp: engine.takeUp }
}
