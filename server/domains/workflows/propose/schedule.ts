import { CITIES, cityAtEnd, zoneOf } from './cities.ts'
import { CLOCK, PART_HOURS, PART_SPANS, readClock } from './clock.ts'
import type { Clock, Part } from './clock.ts'
import { DAYS, MONTHS, daysOf, isDate, range, without } from './days.ts'
import { around, lineOf, matchAt, phrase, readPieces } from './line.ts'
import type { Line, PieceRule } from './line.ts'

/** What a sentence says of when something is to happen again and again. */
export interface Schedule {
  /** Conditions of the trigger, unless there is a problem. */
  conditions: Record<string, unknown>
  /** Why it cannot be a schedule, in a sentence. */
  problem?: string
  /** The time of the day was not said. */
  assumed: boolean
  /** It comes at more times than a reminder can repeat itself: several a day, or a day of the month that is counted. */
  many: boolean
}

/** A schedule in a sentence, with what stands before and after it; words that lead to an order count as after it. */
export interface FoundSchedule extends Schedule {
  before: string
  after: string
}

/** What has been read so far. `dow`, `dom` and `month` are fields of a cron expression. */
interface Draft {
  dow?: string
  dom?: string
  month?: string
  part?: Part
  clocks?: string[]
  every?: { count: number; unit: string }
  between?: [string, string]
  /** Days of the week on which it is not. */
  except?: string
  /** The city whose time is meant. */
  city?: string
}

const DAY = `(?:${DAYS.join('|')})`
const MONTH = `(${MONTHS.join('|')})`
const PART = '(morning|afternoon|evening|night)s?'
const WORKDAY = '(?:week ?day|work ?day|working day|business day)'
const NTH = '([1-5]th|last)'
const UNIT = '(second|sec|minute|min|hour|hr|day|week|month)s?'
const EVERY = '(?:every|each)'
const TIMES = `(${CLOCK}(?: (?:and|or) (?:at )?${CLOCK})*)`

function rule(pattern: string, read: PieceRule<Draft>['read']): PieceRule<Draft> {
  return { pattern: phrase(pattern), read }
}
function withPart(draft: Draft, part: string | undefined): Draft {
  return part === undefined || part === '' ? draft : { ...draft, part: part as Part }
}

const RULES: readonly PieceRule<Draft>[] = [
  rule(`(?:${EVERY}(?: single)? day|everyday|daily|all days|once (?:a|every) day)`, () => ({ dow: '*' })),
  rule(`${EVERY} ${PART}`, ([, part]) => withPart({ dow: '*' }, part)),
  rule(`(?:in the )?(morning|afternoon|evening|night)s`, ([, part]) => withPart({ dow: '*' }, part)),
  rule(`(?:on )?${WORKDAY} (morning|afternoon|evening|night)s`, ([, part]) => withPart({ dow: '1-5' }, part)),
  rule(`(?:on )?(${DAY}) (morning|afternoon|evening|night)s`, ([, name = '', part]) =>
    withPart({ dow: daysOf(name) }, part),
  ),
  rule(
    `${EVERY} (?:(${WORKDAY}|${DAY}) )?${PART} and (?:${EVERY} )?${PART}`,
    ([, name = '', one, other]) => ({
      dow: name === '' ? '*' : daysOf(name) || '1-5',
      clocks: [one, other].map((part) => `${PART_HOURS[part as Part]}:00`),
    }),
  ),
  rule('(?:twice|\\d+ times|several times) (?:a|per|every|each) day', () => ({ dow: '*', clocks: [] })),
  rule('nightly', () => ({ dow: '*', part: 'night' })),
  rule(`${EVERY} ${WORKDAY}s?(?: ${PART})?|(?:on )?${WORKDAY}s(?: ${PART})?`, ([, a, b]) =>
    withPart({ dow: '1-5' }, a || b),
  ),
  rule(`(?:${EVERY} |${EVERY} day from |on |from )?monday (?:to|through|till|until) friday`, () => ({
    dow: '1-5',
  })),
  rule(
    `(?:${EVERY} day |daily )?(?:from )?(${DAY})s? (?:to|through|till|until) (${DAY})s?`,
    ([, from = '', to = '']) => ({
      dow: range(from, to),
    }),
  ),
  rule(`${EVERY} (\\d+th|last day) of the month`, ([, day = '']) => ({ dom: domOf(day) })),
  rule(`${EVERY} weekend|(?:on |at )?weekends`, () => ({ dow: '6,0' })),
  rule(`${EVERY} (${DAY}s?(?: (?:and |or )?(?:on |every )?${DAY}s?)*)(?: ${PART})?`, ([, names = '', part]) =>
    withPart({ dow: daysOf(names) }, part),
  ),
  rule(`(?:on )?(${DAY}s(?: (?:and |or )?(?:on )?${DAY}s)*)(?: ${PART})?`, ([, names = '', part]) =>
    withPart({ dow: daysOf(names) }, part),
  ),
  rule(`(?:${EVERY} week|weekly|once a week)(?: on (${DAY})s?)?`, ([, name = '']) => ({
    dow: daysOf(name) || '1',
  })),
  rule(`(?:on )?(?:the )?(\\d+th|last day) (?:day )?of ${EVERY} month`, ([, day = '']) => ({
    dom: domOf(day),
  })),
  rule(`(?:on )?day (\\d+) of ${EVERY} month`, ([, day = '']) => ({ dom: day })),
  rule(`${EVERY} (\\d+th|last day) (?:day )?of the month`, ([, day = '']) => ({ dom: domOf(day) })),
  rule(`(?:${EVERY} month|monthly|once a month)(?: on the (\\d+th|last day))?`, ([, day = '']) => ({
    dom: domOf(day || '1th'),
  })),
  rule(`(?:on )?the ${NTH} (${DAY}) of ${EVERY} month`, ([, nth = '', name = '']) => nthDay(nth, name)),
  rule(`${EVERY} ${NTH} (${DAY}) (?:of|in) the month`, ([, nth = '', name = '']) => nthDay(nth, name)),
  // The second one would be every other one.
  rule(`${EVERY} ([1345]th|last) (${DAY})`, ([, nth = '', name = '']) => nthDay(nth, name)),
  rule(
    `(?:${EVERY} year|yearly|once a year) on (?:the )?(\\d+)(?:th)? (?:of )?${MONTH}`,
    ([, day = '', month = '']) => dateOf(day, month),
  ),
  rule(
    `(?:${EVERY} year|yearly|once a year) on ${MONTH} (?:the )?(\\d+)(?:th)?`,
    ([, month = '', day = '']) => dateOf(day, month),
  ),
  rule(`${EVERY} ${MONTH} (?:the )?(\\d+)(?:th)?`, ([, month = '', day = '']) => dateOf(day, month)),
  rule(`${EVERY} (\\d+)(?:th)? ${UNIT}(?: on (${DAY})s?)?`, ([, count = '', unit = '', name = '']) => ({
    every: { count: Number(count), unit },
    ...(name === '' ? {} : { dow: daysOf(name) }),
  })),
  rule(`${EVERY} (?:other|2th) (?:${UNIT}|${DAY})(?: on (${DAY})s?)?`, ([, unit = '', name = '']) => ({
    every: { count: 2, unit: unit || 'weekday' },
    ...(name === '' ? {} : { dow: daysOf(name) }),
  })),
  rule(
    `(?:except|but not|apart from)(?: on| for)? (${DAY}s?(?: (?:and|or)(?: on)? ${DAY}s?)*)`,
    ([, names = '']) => ({
      except: daysOf(names),
    }),
  ),
  rule('(?:except|but not|apart from)(?: on| for)?(?: the)? weekends?', () => ({ except: '6,0' })),
  rule(`in (${CITIES})(?: time)?|(${CITIES}) time`, ([, city = '', other = '']) => ({ city: city || other })),
  rule('in (\\w+(?: \\w+)?) time', ([, city = '']) => ({ city })),
  rule(`(?:${EVERY} (?:half (?:an )?hour|half hour)|half hourly)`, () => ({
    every: { count: 30, unit: 'minute' },
  })),
  rule(`${EVERY} (?:a )?quarter (?:of an )?hour`, () => ({ every: { count: 15, unit: 'minute' } })),
  rule(`${EVERY} (hour|minute|second)`, ([, unit = '']) => ({ every: { count: 1, unit } })),
  rule('hourly|once an hour', () => ({ every: { count: 1, unit: 'hour' } })),
  rule(`at (?:about )?${TIMES}`, ([, times = '']) => ({ clocks: clocksIn(times) })),
  rule(`((?:[01]?\\d|2[0-3])(?:[:.][0-5]\\d(?: (?:am|pm))?| (?:am|pm)))`, ([, time = '']) => ({
    clocks: [time],
  })),
  rule(`(?:between|from) (${CLOCK}) (?:and|to|until|till) (${CLOCK})`, ([, from = '', to = '']) => ({
    between: [from, to],
  })),
  rule(`(?:in the ${PART}|at (night))`, ([, a = '', b = '']) => ({ part: (a || b) as Part })),
]
const PIECES_MAX = 5

/** "Tell me every morning what is on my list": the schedule may stand after such words, or on both sides of them. */
const LEAD = phrase('(?:(?:tell|show|give|send|read|remind|notify|update|nudge|ping) me|let me know)')

/** The schedule with which a sentence begins; else the one that ends it, or its first clause. */
export function findSchedule(source: string): FoundSchedule | undefined {
  const line = lineOf(source)
  const leading = readBegin(line)
  if (leading !== undefined) return leading
  for (const start of line.starts.slice(1)) {
    const { draft, next } = piecesFrom(line, start)
    if (!recurs(draft)) continue
    const rest = line.text.slice(next)
    if (rest !== '' && !/^(?:and|then) /u.test(rest)) continue
    return { ...resolve(draft, source), ...around(line, start, next) }
  }
  return undefined
}

function readBegin(line: Line): FoundSchedule | undefined {
  const first = piecesFrom(line, 0)
  const lead = matchAt(LEAD, line, first.next)
  const second = lead && piecesFrom(line, lead.next, first.draft)
  const isParted = lead !== undefined && second !== undefined && second.next > lead.next
  const { draft, next } = isParted ? second : first
  if (!recurs(draft)) return undefined
  const another = isParted ? undefined : otherTimes(line, next)
  if (another !== undefined)
    return {
      ...refused('A workflow has one schedule: make another one for the other times.'),
      before: '',
      after: around(line, 0, another).after,
      many: true,
    }
  const { after } = around(line, 0, next)
  const last = draft.city === undefined ? cityAtEnd(after) : undefined
  const words = isParted ? lead.groups[0] : undefined
  return {
    ...resolve({ ...draft, ...(last && { city: last.city }) }, line.source),
    before: '',
    after: [words, last?.before ?? after].filter(Boolean).join(' '),
  }
}

const OTHER = phrase('(?:and|or)(?: then)?')
const OTHER_DAY = phrase(`(?:on |every )?(?:${DAY}s?|weekends?|weekdays?)`)

/** Where further times end: "every weekday at 8 and on saturday at 10". */
function otherTimes(line: Line, at: number): number | undefined {
  const lead = matchAt(OTHER, line, at)
  const day = lead && (matchAt(OTHER_DAY, line, lead.next) ?? lead)
  if (lead === undefined || day === undefined) return undefined
  const { next } = piecesFrom(line, day.next)
  return next > lead.next ? next : undefined
}

function piecesFrom(line: Line, start: number, known: Draft = {}): { draft: Draft; next: number } {
  return readPieces(RULES, line, start, { most: PIECES_MAX, known })
}

function recurs({ dow, dom, every }: Draft): boolean {
  return dow !== undefined || dom !== undefined || every !== undefined
}

function resolve(draft: Draft, sentence: string): Schedule {
  const { every, dow, dom } = draft
  const read = (text: string): Clock | undefined => readClock(text, draft.part, sentence)
  if (every !== undefined) return interval({ ...draft, every }, read)
  const clocks = draft.clocks?.map(read) ?? [{ hour: PART_HOURS[draft.part ?? 'morning'], minute: 0 }]
  const known = clocks.filter((clock) => clock !== undefined)
  const [first] = known
  if (clocks.length === 0)
    return { ...refused('Say at which times of the day, such as at 8 and at 18.'), many: true }
  if (first === undefined || known.length < clocks.length)
    return refused(`${none(draft.clocks, clocks)} is no time of the day.`)
  if (draft.between !== undefined) return refused('I do not know how often between these times.')
  if (known.some(({ minute, zone }) => minute !== first.minute || zone !== first.zone))
    return {
      ...refused('One workflow has times with the same minutes only, such as 8:30 and 18:30.'),
      many: true,
    }
  const zone = draft.city === undefined ? first.zone : zoneOf(draft.city)
  if (draft.city !== undefined && zone === undefined)
    return refused(`I know no time zone of “${draft.city}”.`)
  const days = without(dow, draft.except)
  if (days === '') return refused('That leaves no day.')
  if (dom !== undefined && (Number(dom) < 1 || Number(dom) > 31)) return refused('No month has that day.')
  if (!isDate(dom, draft.month)) return refused('That month does not have that day.')
  const hours = [...new Set(known.map(({ hour }) => hour))].toSorted((a, b) => a - b).join(',')
  return {
    conditions: {
      cron: `${first.minute} ${hours} ${dom ?? '*'} ${draft.month ?? '*'} ${days ?? '*'}`,
      ...(zone === undefined ? {} : { timezone: zone }),
    },
    assumed: draft.clocks === undefined && draft.part === undefined,
    many: hours.includes(',') || dom === 'L' || dow?.includes('#') === true,
  }
}

/** The first of the times that were said which is none. */
function none(said: readonly string[] = [], clocks: readonly (Clock | undefined)[]): string {
  return said.find((_, at) => clocks[at] === undefined) ?? 'That'
}

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

function interval(
  draft: Draft & { every: { count: number; unit: string } },
  read: (text: string) => Clock | undefined,
): Schedule {
  const { dow, dom, between, clocks } = draft
  const { count } = draft.every
  const unit = { sec: 'second', min: 'minute', hr: 'hour' }[draft.every.unit] ?? draft.every.unit
  if (unit === 'second') return refused('A workflow runs once a minute at most.')
  if (count === 0) return refused('Every zero of something is never.')
  if (unit === 'month') {
    if (count > 11 || 12 % count !== 0)
      return refused(`Every ${count} months does not come out even in a year.`)
    return resolve({ ...draftWithout(draft), dom: '1', month: count === 1 ? '*' : `*/${count}` }, '')
  }
  const every_ms = (UNIT_MS[unit] ?? Number.NaN) * count
  if (draft.except !== undefined || draft.city !== undefined)
    return refused('Every so often has no days or cities of its own yet.')
  const plain = [dow, dom, between, clocks, draft.part].every((said) => said === undefined)
  if (plain && Number.isFinite(every_ms) && every_ms <= 315_576_000_000)
    return { conditions: { every_ms }, assumed: false, many: false }
  if (unit !== 'minute' && unit !== 'hour')
    return refused('Every so many days or weeks cannot have a time of the day or a weekday yet.')
  if (clocks !== undefined || dom !== undefined)
    return refused(
      'What is done several times a day has no one time of it: say from when to when, such as from 9 to 17.',
    )
  return windowed(draft, unit, count, between?.map(read))
}

/** "every 2 hours on weekdays between 9 and 17", "every 15 minutes in the morning". */
function windowed(
  { dow = '*', part }: Draft,
  unit: string,
  count: number,
  between: readonly (Clock | undefined)[] | undefined,
): Schedule {
  if ((unit === 'minute' ? 60 : 24) % count !== 0)
    return refused(`Every ${count} ${unit}s does not come out even.`)
  const step = count === 1 ? '' : `/${count}`
  const cron = (hours: string): Schedule => ({
    conditions: { cron: unit === 'minute' ? `*${step} ${hours} * * ${dow}` : `0 ${hours} * * ${dow}` },
    assumed: false,
    many: true,
  })
  if (between !== undefined) {
    const [from, to] = between
    if (from === undefined || to === undefined || from.minute + to.minute > 0 || from.hour >= to.hour)
      return refused('I can only keep to full hours of one day, such as from 9 to 17.')
    // The last hour is the end itself, and at its end nothing begins any more.
    return cron(unit === 'minute' ? `${from.hour}-${to.hour - 1}` : `${from.hour}-${to.hour}${step}`)
  }
  if (part === undefined) return cron(unit === 'minute' ? '*' : `*${step}`)
  const [from, to] = PART_SPANS[part]
  if (unit === 'hour' && from + count >= to)
    return refused(`The ${part} is over before ${count} hours have passed.`)
  if (to <= 24) return cron(`${from}-${to - 1}${unit === 'minute' ? '' : step}`)
  if (dow !== '*')
    return refused('A night goes on into the next day: say from when to when, such as from 18 to 23.')
  if (unit === 'minute') return cron(`${from}-23,0-${to - 25}`)
  const hours = Array.from(
    { length: Math.ceil((to - from) / count) },
    (_, turn) => (from + turn * count) % 24,
  )
  return cron(hours.toSorted((a, b) => a - b).join(','))
}

function draftWithout({ every: _every, ...draft }: Draft): Draft {
  return draft
}

function refused(problem: string): Schedule {
  return { conditions: {}, problem, assumed: false, many: false }
}

function domOf(day: string): string {
  return day === 'last day' ? 'L' : day.replace('th', '')
}

function nthDay(nth: string, name: string): Draft {
  return { dow: `${daysOf(name)}#${nth === 'last' ? 'L' : nth.replace('th', '')}` }
}

function dateOf(day: string, month: string): Draft {
  return { dom: day, month: String(MONTHS.indexOf(month) + 1) }
}

function clocksIn(times: string): string[] {
  return times.split(/ (?:and|or) (?:at )?/u)
}
