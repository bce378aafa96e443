import { Fault } from '../../../kernel/fault.ts'
import type { Refused } from './tree/refused.ts'

/** Where in a source something is: `position` counts UTF-16 units from 0, `line` and `column` from 1. */
export interface Place {
  readonly position: number
  readonly line: number
  readonly column: number
  /** The line in question, or a part of it, with a caret below the character. */
  readonly excerpt: string
}

/** Why a source cannot be saved, and where. */
export interface Problem extends Place {
  readonly message: string
}

/** A problem in one text of a value: `pointer` is the JSON pointer of the text. */
export interface PointedProblem extends Problem {
  readonly pointer: string
}

const LINE_END = /\r\n|[\n\r\u2028\u2029]/g
/** Characters of the line shown on either side of the place. */
const EXCERPT_SIDE = 30

export function placeOf(source: string, position: number): Place {
  let line = 1
  let start = 0
  let end = source.length
  for (const {
    index,
    0: { length },
  } of source.matchAll(LINE_END)) {
    if (index >= position) {
      end = index
      break
    }
    line += 1
    start = index + length
  }
  // A position between the two characters of a line end belongs to the line before it.
  const column = Math.max(position - start, 0)
  const from = Math.max(column - EXCERPT_SIDE, 0)
  const shown = source.slice(start + from, Math.min(start + column + EXCERPT_SIDE, end))
  const excerpt = `${shown.replaceAll(/\p{Cc}/gu, ' ')}\n${' '.repeat(column - from)}^`
  return { position, line, column: column + 1, excerpt }
}

export function problemIn(source: string, { message, position }: Refused): Problem {
  return { message, ...placeOf(source, position) }
}

/** The refusal of a source that cannot be saved. */
export function refusal({ message, ...place }: Problem): Fault {
  return new Fault('WORKFLOW_VALIDATION_FAILED', message, { ...place })
}

/** An expression that could be saved, but has no value for the data that it met. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError'
  readonly place: Place

  constructor(message: string, place: Place) {
    super(message)
    this.place = place
  }
}

/** Ends an evaluation from within; whoever knows the source adds the place. */
export class Stop extends Error {
  override readonly name = 'Stop'
}
