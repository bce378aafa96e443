import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayList, secondPerson } from '../say.ts'
import { ActionError, action, isReadable, shape } from '../skill.ts'
import { isDayOnly, readMoment } from './moment.ts'
import { Day, EXCEPT_MAX } from './record.ts'
import { nextOf, readRepeat } from './repeat.ts'
import type { Rule } from './repeat.ts'
import { iso, spokenDay, spokenRepeat, spokenTime, zoned } from './spoken.ts'
import { keep } from './waiting.ts'

/** Ten years, in seconds: further ahead a slip of the tongue is likelier than a wish. */
export const AHEAD_SECONDS_MAX = 315_360_000

const UNTIL_YEARS_MAX = 100

/** An alarm has no text of its own. */
const ALARM = {
  '(set|make|create|add) (a|an|another|the|my) alarm [clock] [for|at|to] {at}': {
    text: 'alarm',
  },
  '[new] alarm [clock] (for|at|on) {at}': { text: 'alarm' },
} as const

export const remind = action({
  summary: 'Reminds you of something at a time, after a while, or again and again.',
  parameters: shape({
    text: Type.String({ minLength: 1, maxLength: 500 }),
    at: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    in_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: AHEAD_SECONDS_MAX })),
    repeat: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    until: Type.Optional(Day),
    except: Type.Optional(Type.Array(Day, { maxItems: EXCEPT_MAX })),
  }),
  result: shape({ reminder_id: Type.String(), due: Type.String() }),
  effect: 'write',
  needsOne: ['at', 'in_seconds'],
  slots: { text: 'text', at: 'time', in_seconds: 'duration', until: 'word' },
  questions: { text: 'What should I remind you of?', at: 'When should I remind you?' },
  phrases: [
    'remind me to {text} (at|on|by) {at}',
    'remind me to {text} in {in_seconds}',
    'remind me to {text} {at}',
    'remind me (to|about|of) {text}',
    'remind me (about|of|that) {text} ({at}|in {in_seconds})',
    'remind me [at|on] {at}',
    '(remind|ping|nudge|tell|poke|buzz) me [at|on] {at} (to|about|that) {text}',
    '(remind|ping|nudge|tell|poke|buzz) me in {in_seconds} (to|about|that) {text}',
    '(ping|nudge|tell|poke|buzz) me (to|about) {text} {at}',
    'in {in_seconds} (remind|ping|nudge|tell) me (to|about|that) {text}',
    '[at|on] {at} (remind|ping|nudge|tell) me (to|about|of|that) {text}',
    'do not let me forget to {text} {at}',
    'wake {text} {at}',
    '[at|on] {at} wake {text}',
    ...Object.keys(ALARM),
    'reminder: {text} {at}',
    'reminder {at}: {text}',
    '(set|add|create|make) (a|an|another) reminder (to|about|for) {text} ({at}|in {in_seconds})',
    '(set|add|create|make) (a|an|another) reminder [for|at|on] {at} (to|about) {text}',
  ],
  presets: ALARM,
  examples: [
    'remind me to ring the dentist tomorrow at ten',
    'in a quarter of an hour remind me to turn the oven off',
    'could you remind me about the parents evening on Thursday',
    'I need a reminder to hand in the report on Monday morning',
    'wake me up at half past six',
    "don't let me forget to water the ferns tonight",
    'tell me to leave for the station at ten to five',
    'ping me in two hours about the laundry',
    'nudge me on Friday to send the invoice',
    'set an alarm for seven tomorrow',
    'every morning at eight remind me to feed the cat',
    'remind me each weekday at nine to log my hours',
    'give me a reminder next Tuesday to renew the library card',
    'please make sure I call grandad this evening',
    'reminder for the first of May: cancel the trial',
    'I have to pick up the kids at three, remind me',
    'at noon tell me to take my tablet',
    'let me know when it is time to go, about twenty past four',
    'in ten minutes, remind me to check on the bread',
    'put in a reminder for Saturday, buy a present for Nina',
    'buzz me at 9pm so I take out the rubbish',
    "remind me that the car's booked in on the 14th at 8",
    'once a month on the 1st remind me to pay the rent',
    'I keep forgetting my inhaler, remind me every night at ten',
  ],
  perform: async (can: Pick<Capabilities, 'clock' | 'records' | 'alarms'>, parameters) => {
    const { now, time_zone } = can.clock
    const text = textOf(parameters.text)
    refuseLeftOver(text)
    const wanted = dueOf(parameters, now, time_zone)
    const body = {
      kind: 'reminder',
      text,
      status: 'waiting',
      first: String(wanted.first),
      time_zone,
    } as const
    const { due, rule } = wanted
    const { repeat, until } = parameters
    const except = parameters.except && daysIn(parameters.except)
    const again = { ...(until && { until }), ...(except && { except }) }
    const { id } = await keep(can, due, repeat === undefined ? body : { ...body, repeat, ...again })
    const single = spokenTime(due, now, time_zone)
    const limits = limitsOf({ ...parameters, ...(except && { except }) }, now, time_zone)
    const when = rule === undefined ? single : `${recurring(wanted, rule, single)}${limits}`
    return {
      data: { reminder_id: id, due: iso(due, time_zone) },
      text: promise(text, when),
    }
  },
})

/** The text as it is kept. Of "wake me up at six" it is what is between the first word and the time. */
function textOf(said: string): string {
  const text = said.trim().replace(/^(?:(?:only|just)(?: once)? )?to\s+/i, '')
  if (text === '') throw new ActionError('What should I remind you of?')
  if (/^(?:only|just)$/i.test(text)) return 'alarm'
  return /^me(\s+up)?$/i.test(text) ? 'wake up' : text
}

const WHEN =
  '(?:(?:mon|tues|wednes|thurs|fri|satur|sun|week|holi)?days?|weekends?|weeks?|months?|years?|mornings?|afternoons?|evenings?|nights?|hours?|minutes?)\\b'
/** What belongs to the time and was not understood as one: kept as the text, it would ring on the wrong days. */
const LEFT_OVER = new RegExp(
  [
    `^(?:except|excluding|apart from|but not)(?: on| for| in)?(?: ${WHEN}|$)`,
    `^(?:every|each)(?: (?:other|single|second|third|\\d+))? ${WHEN}`,
    `\\b(?:every|each) ${WHEN}(?: at \\S+)?(?: and)?$`,
    '^\\d{1,2}(?:st|nd|rd|th)(?: day)?(?: of (?:the|each|every) month)?(?: to\\b|$)',
    '\\b(?:except|excluding|apart from|but(?: not)?)(?: on| for)?$',
    '^(?:außer|ausser|bis auf|excepto|salvo|menos)\\b',
    `^(?:during|between|until|till|bis|hasta) (?:the )?(?:\\p{L}+ )?(?:${WHEN}|\\d)`,
    '^(?:from|von|de|desde|al?) \\d',
    '^(?:veces al|antes de|después de|no,) ',
    `^${WHEN} (?:at|um|a las) \\d`,
    '^(?:(?:from|starting|beginning) )?(?:next|this) (?:week|month|year) on(?:wards)?\\b',
    `^(?:the )?(?:first|second|third|fourth|last) (?:(?:working|business) )?${WHEN} (?:of|in)(?: (?:the|each|every|a) (?:month|week|quarter|year))? to\\b`,
    `^(?:before|after) (?:(?:my|our|the|an?|each|every) .+|breakfast|lunch|dinner|supper|work|school|bed) to \\p{L}`,
    `\\bonly (?:on|in) (?:the )?${WHEN}$|\\b(?:on|in) (?:the )?${WHEN} only$`,
    `\\bbut not (?:on|at|in|next|this)(?: the)? (?:${WHEN}|\\d)`,
  ].join('|'),
  'iu',
)

function refuseLeftOver(text: string): void {
  if (LEFT_OVER.test(text))
    throw new ActionError(
      `I did not understand when: “${text.slice(0, 80)}” is left over. Say it such as “every day except Sunday at 7 remind me to get up”.`,
    )
}

interface Wanted {
  due: number
  first: Temporal.PlainDateTime
  rule?: Rule
}

/** Each once, in their order. */
function daysIn(days: readonly string[]): string[] {
  return [...new Set(days)].toSorted()
}

interface SaidWhen {
  at?: string
  in_seconds?: number
  repeat?: string
  until?: string
  except?: readonly string[]
}

function dueOf(said: SaidWhen, now: number, time_zone: string): Wanted {
  const moment = momentOf(said, now, time_zone)
  const spoken = zoned(moment, time_zone).toPlainDateTime()
  for (const day of [said.until ?? [], said.except ?? []].flat())
    if (!isReadable(() => Temporal.PlainDate.from(day))) throw new ActionError(`"${day}" is not a day.`)
  const most = zoned(now, time_zone).toPlainDate().add({ years: UNTIL_YEARS_MAX })
  if (said.until !== undefined && Temporal.PlainDate.compare(said.until, most) > 0)
    throw new ActionError(`Its last day is more than ${UNTIL_YEARS_MAX} years away: say it without one.`)
  if (said.repeat !== undefined) {
    const { repeat, until, except } = said
    const limits = { ...(until && { until }), ...(except && { except }) }
    const due = nextOf({ first: String(spoken), time_zone, repeat, ...limits }, now)
    if (due === undefined) throw new ActionError('It would never ring: no day is left for it.')
    if (due - now > AHEAD_SECONDS_MAX * 1000) throw new ActionError('That is more than ten years away.')
    return { due, first: spoken, rule: readRepeat(repeat) }
  }
  if (said.until !== undefined || said.except !== undefined)
    throw new ActionError('Only what repeats has a last day, or days on which it does not ring.')
  if (moment <= now) {
    if (said.at !== undefined && isDayOnly(said.at) && isToday(moment, now, time_zone)) {
      throw new ActionError('At what time today should I remind you?')
    }
    throw new ActionError(`I cannot remind you ${spokenTime(moment, now, time_zone)}: that is past.`)
  }
  if (moment - now > AHEAD_SECONDS_MAX * 1000) throw new ActionError('That is more than ten years away.')
  return { due: moment, first: spoken }
}

function momentOf(
  { at, in_seconds }: { at?: string; in_seconds?: number },
  now: number,
  time_zone: string,
): number {
  if (at !== undefined && in_seconds !== undefined) {
    throw new ActionError('Give me a time or a delay for the reminder, not both.')
  }
  if (in_seconds !== undefined) return now + in_seconds * 1000
  if (at === undefined) throw new ActionError('When should I remind you?')
  return readMoment(at, time_zone)
}

function isToday(moment: number, now: number, time_zone: string): boolean {
  return zoned(moment, time_zone).toPlainDate().equals(zoned(now, time_zone).toPlainDate())
}

/** "every day at 08:00, starting tomorrow". What repeats within a day has no time of day of its own. */
function recurring({ first }: Wanted, rule: Rule, starting: string): string {
  const every = spokenRepeat(rule, first)
  if ('every' in rule && (rule.unit === 'minutes' || rule.unit === 'hours'))
    return `${every}, starting ${starting}`
  const clock = first.toPlainTime().toString({ smallestUnit: 'minute' })
  const day = starting.replace(/\s*at \d\d:\d\d$/, '')
  return `${every} at ${clock}, starting ${day === '' ? 'today' : day}`
}

/** ", until 18 December, but not on 7 December" */
function limitsOf({ until, except = [] }: SaidWhen, now: number, time_zone: string): string {
  const said = (day: string): string => spokenDay(Temporal.PlainDate.from(day), now, time_zone)
  const end = until === undefined ? '' : `, until ${said(until).replace(/^on /, '')}`
  const [first = '', ...more] = except
  const last = more.at(-1) ?? first
  if (first === '') return end
  const isRow =
    more.length > 1 &&
    Temporal.PlainDate.from(first).until(Temporal.PlainDate.from(last)).days === more.length
  const days = isRow
    ? `from ${[first, last].map((day) => said(day).replace(/^on /, '')).join(' to ')}`
    : sayList(except.map((day) => said(day)))
  return `${end}, but not ${days}`
}

/** "I will remind you to call mum tomorrow at 09:00." */
export function promise(text: string, when: string): string {
  return isAlarm(text) ? `The alarm will ring ${when}.` : `I will remind you ${asClause(text)} ${when}.`
}

/** Whether nothing but the ringing is wanted, in the words of each language. */
function isAlarm(text: string): boolean {
  return /^(?:an? |the |my )?(?:alarm|wecker|alarma)$/i.test(text)
}

/** How the text follows "I will remind you": most are a thing to do, some a thing or a fact. */
function asClause(text: string): string {
  const said = secondPerson(text)
  if (/^(?:that|about|of|(?:not|never) to)\s/i.test(said)) return said
  if (/^(i|you|we|he|she|it|they)(\s|')/i.test(said)) return `that ${said}`
  if (/^(the|an?|your|our|his|her|their|this|these|some)\s/i.test(said)) return `about ${said}`
  if (/^(?:if|when|where|what|which|who|whether|how|why)\b/i.test(said)) return `about “${said}”`
  return `to ${said}`
}
