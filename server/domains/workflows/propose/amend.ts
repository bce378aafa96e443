import { without } from './days.ts'
import { findSchedule } from './schedule.ts'
import type { FoundSchedule, Schedule } from './schedule.ts'
import { readRequest } from './request.ts'
import { sayTrigger } from './say.ts'
import { splitClauses } from './clauses.ts'
import { isOwnThing, isReminder, isTelling, isWork } from './words.ts'

const LEAD =
  /^(?:(?:no|nope|yes|yeah|ok|okay|sure|please|but|actually|rather|better|hm+|wait|sorry|oh|only)\b[\s,.!]*)*(?:(?:make|do|set|change|move|let|have)\s+(?:it|that|the time)\s+(?:to\s+|run\s+|be\s+|for\s+)?|(?:it\s+should\s+)?run\s+(?:it\s+)?|(?:i mean(?:t)?|instead|rather)\s+)?/iu
const NAMED =
  /^(?:(?:yes|ok|okay|sure|please|but|no|and)\b[\s,]*)*(?:(?:call|name)\s+it|rename\s+it\s+to|(?:und\s+)?nenne?\s+es|(?:y\s+)?(?:llámalo|nómbralo))\s+["“'‘]?(?<name>(?!off\b|a day\b)[^"”]{1,80}?)["”'’]?[\s.!]*$/iu
const AT = /^(?:at|to|around|for)\s+/iu
const DAILY = 'every day at '

type Conditions = Schedule['conditions']

/**
 * The sentence that asks for a workflow, as a reply to its proposal changes it: "no, at 18:00", "make it every friday",
 * "yes, but call it Homework". Nothing when the reply changes nothing of that kind.
 */
export function amended(request: string, reply: string): string | undefined {
  const asked = readRequest(corrected(request))
  if (asked === undefined) return undefined
  const name = NAMED.exec(reply.trim())?.groups?.['name']?.trim()
  // Two things at once: the second one would become part of the name.
  if (name !== undefined && /\band (?:make|run|ask|list|at|on)\b/iu.test(name)) return undefined
  if (name !== undefined) return `${openingOf(name)}${asked.order}`
  const { said, explicit } = asked
  const further = FURTHER.exec(reply.trim())?.groups?.['order']
  const isMore = further !== undefined && splitClauses(further).every(isSaid)
  const isAsked = ASKED.test(reply.trim())
  // What is added later is asked about as well, and takes the question from nothing.
  const first = isAsked ? 'ask me first; ' : ''
  const more = isAsked ? '' : isMore ? `; ${further}` : undefined
  const instead = INSTEAD.exec(reply.trim())?.groups?.['order']
  if (instead !== undefined && (isOwnThing(instead) || READS.test(instead)))
    return replaced(request, asked.body, isOwnThing(instead) ? `tell me ${instead}` : instead)
  const body = `${first}${asked.body}${more ?? ''}`
  const own = said.type === 'schedule' && said.problem === undefined ? said.conditions : undefined
  const opening = asked.name === undefined && !explicit ? '' : openingOf(asked.name)
  if (own === undefined && said.type !== 'manual')
    return isAsked && !asked.trailing ? `${opening}${asked.order}, but ask me first` : undefined
  const conditions = more === undefined ? changed(own, reply) : own
  if (conditions === undefined && more === undefined) return undefined
  return `${opening}${conditions === undefined ? '' : `${sayWhen(conditions)}, `}${body}`
}

function isSaid(clause: string): boolean {
  return isWork(clause) || isTelling(clause) || isReminder(clause)
}

/** The same request for something else. */
function replaced(request: string, body: string, order: string): string | undefined {
  const at = request.lastIndexOf(body)
  return at < 0 ? undefined : `${request.slice(0, at)}${order}${request.slice(at + body.length)}`
}
/** What is done in the place of what was proposed: "no, my shopping list". */
const INSTEAD =
  /^(?:no|nope)\b[\s,]+(?:rather\s+|i mean(?:t)?\s+)?(?<order>\S.{2,200}?)(?: instead| rather)?[\s.!]*$/iu

const READS = /^(?:tell|show|read|list|give) (?:me )?(?:my|the|our|all)\b/iu

const CORRECTION =
  /^(?<request>.{8,400}?)[,.;…]*\s+(?:(?:no|oh|sorry),?\s+(?:wait|no|i mean|make (?:it|that)|rather)|i mean)[\s,]+(?<reply>.{2,80})$/isu

/** A request as who asks for it corrects it in the same breath: "every day at 8 list my notes, no wait, at 9". */
export function corrected(request: string): string {
  const { request: first, reply } = CORRECTION.exec(request)?.groups ?? {}
  return first === undefined || reply === undefined ? request : (amended(first, reply) ?? request)
}

function openingOf(name: string | undefined): string {
  return `make a workflow${name === undefined ? '' : ` called "${name}"`}: `
}

/** Whether a reply says another time for something that is scheduled. */
export function isTiming(reply: string): boolean {
  return changed({ cron: '0 0 * * *' }, reply) !== undefined
}

/** When it is to run after the reply. */
export function changed(own: Conditions | undefined, reply: string): Conditions | undefined {
  const said = reply
    .trim()
    .replace(LEAD, '')
    .replace(/\s+(?:instead|please|then|only)(?=[\s.!]*$)|[\s.!]+$/giu, '')
  if (said === '') return undefined
  const less = LESS.exec(said)?.groups?.['days']
  if (less !== undefined) return lessened(own, all(findSchedule(daysIn(less)))?.conditions)
  const also = ALSO_AT.exec(said)?.groups?.['clock']
  if (also !== undefined && own !== undefined)
    return twice(own, all(findSchedule(`${DAILY}${also}`))?.conditions)
  const more = MORE.exec(said)?.groups?.['days']
  if (more !== undefined) return extended(own, all(findSchedule(daysIn(more)))?.conditions)
  const whole = all(findSchedule(said)) ?? all(findSchedule(daysIn(said)))
  // Days alone leave the time as it is, and a city alone leaves both.
  // What comes every so many days has no time of the day, and would lose that.
  if (Number(whole?.conditions['every_ms']) >= DAY_MS && isDaily(own)) return undefined
  // A part of the day alone is said of the same days.
  if (whole !== undefined && PART.test(said) && isDaily(own)) return grafted(whole.conditions, own)
  if (whole !== undefined)
    return whole.assumed && own !== undefined ? grafted(own, whole.conditions) : whole.conditions
  const clock = all(findSchedule(`${DAILY}${said.replace(AT, '')}`)) ?? all(findSchedule(`every day ${said}`))
  if (own === undefined) return clock?.assumed === false ? clock.conditions : undefined
  if (clock?.assumed !== true) return clock && grafted(inHalf(clock.conditions, own, said), own)
  const { timezone } = clock.conditions
  return typeof timezone === 'string' && 'cron' in own ? { ...own, timezone } : undefined
}

/** What is to be asked before all of it. */
const ASKED =
  /^(?:(?:yes|ok|okay|sure|please|but|and|also)\b[\s,]*)*ask(?:ing)? me (?:first|before(?:hand)?)[\s.!]*$/iu

/** What only changes something that was proposed, and orders nothing by itself. */
const CHANGES =
  /^(?:(?:no|nope|yes|ok|okay|please|actually)\b[\s,]*)*(?:and|but|only|just|without|starting|beginning|except|excluding|unless|if|not|instead|leave out|skip|change (?:the|it|that)|make it|set it|from (?:next|tomorrow)|until|till|rather)\b/iu
const CHANGES_CHARACTERS_MAX = 80

/** Whether a reply can only be meant to change what is proposed, whether or not it can be changed so. */
export function isAmending(reply: string): boolean {
  const said = reply.trim()
  const isShort = said.length <= CHANGES_CHARACTERS_MAX && !said.endsWith('?')
  return isShort && CHANGES.test(said) && (readRequest(said)?.body ?? '') === ''
}

/** An order of its own, besides what is proposed. */
const FURTHER =
  /^(?:(?:yes|ok|okay|please|and|also|plus|then)\b[\s,]*)*(?:and|also|plus|then)\b[\s,]*(?:also\s+)?(?<order>\S.{2,200}?)(?: too| as well)?[\s.!]*$/iu
const LESS =
  /^(?:and |but )*(?:not|never|except|without|skip|leave out|remove|drop)(?: on| at)?(?: the)? (?<days>[\p{L}\s,]{3,60})$/iu

/** The same time on all of its days but these. */
function lessened({ cron, ...own }: Conditions = {}, less: Conditions = {}): Conditions | undefined {
  const [minute, hour, dom, month, days] = String(cron).split(' ')
  const [, , other_dom, , others] = String(less['cron']).split(' ')
  if ([dom, month, other_dom].some((field) => field !== '*')) return undefined
  const kept = without(days, others)
  return kept === '' || kept === days ? undefined : { ...own, cron: `${minute} ${hour} * * ${kept}` }
}

/** A bare "6:30" in the place of seven in the morning is the morning's. */
function inHalf(said: Conditions, own: Conditions, words: string): Conditions {
  const [minute, hour, ...rest] = String(said['cron']).split(' ')
  const [now, then] = [Number(String(own['cron']).split(' ')[1]), Number(hour)]
  const isBare =
    !/[ap]\.?\s?m\b|noon|midnight|morning|afternoon|evening|night|\b(?:0\d|1[3-9]|2\d)[:.]?/iu.test(words)
  if (!isBare || !(now < 12 && then >= 13) || !Number.isInteger(then)) return said
  return { ...said, cron: [minute, then - 12, ...rest].join(' ') }
}

const MORE =
  /^(?:and |also |plus )*(?<days>(?:on |at )?[\p{L}\s,]{3,60}?),? (?:too|as well|also)$|^(?:and |also |plus )+(?<days>(?:on |at )?(?:\p{L}*days?|weekends?)(?:(?:,| and)+ (?:on )?\p{L}*days?)*)$/iu

const DAY_MS = 86_400_000
const PART = /^(?:(?:in|at) )?(?:the )?(?:morning|afternoon|evening|night|noon|midnight)$/iu

function isDaily({ cron }: Conditions = {}): boolean {
  return /^\d+ [\d,]+ /u.test(String(cron))
}

const ALSO_AT = /^(?:and|also|plus) (?:also )?at (?<clock>[^,]{1,20}?)(?: too| as well)?$/iu

/** The same at another hour as well, at the same minute of it. */
function twice({ cron, ...own }: Conditions, more: Conditions = {}): Conditions | undefined {
  const [minute, hour = '', ...days] = String(cron).split(' ')
  const [other_minute, other = ''] = String(more['cron']).split(' ')
  if (minute !== other_minute || ![hour, other].every((one) => /^[\d,]+$/u.test(one))) return undefined
  return { ...own, cron: [minute, `${hour},${other}`, ...days].join(' ') }
}

/** "on Tuesday" of what is done again and again is every one of them. */
function daysIn(said: string): string {
  return `every ${said.replace(/^(?:on|at)\s+(?:the\s+)?/iu, '').replace(/(?<=week(?:end|day))s$/iu, '')}`
}

/** The same time on further days of the week. */
function extended(own: Conditions = {}, more: Conditions = {}): Conditions | undefined {
  const [at, on] = [own['cron'], more['cron']]
  if (typeof at !== 'string' || typeof on !== 'string') return undefined
  const [minute, hour, dom, month, days = ''] = at.split(' ')
  const added = on.split(' ')[4] ?? ''
  if (![days, added].every((one) => /^[\d,-]+$/u.test(one)) || dom !== '*' || month !== '*') return undefined
  return { ...own, cron: `${minute} ${hour} * * ${days},${added}` }
}

/** A schedule that is all of what was said. */
function all(found: FoundSchedule | undefined): FoundSchedule | undefined {
  return found !== undefined && found.problem === undefined && found.before === '' && found.after === ''
    ? found
    : undefined
}

/** The time of the one on the days of the other, in the zone that either names. */
function grafted(time: Conditions = {}, days: Conditions = {}): Conditions | undefined {
  const [at, on] = [time['cron'], days['cron']]
  if (typeof at !== 'string' || typeof on !== 'string') return undefined
  const cron = [...at.split(' ').slice(0, 2), ...on.split(' ').slice(2)].join(' ')
  const timezone = time['timezone'] ?? days['timezone']
  return timezone === undefined ? { cron } : { cron, timezone }
}

/** A schedule in words that are read as it is. */
function sayWhen({ timezone, ...conditions }: Conditions): string {
  const said = sayTrigger({ type: 'schedule', conditions }, new Map())
  if (typeof timezone !== 'string') return said
  const city = timezone.split('/').at(-1) ?? ''
  return timezone === 'UTC' ? `${said} UTC` : `${said} in ${city.replaceAll('_', ' ')} time`
}
