import type { Budget } from './budget.ts'
import { EvaluationError, Stop, placeOf, problemIn, refusal } from './place.ts'
import { toJson } from './result.ts'
import { Run } from './run.ts'
import { growTree } from './tree/grow.ts'
import type { Read } from './tree/growth.ts'
import type { Node } from './tree/node.ts'
import { parseAt } from './tree/parse.ts'
import { Refused } from './tree/refused.ts'
import { kindOf } from './value.ts'
import type { Json, Scope, Value } from './value.ts'

/** An expression that was read once and can be evaluated often. */
export interface Compiled {
  /** The text that positions count in, which may hold more than this expression. */
  readonly source: string
  readonly node: Node
  readonly reads: readonly Read[]
}

/**
 * Reads an expression.
 *
 * @throws Fault `WORKFLOW_VALIDATION_FAILED` that names what is not allowed, with its place as details.
 */
export function compile(source: string): Compiled {
  return refusing(source, () => readExpression(source))
}

/** Reads a condition, which is an expression as it is. */
export function compileCondition(source: string): Compiled {
  return refusing(source, () => readCondition(source))
}

export function readCondition(source: string): Compiled {
  if (source.trimStart().startsWith('{{'))
    throw new Refused(
      'A condition is an expression already: write it without {{ and }}.',
      source.indexOf('{{'),
    )
  return readExpression(source)
}

function readExpression(source: string): Compiled {
  if (source.trim() === '') throw new Refused('There is no expression.', 0)
  const { expression, end } = parseAt(source, 0)
  const rest = source.slice(end)
  if (rest.trim() !== '')
    throw new Refused(
      'The expression ends before this: it is one expression, without statements.',
      end + rest.length - rest.trimStart().length,
    )
  return { source, ...growTree(expression, 0) }
}

function refusing(source: string, work: () => Compiled): Compiled {
  try {
    return work()
  } catch (error) {
    throw error instanceof Refused ? refusal(problemIn(source, error)) : error
  }
}

/** Works out the value. What it shares with the scope is copied. */
export function evaluate(compiled: Compiled, scope: Scope, budget: Budget): Json {
  return stopping(compiled, budget, () => toJson(valueOf(compiled, scope, budget), budget))
}

/** Works out whether a condition holds; a value that is not true or false is a mistake of its author. */
export function evaluateCondition(compiled: Compiled, scope: Scope, budget: Budget): boolean {
  return stopping(compiled, budget, () => {
    const value = valueOf(compiled, scope, budget)
    if (typeof value === 'boolean') return value
    throw new Stop(`A condition is true or false; this one gave ${kindOf(value)}.`)
  })
}

function valueOf({ node }: Compiled, scope: Scope, budget: Budget): Value {
  const value = new Run(scope, budget).value(node)
  budget.at = node.at
  return value
}

/** Makes an error with the place of what had no value. */
function stopping<Result>({ source }: Pick<Compiled, 'source'>, budget: Budget, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    throw new EvaluationError(error.message, placeOf(source, budget.at))
  }
}

/** The steps whose outcome an expression or several read, `steps.<id>`, each once. */
export function stepsRead({ reads }: Pick<Compiled, 'reads'>): readonly string[] {
  return [...new Set(reads.flatMap(({ root, key }) => (root === 'steps' && key !== undefined ? [key] : [])))]
}
