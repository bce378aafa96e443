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
 * The request for a workflow that a sentence in one of these languages is: when, in English, and what is to be done, as it
 * was said. What an agent does again and again by itself is none, nor is what tells of something and not how often.
 */
export async function repeatedInTongue(
  said: Said,
  tools: Pick<Tools, 'tongues' | 'catalogue'>,
  around: Surroundings,
  among: readonly Tongue[],
): Promise<string | undefined> {
  for (const tongue of among) {
    const repeated = repeatedIn(said.utterance.text, tongue)
    if (repeated === undefined) continue
    const orders = [repeated.order, ...tongue.part(repeated.order)]
    const meant = (order: string) =>
      byTongue({ ...said, utterance: normalise(order, []) }, tools, around, [tongue], () => true)
    const [whole, ...parts] = await Promise.all(orders.map(meant))
    const isWork = (found: Understood | undefined): boolean =>
      found?.meaning !== undefined &&
      found.missing === undefined &&
      found.meaning.agent_number !== 0 &&
      !('repeat' in found.meaning.action.parameters.properties) &&
      (repeated.leading ||
        found.meaning.action.effect === 'read' ||
        'list' in found.meaning.action.parameters.properties)
    const summary = tongue.sumUp(repeated.order)
    if (summary !== undefined) return `${repeated.when} ${summary}`
    if (isWork(whole)) return `${repeated.when} ${repeated.order}`
    if (parts.length > 1 && parts.every(isWork)) return `${repeated.when} ${orders.slice(1).join('; ')}`
  }
  return undefined
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
