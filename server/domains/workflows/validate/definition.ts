import { checkCircles, checkIds, checkSize, checkWaits } from './dependencies.ts'
import { triggerFields } from './conditions.ts'
import { Findings } from './findings.ts'
import type { Told } from './findings.ts'
import type { Known } from './known.ts'
import { checkBytes, checkExpressionCount, checkFallback, checkTime } from './limits.ts'
import { orderOf } from './order.ts'
import { checkStep } from './performing.ts'
import { readDefinition } from './steps.ts'
import type { Readable, StepList } from './steps.ts'
import { checkTrigger } from './trigger.ts'

/**
 * Everything that is wrong with a definition, or worth knowing about it, in the order of the document. Nothing of it is
 * performed, and nothing is thrown, whatever is given.
 *
 * @returns at most 500 errors and 500 warnings, each followed by `MORE` if there are more.
 */
export function validateDefinition(definition: unknown, known: Known): Told {
  const pieces = inPieces(definition, known, undefined)
  for (;;) {
    const piece = pieces.next()
    if (piece.done === true) return piece.value
  }
}

/**
 * The same, while others get a turn between two steps.
 *
 * @param of - The number of an agent: only the steps that it performs are looked at, for what a change of it comes to.
 */
export async function validateInTurns(
  definition: unknown,
  known: Known,
  breathe: () => Promise<void>,
  of?: number,
): Promise<Told> {
  const pieces = inPieces(definition, known, of)
  for (;;) {
    const piece = pieces.next()
    if (piece.done === true) return piece.value
    await breathe()
  }
}

function* inPieces(definition: unknown, known: Known, of: number | undefined): Generator<undefined, Told> {
  const findings = new Findings()
  // What is too large for anything else to be said of it costs no more than to say so.
  if (!checkBytes(definition, findings)) return findings.told(definition)
  const readable = readDefinition(definition, findings)
  yield
  const { trigger, steps, fallback } = readable
  checkTrigger(trigger, [...steps.steps, ...fallback.steps], known, findings)
  checkSize(steps, '/steps', findings)
  checkSize(fallback, '/error_handling/fallback_steps', findings)
  checkIds([steps, fallback], findings)
  checkFallback(readable, findings)
  const expressions = { count: 0 }
  yield* listInPieces({ list: steps, other: fallback, of }, readable, known, { findings, expressions })
  yield* listInPieces({ list: fallback, other: steps, of }, readable, known, { findings, expressions })
  checkExpressionCount(expressions, findings)
  return findings.told(definition)
}

function* listInPieces(
  { list, other, of }: { list: StepList; other: StepList; of: number | undefined },
  { trigger, timeout_ms }: Readable,
  known: Known,
  { findings, expressions }: { findings: Findings; expressions: { count: number } },
): Generator<undefined, void> {
  const order = orderOf(list)
  checkCircles(list, order, findings)
  const around = {
    list,
    order,
    other,
    findings,
    expressions,
    trigger_type: trigger.type,
    trigger_fields: triggerFields(trigger),
  }
  for (const [index, step] of list.steps.entries()) {
    if (of !== undefined && step.agent_number !== of) continue
    checkWaits(step, list, other, findings)
    checkStep(step, known, { ...around, step: index })
    checkTime(step, timeout_ms, findings)
    yield
  }
}
