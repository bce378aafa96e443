import type { Item } from './items.ts'

/** Words that are in orders and questions, and so are no part of a short name: "show me the ..." */
const NO_NAME = new Set(
  `a add alarm all allow and any are as at be cancel check clear create delete did do does done drop export for from get give
  go has have how i import in into is it kill let list load make mark me move my need of off on open our out put read remember
  remind reminder remove run say send set show snooze start stop take tell that the there these this timer to turn was what
  when where which who why with write you your`.split(/\s+/),
)
const NAME_WORDS_MAX = 3

/** Whether the text can be the name of a list or a timer: "shopping", "my hardware store", "to do", "pasta". */
export function isName(text: string): boolean {
  const words = text
    .toLowerCase()
    .replace(/^(?:my|the|our|your|a)\s+/, '')
    .replace(/\bto[ -]dos?\b/, 'todo')
    .match(/[\p{L}\p{N}'’-]+/gu)
  return words !== null && words.length <= NAME_WORDS_MAX && words.every((word) => !NO_NAME.has(word))
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
