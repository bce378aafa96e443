import type { Item } from './items.ts'

/** Words of orders, which may be a name after "the" alone: "the stop list". */
const ORDERS = `add alarm all allow cancel check clear create delete done drop export get give go import kill let list load make
  mark move need off open out put read remember remind reminder remove run say send set show snooze start stop take tell timer
  turn write`
/** Words that are in orders and questions, and so are no part of a name: "what is on the ..." */
const NO_TITLE = new Set(
  `a and any are as at be did do does for from has have how i in into is it me my of on our that the there these this to was
  what when where which who why with you your`.split(/\s+/),
)
const NO_NAME = new Set([...NO_TITLE, ...ORDERS.split(/\s+/)])
const NAME_WORDS_MAX = 3
const TITLE_WORDS_MAX = 5

/** Whether the text can be the name of a list or a timer: "shopping", "my hardware store", "to do", "pasta". */
export function isName(text: string): boolean {
  return isNamed(text, NO_NAME, NAME_WORDS_MAX)
}

/** Whether the text can be such a name where "the" says that a name follows: "kill", "stop". */
export function isTitle(text: string): boolean {
  return isNamed(text, NO_TITLE, TITLE_WORDS_MAX)
}

function isNamed(text: string, none: ReadonlySet<string>, most: number): boolean {
  const words = text
    .toLowerCase()
    .replace(/^(?:my|the|our|your|a)\s+/, '')
    .replace(/\bto[ -]dos?\b/, 'todo')
    .match(/[\p{L}\p{N}'’-]+/gu)
  return words !== null && words.length <= most && words.every((word) => !none.has(word))
}

/** Words with which no thing begins, but the rest of some other order or statement does: "up the hours", "is empty". */
const NO_ITEM =
  /^(?:up|to|out|of|as|and|that|this|these|those|it|them|is|are|was|were|has|have|been|isn't|all|every|everything|what|which|who|how|why|when|where)\b/i

/** Whether the text can be things to put on a list. */
export function isItems(text: string): boolean {
  return text.trim() !== '' && !NO_ITEM.test(text.trim())
}

/** Whether the text is pasted lines rather than words. */
export function isTable(text: string): boolean {
  return /\S[ \t]*\r?\n\s*\S/.test(text)
}

const PRIORITIES = {
  high: 'high',
  top: 'high',
  highest: 'high',
  urgent: 'high',
  normal: 'normal',
  medium: 'normal',
  low: 'low',
  lowest: 'low',
} as const
/** What a priority is called. */
export const PRIORITY_NAMES = Object.keys(PRIORITIES) as (keyof typeof PRIORITIES)[]

export function isPriority(text: string): boolean {
  return Object.hasOwn(PRIORITIES, text.toLowerCase())
}

/** The priority that a name means. */
export function readPriority(name: keyof typeof PRIORITIES): Item['priority'] {
  return PRIORITIES[name]
}
