import { findOnce } from './once.ts'
import type { FoundOnce } from './once.ts'
import { findSchedule } from './schedule.ts'
import type { Schedule } from './schedule.ts'
import {
  bare,
  imperative,
  orderOf,
  isMade,
  isOwnThing,
  isPause,
  isReminder,
  isTelling,
  isWork,
  opensClause,
} from './words.ts'
import { ASKED_BEFORE, splitClauses } from './clauses.ts'

/** What starts the workflow that a sentence asks for, as it was said. */
export type Said =
  | ({ type: 'schedule' } & Schedule)
  | ({ type: 'once' } & Pick<FoundOnce, 'once'>)
  | { type: 'voice_command'; phrase: string }
  /** `doing` are the words for the action that has to be done, as an order. */
  | { type: 'agent_completion'; agent: string; success?: boolean; action?: string; doing?: string }
  | { type: 'webhook' }
  | { type: 'change'; target: string }
  | { type: 'manual' }

/** A sentence that may ask for a workflow: what starts it and what is to be done. */
export interface Request {
  said: Said
  body: string
  /** Both as they were said, without what only opens the sentence. */
  order: string
  /** The word "workflow" was said. */
  explicit: boolean
  name?: string
  /** What starts it was said after what is to be done. */
  trailing: boolean
}

const SENTENCE_CHARACTERS_MAX = 4_000
const POLITE =
  /^(?:(?:please|kindly|could you|can you|would you|will you|i want you to|i(?:'d| would) like you to|automatically)\s+)+/iu
const EXPLICIT =
  /^(?:make|create|set up|build|add|i (?:want|need)|new)\s+(?:me\s+)?(?:(?:a|an|another)\s+)?(?:new\s+)?(?:workflow|automation|routine)\b\s*/iu
const NAMED =
  /^(?:called|named)\s+(?:"(?<q>[^"]{1,200})"|“(?<c>[^”]{1,200})”|'(?<s>[^']{1,200})'|(?<n>.{1,200}?)(?=\s*[:,]|\s+(?:that|which|to)\s|$))\s*/iu
/** The name comes last: "..., and call it Morning". */
const CALLED = /,?\s+and (?:call|name) it ["“'‘]?(?<name>[^"”]{1,80}?)["”'’]?$/iu
const QUESTION = /^(?:what|which|how|who|why)\b/iu
const WHEN = '(?:when|whenever|each time|every time|as soon as|once|after)'
const DONE =
  '(?:has |is |was )?(?:finishes|finished|finish|is done|done|completes|completed|succeeds|succeeded|fails|failed|has failed|has an error)'
const AGENT =
  "(?:agent (?:number )?(?<number>[\\w-]{1,12}?)|(?:the )?(?<name>[\\p{L}&' -]{2,60}?) agent|(?:the )?(?<known>watcher|fetcher|guardian|concierge))"
const COMPLETION = new RegExp(
  `^${WHEN} ${AGENT} (?<done>${DONE})(?<well> successfully| without (?:an )?errors?)?(?: (?:with )?(?:the |its |an? )?(?:action |task )?(?<action>[a-z_]{2,40})(?=,))?\\s*,?\\s*`,
  'iu',
)
/** Agents of other kinds are people: "when the insurance agent calls". */
const OWN_AGENT =
  '(?:agent (?:number )?(?<number>[\\w-]{1,12}?)|the (?<name>(?:notes|memory|reminders?|calendar|tasks?|lists?|data|text)(?: (?:&|and) (?:memory|calendar|lists))?) agent|the (?<known>watcher|fetcher|guardian|concierge)(?: agent)?)'
/** "When agent 2 saves a note, ...": what the agent does, up to the comma. */
const DOING = new RegExp(
  `^${WHEN} ${OWN_AGENT} (?:has (?:just )?)?(?<verb>[a-z]{2,20}(?:s|ed))(?<what>(?: [^,;]{1,100})?),\\s*`,
  'iu',
)
const AFTER_BACKUP = new RegExp(
  `^(?:(?:after|with|on) (?:every|each|an?) back ?up|${WHEN} (?:a|the|every|each) back ?up (?:is|was|has been) (?:made|done|finished|completed?)|(?:if|${WHEN}) (?:a|the|my|every|each) back ?up (?<lost>fails|has failed|goes wrong))\\s*,?\\s*`,
  'iu',
)
function backedUp(success: boolean): Said {
  return { type: 'agent_completion', agent: 'guardian', success, doing: 'make a backup' }
}
const WEBHOOK =
  /^(?:(?:when|whenever|each time|every time|as soon as) (?:the|a|my|its|this) web ?hook (?:is called|is triggered|is hit|is received|fires|comes in|arrives|is invoked)|(?:when|whenever|each time|every time|as soon as) (?:some(?:one|body|thing)|any(?:one|body|thing)|it|they|another (?:program|server)) (?:calls?|hits?|triggers?|invokes?|uses?) (?:the|a|my|its|this) web ?hook|on (?:a|the) web ?hook(?: call)?)\s*,?\s*/iu
const CHANGE =
  /^(?:when|whenever|each time|every time|as soon as)\s+(?:the |my )?(?:(?:file|folder|directory|page|website|web site|site|feed|url|address)\s+)?(?<target>(?:https?:\/\/|[~/]|www\.)\S*[^\s,;]|[\w-]+(?:\.[\w-]+)+(?:\/\S*[^\s,;])?)\s+(?:changes|is (?:changed|updated|modified)|gets (?:changed|updated)|updates|has news)\s*,?\s*/iu
const VOICE = /^(?:when|whenever|if|each time|every time|as soon as) i (?:say|tell you)\s*[:,]?\s*/iu
const QUOTED =
  /^(?:"(?<q>[^"]{1,200})"|“(?<c>[^”]{1,200})”|‘(?<t>[^’]{1,200})’|'(?<s>[^']{1,200})'(?!\p{L}))\s*,?\s*/u

/** Reads what starts a workflow and what is to be done; `undefined` when nothing in the sentence starts one. */
export function readRequest(text: string): Request | undefined {
  if (text.length > SENTENCE_CHARACTERS_MAX) return undefined
  const sentence = text
    .trim()
    .replaceAll(/[^\S\n]+/gu, ' ')
    .replace(POLITE, '')
    .replace(/[\s.!?]+$/u, '')
    // What is to be asked may come last.
    .replace(/^before (you|i|we) (.{3,200}?),? (?:please )?ask me(?: first)?$/iu, 'ask me before $1 $2')
  const opening = EXPLICIT.exec(sentence)?.[0]
  if (opening === undefined) {
    const called = CALLED.exec(sentence)
    const order = sentence.slice(0, called?.index)
    const plain = started(order)
    const name = called?.groups?.['name']?.trim()
    return plain && { ...plain, order, ...(name !== undefined && { name }) }
  }
  let rest = sentence.slice(opening.length).replace(/^for (?:me|us)\b[\s,:]*/iu, '')
  const named = NAMED.exec(rest)
  rest = rest.slice(named?.[0].length ?? 0).replace(/^[:,]\s*/u, '')
  const order = rest
  const third = /^(?:that|which)[\s,]+/iu.exec(rest)?.[0]
  rest = rest
    .slice(third?.length ?? 0)
    .replace(/^(?:to|for)\s+(?=\S)/iu, '')
    .replace(/^runs?\s+(?=every|each|at|on|when|daily)/iu, '')
    .replace(/^(?:and|which|that)\s+/iu, '')
  const name = Object.values(named?.groups ?? {}).find((one) => one !== undefined)
  const ordered = third === undefined ? rest : imperative(rest)
  const found = started(ordered) ?? { said: { type: 'manual' } as const, body: ordered, trailing: false }
  const plain = found.body.replace(/^(?:and|that|which)\s+/iu, '')
  const body = third === undefined ? plain : imperative(plain)
  return {
    ...found,
    body,
    order,
    explicit: true,
    ...(name === undefined ? {} : { name: name.trim() }),
  }
}

/** Whether the sentence is an order for a workflow, and no reminder, watch or lesson. */
export function isOrder(request: Request): boolean {
  if (request.explicit) return true
  const { said, body, trailing } = request
  const clauses = splitClauses(body)
  const [first = ''] = clauses
  switch (said.type) {
    case 'schedule':
      return (
        ((isConditional(first) && (!trailing || clauses.length > 1)) ||
          isWork(first) ||
          (isPause(first) && clauses.some((clause) => isWork(clause) || isConditional(clause))) ||
          ASKED_BEFORE.test(bare(first)) ||
          isRun(first) ||
          (isReminder(first) && (said.many || clauses.slice(1).some(isWork)))) &&
        // How often something is looked at is what a watch is told; one that is made again and again is of no use.
        !(clauses.length === 1 && /^(?:watch|monitor|keep an eye on)\b/iu.test(bare(first))) &&
        !(trailing && !isPause(first) && (QUESTION.test(first) || keeps(first, clauses.length)))
      )
    case 'once':
      return (
        clauses.every((clause) => isWork(clause) || isTelling(clause)) &&
        isWork(first) &&
        !APPOINTED.test(first)
      )
    case 'voice_command':
      // One action for a phrase is what the concierge learns at once; several of them need a workflow.
      // What it learns has one time for good, though: "tomorrow" is another day whenever the phrase is said.
      return (
        clauses.some(isMade) || ((clauses.length > 1 || NOT_FOR_GOOD.test(first)) && clauses.some(isWork))
      )
    case 'change':
      // Telling of changes is what watches do, at once and for as long as one wants.
      return clauses.some((clause) => !isTelling(clause)) && opensClause(first)
    case 'agent_completion':
    case 'webhook':
      // "What happens when agent 5 finishes" asks, and orders nothing.
      return opensClause(first) && !(trailing && QUESTION.test(first))
    case 'manual':
      return false
  }
}

/** What is entered in a calendar is for a time, and done now. */
const APPOINTED =
  /\b(?:appointments?|meetings?|events?|(?:in|into|to|on) my (?:calendar|diary|agenda|schedule))\b/iu

const NOT_FOR_GOOD = /\b(?:today|tonight|tomorrow|yesterday|this (?:week|weekend|month)|next week)\b/iu

/** "Run the link checker": what is run and is no number of something is a workflow. */
function isRun(clause: string): boolean {
  return /^(?:run|start|execute|launch) (?!an? |some |\d|with |for )\S/iu.test(bare(clause))
}

/** "If my list is empty, ..." is looked at each time, and never once and for all. */
function isConditional(clause: string): boolean {
  return /^(?:if|unless)\b/iu.test(bare(clause))
}

/** Sentences whose end belongs to what is written down or watched: "note that the bins go out every friday". */
function keeps(first: string, clauses: number): boolean {
  if (/^(?:add|put)\b.*\blists?$/iu.test(bare(first))) return false
  if (/^(?:check|ping|test)\b/iu.test(bare(first))) return clauses < 2
  return /^(?:note|remember|save|add|put|watch|set|say|post|submit|call|trigger|ask|mark|import|convert|calculate|compute|count|summari[sz]e|translate|find|search|recall|look up|look for|redact|start|forget|delete|remove)\b/iu.test(
    bare(first),
  )
}

/** A request as its parts were found. */
type Found = Omit<Request, 'order'>

function started(sentence: string): Found | undefined {
  return leading(sentence) ?? scheduled(sentence) ?? once(sentence) ?? ended(sentence)
}

function once(sentence: string): Found | undefined {
  const found = findOnce(sentence)
  if (found === undefined || found.before !== '') return undefined
  return requested({ type: 'once', once: found.once }, found.after)
}

function leading(sentence: string): Found | undefined {
  const completion = COMPLETION.exec(sentence)
  if (completion !== null) return requested(completed(completion), sentence.slice(completion[0].length))
  const doing = DOING.exec(sentence)
  const order = orderOf(doing?.groups?.['verb'] ?? '')
  if (doing !== null && order !== undefined)
    return requested(doneBy(doing, order), sentence.slice(doing[0].length))
  const backup = AFTER_BACKUP.exec(sentence)
  if (backup !== null)
    return requested(backedUp(backup.groups?.['lost'] === undefined), sentence.slice(backup[0].length))
  const webhook = WEBHOOK.exec(sentence)
  if (webhook !== null) return requested({ type: 'webhook' }, sentence.slice(webhook[0].length))
  const change = CHANGE.exec(sentence)
  if (change !== null)
    return requested(
      { type: 'change', target: change.groups?.['target'] ?? '' },
      sentence.slice(change[0].length),
    )
  const voice = VOICE.exec(sentence)
  return voice === null ? undefined : spoken(sentence.slice(voice[0].length))
}

function completed({ groups = {} }: RegExpExecArray): Said {
  const { number, name, known, done = '', well, action } = groups
  const success = /fail|error/iu.test(done)
    ? false
    : well !== undefined || /succe/iu.test(done)
      ? true
      : undefined
  return {
    type: 'agent_completion',
    agent: number ?? name ?? known ?? '',
    ...(success === undefined ? {} : { success }),
    ...(action === undefined ? {} : { action }),
  }
}

function doneBy({ groups = {} }: RegExpExecArray, order: string): Said {
  const { number, name, known, what = '' } = groups
  return {
    type: 'agent_completion',
    agent: number ?? name ?? known ?? '',
    success: true,
    doing: `${order}${what}`,
  }
}

/** The words to be said, up to a quote, a comma, or the first word with which an order begins. */
function spoken(rest: string): Found | undefined {
  // "when I say X, tell agent 3 to list" and "I mean" teach a phrase, which the concierge learns.
  if (
    /\b(?:tell|ask)\s+(?:agent\s+(?:number\s+)?\w+|the\s+[\p{L}' ]+?|[\p{L}]+)\s+to\b|\bi mean\b|\bmeans?\b/iu.test(
      rest,
    )
  )
    return undefined
  const quoted = QUOTED.exec(rest)
  const phrase = Object.values(quoted?.groups ?? {}).find((one) => one !== undefined)
  if (quoted !== null && phrase !== undefined) return voiced(phrase, rest.slice(quoted[0].length))
  const comma = /^([^,;]{1,200})[,;]\s*(.+)$/su.exec(rest)
  if (comma !== null && opensClause(comma[2] ?? '')) return voiced(comma[1] ?? '', comma[2] ?? '')
  for (const space of rest.matchAll(/\s+(?:then\s+)?/gu)) {
    const after = rest
      .slice(space.index + space[0].length)
      .replace(/^[a-z]+s\b(?= )/iu, (word) => orderOf(word) ?? word)
    if (isWork(after) || isReminder(after)) return voiced(rest.slice(0, space.index), after)
  }
  return undefined
}

function voiced(said: string, body: string): Found | undefined {
  // The signs of templates would make another phrase of it than was said.
  const phrase = said
    .replaceAll(/[{}[\]()|]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replace(/[,.!?]+$/u, '')
  return /\p{L}/u.test(phrase) && body !== ''
    ? requested({ type: 'voice_command', phrase }, body.replace(/^then\s+/iu, ''))
    : undefined
}

/** "List my reminders from Tuesday to Thursday" is about those days, and asked once. */
const ABOUT_DAYS =
  /^(?:list|show|tell|read|give|send)\b.* from \p{L}+days? (?:to|through|until|till) \p{L}+days?$/iu

function scheduled(sentence: string): Found | undefined {
  if (ABOUT_DAYS.test(sentence)) return undefined
  const found = findSchedule(sentence)
  if (found === undefined) return undefined
  const { before, after, ...schedule } = found
  const trailing = before !== ''
  const rest = trailing ? after.replace(/^(?:and|then)\s+/iu, '') : after
  const body = ownThings([before, rest].filter((part) => part !== '').join('; '))
  return {
    ...requested({ type: 'schedule', ...schedule }, body),
    trailing,
  }
}

/** "Every day at 7: my reminders and my to do list" is to be told of them. */
function ownThings(body: string): string {
  const parts = body.split(/\s*,\s*(?:and\s+)?|\s+and\s+/iu)
  return parts.every((part) => isOwnThing(part)) ? `list ${body}` : body
}

/** What starts it may come last: "tell me the result when agent 5 finishes". */
function ended(sentence: string): Found | undefined {
  const at = sentence.search(
    /\s(?:when|whenever|each time|every time|as soon as|once|after) (?:(?:agent|the|a|my|i say)\b|https?:|www\.|[~/]|[\w-]+\.\w)/iu,
  )
  if (at < 0) return undefined
  const body = sentence.slice(0, at).replace(/[\s,]+$/u, '')
  const tail = sentence.slice(at + 1)
  const found = leading(tail)
  if (found !== undefined && found.body === '') return { ...found, body, trailing: true }
  const phrase = tail.replace(VOICE, '')
  if (phrase === tail || !isWork(body)) return undefined
  const quoted = QUOTED.exec(phrase)
  const voice = voiced(Object.values(quoted?.groups ?? {}).find((one) => one !== undefined) ?? phrase, body)
  return voice && { ...voice, trailing: true }
}

function requested(said: Said, body: string): Found {
  return { said, body, explicit: false, trailing: false }
}
