import { Type } from 'typebox'
import { action, shape } from '../skill.ts'
import type { Action } from '../skill.ts'

const told = shape({ text: Type.String() })

/** A command to the whole system. It is performed by the system itself, not by an agent. */
export function command(
  summary: string,
  effect: Action['effect'],
  phrases: readonly string[],
  examples: readonly string[],
  more: Partial<
    Pick<Action, 'parameters' | 'slots' | 'needsOne' | 'questions' | 'presets' | 'never' | 'ends'>
  > = {},
): Action {
  return action({
    summary,
    effect,
    phrases,
    examples,
    parameters: shape({}),
    ...more,
    result: told,
    perform: () => {
      throw new Error('Commands to the whole system are not performed by an agent.')
    },
  })
}
