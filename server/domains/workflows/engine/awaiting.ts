import { storedFields } from '../../../kernel/stored.ts'
import type { Told } from '../../../kernel/events.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Json } from '../evaluate/value.ts'
import { WAITS } from '../own/index.ts'
import { workflowStore } from '../store.ts'
import { matches } from '../triggers/match.ts'
import type { Engine } from './index.ts'

/** Answers steps that wait for an event, in the transaction that tells it. */
export function answerWaiting(kernel: Kernel, engine: Pick<Engine, 'answer'>): void {
  kernel.events.witness((tx, event) => {
    for (const step of workflowStore.waiting(tx.connection, event.user_id, WAITS.event(event.name)))
      if (isWanted(step.input, event)) answer(engine, tx, step, event)
  })
}

function isWanted(input: string | null, { data }: Told): boolean {
  const given = storedFields<{ match?: Json }>(input ?? '{}')
  if (given === undefined) return false
  const { match } = given
  return match === undefined || matches(JSON.parse(JSON.stringify(data)) as Json, match)
}

function answer(
  engine: Pick<Engine, 'answer'>,
  tx: Tx,
  { user_id, run_id, step_id }: { user_id: string; run_id: string; step_id: string },
  { data }: Told,
): void {
  const run = workflowStore.run(tx.connection, user_id, run_id)
  if (run?.ended_at === null) engine.answer(tx, run, step_id, JSON.parse(JSON.stringify(data)) as Json)
}
