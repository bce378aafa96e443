import type { Days, Period } from './calendar.ts'
import { monthFrom, oneDay, periodOf, weekdayFrom, weekendOf } from './calendar.ts'
import { DATE_RULES } from './dates.ts'
import type { DayPart, Draft, FindDays, Reading, Rule } from './draft.ts'
import { NEVER, readRules, rule } from './draft.ts'
import { FULL_WEEKDAYS, LEADS, MONTHS, WEEKDAYS, monthNumber, movedBy, weekdayNumber } from './names.ts'

type Today = Temporal.PlainDate

/** "by the end of the day" is when work ends. */
const WORK_ENDS = { hour: 17, minute: 0, second: 0, fixed: true }

const RULES: readonly Rule[] = [
  rule('todays?|this day|later today', () => day((today) => today)),
  rule('tomorrows?|tomorow|tommorr?ow|tmrw|tmr', () => day((today) => today.add({ days: 1 }))),
  rule('yesterdays?', () => day((today) => today.subtract({ days: 1 }))),
  rule('day after tomorrow', () => day((today) => today.add({ days: 2 }))),
  rule('day before yesterday', () => day((today) => today.subtract({ days: 2 }))),
  rule('1th thing tomorrow(?: morning)?', () => day((today) => today.add({ days: 1 }), { part: 'morning' })),
  rule('eod|end of day', () => day((today) => today, { clock: WORK_ENDS })),
  rule('(?:next|following) day', () => day((today) => today.add({ days: 1 }))),
  rule('day after', () => day((today) => today.add({ days: 1 })), NEVER),
  rule('last day', () => day((today) => today.subtract({ days: 1 })), NEVER),
  rule('tonights?', () => day((today) => today, { part: 'night' })),
  rule('last night', () => day((today) => today.subtract({ days: 1 }), { part: 'night' })),
  rule('this (morning|afternoon|evening)', ([, part]) => day((today) => today, { part: part as DayPart })),
  rule(`(${LEADS}) (${WEEKDAYS})(?: (after next|this week))?`, ([, lead = '', name = '', tail = '']) =>
    weekday(lead, name, tail),
  ),
  rule(`(${FULL_WEEKDAYS})(?: (week|(?:of )?next week|this week))?`, ([, name = '', tail = '']) =>
    weekday('', name, tail),
  ),
  rule(`(?<!the )(${WEEKDAYS})`, ([, name = '']) => weekday('', name, ''), ['on', 'by', 'until']),
  rule(`(${FULL_WEEKDAYS}) (?:to|through|until|till) (${FULL_WEEKDAYS})`, ([, first = '', last = '']) => ({
    days: weekdaysBetween(weekdayNumber(first), weekdayNumber(last)),
    rolls: true,
  })),
  rule(`(today|tomorrow) (?:to|through|until|till) (${FULL_WEEKDAYS})`, ([, first = '', last = '']) => ({
    days: (_from, today) => {
      const from = today.add({ days: first === 'today' ? 0 : 1 })
      return { from, to: weekdayFrom(from, weekdayNumber(last)).add({ days: 1 }) }
    },
  })),
  rule(`(this|next) week (?:on )?(${FULL_WEEKDAYS})`, ([, lead = '', name = '']) =>
    weekday('', name, `${lead} week`),
  ),
  rule(`(?:a )?week (?:on|from) (${WEEKDAYS})`, ([, name = '']) => weekday('', name, 'week')),
  rule('weekend', () => ({ days: (_from, today) => weekendOf(today) })),
  rule('weekend after next', () => ({ days: (_from, today) => weekendOf(today, 2) })),
  rule(`(${LEADS}) weekends?`, ([, lead = '']) => ({
    days: (_from, today) => weekendOf(today, movedBy(lead)),
  })),
  rule(`(${LEADS}) (week|month|year)s?`, ([, lead = '', name = '']) =>
    // "coming" and "upcoming" look ahead, where "this" looks around.
    period(name, lead.endsWith('coming') ? 1 : movedBy(lead)),
  ),
  rule('(?:whole |entire )?(week|month|year)', ([, name = '']) => period(name, 0), NEVER),
  rule('(week|month|year) after next', ([, name = '']) => period(name, 2)),
  rule(
    `(rest|remainder|end|start|beginning|middle) of (?:(the|this|next|last) )?(week|month|year|day|${MONTHS})`,
    ([, edge = '', lead = '', name = '']) => edgeOf(edge, lead, name),
  ),
  ...DATE_RULES,
]

/** Reads a day or days at this position. */
export function readDays(text: string, at: number): Reading | undefined {
  return readRules(RULES, text, at)
}

function day(find: (today: Today) => Today, more: Draft = {}): Draft {
  return { days: (_from, today) => oneDay(find(today)), ...more }
}

function weekday(lead: string, name: string, tail: string): Draft {
  const number = weekdayNumber(name)
  if (lead === 'next' || tail.endsWith('next week')) {
    const weeks = tail === 'after next' ? 2 : 1
    return day((today) => periodOf(today, 'week', weeks).from.add({ days: number - 1 }), { weekday: true })
  }
  if (movedBy(lead) < 0) {
    return day((today) => weekdayFrom(today.subtract({ days: 7 }), number), { weekday: true })
  }
  // Nobody says "sunday" on a Sunday to mean today, but "this sunday" may well be it.
  const first = lead === 'this' ? 0 : 1
  const weeks = tail === 'week' ? 1 : 0
  const days: FindDays = (from) => oneDay(weekdayFrom(from.add({ days: first }), number).add({ weeks }))
  return { days, rolls: true, weekday: true }
}

/** From the next such day of the week, 1 for Monday, to the first such one after it. */
export function weekdaysBetween(first: number, last: number): FindDays {
  return (from) => {
    const start = weekdayFrom(from.add({ days: 1 }), first)
    return { from: start, to: weekdayFrom(start, last).add({ days: 1 }) }
  }
}

function period(name: string, moved: number): Draft {
  return { days: (_from, today) => periodOf(today, name as Period, moved) }
}

function edgeOf(edge: string, lead: string, name: string): Draft | undefined {
  if (name === 'day') return edge === 'end' ? day((today) => today, { clock: WORK_ENDS }) : undefined
  const whole = (today: Today): Days => {
    if (name === 'week' || name === 'month' || name === 'year') return periodOf(today, name, movedBy(lead))
    return monthFrom(today, monthNumber(name))
  }
  if (edge === 'rest' || edge === 'remainder') {
    return { days: (_from, today) => ({ from: today, to: whole(today).to }) }
  }
  if (edge === 'end') return day((today) => whole(today).to.subtract({ days: 1 }))
  const offset = edge === 'middle' ? ({ week: 2, year: 181 }[name] ?? 14) : 0
  return day((today) => whole(today).from.add({ days: offset }))
}
