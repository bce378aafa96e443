import { readCondition } from './expression.ts'
import { problemIn } from './place.ts'
import type { PointedProblem } from './place.ts'
import { Reader } from './read-template.ts'
import { Refused } from './tree/refused.ts'
import type { Json } from './value.ts'

/** Everything that is wrong with the expressions in a value; `at` is the JSON pointer of the value. */
export function findProblems(value: Json, at = ''): PointedProblem[] {
  const reader = new Reader()
  reader.read(value, at, 0)
  return reader.problems
}

/** What is wrong with a condition, as a list like the other. */
export function findConditionProblems(source: string, at = ''): PointedProblem[] {
  try {
    readCondition(source)
    return []
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return [{ pointer: at, ...problemIn(source, error) }]
  }
}
