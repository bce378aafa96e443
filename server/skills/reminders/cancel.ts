import { Type } from 'typebox'
import type { Capabilities, Stored } from '../capabilities.ts'
import { sayCount, sayList, secondPerson } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { REMINDERS, ReminderResult, shown, spokenEntry } from './record.ts'
import type { Reminder } from './record.ts'
import { byId, meant, waiting } from './waiting.ts'

type Can = Pick<Capabilities, 'clock' | 'records' | 'alarms'>

export const cancel = action({
  summary: 'Cancels a reminder or timer before it rings.',
  parameters: shape({
    reminder_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  }),
  result: shape({ cancelled: Type.Array(ReminderResult) }),
  effect: 'destructive',
  slots: { text: 'text' },
  questions: { text: 'Which reminder should I cancel?' },
  phrases: [
    '(cancel|delete|remove|clear) (the|my|that) {text} (reminder|timer|alarm)',
    '(cancel|delete|remove|clear) (the|my|that) (reminder|alarm|timer) (to|about|for|at|on) {text}',
    '(cancel|delete|remove|clear) (the|my|that|this) (reminder|timer|alarm)',
    '(turn|switch|call) off (the|my|that) {text} (reminder|timer|alarm)',
    '(turn|switch|call) off (the|my|that) (reminder|timer|alarm)',
    '(stop|kill) (the|my|that) {text} (timer|alarm|countdown)',
    '(stop|kill) (the|my|that) (timer|alarm|countdown)',
    'cancel all [of] [my|the] {text}',
    '(do not|no need to) remind me (to|about|of) {text} [anymore|any more|after all]',
    'you (do not|need not) [need to] remind me (to|about|of) {text} [anymore|any more]',
    'i do not need the {text} (reminder|timer|alarm) [anymore|any more]',
  ],
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
    if (parameters.text === undefined) return undefined
    const { now, time_zone } = can.clock
    const found = meant(parameters.text, await waiting(can), time_zone)
    if (found.length < 2) return undefined
    const said = found.map((record) => secondPerson(spokenEntry(record, now, time_zone)))
    return `That cancels ${sayCount(found.length, 'reminder')}: ${sayList(said)}. Shall I?`
  },
  perform: async (can: Can, parameters) => {
    const { now, time_zone } = can.clock
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
}

async function chosen(can: Can, { reminder_id, text }: Named): Promise<Stored<Reminder>[]> {
  if (reminder_id !== undefined) {
    const record = await byId(can, reminder_id)
    if (record.body.status === 'rung') throw new ActionError('That reminder has already rung.')
    return [record]
  }
  const { now, time_zone } = can.clock
  const known = await waiting(can)
  if (known.length === 0) throw new ActionError('No reminders are set.')
  if (text !== undefined) {
    const found = meant(text, known, time_zone)
    if (found.length === 0) throw new ActionError(`There is no reminder like "${text}".`)
    return found
  }
  if (known.length > 1) {
    const said = known.map((record) => secondPerson(spokenEntry(record, now, time_zone)))
    throw new ActionError(`Which one should I cancel: ${sayList(said)}?`)
  }
  return known
}
