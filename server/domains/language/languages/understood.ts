import type { Meaning } from '../catalogue.ts'
import { fillCaptures } from '../fill.ts'
import type { Surroundings } from '../fill.ts'
import { findMissing, nameOf, nothing, round, switchedOff } from '../heard.ts'
import type { Said, Tools, Understood } from '../heard.ts'
import { TONGUES } from './known.ts'
import { normalise } from '../normalise.ts'
import { repeatedIn } from './repeated.ts'
import { questionIn } from './questions.ts'
import { spokenTongue } from './spoken.ts'
import type { Tongue } from './tongue.ts'

/** The language that a sentence is said to be in, when it is one of those besides English. */
export function tongueOf(language: string | undefined): Tongue | undefined {
  const code = language?.slice(0, 2).toLowerCase()
  return TONGUES.find((one) => one.code === code)
}

/**
 * What a sentence means by a phrase of one of these languages. Its values are read as those of an English sentence.
 */
export async function byTongue(
  { utterance, heard, addressed }: Said,
  { tongues, catalogue }: Pick<Tools, 'tongues' | 'catalogue'>,
  around: Surroundings,
  among: readonly Tongue[],
  isFor: (meaning: Meaning) => boolean,
): Promise<Understood | undefined> {
  const found = tongues?.find(utterance, catalogue, around, { among, isFor, active: heard.active_agent })
  if (found === undefined) return undefined
  const { meaning, match, is_off } = found
  const off = catalogue.off.agents.find(({ agent_number }) => agent_number === meaning.agent_number)
  if (is_off && off !== undefined) return switchedOff(off)
  const captured = await fillCaptures(meaning.action, match.captures, utterance.text, found.around)
  const parameters = { ...meaning.preset, ...captured }
  return {
    ...nothing(addressed ? `You asked ${nameOf(meaning)}.` : `The words are a phrase of ${nameOf(meaning)}.`),
    tier: 'template',
    meaning,
    parameters,
    missing: missingIn(found.tongue, meaning, parameters),
    confidence: 1,
    routing_confidence: 1,
  }
}

/**
 * What a sentence in one of these languages asks for again and again: the request for a workflow, which is when in English
 * and what is to be done as it was said, or `unclear` where the sentence begins with when and the rest is not understood.
 * What an agent does again and again by itself is none, nor is what tells of something and not how often.
 */
export async function repeatedInTongue(
  said: Said,
  tools: Pick<Tools, 'tongues' | 'catalogue'>,
  around: Surroundings,
  among: readonly Tongue[],
): Promise<{ request: string } | 'unclear' | undefined> {
  for (const tongue of among) {
    const repeated = repeatedIn(said.utterance.text, tongue)
    if (repeated === undefined) continue
    const { when, leading } = repeated
    const order = tongue.unreserved(repeated.order)
    const meant = (text: string) =>
      byTongue({ ...said, utterance: normalise(text, []) }, tools, around, [tongue], () => true)
    const whole = await meant(order)
    if (whole?.meaning !== undefined && repeatsByItself(whole.meaning)) continue
    const isNegated = tongue.isNegated(order)
    const works = isNegated ? undefined : await worksOf(order, { tongue, whole, meant, leading })
    if (works !== undefined)
      return { request: `${when} ${works}${order === repeated.order ? '' : ', but ask me first'}` }
    if (leading) return 'unclear'
  }
  return undefined
}

interface Ordered {
  tongue: Tongue
  /** What all of the order means. */
  whole: Understood | undefined
  meant: (text: string) => Promise<Understood | undefined>
  leading: boolean
}

/** What is to be done, as one order or as several, where all of it is understood. */
async function worksOf(
  order: string,
  { tongue, whole, meant, leading }: Ordered,
): Promise<string | undefined> {
  const summary = tongue.sumUp(order)
  if (summary !== undefined) return summary
  if (isWork(whole, leading)) return order
  const parts = tongue.part(order)
  if (parts.length === 1) return undefined
  const found = await Promise.all(parts.map(meant))
  return found.every((part) => isWork(part, leading)) ? parts.join('; ') : undefined
}

/** Amid a sentence how often may belong to what is written down, unless that goes on a list. */
function isWork(found: Understood | undefined, leading: boolean): boolean {
  const { meaning, missing } = found ?? {}
  if (meaning === undefined || missing !== undefined || meaning.agent_number === 0) return false
  const { effect, parameters } = meaning.action
  return !repeatsByItself(meaning) && (leading || effect === 'read' || 'list' in parameters.properties)
}

function repeatsByItself({ action }: Meaning): boolean {
  return 'repeat' in action.parameters.properties
}

/** What is asked for, in the language of the sentence. */
function missingIn(
  { code }: Tongue,
  meaning: Meaning,
  parameters: Record<string, unknown>,
): Understood['missing'] {
  const missing = findMissing(meaning, parameters)
  return missing && { ...missing, question: questionIn(code, missing.question) }
}

/** How sure a guess is taken to be: whatever comes of it, it is asked about first. */
const GUESSED = 0.3

/** What is longer is a text and no order. */
const GUESSED_CHARACTERS_MAX = 1_000

/**
 * What a sentence in another language may mean that is none of its phrases. One that is clearly in such a language and
 * like nothing in it means nothing: what English sentences are like tells nothing of it.
 */
export function guessInTongue(
  { utterance, heard }: Said,
  { tongues, catalogue }: Pick<Tools, 'tongues' | 'catalogue'>,
  around: Surroundings,
  isFor: (meaning: Meaning) => boolean,
): Understood | undefined {
  const is_short = utterance.text.length <= GUESSED_CHARACTERS_MAX
  const tongue = is_short ? spokenTongue(utterance.text, tongueOf(heard.language)) : undefined
  if (tongue === undefined || tongues === undefined) return undefined
  const found = tongues.guess(utterance, tongue, catalogue, around)
  const meant = found?.meanings.filter(isFor) ?? []
  const meaning = meant.find(({ agent_number }) => agent_number === heard.active_agent) ?? meant[0]
  if (found === undefined || meaning === undefined)
    return nothing('It is not like anything that your agents can do.')
  return {
    ...nothing(`It shares words with what people say to ${nameOf(meaning)}.`),
    tier: 'statistics',
    meaning,
    missing: missingIn(tongue, meaning, {}),
    confidence: GUESSED,
    routing_confidence: round(found.share),
  }
}
