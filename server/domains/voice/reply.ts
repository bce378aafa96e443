import { CONFIDENCE_TO_ACT } from '../../../contract/limits.ts'
import { slotType } from '../language/slots/kinds.ts'
import type { Language } from '../language/index.ts'
import { findMissing, possibleTongues } from '../language/understand.ts'
import type { Heard, Understood } from '../language/understand.ts'
import { readConsent } from '../language/consent/words.ts'
import { isIt } from '../workflows/spoken/names.ts'
import type { Spoken } from '../workflows/spoken/index.ts'
import type { Question } from './conversation.ts'
import type { Plan } from './decide.ts'
import { BEGINS_WITH_NO, proposedIn } from './questions.ts'

/** What a sentence means as the answer to a question. Without a plan it is decided about like any other. */
export interface Replied {
  understood: Understood
  plan?: Plan
}

const SORRY = 'Sorry, I did not get that. '

/** A yes is heard with 0.4 and more, being one short word; what is only like it with less than this. */
const CONFIDENCE_AGREED = 0.35

/** What a spoken no is heard as: it is asked again. */
const LIKE_NO = /^\s*(?:now|know|note|nor)[\s.!]*$/iu

/** A question of three words at least. */
const ASKING = /^\s*(?:what|when|how|who|where|which|why|is|are|can|could|do|does|did)(?:'s)?\s+\S+\s+\S/i

function answering({ meaning, parameters }: Question): Understood {
  return {
    tier: 'template',
    meaning,
    parameters,
    missing: undefined,
    confidence: 1,
    routing_confidence: 1,
    alternatives: [],
    reason: 'It answers my question.',
  }
}

const WHAT = /^\s*(?:what|how|when) (?:would|will|does|is|happens) (?:it|that)\b/iu

/** How a sentence changes what is proposed, or asks for it once more, when something is. */
export function readAmendment(
  question: Question,
  text: string,
  fresh: Understood,
  { amended, isAmending }: Pick<Spoken, 'amended' | 'isAmending'>,
): Replied | undefined {
  if (proposedIn(question) === undefined || readConsent(text) !== undefined) return undefined
  const understood = answering(question)
  if (WHAT.test(text)) return { understood, plan: question }
  for (const said of [text, ...timesIn(text)]) {
    const changes = amended(question.parameters, said)
    if (changes !== undefined)
      return { understood: { ...understood, parameters: { ...question.parameters, ...changes } } }
  }
  const { meaning, tier, missing, confidence } = fresh
  if (meaning?.name === 'create_workflow' && !isAmending(text)) return undefined
  // "It" is what is proposed, of which nothing can be switched or run yet.
  const { workflow, name } = fresh.parameters
  if (meaning?.agent_number === 0 && [workflow, name].some((one) => typeof one === 'string' && isIt(one)))
    return { understood, plan: { kind: 'unknown' } }
  const isPhrase = tier === 'template' || tier === 'learnt'
  const isWhole = missing === undefined
  const isCommandOfOwn =
    isAmending(text) || BEGINS_WITH_NO.test(text)
      ? isPhrase && isWhole
      : isPhrase || (isWhole && confidence >= CONFIDENCE_TO_ACT)
  // It is no other order: whatever it resembles, what is proposed stays.
  return isCommandOfOwn && meaning?.name !== 'create_workflow'
    ? undefined
    : { understood, plan: { kind: 'unknown' } }
}

/** What leads to another time in other languages, and what to one that is left out. */
const LEFT_OUT =
  /^(?:(?:aber|pero|und|y)\s+)?(?:nicht|außer|ausser|no|menos|excepto|salvo)\s+(?:am|an|im|los|las|el|la|en)\s+/iu
const REFUSED = /^(?:nein|nee|doch|lieber|ja|bitte|aber|no|mejor|sí|si|pero|por favor)[\s,]+/iu

/** A time that is said in another language, in the words that readers know. */
function timesIn(text: string): string[] {
  const said = text.trim().replace(/[\s.!]+$/u, '')
  // An English word that is eleven in Spanish.
  if (/^once$/iu.test(said)) return []
  const left_out = LEFT_OUT.exec(said)?.[0]
  const plain = said.slice(left_out?.length ?? 0)
  const time = left_out === undefined ? plain.replace(REFUSED, '').replace(REFUSED, '') : plain
  return possibleTongues(said).flatMap(({ say }) => {
    const english = say('time', time)
    return english === undefined
      ? []
      : [left_out === undefined ? english : `not on ${english.replace(/^on /u, '')}`]
  })
}

/** How a sentence answers the open question, or nothing when it is a command of its own. */
export async function readReply(
  language: Language,
  user_id: string,
  question: Question,
  fresh: Understood,
  heard: Heard,
  /** How surely it was heard, 0 to 1, when it was spoken; whether something else was done since the question. */
  { sureness, isSince = false }: { sureness?: number | undefined; isSince?: boolean },
): Promise<Replied | undefined> {
  const { meaning } = question
  const understood = answering(question)
  // "Stop" closes the question and stops what runs besides: it must never mean less than it says.
  if (fresh.meaning?.agent_number === 0 && fresh.meaning.name === 'stop' && fresh.tier === 'template')
    return undefined
  const consent = readConsent(heard.text)
  if (question.kind === 'confirm' && sureness !== undefined && LIKE_NO.test(heard.text))
    return { understood, plan: askedAgain(question) }
  // What is only asked about is not done yet: to undo it is to leave it.
  const isUndo =
    question.kind === 'confirm' &&
    fresh.meaning?.agent_number === 0 &&
    fresh.meaning.name === 'undo' &&
    meaning.name !== 'undo' &&
    !isSince
  if (consent === 'no' || (isUndo && fresh.tier === 'template'))
    return { understood, plan: { kind: 'declined' } }
  if (question.kind === 'confirm') {
    if (consent !== 'yes') return undefined
    return {
      understood,
      plan: (sureness ?? 1) < CONFIDENCE_AGREED ? askedAgain(question) : agreedTo(question),
    }
  }
  // A yes is no value of anything, and surely no name.
  if (consent === 'yes') return { understood, plan: askedAgain(question) }
  const chosen = question.choices && placeIn(heard.text, question.choices)
  if (chosen !== undefined) return answered(question, understood, { [question.parameter]: chosen })
  // "remind me to buy stamps" says what to be reminded of, and "remind me to" is no part of that.
  const isSame = fresh.tier === 'template' && fresh.meaning?.action === meaning.action
  if (isSame && question.parameter in fresh.parameters)
    return answered(question, understood, fresh.parameters)
  // A whole command of its own wins over being taken for the value that was asked for, unless commands were asked for.
  const isOrdered = meaning.agent_number === 0 && meaning.name === 'create_workflow'
  if (!isOrdered && isCommand(fresh, question, heard)) return undefined
  const said = await language.readSlot(user_id, meaning, question.parameter, heard)
  // Who asks something has not answered, unless the text itself is what was asked for.
  const isText = said !== undefined && Object.values(said).includes(heard.text.trim())
  if (ASKING.test(heard.text) && !isText) return undefined
  // What answers nothing makes way for a command, and asked twice in vain for whatever was understood.
  const makesWay = fresh.tier === 'template' || question.question.startsWith(SORRY)
  if (said === undefined && makesWay && fresh.meaning !== undefined) return undefined
  if (said === undefined) return { understood, plan: askedAgain(question) }
  return answered(question, understood, said)
}

function answered(
  { meaning, parameters }: Question,
  understood: Understood,
  said: Readonly<Record<string, unknown>>,
): Replied {
  const filled = { ...parameters, ...said }
  return { understood: { ...understood, parameters: filled, missing: findMissing(meaning, filled) } }
}

const PLACES = ['first', 'second', 'third', 'fourth', 'fifth']
const PLACE = new RegExp(
  `^(?:the )?(?:(?<place>${PLACES.join('|')}|last)|number (?<number>[1-5]))(?: one)?[.!]*$`,
  'iu',
)

/** "the second one" of what may be answered. */
function placeIn(text: string, choices: readonly string[]): string | undefined {
  const { place = '', number } = PLACE.exec(text.trim())?.groups ?? {}
  if (place.toLowerCase() === 'last') return choices.at(-1)
  return choices[number === undefined ? PLACES.indexOf(place.toLowerCase()) : Number(number) - 1]
}

/** Verbs with which one orders something, and at least a word after them. */
export const ORDERING =
  /^\s*(?:please )?(?:add|put|delete|remove|erase|clear|empty|rename|change|set|make|create|run|start|stop|cancel|turn|switch|enable|disable|pause|resume|list|show|tell|remind|wake|remember|note|forget|find|search|look|undo|redo|read|explain|describe|summari[sz]e|calculate|convert|fetch|watch|check|pin|unpin|tag|mark|move|import|export|snooze|approve|decline|every|each)\s+\S/i
/** A name is no longer; what may be longer can be any sentence. */
const NAME_CHARACTERS_MAX = 200

/**
 * Whether a sentence is a command of its own, whatever was asked: by its own phrase, and where a name or another short
 * value was asked for also when it begins as an order and is understood for certain.
 */
function isCommand(
  { tier, missing, confidence, meaning }: Understood,
  { parameter, meaning: { action } }: Extract<Question, { kind: 'slot' }>,
  { text }: Heard,
): boolean {
  if (tier === 'template' && missing === undefined) return true
  const { maxLength = 0 } = action.parameters.properties[parameter] as { maxLength?: number }
  if (meaning === undefined || maxLength > NAME_CHARACTERS_MAX || slotType(action, parameter) === 'items')
    return false
  return ORDERING.test(text) && (tier === 'template' || confidence >= CONFIDENCE_TO_ACT)
}

/** Sentences as one answer. */
export function joined(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ')
}

function askedAgain<Q extends Question>(question: Q): Q {
  return { ...question, question: `${SORRY}${question.question.replace(SORRY, '')}` }
}

function agreedTo({ meaning, parameters, offer }: Extract<Question, { kind: 'confirm' }>): Plan {
  if (offer === undefined) return { kind: 'execute', meaning, parameters }
  return { kind: 'course', meaning, parameters, course: { kind: 'sensitive', sensitive: offer.agreed } }
}
