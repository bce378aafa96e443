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

const ONE_LIST = /^(?:add |put )?\S.* (?:to|on|onto) (?:my|the|our) \S+(?: \S+){0,3} list$/iu
/** Longer ones are dictated, and no order of two things. */
const PARTED_CHARACTERS_MAX = 300

/** "add milk to my shopping list and tape to the hardware list": of both the first would become part of the second. */
export function twoLists({ meaning, parameters }: Understood, text: string): Plan | undefined {
  const said = text.trim().replace(/[.!]+$/u, '')
  if (meaning?.name !== 'add' || said.length > PARTED_CHARACTERS_MAX) return undefined
  const [one, other, ...more] = said.split(/(?<= list),? and (?:also )?/iu)
  const verb = /^(?:add|put)(?= )/iu.exec(said)?.[0]
  if (verb === undefined || other === undefined || more.length > 0) return undefined
  if (one === undefined || !ONE_LIST.test(one) || !ONE_LIST.test(other)) return undefined
  const second = /^(?:add|put) /iu.test(other) ? other : `${verb} ${other}`
  return saying({ meaning, parameters }, partedInto(one, second))
}

/** Two times in one sentence, of which one would be lost. */
export function twoTimes({ meaning, parameters, times }: Understood): Plan | undefined {
  if (meaning === undefined || times === undefined) return undefined
  const each = times.map((one) => `once for “${one}”`)
  const [last, ...others] = each.toReversed()
  const said = `Nothing is done: I take one time at once. Say it ${others.toReversed().join(', ')}, and ${last}.`
  return saying({ meaning, parameters }, said)
}

/** A bound of what repeats that would be lost. */
export function unkept({ meaning, parameters, unkept: words }: Understood): Plan | undefined {
  if (meaning === undefined || words === undefined) return undefined
  const said = `Nothing is done: I cannot keep to “${words}” there. Say it without that, or with a day or a date.`
  return saying({ meaning, parameters }, said)
}

function partedInto(first: string, second: string): string {
  return `That is two things, and I do one at a time: say “${first}” first, and then “${second}”.`
}

/** Says why nothing is done, and waits for another sentence. */
export function saying(
  { meaning, parameters }: Pick<Extract<Plan, { kind: 'course' }>, 'meaning' | 'parameters'>,
  text: string,
): Plan {
  return { kind: 'course', meaning, parameters, course: { kind: 'say', text, followup: true } }
}

function isOrder(clause: string): boolean {
  return isWork(clause) || isReminder(clause)
}
