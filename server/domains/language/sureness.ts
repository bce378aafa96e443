import { CONFIDENCE_TO_ACT, CONFIDENCE_TO_ANSWER, CONFIDENCE_TO_GUESS } from '../../../contract/limits.ts'
import type { Meaning } from './catalogue.ts'
import { splitPayload } from './fill.ts'
import type { Said, Tools, Understood } from './heard.ts'
import { readLabel } from './learnt/own.ts'
import { normalise } from './normalise.ts'
import type { Utterance } from './normalise.ts'

/** Just not enough for what needs so much. */
const BELOW = 0.001

/** What somebody says to another person, by how they call them; who is called by a name is seen by its capital. */
const CALLED =
  'love|dear|darling|sweetheart|babe|mate|pal|buddy|kids?|children|boys|girls|guys|lads|folks|ladies|gentlemen|everyone|everybody|you (?:two|three|lot|guys|all)|(?:young|old) (?:man|lady)|son|mum|mom|mummy|mommy|dad|daddy|grandma|grandpa|granny|gran|nan'
const TO_SOMEBODY = new RegExp(
  `^(?:${CALLED}),\\s|,\\s(?:${CALLED}),\\s|,\\s(?:my )?(?:${CALLED})[\\s.!?…]*$`,
  'iu',
)
/** Somebody's name at the end, as only guesses are asked about for: it may end a list. */
const TO_ONE_BY_NAME = /,\s\p{Lu}\p{Ll}+[.!?]*$/u
/** All of it is what somebody else has said, or a line that is known. */
const QUOTED =
  /^["“][^"“”]+["”],? (?:he|i|said|says|she|they|we)\b|^(?:"[^"]+"|“[^“”]+”|„[^„“”]+[“”]|«[^«»]+»|‘[^‘’]+’)[\s.!?…]*$/u

/** Who recalls something with somebody: "remember that awful holiday?" */
const RECALLING = /^(?:do you |you )?remember\b[^:]*\?$/iu

/**
 * The same, asked about before it has an effect where it is said to somebody else or quoted, whatever its words mean.
 * Stopping is never asked about.
 */
export function askedIfOverheard(found: Understood, said: string): Understood {
  const { meaning, confidence } = found
  const text = said.trim()
  const isQuote = QUOTED.test(text)
  if (meaning === undefined || meaning.agent_number === 0 || found.tier === 'learnt') return found
  if (!isQuote && !TO_SOMEBODY.test(text) && !RECALLING.test(text)) return found
  if (meaning.action.effect !== 'read') return doubted(found)
  return isQuote ? { ...found, confidence: Math.min(confidence, CONFIDENCE_TO_ANSWER - BELOW) } : found
}

/** So likely must an order with words of its own be that any phrase takes. */
const LIKELY = { in_scope: 0.8, own: 0.7 } as const
const TERSE_WORDS = 4
/** A longer one has so much of what is kept in it that it is like nothing. */
const LIKELY_CHARACTERS_MAX = 300

/**
 * The same, asked about where a phrase takes whatever is said and keeps it, and nothing else makes the sentence likely to
 * be an order: "make a note of that, said the judge". What somebody has made a phrase of is one, and so is what follows a
 * colon.
 */
export async function askedIfUnlikely(
  found: Understood,
  { utterance, only, addressed, heard }: Said,
  { classify, catalogue: { labels } }: Pick<Tools, 'classify' | 'catalogue'>,
): Promise<Understood> {
  const { meaning } = found
  const { command, payload } = splitPayload(utterance.text)
  const isNamed = addressed || only !== undefined || payload !== undefined || heard.is_part === true
  if (meaning?.action.verbatim !== true || meaning.is_own === true || isNamed) return found
  // Nobody tells a story in four words.
  if (utterance.tokens.length <= TERSE_WORDS || command.length > LIKELY_CHARACTERS_MAX) return found
  const { ranked, in_scope } = await classify(command)
  const own = ranked
    .filter(({ label }) => labels.get(readLabel(label).label)?.some((one) => one.action === meaning.action))
    .reduce((sum, { probability }) => sum + probability, 0)
  // Where there is nothing to compare with, nothing is unlike it.
  if (ranked.length === 0) return found
  return in_scope >= LIKELY.in_scope && own >= LIKELY.own ? found : doubted(found)
}

/** A phrase is as sure as it gets: only what counts as guessed is asked about. */
function doubted(found: Understood): Understood {
  return { ...found, tier: 'statistics', confidence: Math.min(found.confidence, CONFIDENCE_TO_ACT - BELOW) }
}

/** What a sentence was guessed to mean. */
interface Guessed {
  parameters: Readonly<Record<string, unknown>>
  /** Whether a word is one that people say to agents. */
  knows: (word: string) => boolean
}

/** How sure a guess of a sentence may be: what orders nothing is asked about before it has an effect. */
export function mostFor(utterance: Utterance, guessed: Guessed): number {
  if (forbids(utterance)) return CONFIDENCE_TO_ACT - BELOW
  if (isTelling(utterance)) return CONFIDENCE_TO_GUESS - BELOW
  const isToOne = TO_ONE_BY_NAME.test(utterance.text.trim())
  return isToOne || hasStranger(utterance, guessed) ? CONFIDENCE_TO_ANSWER - BELOW : 1
}

/**
 * Whether something that would be changed is only told or asked of, or forbidden: "my alarm is at seven" cancels none, "who
 * added milk?" adds none, and "never run it again" starts none.
 */
export function isNoOrder(
  utterance: Utterance,
  { action: { effect, never, ends } }: Pick<Meaning, 'action'>,
): boolean {
  const said = utterance.tokens.map(({ key }) => key).join(' ')
  if (never?.test(said) === true) return true
  if (FORBIDDEN.test(said) && (ends === true ? UNENDED.test(said) : effect !== 'read')) return true
  // What is to be made, or to be elsewhere, is not to be taken away.
  if (effect === 'destructive' && MAKING.test(said)) return true
  if (effect === 'read' || !isTelling(utterance)) return false
  return said.startsWith('who ') || (effect === 'destructive' && STATED.test(said))
}

/** Whether there is a word in it that nobody says to an agent, and that is no part of what was asked for. */
function hasStranger({ text, tokens }: Utterance, { parameters, knows }: Guessed): boolean {
  const taken = new Set(
    Object.values(parameters).flatMap((value) =>
      normalise(JSON.stringify(value), []).tokens.map(({ key }) => key),
    ),
  )
  return tokens.some(({ key, start, end }) => {
    const word = text.slice(start, end)
    return /^\p{L}{4,}$/u.test(word) && !taken.has(key) && !knows(word) && !knows(key)
  })
}

/** Subjects of what is told or asked about, rather than of what somebody wants. */
const SUBJECT = new RegExp(
  [
    '^(?:he|she|they|it|you|there|who|why|what|which|how|should|is|are|was|were|did|does|do (?:i|you|we|they)|has|have|had|am)\\b(?! (?:to|about)\\b)',
    '^(?:i|we) (?!need|want|would like|have to|have got to|got to|must|should|ought|shall|am out|are out|have run|ran out|run out|wish)',
    '^(?:this|that|these|those|my|our|your|his|her|their|the|an?)(?: \\S+){1,2} (?:\\S+[^s]s|\\S+ed|looks?|sounds?|feels?|seems?)\\b',
    '^(?:\\S+ ){1,4}(?:said|says|told|tells|asked|asks|wanted|wants|is|was|were|rang|rings|woke|wakes|adds|added)\\b',
  ].join('|'),
)
const MAKING = /^(?:add|build|change|create|install|make|move|new|reschedule|set up|shift) /
/** What is told of a thing. */
const STATED =
  /^(?:my|our|your|his|her|their|the|this|that)(?: \S+){1,3} (?:is|are|was|were|rang|rings|went|goes|has|had)\b/
/** An order after what was told: "my locker is 12, remember that". */
const ORDERED =
  /\b(?:please|(?:so|and|then|can you|could you|would you|will you) (?:\S+ )?(?:add|put|remember|remind|note|keep|save|set|write|store|check|tick|cross|make|start)|(?:add|put|remember|note|keep|save|set|write|store|check|tick|cross|jot) (?:it|that|this|them)\b|(?:stop|cancel|delete|remove|clear|kill|drop|forget|scrap|turn off|switch off) (?:it|that|this|them|the|my|all)\b|(?:turn|switch|shut) (?:it|that|this|them) off\b|get rid of (?:it|that|this|them)\b)/

/** What people begin to talk with. */
const OPENING =
  /^(?:(?:actually|ah|and|but|honestly|listen|look|no|oh|right|so|sorry|well|yeah|yes) )+(?=\S+ \S)/

function isTelling({ tokens }: Utterance): boolean {
  const said = tokens
    .map(({ key }) => key)
    .join(' ')
    .replace(OPENING, '')
  return SUBJECT.test(said) && !ORDERED.test(said)
}

/** Whether it begins by forbidding or by what one cannot do: "do not add milk" differs from the order in two words only, and must not count as it. */
function forbids({ tokens }: Utterance): boolean {
  const said = tokens.map(({ key }) => key).join(' ')
  return FORBIDDEN.test(said) || /^(?:i )?(?:can|could) not (?!you\b)/.test(said)
}
const FORBIDDEN = /^(?:do not|never) (?!(?:let me )?forget|mind\b)/
/** What is forbidden is itself an ending, and so means none. */
const UNENDED =
  /^(?:do not|never) (?:cancel|clear|decline|delete|end|erase|forget|mute|remove|stop|undo|unwatch|(?:turn|switch) (?:\S+ ){0,4}off)\b/
