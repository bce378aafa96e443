import type { Action } from '../../skills/skill.ts'
import type { Meaning } from './catalogue.ts'
import { slotType } from './slots/kinds.ts'
import { ENGLISH, findBounds, repeats } from './slots/bounds.ts'
import { DAY_CODES } from './slots/repeat.ts'
import { CHARACTERS_MAX } from './slots/seams.ts'
import { withoutCorrected, withoutDenied } from './slots/taken-back.ts'
import type { Bounds, Said } from './slots/bounds.ts'
import type { Heard, Understood } from './heard.ts'
import { possibleTongues } from './languages/spoken.ts'

/**
 * What a sentence means that bounds a repetition, where the action that repeats something is known: it is understood
 * without its bounds, as if it were said on the first day. What cannot be kept is named, rather than passed over.
 *
 * @param again - understands another sentence in the same place.
 */
export async function bounded(
  heard: Heard,
  whole: Understood,
  again: (heard: Heard) => Promise<Understood>,
): Promise<Understood> {
  const { time_zone, text } = heard
  if (text.length > CHARACTERS_MAX || (whole.meaning !== undefined && !isTimed(whole.meaning))) return whole
  const [often] = OFTEN.exec(text) ?? []
  if (often !== undefined && whole.meaning !== undefined) return { ...whole, unkept: often.trim() }
  for (const said of [ENGLISH, ...possibleTongues(text).map(saidIn)]) {
    const plain = withoutDenied(text, said) ?? withoutCorrected(text, said)
    if (plain !== undefined) return again({ ...heard, text: plain })
    const isOnce = !repeats(text)
    const daily = isOnce ? eachDay(text) : text
    const bounds = await findBounds(daily, { now: new Date(heard.now), time_zone, isOnce }, said)
    if (bounds === undefined) continue
    const now = bounds.from?.toZonedDateTime(time_zone).epochMilliseconds ?? heard.now
    const found = await again({ ...heard, text: bounds.rest, now })
    if (typeof found.parameters['repeat'] !== 'string' || found.meaning === undefined) continue
    const limits = kept(found, bounds, time_zone)
    if (limits === undefined) return { ...found, unkept: bounds.said.join(', ') }
    return { ...found, parameters: { ...found.parameters, ...limits } }
  }
  return whole
}

/** So often within a day, without the times at which. */
const OFTEN =
  /\b(?:twice|thrice|\S+ times) (?:a|per|each|every) day\b|\b(?:zwei|drei|vier|fünf|\d)-?mal (?:am|pro) tag\b|\b\S+ veces al día(?=\s|$)/iu

/** Days in a row are each of them. */
const DAILY: readonly (readonly [pattern: RegExp, every: string])[] = [
  [
    /\bfor the (?:next|coming) (?:\S+ )?(?:days|weeks)\b|(?<=\bremind me )for \S+ (?:days|weeks)\b/iu,
    'every day',
  ],
  [/(?<!from )\b\S+day through \S+day\b/iu, 'every day from'],
  [
    /\bfrom (?:tomorrow|today|\S+day|the \S+|\d\S*) (?:to|until|till|through) (?:the )?(?:\S+day|\d\S*)\b(?! ?[ap]\.?m|:)/iu,
    'every day',
  ],
  [/\bvon \S+ bis \S+tag\b|\bvon \S+ bis mittwoch\b/iu, 'jeden Tag'],
  [/\bde \p{L}+ a (?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)(?=\s|$)/iu, 'todos los días'],
  [/\b(?:für )?die (?:nächsten|kommenden) \S+ (?:tage|wochen)\b/iu, 'jeden Tag'],
  [/\b(?:durante )?l[ao]s próxim[ao]s \S+ (?:días|semanas)(?=\s|$)/iu, 'todos los días'],
]

function eachDay(text: string): string {
  const [pattern, every] = DAILY.find(([one]) => one.test(text)) ?? []
  return pattern === undefined ? text : text.replace(pattern, `${every} $&`)
}

/** Whether it does something at a time: in what is only kept, no word is left out. */
function isTimed({ agent_number, action }: Meaning): boolean {
  return agent_number !== 0 && action.effect !== 'read' && timeOf(action) !== undefined
}

function timeOf(action: Action): string | undefined {
  return Object.keys(action.parameters.properties).find((name) => slotType(action, name) === 'time')
}

function saidIn({ say }: { say: (type: string, text: string) => string | undefined }): Said {
  return { time: (text) => say('time', text), length: (text) => say('duration', text) }
}

/** The parameters that bound it; nothing where the action has none for that. */
function kept(
  { meaning, parameters }: Understood,
  { until, length, except, weekdays, unread }: Bounds,
  time_zone: string,
): Record<string, unknown> | undefined {
  const { properties } = meaning?.action.parameters ?? { properties: {} }
  const repeat = String(parameters['repeat'])
  const name = meaning && timeOf(meaning.action)
  const at = name === undefined ? undefined : String(parameters[name])
  if (unread !== undefined || name === undefined || at === undefined) return undefined
  const day = Temporal.PlainDate.from(at.slice(0, 10))
  const days = weekdays.length === 0 ? undefined : lessened(repeat, weekdays, day)
  if (weekdays.length > 0 && days === undefined) return undefined
  const first = days === undefined ? day : firstOf(day, days)
  const last =
    until ?? (length && first.add({ months: length.months, days: length.days }).subtract({ days: 1 }))
  const limits = {
    ...(last && { until: String(last) }),
    ...(except.length > 0 && { except: except.map(String) }),
  }
  if (Object.keys(limits).some((one) => !Object.hasOwn(properties, one))) return undefined
  if (days === undefined) return limits
  const codes = days.map((number) => DAY_CODES[number - 1]).join(',')
  return { ...limits, repeat: `weekly on ${codes}`, [name]: onDay(at, first, time_zone) }
}

/** The days of the week that are left of a repetition; nothing where it has none, or none are left. */
function lessened(repeat: string, without: readonly number[], day: Temporal.PlainDate): number[] | undefined {
  const named = /^weekly on (?<codes>[A-Z,]+)$/u.exec(repeat)?.groups?.['codes']
  const all: Readonly<Record<string, number[]>> = {
    daily: [1, 2, 3, 4, 5, 6, 7],
    weekdays: [1, 2, 3, 4, 5],
    weekends: [6, 7],
    weekly: [day.dayOfWeek],
  }
  const days = all[repeat] ?? named?.split(',').map((code) => DAY_CODES.indexOf(code) + 1) ?? []
  const left = days.filter((number) => !without.includes(number))
  return left.length === 0 ? undefined : left
}

function firstOf(day: Temporal.PlainDate, days: readonly number[]): Temporal.PlainDate {
  const ahead = Array.from({ length: 7 }, (_, count) => day.add({ days: count }))
  return ahead.find(({ dayOfWeek }) => days.includes(dayOfWeek)) ?? day
}

/** The same time on another day, where it has one. */
function onDay(at: string, day: Temporal.PlainDate, time_zone: string): string {
  if (at.length === 10) return String(day)
  const clock = Temporal.PlainTime.from(at.slice(11, 19))
  return day
    .toPlainDateTime(clock)
    .toZonedDateTime(time_zone)
    .toString({ timeZoneName: 'never', smallestUnit: 'second' })
}
