import type { Understood } from '../language/understand.ts'
import { splitClauses } from '../workflows/propose/clauses.ts'
import { isReminder, isWork } from '../workflows/propose/words.ts'
import type { Plan } from './decide.ts'

/** Two orders in one sentence that no phrase takes as one: half of it must not become part of the other. */
export function twoOrders({ tier, meaning, parameters }: Understood, text: string): Plan | undefined {
  if (tier !== 'statistics' || meaning === undefined || meaning.action.effect === 'read') return undefined
  const [first = '', second, ...more] = splitClauses(text)
  if (second === undefined || more.length > 0 || !isOrder(first) || !isOrder(second)) return undefined
  return saying({ meaning, parameters }, partedInto(first, second))
}

/** "add milk to my shopping list and tape to the hardware list" */
const TWO_LISTS =
  /^(?<verb>add|put) (?<one>.+? (?:to|on|onto) (?:my|the|our) .+? list),? and (?:also )?(?:(?:add|put) )?(?<other>.+? (?:to|on|onto) (?:my|the|our) .+? list)$/iu

/** Things for two lists, of which the first would become part of the second. */
export function twoLists({ meaning, parameters }: Understood, text: string): Plan | undefined {
  const { verb, one, other } = TWO_LISTS.exec(text.trim().replace(/[.!]+$/u, ''))?.groups ?? {}
  if (meaning?.name !== 'add' || one === undefined) return undefined
  return saying({ meaning, parameters }, partedInto(`${verb} ${one}`, `${verb} ${other}`))
}

/** Two times in one sentence, of which one would be lost. */
export function twoTimes({ meaning, parameters, two_times }: Understood): Plan | undefined {
  if (meaning === undefined || two_times === undefined) return undefined
  const each = two_times.map((one) => `once for “${one}”`)
  const [last, ...others] = each.toReversed()
  const said = `Nothing is done: I take one time at once. Say it ${others.toReversed().join(', ')}, and ${last}.`
  return saying({ meaning, parameters }, said)
}

function partedInto(first: string, second: string): string {
  return `That is two things, and I do one at a time: say “${first}” first, and then “${second}”.`
}

/** Says why nothing is done, and waits for another sentence. */
function saying(
  { meaning, parameters }: Pick<Extract<Plan, { kind: 'course' }>, 'meaning' | 'parameters'>,
  text: string,
): Plan {
  return { kind: 'course', meaning, parameters, course: { kind: 'say', text, followup: true } }
}

function isOrder(clause: string): boolean {
  return isWork(clause) || isReminder(clause)
}
