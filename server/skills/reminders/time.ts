import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { zoneOf } from '../data/units/zones.ts'
import { capitalised } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { readDay } from './moment.ts'
import { iso, spokenClock, spokenDay, spokenFullDate, zoned } from './spoken.ts'

/** Which day it is, rather than what the clock says. */
const TODAY = { about: 'date' } as const
const DATE = {
  '(what|which) day [of the week] is it [today|now]': TODAY,
  '(what|which) day [of the week] is today': TODAY,
  '(what|which) (date|year|month) is it [today|now]': TODAY,
  'what is the [current] (date|year|month|day) [today]': TODAY,
  '(what is|tell me) todays date': TODAY,
  '(tell|give) me the date [of today|today]': TODAY,
} as const
const PAST = { about: 'past' } as const
/** Days from a date to the next one of its name, and years between two leap years at most. */
const YEAR_DAYS = 366
const LEAP_YEARS = 8

const WAS = { '(what|which) (day|date|weekday) [of the week] was {day}': PAST } as const

/** What may follow a place and is no part of its name. */
const NOW = /(?: (?:right now|just now|now|exactly|currently|at the moment))+$/i

export const time = action({
  summary: 'Tells the time, here or elsewhere, and which day it is or will be.',
  parameters: shape({
    place: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    day: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    about: Type.Optional(Type.Enum(['date', 'past'])),
  }),
  result: shape({ date: Type.String(), time: Type.Optional(Type.String()), time_zone: Type.String() }),
  effect: 'read',
  slots: { place: 'text', day: 'time', about: 'word' },
  phrases: [
    'what time is it [now|right now|here|at the moment]',
    'what is the [current|exact|local] time [now|right now|here]',
    '(tell|give) me (the [current] time|what time it is) [now]',
    '(do you have|have you got|do you know) (the time|what time it is)',
    'how late is it',
    'what time is it [now|right now] in {place}',
    'what is the [current|local] time [now|right now] in {place}',
    '(tell|give) me the [current|local] time in {place}',
    '[the] [current|local] time in {place}',
    '(what|which) (day|date|weekday) [of the week] (is|will be) {day}',
    '(what|which) (day|weekday) [of the week] (does|will) {day} (fall|be) [on]',
    'on (what|which) (day|weekday) [of the week] (is|does|will) {day} [fall|be]',
    ...Object.keys(DATE),
    ...Object.keys(WAS),
  ],
  presets: { ...DATE, ...WAS },
  examples: [
    'what time do we have',
    'could you tell me what the clock says',
    'is it past noon already, what time is it',
    'got the time',
    'time please',
    'what is the hour',
    'how late is it over in Sydney',
    'what time do they have in Chicago at the moment',
    'what does the clock say in Delhi',
    "today's date please",
    'remind me what day we have today',
    'is it Tuesday or Wednesday today',
    'which weekday is New Year',
    'tell me the weekday of 3 October',
    'what date do we have',
    'what is the date on Sunday',
    'say the current time',
  ],
  perform: ({ clock }: Pick<Capabilities, 'clock'>, { place, day, about }) => {
    const { now, time_zone } = clock
    if (day !== undefined) return weekday(dayOf(day, about === 'past', clock), clock)
    const zone = place === undefined ? { id: time_zone, name: '' } : zoneOf(place.replace(NOW, ''), time_zone)
    if (zone === undefined) throw new ActionError(`I know no time zone of "${place}": say a city or country.`)
    const date = zoned(now, zone.id).toPlainDate()
    const data = { date: String(date), time: iso(now, zone.id), time_zone: zone.id }
    if (about === 'date') return { data, text: `Today is ${spokenFullDate(date)}.` }
    const told = `${spokenClock(now, zone.id)} on ${spokenFullDate(date, false)}`
    if (place === undefined || zone.id === time_zone) return { data, text: `It is ${told}.` }
    const the = /^the\s/i.test(place) ? 'the ' : ''
    return { data, text: `In ${the}${capitalised(zone.name)} it is ${told}.` }
  },
})

/** Days are read as those to come: of what was, the one before is meant, be it a weekday or a date without its year. */
function dayOf(said: string, isPast: boolean, { now, time_zone }: Capabilities['clock']): Temporal.PlainDate {
  const { day } = readDay(said, time_zone)
  const ahead = zoned(now, time_zone).toPlainDate().until(day).days
  if (ahead <= 0 || !isPast) return day
  // So near ahead it was a weekday that was said.
  if (ahead <= 7) return day.subtract({ days: 7 })
  const years = Array.from({ length: LEAP_YEARS }, (_, at) => day.subtract({ years: at + 1 }))
  return ahead > YEAR_DAYS ? day : (years.find((one) => one.day === day.day) ?? day)
}

/** "Tomorrow is Friday, 27 November 2026.", "24 December 2026 is a Thursday." */
function weekday(day: Temporal.PlainDate, { now, time_zone }: Capabilities['clock']) {
  const data = { date: String(day), time_zone }
  const today = zoned(now, time_zone).toPlainDate()
  const full = spokenFullDate(day)
  if (Math.abs(today.until(day).days) <= 1) {
    const name = capitalised(spokenDay(day, now, time_zone))
    return { data, text: `${name} ${name === 'Yesterday' ? 'was' : 'is'} ${full}.` }
  }
  const [name = '', date = ''] = full.split(', ')
  const verb = Temporal.PlainDate.compare(day, today) < 0 ? 'was' : 'is'
  return { data, text: `${date} ${verb} a ${name}.` }
}
