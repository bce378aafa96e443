import { readCondition } from './expression.ts'
import { problemIn } from './place.ts'
import type { PointedProblem } from './place.ts'
import { Refused } from './tree/refused.ts'

/** What is wrong with a condition, as a list like that of a template. */
export function findConditionProblems(source: string, at = ''): PointedProblem[] {
  try {
    readCondition(source)
    return []
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return [{ pointer: at, ...problemIn(source, error) }]
  }
}
