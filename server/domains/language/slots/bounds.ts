import { weekdayNumber } from './names.ts'
import { isTime, parseTime } from './time.ts'
import type { TimeContext } from './time.ts'
import { lineOf } from './line.ts'
import { readLength } from './duration.ts'
import type { Length } from './duration.ts'
import { CHARACTERS_MAX, beginnings, endsWithTime, isQuoted, longest, seamed } from './seams.ts'
import type { Said } from './seams.ts'

export type { Said } from './seams.ts'

/** What bounds a repetition: its first and last day, how long it lasts, and the days on which it does not happen. */
export interface Bounds {
  /** The sentence without them. */
  readonly rest: string
  /** The words that say so, as they were said. */
  readonly said: readonly string[]
  readonly from?: Temporal.PlainDate
  readonly until?: Temporal.PlainDate
  readonly length?: Length
  readonly except: readonly Temporal.PlainDate[]
  /** Days of the week, 1 for Monday. */
  readonly weekdays: readonly number[]
  /** Words that bound it in a way that is not known here: "in summer". */
  readonly unread?: string
}

export const ENGLISH: Said = {
  time: (text) => (isTime(text) ? text : undefined),
  length: (text) => (lengthOf(text) === undefined ? undefined : text),
}

interface BoundContext extends TimeContext {
  /** "Monday to Wednesday" are the next ones, and not those of each week. */
  readonly isOnce?: boolean
}

type Kind = 'from' | 'between' | 'until' | 'through' | 'for' | 'except' | 'during'
interface Lead {
  readonly kind: Kind
  readonly pattern: RegExp
  /** What is a bound only right beside a time: "the mail from Sunday" may be read again and again. */
  readonly beside?: true
}

function leadTo(kind: Kind, words: string, beside?: true): Lead {
  const pattern = new RegExp(`^(?:${words})(?:(?<=^|\\s)|(?=\\s|$))`, 'iu')
  return beside === undefined ? { kind, pattern } : { kind, pattern, beside }
}

const BUT = '(?:(?:but|however|yet|only|just|and|aber|jedoch|nur|doch|und|pero|solo|sólo|y),? ){0,2}'
const ON = '(?: (?:on|at|in|for|from|am|im|vom|von|el|los|en|del?))?(?: the)?'
const LEADS: readonly Lead[] = [
  leadTo('until', `${BUT}(?:until|till|til|up to|bis(?: zum| zur| zu)?|hasta(?: el| la)?)(?: the)?`),
  leadTo('through', `${BUT}through(?: the)?`),
  leadTo(
    'from',
    `${BUT}(?:starting|beginning|commencing|as of|not before|beginnend|angefangen|a partir|empezando|comenzando)${ON}`,
  ),
  leadTo('from', `${BUT}(?:from|ab|von|desde)${ON}`, true),
  leadTo('between', `${BUT}(?:between|zwischen|entre)${ON}`, true),
  leadTo('from', 'del?(?= \\S+ al? )', true),
  leadTo(
    'for',
    `${BUT}(?:for|over|für|durante)(?: the| die| las?| los)?(?: next| coming| following| nächsten| kommenden| próxim[ao]s)?`,
  ),
  leadTo('for', `${BUT}(?:die (?:nächsten|kommenden)|l[ao]s próxim[ao]s|the (?:next|coming))`, true),
  leadTo('for', '(?=\\S+ (?:tage?|woche|wochen|monate?) lang(?: |$))'),
  leadTo(
    'except',
    `${BUT}(?:except|excepting|excluding|apart from|other than|skipping|leaving out|without|außer|ausser|ausgenommen|ohne|excepto|salvo|menos)(?: for)?${ON}`,
  ),
  leadTo('except', `(?:but|however|yet|and|aber|jedoch|doch|pero|y),? (?:never|not|nicht|no)${ON}`),
  leadTo('except', `(?:not|never|nicht) (?:on|in|am|im)(?: the)?`, true),
  leadTo('except', 'but', true),
  leadTo('during', `${BUT}(?:in|during|within|throughout|im|während|en|durante)(?: the)?`, true),
  leadTo(
    'during',
    '(?:only |nur |solo )?(?=(?:this|next|diese|nächste|kommende|esta|este|la próxima) )',
    true,
  ),
]
/** "Sundays excepted" */
const EXCEPTED = /^(?<days>\S+(?: and \S+)?),? (?:excepted|excluded|ausgenommen)(?= |$)/iu
/** What nobody here knows the days of. */
const UNREAD =
  /^(?:(?:(?:public|bank|school|national) )?holidays?|\p{L}*feiertag\p{L}*|ferien|(?:días )?festivos|(?:spring|summer|autumn|fall|winter)(?:time)?|frühling|sommer|herbst|primavera|verano|otoño|invierno|term(?: ?time)?|vacations?|vacaciones)(?= |$)/iu
const ONWARDS = /^ (?:on(?:wards)?|an|lang|en adelante)(?= |$)(?! (?:mon|tue|wed|thu|fri|sat|sun))/iu
/** What follows the time: the reminder itself. */
const ORDER =
  /^(?:to|about|that|of|remind|tell|ping|nudge|wake|erinner\p{L}*|weck\p{L}*|recu[eé]rda\p{L}*)\b/iu
const REPEATS =
  /(?:^|\s)(?:every|each|daily|weekly|monthly|yearly|hourly|nightly|(?:mon|tues|wednes|thurs|fri|satur|sun|week|work|working |business )days|mornings|evenings|nights|jede[nsmr]?|täglich|wöchentlich|monatlich|\p{L}+tags|cada|tod[oa]s|diariamente|semanalmente)(?=[\s,]|$)/iu
const BOUNDS_MAX = 4

/** Whether a sentence speaks of something that comes again. */
export function repeats(text: string): boolean {
  return REPEATS.test(text)
}

/**
 * Finds what bounds a repetition in a sentence that speaks of one; nothing where nothing does. Only whole days bound:
 * "until five" says at which hours.
 */
export async function findBounds(
  text: string,
  context: BoundContext,
  said: Said,
): Promise<Bounds | undefined> {
  if (text.length > CHARACTERS_MAX || !REPEATS.test(text)) return undefined
  let bounds: Bounds = { rest: text, said: [], except: [], weekdays: [] }
  for (let count = 0; count < BOUNDS_MAX; count += 1) {
    const next = await findNext(bounds, context, said)
    if (next === undefined) break
    bounds = next
  }
  return bounds.said.length === 0 ? undefined : bounds
}

async function findNext(bounds: Bounds, context: BoundContext, said: Said): Promise<Bounds | undefined> {
  for (const { index } of bounds.rest.matchAll(/(?<=^|\s)(?=\S)/gu)) {
    const before = bounds.rest.slice(0, index)
    if (isQuoted(before)) continue
    const here = bounds.rest.slice(index)
    for (const one of LEADS) {
      const [words] = one.pattern.exec(here) ?? []
      if (words === undefined) continue
      const after = here.slice(words.length).trimStart()
      const read = await readBound(one.kind, after, context, said)
      if (read === undefined) continue
      const { bound, taken } = read
      const tail = after.slice(taken.length)
      const onwards = ONWARDS.exec(tail)?.[0] ?? ''
      const end = tail.slice(onwards.length)
      if (one.beside === true && onwards === '' && !isBeside(before, end, said)) continue
      return joined(bounds, bound, {
        said: here.slice(0, here.length - end.length),
        rest: seamed(before, end),
      })
    }
    const days = EXCEPTED.exec(here)
    const weekdays = days && weekdaysIn(days.groups?.['days'] ?? '', said)
    if (days !== null && weekdays)
      return joined(bounds, { weekdays }, { said: days[0], rest: seamed(before, here.slice(days[0].length)) })
  }
  return undefined
}

type Bound = Partial<Omit<Bounds, 'rest' | 'said'>>

function joined(bounds: Bounds, bound: Bound, { said, rest }: { said: string; rest: string }): Bounds {
  return {
    ...bounds,
    ...bound,
    except: [...bounds.except, ...(bound.except ?? [])],
    weekdays: [...bounds.weekdays, ...(bound.weekdays ?? [])],
    said: [...bounds.said, said.replace(/[\s,;.!]+$/u, '')],
    rest,
  }
}

/** The longest that is read behind a word that begins a bound. */
async function readBound(
  kind: Kind,
  text: string,
  context: BoundContext,
  said: Said,
): Promise<{ bound: Bound; taken: string } | undefined> {
  const unread = kind === 'except' || kind === 'during' ? UNREAD.exec(text)?.[0] : undefined
  if (unread !== undefined) return { bound: { unread }, taken: unread }
  for (const taken of beginnings(text)) {
    const bound = await boundOf(kind, taken, context, said)
    if (bound !== undefined) return { bound, taken }
  }
  return undefined
}

async function boundOf(
  kind: Kind,
  text: string,
  context: BoundContext,
  said: Said,
): Promise<Bound | undefined> {
  if (kind === 'for') {
    const length = lengthOf(said.length(text) ?? said.length(`a ${text}`) ?? '')
    return length === undefined || length.seconds > 0 ? undefined : { length }
  }
  const isRange = kind === 'from' || kind === 'between'
  const others = isRange && context.isOnce !== true ? besides(text, said) : undefined
  const weekdays = kind === 'except' ? weekdaysIn(text, said) : others
  if (weekdays !== undefined) return { weekdays }
  const days =
    (await daysOf(text, context, said)) ??
    (isRange || kind === 'except' ? await fromTo(text, context, said) : undefined)
  if (days === undefined) return undefined
  const { from, to } = days
  const last = to.subtract({ days: 1 })
  const isOne = from.equals(last)
  const today = Temporal.Instant.fromEpochMilliseconds(context.now.getTime())
    .toZonedDateTimeISO(context.time_zone)
    .toPlainDate()
  const isAhead = Temporal.PlainDate.compare(from, today) > 0
  if (from.since(today).total({ unit: 'days' }) > AHEAD_DAYS_MAX) return undefined
  const hasEnd = !isOne && RANGE.test(text)
  switch (kind) {
    case 'from':
      return hasEnd ? { ...(isAhead && { from }), until: last } : isAhead ? { from } : undefined
    case 'between':
      return hasEnd ? { ...(isAhead && { from }), until: last } : { unread: text }
    case 'until':
      return { until: isOne || !isAhead ? last : from.subtract({ days: 1 }) }
    case 'through':
      return { until: last }
    case 'during':
      return isOne ? undefined : { ...(isAhead && { from }), until: last }
    case 'except':
      // So many days are hardly a few that are left out.
      return from.until(to).days > EXCEPT_DAYS_MAX ? { unread: text } : { except: daysFrom(from, to) }
  }
}

/** What parts the first and the last of several days. */
const RANGE = / (?:to|until|till|through|and|bis|und|hasta|al?|y)(?: the)? /iu

/** The days of the week that are not from one to another: "Monday to Friday" is that of each week. */
function besides(text: string, said: Said): number[] | undefined {
  const [first, last, ...more] = text.split(RANGE).map((name) => weekdaysIn(name, said)?.[0])
  if (first === undefined || last === undefined || more.length > 0 || first === last) return undefined
  const count = (last - first + 7) % 7
  return [1, 2, 3, 4, 5, 6, 7].filter((day) => (day - first + 7) % 7 > count)
}

/** Ten years: what is further ahead was hardly meant. */
const AHEAD_DAYS_MAX = 3_653
/** From one day to another, each with a name of its own: "1 December to 5 January". */
async function fromTo(
  text: string,
  context: BoundContext,
  said: Said,
): Promise<{ from: Temporal.PlainDate; to: Temporal.PlainDate } | undefined> {
  const [first, last, ...more] = text.split(RANGE)
  if (first === undefined || last === undefined || more.length > 0) return undefined
  const from = await daysOf(first, context, said)
  const to = await daysOf(last, context, said)
  return from && to && Temporal.PlainDate.compare(from.from, to.from) < 0
    ? { from: from.from, to: to.to }
    : undefined
}

const EXCEPT_DAYS_MAX = 31

function daysFrom(from: Temporal.PlainDate, to: Temporal.PlainDate): Temporal.PlainDate[] {
  return Array.from({ length: from.until(to).days }, (_, days) => from.add({ days }))
}

async function daysOf(
  text: string,
  context: BoundContext,
  said: Said,
): Promise<{ from: Temporal.PlainDate; to: Temporal.PlainDate } | undefined> {
  const english = said.time(text)
  const found = english === undefined ? undefined : await parseTime(english, context)
  // "Tonight" is that day.
  const isDay = found?.date_only === true || found?.part !== undefined
  if (found === undefined || !isDay || found.rest !== '' || found.repeat !== undefined) return undefined
  const day = Temporal.PlainDate.from(found.at.slice(0, 10))
  const { span } = found
  return span === undefined
    ? { from: day, to: day.add({ days: 1 }) }
    : {
        from: Temporal.PlainDate.from(span.from.slice(0, 10)),
        to: Temporal.PlainDate.from(span.to.slice(0, 10)),
      }
}

/** Days of the week, one or several: "Sundays and Mondays". */
function weekdaysIn(text: string, { time }: Said): number[] | undefined {
  if (WEEKEND.test(text)) return [6, 7]
  const numbers = text
    .split(/,? (?:and|or|und|oder|y|o|ni|nor) (?:on |am |el |los )?|, /iu)
    .map((name) =>
      /^\p{L}+$/u.test(name) ? weekdayNamed(time(name) ?? time(name.replace(/s$/iu, '')) ?? '') : 0,
    )
  return numbers.includes(0) ? undefined : numbers
}

const WEEKEND = /^(?:weekends?|wochenenden?|fin(?:es)? de semana)$/iu

function weekdayNamed(english: string): number {
  const [name] =
    /(?:mon|tues|wednes|thurs|fri|satur|sun)days?$|^(?:mon|tue|wed|thu|fri|sat|sun)$/iu.exec(english) ?? []
  return name === undefined ? 0 : weekdayNumber(name.toLowerCase())
}

/** A length of whole days, weeks, months or years. */
function lengthOf(text: string): Length | undefined {
  const line = lineOf(text, 'unit')
  const read = readLength(line.text, 0)
  return read !== undefined && read.next >= line.text.length ? read.length : undefined
}

/** Whether what is before it ends with a time or is nothing, or what follows it is one, or what is to be done. */
function isBeside(before: string, after: string, said: Said): boolean {
  const isBeforeOrder = ORDER.test(after.trim()) && !ORDER.test(before.trim())
  // What stands behind a comma belongs to nothing before it.
  if (/,\s*$/u.test(before)) return true
  const isBeforeTime = longest(after.replace(/^[\s,]+/u, ''), said) !== undefined
  return before.trim() === '' || isBeforeOrder || isBeforeTime || endsWithTime(before, said)
}
