import type { Budget } from './budget.ts'
import { evaluate } from './expression.ts'
import type { Compiled } from './expression.ts'
import { EvaluationError, refusal } from './place.ts'
import { Reader } from './read-template.ts'
import type { Part } from './read-template.ts'
import type { Read } from './tree/growth.ts'
import type { Json, Scope } from './value.ts'

/** A JSON value in whose texts there may be expressions; keys are never looked at. */
export interface Template {
  readonly reads: readonly Read[]
  readonly part: Part
}

/** An evaluation error in a value, at the JSON pointer of the text. */
export class TemplateError extends EvaluationError {
  readonly pointer: string

  constructor({ message, place }: EvaluationError, pointer: string) {
    super(message, place)
    this.pointer = pointer
  }
}

/**
 * Reads all expressions in a value.
 *
 * @throws Fault `WORKFLOW_VALIDATION_FAILED` for the first problem, with its place and JSON pointer as details.
 */
export function compileTemplate(value: Json): Template {
  const reader = new Reader()
  const part = reader.read(value, '', 0)
  const [problem] = reader.problems
  if (problem === undefined) return { part, reads: reader.reads }
  throw refusal(problem)
}

/** Works out the value. Data is never read as a template: an expression may well give a text with braces. */
export function evaluateTemplate({ part }: Template, scope: Scope, budget: Budget): Json {
  return made(part, scope, budget)
}

function made(part: Part, scope: Scope, budget: Budget): Json {
  switch (part.kind) {
    case 'plain':
      return part.value
    case 'lone':
      return pointing(part.pointer, () => evaluate(part.expression, scope, budget))
    case 'text':
      return pointing(part.pointer, () => textOf(part.pieces, scope, budget))
    case 'array':
      return part.parts.map((item) => made(item, scope, budget))
    case 'object':
      return Object.fromEntries(part.fields.map(([key, field]) => [key, made(field, scope, budget)]))
  }
}

function pointing<Result>(pointer: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw error instanceof EvaluationError ? new TemplateError(error, pointer) : error
  }
}

function textOf(pieces: readonly (string | Compiled)[], scope: Scope, budget: Budget): string {
  const texts = pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    const value = evaluate(piece, scope, budget)
    if (typeof value === 'string') return value
    // Nothing is written as nothing: nobody wants to read "null" in a message.
    return value === null ? '' : JSON.stringify(value)
  })
  return texts.join('')
}
