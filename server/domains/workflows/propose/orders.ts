import type { Done } from './parts.ts'

export const PAGE =
  /^(?:summari[sz]e|sum up)(?: (?:the )?(?:page|site|website|web site|article))?(?: at)? (?<address>https?:\/\/\S+|(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:\/\S*)?)$/iu

const CHECKED = /^(?:check|verify|test) (?:it|that)$/iu

/** What is in a calendar is that of a day. */
const CALENDAR = /^(?:tell|show|read|give|list)(?: me)? my (?:agenda|calendar|diary|schedule)$/iu

const NOTES_ABOUT =
  /^(?:tell|show|read|give|list)(?: me)? (?:all )?(?:of )?(?:my|the) (?:notes|memos) about (?<topic>.+)$/iu

/** Nothing here sends letters. */
export const BY_POST =
  /^(.+?) ((?:by|via|as an?) (?:e-?mail|sms|text message|phone|whatsapp|telegram|letter|post))$/iu

/** What is written down is a thing with a name, as which it is understood: "add it to my list". */
const WRITTEN =
  /^(?<verb>add|put|save|store|keep|note(?: down)?|remember|write(?: down)?)\s+(?:it|them|(?:that|this)(?=$|[,.]| (?:to|on|in|into|as|for|under|with|too)\b)|(?:the|that|this) (?:summary|results?|overview|digest|answer))\b/iu

/** What is kept without a place becomes a note. */
const KEPT =
  /^(?:save|store|keep|note(?: down)?|write(?: down)?|(?:add|put|save|store|keep|write) (?=.* notes?$)) ?the result(?: (?:to|in|into|as|among|under) (?:a|my|the) notes?)?$/iu

/** What of the user's own a condition is about: "my to do list is empty". */
export const OWN_STATE =
  /^(?<thing>(?:my|the|our) (?:[\p{L}\p{N}' -]{1,40}? list|tasks|to ?dos|notes|reminders)) (?<state>(?:is|are)(?: not|n['’]?t)? empty)(?<more>\s*(?:,.*)?)$/isu

/** Free words that may hold an "if" of their own. */
export const FREE = /^(?:remember|note|save|write|say|remind)\b/iu

export const ADDRESS =
  /^(?:check|ping|test|fetch|get|look at|try)(?: (?:the )?(?:page|site|website|web site|address|url|server|whether|if))* (?<address>https?:\/\/\S+|(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:\/\S*)?)(?: (?:is|for) .*)?$/iu

export const APPROVAL =
  /^(?:first )?ask(?:ing)? me\b(?:\s+(?:first|before(?:hand)?|before (?:you do|doing) (?:it|that|so)|for (?:my )?(?:approval|permission|ok)|whether to go on|if (?:that|it) is (?:ok|okay|fine)|(?:if|whether) (?:i|you|we) should (?<question>.+)))*$|^only after asking me(?: first)?$/iu

/** What hangs on the answer to a question: "if yes, put it on my list". */
export const AGREED =
  /^(?:yes|so|i (?:say (?:yes|so)|agree|approve)|that is (?:ok|okay|fine)|approved)\b[\s,]*(?:then\s+)?(?<order>.+)$/isu

/** What takes something away from an order: done without it, the order would do too much. */
export const LIMIT = /\b(?:except|excluding|apart from|but not|other than|until|till)\b.*$/isu

/** What would take less than all, of which an action takes all. */
export const ONLY_SOME = /\bbut (?:only|just) (?:the|those|these|for|of|from)\b/iu

/** What is read of a page to be told is its text, and not whether it answers. */
export const SAYS =
  /^(?:tell|show|read|give|send|let) (?:me )?(?:know )?(?:what (?:it|the (?:page|site)|that) says|what is (?:on|in) it|(?:its|the) (?:text|contents?|words))$/iu

/** What takes away what was spoken of: a list that was read is known by its name, and nothing else is. */
const TAKES_AWAY =
  /^(?<verb>clear|empty|erase|wipe|delete|remove|archive|forget)(?: out)? (?:it|them|that|those|all of (?:it|them)|everything)$/iu
const OWN_LIST = /\b(?:my|the|our) (?:\S+ ){0,3}list$/iu

/** What is to be written down, by what it is called. */
export function written(clause: string): string {
  return clause.replace(WRITTEN, '$<verb> the result').replace(KEPT, 'remember the result')
}

/**
 * The same order in words that mean it without what was said before; nothing where they cannot be told.
 *
 * @param before - what was done last.
 */
export function plainly(
  clause: string,
  before: Pick<Done, 'telling' | 'summary'> | undefined,
): string | undefined {
  if (CHECKED.test(clause) && before?.telling.id === 'backup') return 'check the backup'
  const verb = TAKES_AWAY.exec(clause)?.groups?.['verb']
  const list = OWN_LIST.exec(before?.summary ?? '')?.[0]
  if (verb !== undefined) return list && `${verb} ${list}`
  const about = NOTES_ABOUT.exec(clause)?.groups?.['topic']
  if (about !== undefined) return `find my notes about ${about}`
  return clause.replace(CALENDAR, '$& for today').replace(/^remind me (?=what |which |how )/iu, 'tell me ')
}

/** Whether an address answers is looked at for when it does not. */
export const IS_UP =
  /^(?:check|test|look|ping)\b.* is (?:still )?(?:up|online|reachable|working|available|alive|there)$/iu
