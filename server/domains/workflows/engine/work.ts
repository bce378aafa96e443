import { ActionError } from '../../../skills/skill.ts'
import type { Json } from '../evaluate/value.ts'
import type { EngineParts } from './parts.ts'
import type { Expressions } from './scope.ts'
import { messageOf } from './settle.ts'
import type { World } from './settle.ts'
import { NEW_STEP } from './state.ts'

/**
 * Works out the steps that change nothing and wait for nothing: as with a condition, their outcome follows from the
 * record, so it is recorded with what it follows from.
 */
export function openWork(
  { own, kernel, isDraining }: Pick<EngineParts, 'own' | 'kernel' | 'isDraining'>,
  { parameters }: Pick<Expressions, 'parameters'>,
): World['work'] {
  return (planned, steps, error) => {
    const { agent_number, action } = planned.step
    if (agent_number !== 0 || !own.isWorkedOut(action) || isDraining()) return undefined
    let input: Json
    try {
      input = parameters(planned, steps, error)
    } catch (failure) {
      return { ...NEW_STEP, status: 'failed', error: `parameters: ${messageOf(failure)}` }
    }
    const begun = { ...NEW_STEP, attempts: 1, started_at: kernel.now(), input }
    try {
      return { ...begun, status: 'completed', result: own.workOut(own.check(action, input)) }
    } catch (failure) {
      if (!(failure instanceof ActionError)) throw failure
      return { ...begun, status: 'failed', error: failure.message }
    }
  }
}
