import { CONFIDENCE_TO_ACT } from '../../../../contract/limits.ts'
import type { Classify } from '../heard.ts'
import type { Classified } from '../statistics/classify.ts'

/** What takes things back, and tells how: whatever a user has taught, it is still to be had by its own words. */
const TAKING_BACK: ReadonlySet<string> = new Set(['system/stop', 'system/undo', 'system/redo'])
const VITAL: ReadonlySet<string> = new Set([...TAKING_BACK, 'concierge/help'])

/** Whether nothing may be learnt in place of what this label is known by. */
export function isVital(label: string): boolean {
  return VITAL.has(label)
}

/** Whether statistics are sure that something is to be stopped or taken back. */
export function takesBack(found: Classified): boolean {
  return TAKING_BACK.has(sureOf(found) ?? '')
}

/** What statistics say with what was taught, unless everybody's are sure that it is vital. */
export function guarded(everybody: Classify, own: Classify): Classify {
  return async (text) => {
    const plain = await everybody(text)
    return isVital(sureOf(plain) ?? '') ? plain : own(text)
  }
}

function sureOf({ ranked: [best], in_scope }: Classified): string | undefined {
  return best !== undefined && Math.min(in_scope, best.probability) >= CONFIDENCE_TO_ACT
    ? best.label
    : undefined
}
