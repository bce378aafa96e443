import type { Plan } from '../definition.ts'
import { roomOf } from './journal.ts'
import type { EngineParts } from './parts.ts'
import type { Expressions } from './scope.ts'
import { settle, tiredSince } from './settle.ts'
import type { Settled, World } from './settle.ts'
import type { RunState, Steps } from './state.ts'

interface Now {
  underWay: Steps
  work: World['work']
  /** Bytes of a result that is being recorded, and not counted yet. */
  taken?: number
}

/** What settling a run needs to know of this moment. */
export function worldOf(
  { kernel: { clock, now }, pace }: Pick<EngineParts, 'kernel' | 'pace'>,
  run: RunState,
  { holds }: Pick<Expressions, 'holds'>,
  { underWay, work, taken = 0 }: Now,
): World {
  return {
    now: clock.now(),
    time: now(),
    underWay,
    holds,
    work,
    room: roomOf(run) - taken,
    isTired: tiredSince(clock),
    rest: () => pace.rest(run.row.user_id),
    hasTurn: () => pace.hasTurn(run.row.user_id, run.row.id),
    takeTurn: () => pace.takeTurn(run.row.user_id, run.row.id),
  }
}

/** Settles a run, and notes how long what was worked out for it has taken. */
export function settlePaced(
  { kernel: { clock }, pace }: Pick<EngineParts, 'kernel' | 'pace'>,
  user_id: string,
  plan: Plan,
  steps: Steps,
  world: World,
): Settled {
  const began = clock.elapsed()
  const settled = settle(plan, steps, world)
  pace.spent(user_id, clock.elapsed() - began)
  return settled
}
