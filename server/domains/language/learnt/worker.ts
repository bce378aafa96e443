import { parentPort } from 'node:worker_threads'
import type { WorkerAnswer } from '../../../kernel/workers.ts'
import type { TrainingExample } from '../model.ts'
import { toBytes } from '../statistics/bytes.ts'
import type { Model } from '../statistics/model.ts'
import { retrain } from '../statistics/retrain.ts'

interface Task {
  /** Everybody's model, to which more is learnt. */
  model: Model
  /** All examples, those of everybody and those of the user. */
  examples: readonly TrainingExample[]
  /** Labels of which the user has taught something. */
  changed: readonly string[]
}

/** Learns what a user has taught besides what everybody knows: `{id, task}` becomes the bytes of a model. */
function learn({ model, examples, changed }: Task): Uint8Array {
  return toBytes(retrain(model, examples, changed))
}

parentPort?.on('message', ({ id, task }: { id: number; task: Task }) => {
  let answer: WorkerAnswer
  try {
    answer = { id, value: learn(task) }
  } catch (error) {
    answer = { id, failed: error instanceof Error ? error.message : 'unknown' }
  }
  parentPort?.postMessage(answer)
})
