import type { Meaning } from '../language/catalogue.ts'
import { ORDER_CHARS_MAX } from '../language/understand.ts'
import type { Understood } from '../language/understand.ts'
import { splitClauses } from '../workflows/propose/clauses.ts'
import { isReminder, isWork } from '../workflows/propose/words.ts'
import type { Spoken } from '../workflows/spoken/index.ts'
import { conditional } from './conditional.ts'
import type { Plan } from './decide.ts'
import { nothingDone, saying } from './saying.ts'

/** What was understood of a sentence, and the sentence without whom it addresses and what is only polite. */
interface Said {
  meaning: Meaning
  found: Understood
  text: string
  galleryTitle: Spoken['galleryTitle']
}

/**
 * What is said where a part of a sentence would be lost, or become part of something else: nothing is done then.
 *
 * @param text - the sentence without whom it addresses and what is only polite.
 */
export function partLost(
  found: Understood,
  text: string,
  { galleryTitle }: Pick<Spoken, 'galleryTitle'>,
): Plan | undefined {
  const { meaning } = found
  if (meaning === undefined) return undefined
  // What is longer is dictated, and in runs of spaces nothing is said.
  const plain = text
    .slice(0, ORDER_CHARS_MAX)
    .replaceAll(/\s{2,}/gu, ' ')
    .trim()
  const said: Said = { meaning, found, text: plain.replace(/(?<![.!])[.!]+$/u, ''), galleryTitle }
  if (keptOf(found).some((one) => one.length > ORDER_CHARS_MAX)) return undefined
  const rules = meaning.action.effect === 'read' ? [tied, newList, again] : CHANGING
  for (const rule of meaning.agent_number === 0 ? [twoTimes, twoOrders, newList] : rules) {
    const plan = rule(said)
    if (plan !== undefined) return plan
  }
  return undefined
}

/** Names of what is kept word by word. */
const KEPT = ['text', 'title', 'items']
function keptOf({ parameters }: Understood): string[] {
  return KEPT.flatMap((name) => parameters[name] ?? []).map(String)
}

const SOMEBODY =
  /^(?!.*\bremind (?:me|us|myself|ourselves)\b).*\bremind (?!me\b|us\b|myself\b|ourselves\b|that\b|of\b|about\b|to\b)(?<whom>(?:my |the |our )?\p{L}+) (?:to|about|of|that) /iu

/** Nobody else is reminded: "remind Bob to swim" would remind of "Bob to swim". */
function ofSomebody({ meaning, found: { parameters }, text }: Said): Plan | undefined {
  const whom = meaning.name === 'remind' ? SOMEBODY.exec(text)?.groups?.['whom'] : undefined
  if (whom === undefined) return undefined
  return nothingDone({ meaning, parameters }, `I can remind you, and not “${whom}”. Say “remind me to …”.`)
}

/** What begins with how often it shall be. */
const OFTEN =
  /^(?:(?:every|each)(?! time\b)|daily|weekly|monthly|hourly|nightly|once an?|twice an?|always|jede[nrsm]?|täglich|cada|todos los|todas las)\s/iu

/** What is to be done again and again is not done now, and once. */
function again({ meaning, found: { parameters }, text }: Said): Plan | undefined {
  const isTimed = 'repeat' in meaning.action.parameters.properties || meaning.action.verbatim === true
  if (isTimed || meaning.is_own === true || !OFTEN.test(text)) return undefined
  return nothingDone(
    { meaning, parameters },
    'I did not understand how often that shall be, or what. Say it such as “every weekday at 8 list my reminders”.',
  )
}

/** Two times in one sentence, of which one would be lost. */
function twoTimes({ meaning, found: { parameters, times } }: Said): Plan | undefined {
  if (times === undefined) return undefined
  const each = times.map((one) => `once for “${one}”`)
  const [last, ...others] = each.toReversed()
  return nothingDone(
    { meaning, parameters },
    `I take one time at once. Say it ${others.toReversed().join(', ')}, and ${last}.`,
  )
}

/** A bound of what repeats that would be lost. */
function unkept({ meaning, found: { parameters, unkept: words } }: Said): Plan | undefined {
  return words === undefined ? undefined : unkeptWords({ meaning, parameters }, words)
}

function unkeptWords(meant: Parameters<typeof nothingDone>[0], words: string): Plan {
  const said = words.replace(/^[\s,]+/u, '')
  return nothingDone(meant, `I cannot keep to “${said}” there. Say it without that, or with a day or a date.`)
}

const ONE_LIST = /^(?:add |put )?\S.* (?:to|on|onto) (?:my|the|our) \S+(?: \S+){0,3} list$/iu
/** Longer ones are dictated, and no order of two things. */
const PARTED_CHARACTERS_MAX = 300

/** "add milk to my shopping list and tape to the hardware list": of both the first would become part of the second. */
function twoLists({ meaning, found, text }: Said): Plan | undefined {
  if (meaning.name !== 'add' || text.length > PARTED_CHARACTERS_MAX) return undefined
  const [one, other, ...more] = text.split(/(?<= list),? and (?:also )?/iu)
  const verb = /^(?:add|put)(?= )/iu.exec(text)?.[0]
  if (verb === undefined || other === undefined || more.length > 0) return undefined
  if (one === undefined || !ONE_LIST.test(one) || !ONE_LIST.test(other)) return undefined
  const second = /^(?:add|put) /iu.test(other) ? other : `${verb} ${other}`
  return saying({ ...found, meaning }, partedInto(one, second))
}

/** Two orders in one sentence that no phrase takes as one: half of it must not become part of the other. */
function twoOrders({ meaning, found, text }: Said): Plan | undefined {
  if (found.tier !== 'statistics' || meaning.action.effect === 'read') return undefined
  const [first = '', second, ...more] = splitClauses(text)
  if (second === undefined || more.length > 0 || !isOrder(first) || !isOrder(second)) return undefined
  return saying({ ...found, meaning }, partedInto(first, second))
}

function isOrder(clause: string): boolean {
  return isWork(clause) || isReminder(clause)
}

function partedInto(first: string, second: string): string {
  return `That is two things, and I do one at a time: say “${first}” first, and then “${second}”.`
}

const REMINDED = /\band (?:also )?remind me (?:to|of|about|that|at|in|on|tomorrow|today|tonight)\b/iu

/** A reminder behind what is kept, of which it would become a part. */
function andReminder({ meaning, found }: Said): Plan | undefined {
  const { parameters } = found
  if (!keptOf(found).some((one, at) => REMINDED.test(`${at > 0 ? 'and ' : ''}${one}`))) return undefined
  return nothingDone(
    { meaning, parameters },
    'that is two things, and I do one at a time: say “remind me …” by itself.',
  )
}

/** An order for a list, which has no name before something is put on it. */
const NEW_LIST =
  /^(?:create|make|start|open|begin|set up|i (?:want|need)) (?:me )?(?:a|an|another|the|my) (?:new )?(?:\S+ ){0,3}list\b/iu

const BESIDES = /\b(?:and|then|with|for me|please)\b/iu

/** What such an order is easily taken for. */
const LIKE_NEW_LIST: ReadonlySet<string> = new Set(['add', 'list', 'create_agent'])

function newList({ meaning, found: { parameters }, text }: Said): Plan | undefined {
  if (!LIKE_NEW_LIST.has(meaning.name) || !NEW_LIST.test(text)) return undefined
  // "Make a list called trip and put socks on it": what is said besides is no part of the name.
  if (parameters['create'] === true && !BESIDES.test(String(parameters['list']))) return undefined
  return nothingDone(
    { meaning, parameters },
    'a list is made with what is put on it first. Say, such as, “put milk on my shopping list”.',
  )
}

/** A workflow of the gallery that is to be installed, and would be put on a list. */
function ofGallery({ meaning, found, galleryTitle }: Said): Plan | undefined {
  const { parameters } = found
  const [one = '', ...more] = keptOf(found)
  const isAlone = meaning.name === 'add' && !('list' in parameters) && more.length === 0
  const title = isAlone ? galleryTitle(one) : undefined
  if (title === undefined) return undefined
  return nothingDone(
    { meaning, parameters },
    `“${title}” is a workflow of the gallery. Say “install the ${title.toLowerCase()}” to have it, or name a list to put these words on it.`,
  )
}

/** What a reminder cannot be tied to, as its time is known only from the calendar. */
const TIED =
  /^remind me (?:(?:\d+|an?|half an?|one|two|three|four|five|six|seven|ten|fifteen|twenty|thirty|a few|a quarter of an|the) (?:minutes?|hours?|days?|weeks?) )?(?:before|after) (?:my|the|our|every|each) /iu

function tied({ meaning, found: { parameters }, text }: Said): Plan | undefined {
  const isTimed = meaning.name === 'remind' && 'at' in parameters
  if (isTimed || !TIED.test(text) || !(meaning.name === 'remind' || meaning.action.effect === 'read'))
    return undefined
  return nothingDone(
    { meaning, parameters },
    'I cannot tie a reminder to what is in your calendar. Say at what time it shall be.',
  )
}

/** What stands between who is reminded and what of, where nothing but a time belongs. */
const BETWEEN =
  /\b(?:remind|ping|nudge|poke|buzz) me (?!(?:to|about|of|that) )(?<between>(?:(?! (?:about|of|that) ).){1,100}?),? to (?<first>\p{L}+)/iu
const BETWEEN_GERMAN =
  /\berinner\p{L}* mich (?!ans? |dass )(?<between>.{1,100}?),? (?:ans?|dass) (?<first>\p{L}+)/iu
/** Words of times that were not understood, rather than of a thing. */
const OF_TIMES =
  /\d|\b(?:mon|tue|wed|thu|fri|sat|sun|january|february|march|april|june|july|august|september|october|november|december|one of|first thing|early|late|sometime|until|till|or|no|not|nor|than|only|and|sharp|dot|earliest|latest|later|sooner|holidays?|(?:mon|tues|wednes|thurs|fri|satur|sun)?days?|weeks?|months?|years?|mornings?|evenings?|nights?|hours?|minutes?)\b/iu

/** "remind me at 9 on the dot to call": what is left over of the time would become words of the reminder. */
function leftOver({ meaning, found: { parameters }, text }: Said): Plan | undefined {
  const { text: kept } = parameters
  if (meaning.name !== 'remind' || typeof kept !== 'string') return undefined
  const german = BETWEEN_GERMAN.exec(text)?.groups
  const { first } = german ?? BETWEEN.exec(text)?.groups ?? {}
  const lead = german === undefined ? 'to' : '(?:ans?|dass)'
  const [words = ''] = (first && new RegExp(`^.{1,100}? (?=${lead} ${first}(?: |$))`, 'iu').exec(kept)) || []
  // That it is then alone is no part of it.
  if (/^(?:only|just)? ?$/iu.test(words) || (german === undefined && !OF_TIMES.test(words))) return undefined
  return nothingDone(
    { meaning, parameters },
    `I did not understand “${words.trim()}” there. Say the time in other words, such as “tomorrow at 9”.`,
  )
}

/** In what comes again, an exception or a beginning that was not read is no word of the reminder. */
const BOUNDING =
  /(?:,\s*|\s)(?:except|excepting|excluding|apart from|but (?:not|skip|never)|not \S.{0,30} though|aber \S.{0,30} nicht|aber nicht|ausgenommen|außer|ausser|pero \S.{0,30} no|pero no|salvo|excepto|(?:the )?(?:first|last) time|up to and including|for the rest of|never on|\S+ times$|das erste mal|la primera vez)(?=\s|$).*$/iu

/** A further day after one that was left out: "... in July and August". */
const FURTHER =
  /(?:^|[\s,])(?:and|to|y|und|bis)\s+(?:(?:on|the|in|am|im|el|en)\s+)*(?:\d{1,2}\.?\s+)?(?:\p{L}+ary|march|april|may|june|july|august|\p{L}+ber|\p{L}+days?)$/iu

function bounding({ meaning, found: { parameters } }: Said): Plan | undefined {
  const { text: kept, repeat, except } = parameters
  if (meaning.name !== 'remind' || typeof kept !== 'string' || repeat === undefined) return undefined
  const [words] = BOUNDING.exec(kept) ?? (except === undefined ? undefined : FURTHER.exec(kept)) ?? []
  return words === undefined ? undefined : unkeptWords({ meaning, parameters }, words)
}

/** A place whose "in" went to the time: the text that is left is "Berlin to call Hans". */
const PLACE = /^(?!(?:time|order|advance|person)\b)(?<place>\p{L}+(?: \p{L}+)?) to \p{L}/iu

/** "at 17:00 in Berlin to call Hans": by another clock, or at a place. */
function elsewhere({ meaning, found: { parameters }, text }: Said): Plan | undefined {
  const { text: kept } = parameters
  if (meaning.name !== 'remind' || typeof kept !== 'string') return undefined
  const place = PLACE.exec(kept.replace(/^in /iu, ''))?.groups?.['place']
  if (place === undefined || !text.includes(` in ${place} to `)) return undefined
  return nothingDone(
    { meaning, parameters },
    `I did not understand “in ${place}” there. Say the time by your own clock, and a place at the end, such as “at 5 to water the roses in the garden”.`,
  )
}

function onCondition({ meaning, found, text }: Said): Plan | undefined {
  const isKept = meaning.action.verbatim === true && meaning.name !== 'add'
  return isKept ? undefined : conditional(found, text)
}

/** What is looked at in an order that changes something, in its order. */
const CHANGING = [
  twoTimes,
  unkept,
  twoLists,
  twoOrders,
  tied,
  ofSomebody,
  andReminder,
  newList,
  ofGallery,
  elsewhere,
  onCondition,
  bounding,
  leftOver,
  again,
] as const
