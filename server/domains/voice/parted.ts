import type { Understood } from '../language/understand.ts'
import { splitClauses } from '../workflows/propose/clauses.ts'
import { isReminder, isWork } from '../workflows/propose/words.ts'
import type { Plan } from './decide.ts'

/** Two orders in one sentence that no phrase takes as one: half of it must not become part of the other. */
export function twoOrders({ tier, meaning, parameters }: Understood, text: string): Plan | undefined {
  if (tier !== 'statistics' || meaning === undefined || meaning.action.effect === 'read') return undefined
  const [first = '', second, ...more] = splitClauses(text)
  if (second === undefined || more.length > 0 || !isOrder(first) || !isOrder(second)) return undefined
  const said = `That is two things, and I do one at a time: say “${first}” first, and then “${second}”.`
  return { kind: 'course', meaning, parameters, course: { kind: 'say', text: said, followup: true } }
}

/** Two times in one sentence, of which one would be lost. */
export function twoTimes({ meaning, parameters, two_times }: Understood): Plan | undefined {
  if (meaning === undefined || two_times === undefined) return undefined
  const [first, second] = two_times
  const said = `Nothing is done: I take one time at once. Say it once for “${first}”, and once for “${second}”.`
  return { kind: 'course', meaning, parameters, course: { kind: 'say', text: said, followup: true } }
}

function isOrder(clause: string): boolean {
  return isWork(clause) || isReminder(clause)
}
