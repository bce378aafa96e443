import type { Tx } from '../../../kernel/store/store.ts'
import type { RunRow } from '../store.ts'
import { endRun, putSteps } from './journal.ts'
import type { EngineParts } from './parts.ts'
import { expressionsOf } from './scope.ts'
import type { Settled } from './settle.ts'
import { toState } from './state.ts'
import type { RunState } from './state.ts'
import { openWork } from './work.ts'
import { settlePaced, worldOf } from './world.ts'

/** A run that starts, with what follows from that before anything is performed. */
export interface Beginning {
  readonly run: RunState
  readonly settled: Settled
  /** Whether that is all of it: then it needs no slot. */
  readonly isDone: boolean
}

export function beginning(parts: EngineParts, row: RunRow): Beginning {
  const run = toState(row, [])
  const expressions = expressionsOf(parts, row)
  const world = worldOf(parts, run, expressions, { underWay: new Map(), work: openWork(parts, expressions) })
  const settled = settlePaced(parts, row.user_id, parts.planOf(row.version), run.steps, world)
  return { run, settled, isDone: settled.end?.status === 'completed' }
}

/** Records it with the start. What fails at once is left to the run, which has more to do about it. */
export function recordBeginning(parts: EngineParts, tx: Tx, { run, settled, isDone }: Beginning): RunState {
  if (settled.end !== undefined && !isDone) return run
  const next = putSteps(parts, tx, run, settled.steps, settled.changed)
  return isDone
    ? { ...next, row: endRun(parts, tx, next, { status: 'completed', error: null, isNew: true }) }
    : next
}
