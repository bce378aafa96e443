import { Type } from 'typebox'
import type { Capabilities, Stored } from '../capabilities.ts'
import { capitalised, sayChoice, sayCount, sayList, secondPerson } from '../say.ts'
import { ActionError, AskError, action, shape } from '../skill.ts'
import { appointmentsMeant } from './appointments.ts'
import { EVENTS } from './calendar/kept.ts'
import type { StoredEvent } from './calendar/kept.ts'
import { NEVER_OVER, spokenEvent } from './calendar/stored.ts'
import type { EventOccurrence } from './calendar/stored.ts'
import { REMINDERS, ReminderResult, shown, spokenEntry } from './record.ts'
import type { Reminder } from './record.ts'
import { byId, meant, running, waiting } from './waiting.ts'

type Can = Pick<Capabilities, 'clock' | 'records' | 'alarms'>

const TIMER = { kind: 'timer' } as const
const ALL = {
  '(delete|remove|clear) all [of] [my|the] reminders': { text: 'reminders' },
  '(delete|remove|clear|stop) all [of] [my|the] timers': { kind: 'timer', text: 'timers' },
} as const
/** The word tells that a timer is meant, and no reminder that has the same words in it. */
const TIMERS = {
  '(cancel|delete|remove|clear|stop|kill|end) (the|my|that|this) (timer|countdown)': TIMER,
  '(cancel|delete|remove|clear|stop|kill|end) (the|my|that) {text} (timer|countdown)': TIMER,
  '(cancel|delete|remove|clear|stop) (the|my|that) timer (called|named|for|on) [the] {text}': TIMER,
  '(turn|switch|call) off (the|my|that) (timer|countdown)': TIMER,
  '(turn|switch|call) off (the|my|that) {text} (timer|countdown)': TIMER,
  'i do not need the {text} timer [anymore|any more]': TIMER,
} as const

export const cancel = action({
  summary: 'Cancels a reminder or timer before it rings, or an appointment.',
  parameters: shape({
    reminder_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    kind: Type.Optional(Type.Enum(['timer'])),
  }),
  result: shape({
    cancelled: Type.Array(ReminderResult),
    /** The appointment that was taken out of the calendar. */
    event: Type.Optional(shape({ event_id: Type.String(), title: Type.String() })),
  }),
  effect: 'destructive',
  ends: true,
  slots: { text: 'text', kind: 'word' },
  questions: { text: 'Which reminder should I cancel?' },
  phrases: [
    '(cancel|delete|remove|clear) (the|my|that) {text} (reminder|alarm|appointment|meeting)',
    '(cancel|delete|remove|clear) (the|my|that) (reminder|alarm|timer) (to|about|for|at|on) {text}',
    '(cancel|delete|remove|clear) (the|my|that|this) (reminder|alarm)',
    '(turn|switch|call) off (the|my|that) [{text}] (reminder|alarm)',
    '(stop|kill) (the|my|that) [{text}] alarm',
    ...Object.keys(TIMERS),
    ...Object.keys(ALL),
    'cancel all [of] [my|the] {text}',
    '(do not|no need to) remind me (to|about) {text} [anymore|any more|after all]',
    '(do not|no need to) remind me of {text} (anymore|any more|after all)',
    'you (do not|need not) [need to] remind me (to|about|of) {text} [anymore|any more]',
    'i do not need the {text} (reminder|alarm) [anymore|any more]',
  ],
  presets: { ...TIMERS, ...ALL },
  examples: [
    'cancel the dentist reminder',
    'delete my reminder about the ferns',
    'stop the rice timer',
    'you can forget about reminding me to ring the bank',
    'turn the seven o clock alarm off',
    'no need to remind me of the laundry any more',
    'scrap the reminder for Friday',
    'cancel all my timers',
    'get rid of the alarm tomorrow morning',
    'do not wake me at six after all',
    'remove the weekly rent reminder',
    'the cake is done, stop the timer',
    'drop the reminder to send the invoice',
    'clear all reminders',
    'call off the egg timer',
    'cancel that alarm',
    'I already fed the cat so you can drop that reminder',
    'unset my alarm',
    'please kill the countdown',
    'disable the nightly inhaler reminder',
  ],
  confirm: async (can: Can, parameters) => {
    // Which one is asked, when several could be.
    if (parameters.text === undefined && (await waiting(can)).length > 1) await chosen(can, parameters)
    if (parameters.text === undefined) return undefined
    const { now, time_zone } = can.clock
    const { text, kind } = parameters
    const all = (await waiting(can)).filter(({ body }) => kind === undefined || body.kind === kind)
    const found = meant(text, all, time_zone)
    if (found.length === 0 && kind === undefined) await appointment(can, text)
    if (found.length < 2) return undefined
    const said = found.map((record) => secondPerson(spokenEntry(record, now, time_zone)))
    return `That cancels ${sayCount(found.length, 'reminder')}: ${sayList(said)}. Shall I?`
  },
  perform: async (can: Can, parameters) => {
    const { now, time_zone } = can.clock
    const event = await appointmentIn(can, parameters)
    if (event !== undefined) {
      const { event_id, title } = event
      const stored = await can.records.get<StoredEvent>(EVENTS, event_id)
      await can.records.remove(EVENTS, event_id)
      const which =
        stored?.at === NEVER_OVER
          ? `${title}, which comes again and again,`
          : spokenEvent(event, now, time_zone)
      const text = `${capitalised(which)} is no longer in your calendar.`
      return { data: { cancelled: [], event: { event_id, title } }, text }
    }
    const found = await chosen(can, parameters)
    for (const { id } of found) {
      await can.alarms.cancel(id)
      await can.records.remove(REMINDERS, id)
    }
    const said = found.map((record) => secondPerson(spokenEntry(record, now, time_zone)))
    return {
      data: { cancelled: found.map((record) => shown(record, time_zone)) },
      text: `Cancelled: ${sayList(said)}.`,
    }
  },
})

interface Named {
  reminder_id?: string
  text?: string
  kind?: 'timer'
}

/** The appointment that is meant where no reminder is. */
async function appointmentIn(
  can: Can,
  { reminder_id, text, kind }: Named,
): Promise<EventOccurrence | undefined> {
  if (reminder_id !== undefined || kind !== undefined || text === undefined) return undefined
  const isReminder = meant(text, await waiting(can), can.clock.time_zone).length > 0
  return isReminder ? undefined : await appointment(can, text)
}

/** The one appointment that a text means. @throws AskError when it means several. */
async function appointment(can: Can, text: string): Promise<EventOccurrence | undefined> {
  const { now, time_zone } = can.clock
  const [first, ...more] = await appointmentsMeant(can, text)
  if (more.length === 0 || first === undefined) return first
  const said = [first, ...more].map((one) => spokenEvent(one, now, time_zone))
  throw new AskError('text', `Which one should I cancel: ${sayChoice(said)}?`, said)
}

async function chosen(can: Can, { reminder_id, text, kind }: Named): Promise<Stored<Reminder>[]> {
  if (reminder_id !== undefined) {
    const record = await byId(can, reminder_id)
    if (record.body.status === 'rung') throw new ActionError('That reminder has already rung.')
    return [record]
  }
  const { now, time_zone } = can.clock
  const known = kind === undefined ? await waiting(can) : await running(can)
  if (known.length === 0) throw new ActionError('No reminders are set.')
  if (text !== undefined) {
    const found = meant(text, known, time_zone)
    if (found.length === 0) throw new ActionError(`There is no ${kind ?? 'reminder'} like "${text}".`)
    return found
  }
  if (known.length > 1) {
    const said = known.map((record) => secondPerson(spokenEntry(record, now, time_zone)))
    throw new AskError('text', `Which one should I cancel: ${sayList(said)}?`)
  }
  return known
}
