import { CONFIDENCE_TO_ACT } from '../../../contract/limits.ts'
import type { Understood } from '../language/understand.ts'

/** "When I say groceries, show me the shopping list": a phrase, and what is to be done when it is said. */
const LESSON =
  /^(?:please )?(?:when(?:ever)?|if|every time|each time) i say\s*[:,]?\s*(?:(?:"(?<straight>[^"]{1,200})"|“(?<curved>[^”]{1,200})”|‘(?<single>[^’]{1,200})’|'(?<plainly>[^']{1,200})'(?!\p{L}))\s*,?|(?<plain>[^,"“]{1,200}),)\s*(?:please )?(?<order>.{3,500})$/isu
/** A sentence that is always understood as the wish to teach, whatever agents there are. */
const TEACH = 'learn a new command'
const TIME = /^\d{4}-\d\d-\d\d(?:T|$)/u

/**
 * What a sentence teaches that names neither agent nor action: both follow from the order. Of an order whose time would be
 * the same whenever the phrase is said nothing is learnt, nor of one that is not sure.
 */
export async function asLesson(
  text: string,
  fresh: Understood,
  understand: (text: string) => Promise<Understood>,
): Promise<Understood | undefined> {
  const { order, ...phrases } = LESSON.exec(text.trim())?.groups ?? {}
  const phrase = Object.values(phrases)
    .find((one) => one !== undefined)
    ?.trim()
  const isWhole = fresh.tier === 'template' && fresh.missing === undefined
  if (order === undefined || phrase === undefined || isWhole || fresh.meaning?.name === 'create_workflow')
    return undefined
  const { meaning, parameters, missing, confidence } = await understand(order)
  if (meaning === undefined || meaning.agent_number <= 1 || missing !== undefined) return undefined
  if (confidence < CONFIDENCE_TO_ACT || Object.values(parameters).some(isTime)) return undefined
  const teach = await understand(TEACH)
  if (teach.meaning?.name !== 'teach_command') return undefined
  const { agent_number, name: action } = meaning
  return {
    ...teach,
    missing: undefined,
    parameters: { phrase, agent_number, action, parameters },
    reason: 'It says a phrase, and what is to be done when that is said.',
  }
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && TIME.test(value)
}
