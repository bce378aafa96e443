import { checkCircles, checkIds, checkSize, checkWaits } from './dependencies.ts'
import { triggerFields } from './conditions.ts'
import { Findings } from './findings.ts'
import type { Told } from './findings.ts'
import type { Known } from './known.ts'
import { checkFallback, checkTime } from './limits.ts'
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
  const findings = new Findings()
  const readable = readDefinition(definition, findings)
  const { trigger, steps, fallback } = readable
  checkTrigger(trigger, [...steps.steps, ...fallback.steps], known, findings)
  checkSize(steps, '/steps', findings)
  checkSize(fallback, '/error_handling/fallback_steps', findings)
  checkIds([steps, fallback], findings)
  checkFallback(readable, findings)
  checkList(steps, fallback, readable, known, findings)
  checkList(fallback, steps, readable, known, findings)
  return findings.told(definition)
}

function checkList(
  list: StepList,
  other: StepList,
  { trigger, timeout_ms }: Readable,
  known: Known,
  findings: Findings,
): void {
  const order = orderOf(list)
  checkCircles(list, order, findings)
  const around = {
    list,
    order,
    other,
    findings,
    trigger_type: trigger.type,
    trigger_fields: triggerFields(trigger),
  }
  for (const [index, step] of list.steps.entries()) {
    checkWaits(step, list, other, findings)
    checkStep(step, known, { ...around, step: index })
    checkTime(step, timeout_ms, findings)
  }
}
