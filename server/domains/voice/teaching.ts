import { CONFIDENCE_TO_ACT } from '../../../contract/limits.ts'
import type { Understood } from '../language/understand.ts'
import { ORDERING } from './reply.ts'

/** "When I say groceries, show me the shopping list": a phrase, and what is to be done when it is said. */
const LESSON =
  /^(?:please )?(?:when(?:ever)?|if|every time|each time) i say\s*[:,]?\s*(?:(?:"(?<straight>[^"]{1,200})"|“(?<curved>[^”]{1,200})”|‘(?<single>[^’]{1,200})’|'(?<plainly>[^']{1,200})'(?!\p{L}))\s*,?|(?<plain>[^,"“]{1,200}),)\s*(?:please )?(?<order>.{3,500})$/isu
/** The same without a sign between the phrase and the order. */
const LOOSE = /^(?:please )?(?:when(?:ever)?|if|every time|each time) i say\s+(?<rest>.{3,500})$/isu
/** Words after which an order is looked for. */
const PHRASE_WORDS_MAX = 8
/** A sentence that is always understood as the wish to teach, whatever agents there are. */
const TEACH = 'learn a new command'
const TIME = /^\d{4}-\d\d-\d\d(?:T|$)/u

type Understand = (text: string) => Promise<Understood>

/**
 * What a sentence teaches that names neither agent nor action: both follow from the order. Of an order whose time would be
 * the same whenever the phrase is said nothing is learnt, nor of one that is not sure; it is never done instead.
 */
export async function asLesson(
  text: string,
  fresh: Understood,
  understand: Understand,
): Promise<Understood | undefined> {
  const isWhole = fresh.tier === 'template' && fresh.missing === undefined && isTeaching(fresh)
  if (!LOOSE.test(text.trim()) || isWhole || fresh.meaning?.name === 'create_workflow') return undefined
  const learnt = await partsOf(text.trim(), understand)
  const teach = await understand(TEACH)
  if (!isTeaching(teach)) return undefined
  if (learnt === undefined) return isTeaching(fresh) ? fresh : teach
  return {
    ...teach,
    missing: undefined,
    parameters: learnt,
    reason: 'It says a phrase, and what is to be done when that is said.',
  }
}

function isTeaching({ meaning }: Understood): boolean {
  return meaning?.name === 'teach_command'
}

async function partsOf(text: string, understand: Understand): Promise<Record<string, unknown> | undefined> {
  const { order, ...phrases } = LESSON.exec(text)?.groups ?? {}
  const phrase = Object.values(phrases)
    .find((one) => one !== undefined)
    ?.trim()
  if (order !== undefined && phrase !== undefined) return learntOf(phrase, await understand(order))
  const words = (LOOSE.exec(text)?.groups?.['rest'] ?? '').split(/\s+/u)
  const found: Record<string, unknown>[] = []
  for (let count = 1; count < Math.min(words.length, PHRASE_WORDS_MAX); count += 1) {
    const said = words
      .slice(count)
      .join(' ')
      .replace(/^then /iu, '')
    if (!ORDERING.test(said)) continue
    const learnt = learntOf(words.slice(0, count).join(' '), await understand(said))
    if (learnt !== undefined) found.push(learnt)
  }
  // Where the phrase may end in two places it is asked for.
  return found.length === 1 ? found[0] : undefined
}

function learntOf(
  phrase: string,
  { meaning, parameters, missing, confidence }: Understood,
): Record<string, unknown> | undefined {
  if (meaning === undefined || meaning.agent_number <= 1 || missing !== undefined) return undefined
  if (confidence < CONFIDENCE_TO_ACT || Object.values(parameters).some(isTime)) return undefined
  return { phrase, agent_number: meaning.agent_number, action: meaning.name, parameters }
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && TIME.test(value)
}
