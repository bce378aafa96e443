import type { WorkflowDefinition } from '../../../../contract/workflows.ts'
import { Builder } from './build.ts'
import { amended, corrected } from './amend.ts'
import { splitClauses } from './clauses.ts'
import { findOnce } from './once.ts'
import type { Once } from './once.ts'
import { DAYS } from './days.ts'
import { diagram } from './diagram.ts'
import { explain } from './explain.ts'
import { ADDRESS, APPROVAL, IS_UP, ONLY_SOME, SAYS } from './orders.ts'
import { FIRST_AGENTS } from './proposal.ts'
import type { Proposal, ProposeContext } from './proposal.ts'
import { isOrder, readRequest } from './request.ts'
import type { Request } from './request.ts'
import { sayTrigger, shortText } from './say.ts'
import { readTelling } from './telling.ts'
import { changeOf, triggerOf } from './trigger.ts'
import { bare, isWork, opensClause } from './words.ts'

export type { Proposal, ProposeContext, UnderstoodClause } from './proposal.ts'

const NAME_CHARACTERS_MAX = 80
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** What a step may need with its attempts and the waits between them. */
const STEP_MS = 2 * MINUTE_MS
const RUN_MS_MAX = 60 * MINUTE_MS

/**
 * Whether a sentence asks for a workflow: for something that is done again and again or when something happens. One that
 * reminds, watches or teaches a phrase does not, nor does one that is done now; these are understood as any other.
 */
export function isProposal(text: string, isPhrase = false): boolean {
  const request = readRequest(text)
  // What is to be done once is an agent's where it is said as one of its phrases.
  if (isPhrase && (request === undefined || request.said.type === 'once')) return false
  return (
    (request !== undefined && isOrder(request)) ||
    UNREAD.test(text) ||
    isForEvent(text) ||
    runOnce(text) !== undefined
  )
}

const RUN = /^(?:please )?(?:run|execute|launch) (?<name>(?!an? |some |\d)\S.{0,100})$/iu

/** "Run the backup tomorrow at 9", "in ten minutes run the backup": what is run, and when. */
export function runOnce(text: string): { name: string; once: Once } | undefined {
  const found = findOnce(text.trim().replace(/[\s.!?]+$/u, ''))
  const name = found && RUN.exec(found.before === '' ? found.after : found.before)?.groups?.['name']
  return name === undefined || found === undefined ? undefined : { name, once: found.once }
}

/** "Whenever it rains, ..." asks for a workflow as well, although nobody here knows when that is. */
function isForEvent(text: string): boolean {
  const { often, order = '' } = ON_EVENT.exec(text)?.groups ?? {}
  if (order !== '') return often === undefined ? isWork(order) : opensClause(order)
  const loose = OFTEN.exec(text)?.groups?.['rest'] ?? ''
  return [...loose.matchAll(/ /gu)].some(({ index }) => ORDERS_IT.test(loose.slice(index + 1)))
}
/** Without a comma, only an order about what has happened tells where the order begins. */
const OFTEN =
  /^(?:please )?(?:whenever|each time|every time) (?!(?:i (?:say|tell|mean)|it says)\b)(?<rest>.{3,300})$/isu
const ORDERS_IT = /^(?:put|add|save|move|copy|send|list|note|summari[sz]e|read) (?:it|them|that)\b/iu
const ON_EVENT =
  /^(?:please )?(?:(?<often>whenever|each time|every time)|when|as soon as) (?!(?:i (?:say|tell|mean)|it says)\b)[^,]{3,120}, (?:please |then )?(?<order>.+)$/isu
const STARTS =
  'When that is: a workflow starts at a time, when you say something, when an agent has finished, when a webhook is called, or when a page or a file changes.'

/** What is to be told again and again is no reminder, also when nobody can read how often. */
const UNREAD =
  /^(?:please )?(?:every|each|daily|weekly|twice|once an?)\b.*\b(?:tell|read|show|give|send) me (?:my|the|our|what|which|how)\b/isu

/** Makes a workflow of a sentence. What was not understood is left out and told; nothing is made of nothing. */
export async function propose(
  text: string,
  context: ProposeContext,
): Promise<Proposal | { unclear: string[] }> {
  const { request, unkept } = await unbounded(corrected(text), context)
  if (request === undefined) return { unclear: [isForEvent(text) ? STARTS : 'When it should start.'] }
  const part = PART_OF_TIME.exec(request.body)?.[0]
  // The word was not said that an order of one's own things begins with.
  if (part !== undefined) return { unclear: [text.includes(part) ? part : part.replace(/^list /u, '')] }
  const { trigger, subject, result, unclear } = await triggerOf(request.said, context, text)
  const builder = new Builder(context, { subject, result })
  if (request.said.type === 'change') await builder.watch(request.said.target, changeOf(request.said.target))
  const clauses = askedFirst(inFull(splitClauses(request.body)))
  // What is to be asked about is never done unasked, in whichever words.
  const odd = clauses.find(
    (clause) => ONLY_SOME.test(clause) || (ASKS.test(clause) && !APPROVAL.test(bare(clause))),
  )
  if (odd !== undefined) return { unclear: [odd] }
  // A question of its own, behind which nothing is to be done, is not about what comes before it.
  const [last = ''] = splitClauses(request.body).slice(-1)
  const asks = APPROVAL.exec(bare(last))?.groups?.['question']
  if (asks !== undefined && !GOES_ON.test(asks)) return { unclear: [last] }
  for (const clause of clauses) await builder.add(clause)
  builder.finish()
  unclear.push(...builder.unclear, ...unkept)
  const ofSource = builder.steps.filter(({ agent_number }) => agent_number === trigger.source_agent)
  const own = ofSource.find(({ action }) => action === trigger.conditions['action']) ?? ofSource[0]
  const wanted = trigger.conditions['action']
  if (own !== undefined && (wanted === undefined || wanted === own.action))
    unclear.push(`Agent ${own.agent_number} would start the workflow again with its own step "${own.id}".`)
  if (builder.steps.length === 0 || isUseless(trigger))
    return { unclear: unclear.length === 0 ? ['What it should do.'] : unclear }
  const definition = definitionOf(trigger, builder)
  const names = new Map([...(context.agents ?? FIRST_AGENTS), ...builder.names])
  const { impact } = builder
  return {
    name: nameOf(request, sayTrigger(trigger, names), unclear),
    definition,
    explanation: `${explain(definition, names)}${assumption(request)}`,
    diagram: diagram(definition, names),
    impact,
    unclear,
  }
}

/**
 * A request without the first and last day of its repetition, and days that are left out of it: triggers have none of
 * these, but for days of the week.
 */
async function unbounded(
  text: string,
  { bounds: boundsOf }: ProposeContext,
): Promise<{ request: Request | undefined; unkept: readonly string[] }> {
  const bounds = await boundsOf?.(text)
  const rest = bounds && readRequest(bounds.rest)
  if (bounds === undefined || rest?.said.type !== 'schedule')
    return { request: readRequest(text), unkept: [] }
  if (bounds.weekdays.length === 0) return { request: rest, unkept: bounds.said }
  const days = bounds.weekdays.map((number) => DAYS[number % 7]).join(' and ')
  const less = amended(bounds.rest, `not on ${days}`)
  return less === undefined
    ? { request: readRequest(text), unkept: [] }
    : { request: readRequest(less), unkept: [] }
}

/** What was said about when it starts and is not read: without it, it would start on other days. */
const PART_OF_TIME =
  /^(?:list )?(?:the )?\d{1,2}(?:st|nd|rd|th)(?: (?:at|around) \S+)?(?= )|^(?:(?:but|except|excluding|apart from)\b[^,]*?)(?= (?:list|show|tell|make|run|read|check|send|add|put)\b)/iu

const GOES_ON = /^(?:go on|continue|proceed|do (?:it|that|so|this))\b/iu
/** What makes an order hang on an answer, and is nothing that is only written down. */
const ASKS =
  /(?:^|\b(?:but|and|or|only|first|please|then|before|after|without|always)\s+)ask(?:ing)? me\b|\b(?:unless|until|if) i (?:say|tell|agree|object|approve|confirm|want|don['’]?t|do not)\b/iu

/** "Clear the list and the notes, but ask me first": the question comes before all that it is about. */
function askedFirst(clauses: readonly string[]): string[] {
  const place = clauses.findIndex(
    (clause, at) => APPROVAL.test(bare(clause)) && (at === clauses.length - 1 || RESERVED.test(clause)),
  )
  return place < 0 ? [...clauses] : [...clauses.slice(place, place + 1), ...clauses.toSpliced(place, 1)]
}

/** What reserves something, wherever it stands, and does not come next. */
const RESERVED = /^\s*(?:but|only)\b/iu

/**
 * Clauses with what goes without saying. "Fetch https://example.org and tell me what it says" is about its text, and
 * "check if https://example.org is up" wants to be told when it is not.
 */
function inFull(clauses: readonly string[]): string[] {
  return clauses.flatMap((clause, place) => {
    const address = ADDRESS.exec(bare(clause))?.groups?.['address']
    if (address === undefined) return [clause]
    if (SAYS.test(bare(clauses[place + 1] ?? ''))) return [`read the page at ${address}`]
    return IS_UP.test(bare(clause)) && clauses.length === place + 1
      ? [clause, 'if it fails tell me']
      : [clause]
  })
}

/** A trigger of which too little was understood to be saved. */
function isUseless({ type, conditions, source_agent }: WorkflowDefinition['trigger']): boolean {
  return (
    (type === 'schedule' && !['cron', 'every_ms', 'at'].some((key) => key in conditions)) ||
    (type === 'agent_completion' && source_agent === undefined)
  )
}

function definitionOf(trigger: WorkflowDefinition['trigger'], builder: Builder): WorkflowDefinition {
  const { steps, heeds, waits, once, changes } = builder
  // After a change that failed, what was to follow it may do harm; what only looks goes on with what there is.
  const strategy = heeds || !changes ? 'continue' : 'fail_fast'
  return {
    trigger,
    steps,
    error_handling: {
      strategy,
      // Whoever asked to be told of the failure need not be told twice.
      notification_on_error: !heeds,
    },
    retry_policy: { max_attempts: once ? 1 : 3, backoff_strategy: 'exponential', delay_ms: 1_000 },
    timeout_ms: waits ? DAY_MS : Math.min(RUN_MS_MAX, steps.length * STEP_MS),
  }
}

/** The name that was said, or what is done first of what was understood. */
function nameOf({ name, body, said }: Request, trigger: string, unclear: readonly string[]): string {
  const clauses = splitClauses(body)
  const first = clauses.find((clause) => !unclear.includes(clause)) ?? ''
  const done = unclear
    .reduce((words, lost) => words.replace(lost, ''), first)
    .replaceAll(DANGLING, '')
    .replaceAll(/\s{2,}/gu, ' ')
  const words =
    name ?? (said.type === 'voice_command' ? said.phrase : readTelling(first) !== undefined ? trigger : done)
  const short = shortText(words, NAME_CHARACTERS_MAX)
  return short === '' ? 'Workflow' : short.charAt(0).toUpperCase() + short.slice(1)
}
const DANGLING = /^[\s,]*(?:(?:and|or|nor)\s+)?|[\s,]*(?:\s+(?:and|or|nor))?[\s,]*$/giu

function assumption({ said }: Request): string {
  return said.type === 'schedule' && said.assumed ? ' No time was said, so it is in the morning.' : ''
}
