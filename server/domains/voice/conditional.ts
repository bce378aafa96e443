import { normalise } from '../language/normalise.ts'
import type { Understood } from '../language/understand.ts'
import type { Spoken } from '../workflows/spoken/index.ts'
import { saying, twoLists, twoOrders, twoTimes, unkept } from './parted.ts'
import type { Plan } from './decide.ts'

/** What begins a condition, in each language. */
const IF =
  '(?:if|unless|in case|as long as|as soon as|provided that|whenever|when|falls|wenn|sobald|es sei denn|si|cuando|en caso de que|a menos que)'
const CONDITION = new RegExp(
  `^(?:please |only |but )*(?<condition>${IF} (?!possible\\b|necessary\\b|in doubt\\b|to\\b|möglich\\b|nötig\\b|du (?:kannst|magst)\\b|puedes\\b|puedas\\b|es posible\\b|i (?:say|tell)\\b|you (?:can|could|would|may|have|get|do not|don['’]?t)\\b)[^,]{2,80})`,
  'iu',
)
/** The order that follows a condition without a comma. */
const ORDER =
  /\s+(?:remind|add|put|note|wake|tell|set|then|to|erinner\p{L}*|setz\p{L}*|recu[eé]rda\p{L}*|añade|pon)\b.*$/iu
/** What a reminder cannot be tied to, as its time is known only from the calendar. */
const TIED =
  /^(?:please )?remind me (?:(?:\d+|an?|half an?|one|two|three|five|ten|fifteen|twenty|thirty|a few|a quarter of an|the) (?:minutes?|hours?|days?|weeks?) )?(?:before|after) (?:my|the|our|every|each) /iu
/** A place between the time and what is to be done, as of another clock: "at 17:00 in Berlin to call Hans". */
const ELSEWHERE =
  /\bat \S+(?: \d\d)?(?: ?[ap]\.?m\.?| o'?clock)? in (?!the (?:morning|afternoon|evening|night)|an?\b|my\b|our\b|\d|\S+ (?:minutes?|hours?|days?|weeks?|months?)\b)(?<place>\p{L}+(?: \p{L}+)?)(?: time)? to \p{L}/iu
const REMINDED = /\band (?:also )?remind me (?:to|of|about|that|at|in|on|tomorrow|today|tonight)\b/iu

/** An order for a list, which has no name before something is put on it. */
const NEW_LIST =
  /^(?:please )?(?:create|make|start|open|begin|set up|i (?:want|need)) (?:me )?(?:a|an|another|the|my) (?:new )?(?:\S+ ){0,3}list\b/iu

/** Names of what is kept word by word: the beginning of it is the beginning of what somebody wants. */
const KEPT = ['text', 'title', 'items']
/** An entry of a list may begin so, as titles do: only the sentence itself has a condition. */
const ENTRIES = 'items'

/** What is said where a part of a sentence would be lost, or become part of something else. */
export function partLost(
  fresh: Understood,
  text: string,
  gallery: Pick<Spoken, 'galleryTitle'>,
): Plan | undefined {
  return (
    twoTimes(fresh) ??
    unkept(fresh) ??
    twoLists(fresh, text) ??
    twoOrders(fresh, text) ??
    conditional(fresh, text, gallery)
  )
}

/** Whether it is what somebody is reminded of, word by word: "remind me at 9: if the bus is late, walk". */
function isTold(text: string, sentence: string): boolean {
  const before = sentence.slice(0, sentence.indexOf(text))
  return /(?::|\bthat|\bdass|\bque)\s*["“]?$/iu.test(before)
}

/**
 * What an agent would do at once and for certain although it was to be done only under a condition, by another clock, or
 * with a second order: that part would become words of a reminder or an entry of a list.
 */
function conditional(
  { meaning, parameters }: Understood,
  text: string,
  { galleryTitle }: Pick<Spoken, 'galleryTitle'>,
): Plan | undefined {
  if (meaning === undefined || meaning.agent_number === 0) return undefined
  const { effect, verbatim } = meaning.action
  const said = text.trim()
  const told = (why: string): Plan => saying({ meaning, parameters }, `Nothing is done: ${why}`)
  if (TIED.test(said) && (effect === 'read' || meaning.name === 'remind'))
    return told('I cannot tie a reminder to what is in your calendar. Say at what time it shall be.')
  if (effect === 'read') return undefined
  const kept = KEPT.flatMap((name) => parameters[name] ?? []).map(String)
  if (kept.some((one, at) => REMINDED.test(`${at > 0 ? 'and ' : ''}${one}`)))
    return told('that is two things, and I do one at a time: say “remind me …” by itself.')
  if (meaning.name === 'add' && NEW_LIST.test(said))
    return told('a list is made with what is put on it first. Say, such as, “put milk on my shopping list”.')
  const title = 'list' in parameters || kept.length > 1 ? undefined : galleryTitle(kept[0] ?? '')
  if (meaning.name === 'add' && title !== undefined)
    return told(
      `“${title}” is a workflow of the gallery. Say “install the ${title.toLowerCase()}” to have it, or name a list to put these words on it.`,
    )
  if (verbatim === true && meaning.name !== 'add') return undefined
  const place = meaning.name === 'remind' ? ELSEWHERE.exec(said)?.groups?.['place'] : undefined
  if (place !== undefined)
    return told(
      `I did not understand “in ${place}” there. Say the time by your own clock, and a place at the end, such as “at 5 to water the roses in the garden”.`,
    )
  const plain = normalise(said, []).text
  const begun = ENTRIES in parameters ? [plain] : [plain, ...kept.filter((one) => !isTold(one, plain))]
  const [found] = begun.flatMap((one) => CONDITION.exec(one)?.groups?.['condition'] ?? [])
  if (found === undefined) return undefined
  return told(
    `I cannot watch for “${found.replace(ORDER, '')}”. Say it without that, or make a workflow of it, such as: every day at 8, if my to do list is not empty, tell me what is on it.`,
  )
}
