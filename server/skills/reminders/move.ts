import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { matching, oneMatching } from '../match.ts'
import { capitalised, sayChoice } from '../say.ts'
import { ActionError, AskError, action, shape } from '../skill.ts'
import { moveEvent } from './add-event.ts'
import { appointmentsMeant } from './appointments.ts'
import { spokenEvent } from './calendar/stored.ts'
import type { EventOccurrence } from './calendar/stored.ts'
import { isDayOnly, readMoment } from './moment.ts'
import { REMINDERS, asCandidate } from './record.ts'
import type { Reminder } from './record.ts'
import { AHEAD_SECONDS_MAX, promise } from './remind.ts'
import { iso, spokenTime, zoned } from './spoken.ts'
import { waiting } from './waiting.ts'

type Can = Pick<Capabilities, 'clock' | 'records' | 'alarms'>

const MOVE = '(move|change|shift|reschedule|postpone|set)'

export const move = action({
  summary: 'Moves a reminder or an appointment to another time.',
  parameters: shape({
    text: Type.String({ minLength: 1, maxLength: 500 }),
    at: Type.String({ minLength: 1, maxLength: 64 }),
    /** Of `at` the time of the day alone is meant, as it is or in the half of the day that is nearer to what it was. */
    clock_alone: Type.Optional(Type.Enum(['exact', 'either'])),
  }),
  result: shape({
    reminder_id: Type.Optional(Type.String()),
    event_id: Type.Optional(Type.String()),
    due: Type.String(),
  }),
  effect: 'write',
  slots: { text: 'text', at: 'time' },
  questions: { text: 'Which reminder should I move?', at: 'To when?' },
  phrases: [
    `${MOVE} (the|my) {text} (reminder|alarm) to {at}`,
    `${MOVE} (the|my) (reminder|alarm) (to|about|for|of) {text} to {at}`,
    `${MOVE} (the|my) {text} (reminder|alarm)`,
    `${MOVE} (the|my|our) {text} (appointment|meeting) to {at}`,
    `${MOVE} (the|my|our) (appointment|meeting) (with|about|for) {text} to {at}`,
    '(make|let) (the|my) {text} (reminder|alarm) (at|on|be at|be on|ring at) {at}',
    'remind me (of|about) {text} (at|on) {at} instead',
    '(the|my) {text} (reminder|alarm) should (be|ring|come) (at|on) {at}',
    `${MOVE} (the|my) (reminder|alarm) for {text} (until|till) {at}`,
    `${MOVE} (the|my) (reminder|alarm) (to|about|of) {text} (until|till) {at}`,
  ],
  examples: [
    'move the dentist reminder to Friday',
    'my bins reminder should be at eight in the evening',
    'shift the reminder about the rent to the first',
    'change the time of the vet reminder to 4 pm',
    'reschedule my reminder to call mum to tomorrow at noon',
    'let the laundry reminder come an hour later, at six',
    'the pills alarm should ring at seven from now on',
    'postpone the reminder to pay the bill until Monday',
    'put the gym reminder on Thursday instead',
    'make it half past nine for the meeting reminder',
    'bring the parcel reminder forward to Wednesday',
    'set the homework reminder to five o clock',
    'I want the library reminder on Saturday morning',
    'could you move my haircut reminder to next Tuesday',
    'the passport reminder has to be on the 3rd of May',
  ],
  confirm: async (can: Can, { text }) => {
    const { time_zone } = can.clock
    const known = (await waiting(can)).map((record) => asCandidate(record, time_zone))
    // Which one is asked, when several could be.
    if (matching(text, known).length === 0) await appointment(can, text)
    return undefined
  },
  perform: async (can: Can, { text, at, clock_alone }) => {
    const { now, time_zone } = can.clock
    const known = (await waiting(can)).filter(({ body }) => body.kind === 'reminder')
    const found = oneMatching(
      text,
      known.map((record) => asCandidate(record, time_zone)),
    )
    const event = found === undefined ? await appointment(can, text) : undefined
    const before = found?.at ?? event?.start
    if (before === undefined) throw new ActionError(`There is no reminder or appointment like "${text}".`)
    if (found?.body.repeat !== undefined) throw new ActionError(AGAIN)
    const due =
      clock_alone === undefined
        ? dueOf(at, before, time_zone)
        : onSameDay(readMoment(at, time_zone), before, clock_alone === 'either', time_zone)
    if (due - now > AHEAD_SECONDS_MAX * 1000) throw new ActionError('That is more than ten years away.')
    if (due <= now)
      throw new ActionError(`I cannot remind you ${spokenTime(due, now, time_zone)}: that is past.`)
    if (event !== undefined) {
      await moveEvent(can, event, due)
      const told = `${capitalised(spokenEvent({ ...event, start: due }, now, time_zone))} now.`
      return { data: { event_id: event.event_id, due: iso(due, time_zone) }, text: told }
    }
    if (found === undefined) throw new ActionError(`There is no reminder like "${text}".`)
    const first = zoned(due, time_zone).toPlainDateTime()
    const body: Reminder = { ...found.body, first: String(first), time_zone }
    await can.records.put(REMINDERS, { id: found.id, group: 'waiting', at: due, body })
    await can.alarms.set(found.id, due)
    return {
      data: { reminder_id: found.id, due: iso(due, time_zone) },
      text: promise(body.text, spokenTime(due, now, time_zone)),
    }
  },
})

const AGAIN = 'That one comes again and again: cancel it, and set another one for other times.'

/** The one appointment that a text means. @throws ActionError when it means several. */
async function appointment(can: Can, text: string): Promise<EventOccurrence | undefined> {
  const { now, time_zone } = can.clock
  const [first, ...more] = await appointmentsMeant(can, text)
  if (more.length === 0 || first === undefined) return first
  const said = [first, ...more].map((one) => spokenEvent(one, now, time_zone))
  throw new AskError('text', `Which one should I move: ${sayChoice(said)}?`, said)
}

/** A day without a time keeps the time that there is. */
function dueOf(at: string, before: number, time_zone: string): number {
  if (!isDayOnly(at)) return readMoment(at, time_zone)
  const plainTime = zoned(before, time_zone).toPlainTime()
  return Temporal.PlainDate.from(at.trim()).toZonedDateTime({ timeZone: time_zone, plainTime })
    .epochMilliseconds
}

/** The time of the day of one moment on the day of another, in the nearer half of it where either may be meant. */
function onSameDay(moment: number, before: number, isEither: boolean, time_zone: string): number {
  const was = zoned(before, time_zone)
  const clock = zoned(moment, time_zone).toPlainTime()
  const other = clock.add({ hours: 12 })
  const away = (time: Temporal.PlainTime): number => Math.abs(was.toPlainTime().until(time).total('minutes'))
  const plainTime = isEither && away(other) < away(clock) ? other : clock
  return was.toPlainDate().toZonedDateTime({ timeZone: time_zone, plainTime }).epochMilliseconds
}
