import { isDeepStrictEqual } from 'node:util'
import type { StepRow } from '../../server/domains/workflows/store.ts'
import type { Asked } from './workflow-outside.ts'
import { TORTURED } from './workflow-definition.ts'
import type { State } from './workflow-state.ts'

const OUTCOMES: ReadonlySet<string> = new Set(['completed', 'failed', 'skipped', 'stopped', 'unknown'])

function hasOutcome(step: StepRow | undefined): step is StepRow {
  return step !== undefined && OUTCOMES.has(step.status)
}

/** Attempts that ended, as far as is recorded; of one that is unknown, the end was never seen. */
function ended(step: StepRow | undefined): number {
  if (step === undefined) return 0
  const tries = step.tries === null ? 0 : (JSON.parse(step.tries) as unknown[]).length
  return tries + (step.status === 'completed' || step.status === 'failed' ? 1 : 0)
}

/** Whether it was sent, or is about to be, and must not be again. */
function isOut({ steps, executions }: State, key: string): boolean {
  const step = steps.get(key)
  return step?.status === 'executing' && executions.get(step.execution_id ?? '')?.begun === 1
}

/** What one process was to leave as it was, and did not. */
export function findChanged(before: State, after: State): string[] {
  const problems: string[] = []
  for (const [id, run] of before.runs) {
    const now = after.runs.get(id)
    if (now === undefined) problems.push(`run ${run.name} is gone`)
    else if (run.ended_at !== null && !isDeepStrictEqual(run, now))
      problems.push(`run ${run.name} changed after its end`)
  }
  for (const [key, step] of before.steps) {
    const now = after.steps.get(key)
    if (now === undefined) problems.push(`${key} was ${step.status}, and is not recorded any more`)
    else if (hasOutcome(step) && !isDeepStrictEqual(step, now))
      problems.push(`${key} was ${step.status} at ${step.ended_at}, and is ${now.status} at ${now.ended_at}`)
    else if (now.attempts < step.attempts || !(now.tries ?? '[').startsWith(step.tries?.slice(0, -1) ?? ''))
      problems.push(`${key} has forgotten attempts`)
    // What it waits for may have come without the run having gone on.
    else if (
      step.status === 'waiting' &&
      now.status === 'waiting' &&
      !isDeepStrictEqual({ ...step, answer: now.answer }, now)
    )
      problems.push(`${key} has begun to wait anew`)
  }
  const kept = new Map(after.events.map((event) => [event.seq, event]))
  for (const event of before.events)
    if (kept.has(event.seq) && !isDeepStrictEqual(event, kept.get(event.seq)))
      problems.push(`event ${event.seq} was ${event.name}, and is ${kept.get(event.seq)?.name}`)
  return problems
}

/** What was asked of the outside by one process more often than its attempts explain, or never, or under another key. */
export function findRepeated(before: State, after: State, asked: readonly Asked[]): string[] {
  const problems: string[] = []
  const runs = new Map([...after.runs.values()].map((run) => [run.name, run]))
  const counts = new Map<string, number>()
  for (const { name, step, key, sends, isPutOff } of asked) {
    const run = runs.get(name)
    if (run === undefined) {
      problems.push(`${step} of the unknown run ${name} was performed`)
      continue
    }
    const own = `${run.id}/${step}`
    if (key !== (sends ? own : undefined)) problems.push(`${own} was sent with the key ${key}`)
    if (sends || !isPutOff) counts.set(own, (counts.get(own) ?? 0) + 1)
  }
  for (const run of runs.values())
    for (const [id, { step, sends }] of TORTURED[run.workflow]) {
      if (step.agent_number !== 8) continue
      const key = `${run.id}/${id}`
      const count = counts.get(key) ?? 0
      const least = ended(after.steps.get(key)) - ended(before.steps.get(key))
      // What only reads is recorded with its end; what sends must be recorded as begun before it is.
      const mayBeUnderWay =
        sends === true ? isOut(after, key) && !isOut(before, key) : !hasOutcome(after.steps.get(key))
      const most = least + (mayBeUnderWay ? 1 : 0)
      if (count < least || count > most)
        problems.push(`${key} made ${count} requests in ${least} to ${most} attempts`)
    }
  return problems
}

/** Steps that are unknown without having been under way at a kill, and those that were and are not. */
export function findUnexplained(before: State, after: State): string[] {
  const problems: string[] = []
  for (const [key, step] of after.steps) {
    if (step.status === 'unknown' && !hasOutcome(before.steps.get(key)) && !isOut(before, key))
      problems.push(`${key} is unknown, but was not under way`)
    if (isOut(before, key) && step.status !== 'unknown' && !isOut(after, key))
      problems.push(`${key} was under way at a kill, and is ${step.status}`)
  }
  return problems
}
