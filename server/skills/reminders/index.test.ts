import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { reminders } from './index.ts'
import { REMINDERS } from './record.ts'
import type { Reminder } from './record.ts'
import { ring } from './ring.ts'

/** Wednesday, 10:21 in Berlin. */
const NOW = Temporal.Instant.from('2026-03-25T10:21:00+01:00').epochMilliseconds

function open(time_zone = 'Europe/Berlin') {
  const can = openInMemory(NOW, time_zone)
  const tell = (name: string, parameters: object = {}) => ask(reminders, name, can, parameters)
  const confirm = (text: Record<string, unknown>) => reminders.actions['cancel']?.confirm?.(can, text)
  /** Rings the alarm of a reminder as the runtime does. */
  const ringNow = async (id: unknown) => {
    const record = await can.records.get<Reminder>(REMINDERS, String(id))
    assert.ok(record !== undefined)
    const rung = ring(record, can.clock.now)
    await can.records.put(REMINDERS, rung.record)
    return rung
  }
  return { can, tell, confirm, ringNow }
}

test("a reminder after a while is set to the millisecond and answered in the user's time", async () => {
  const { can, tell } = open()
  const { data, text } = await tell('remind', { text: 'drink water', in_seconds: 600 })
  assert.equal(text, 'I will remind you to drink water at 10:31.')
  assert.equal(data['due'], '2026-03-25T10:31:00+01:00')
  assert.deepEqual([...can.due], [[data['reminder_id'], NOW + 600_000]])
})

test('a reminder is answered as a thing to do, a thing, or a fact', async () => {
  const { tell } = open()
  const said = async (text: string) => (await tell('remind', { text, at: '2026-03-26T18:00' })).text
  assert.equal(await said('to call my mum'), 'I will remind you to call your mum tomorrow at 18:00.')
  assert.equal(await said('the rent'), 'I will remind you about the rent tomorrow at 18:00.')
  assert.equal(await said('me up'), 'I will remind you to wake up tomorrow at 18:00.')
  assert.equal(await said('I have to go'), 'I will remind you that you have to go tomorrow at 18:00.')
})

test('a repeated reminder begins at its first time after now and rings on at the same hour', async () => {
  const { tell, ringNow, can } = open()
  const { data, text } = await tell('remind', {
    text: 'stretch',
    at: '2026-03-25T08:00',
    repeat: 'daily',
  })
  assert.equal(text, 'I will remind you to stretch every day at 08:00, starting tomorrow.')
  assert.equal(data['due'], '2026-03-26T08:00:00+01:00')
  const monday = await tell('remind', { text: 'bins', at: '2026-03-30T19:00', repeat: 'weekly' })
  assert.equal(monday.text, 'I will remind you to bins every Monday at 19:00, starting on Monday.')
  const hourly = await tell('remind', { text: 'drink', at: '2026-03-25T11:00', repeat: 'hourly' })
  assert.equal(hourly.text, 'I will remind you to drink every hour, starting at 11:00.')
  assert.equal(monday.data['due'], '2026-03-30T19:00:00+02:00')
  can.clock.now = Temporal.Instant.from('2026-03-28T08:00:00+01:00').epochMilliseconds
  const { next_due } = await ringNow(data['reminder_id'])
  assert.equal(next_due, Temporal.Instant.from('2026-03-29T08:00:00+02:00').epochMilliseconds)
})

test('a reminder without a time, with two, in the past or far away is refused and nothing is set', async () => {
  const { can, tell } = open()
  const refused = (parameters: object, message: string) =>
    assert.rejects(tell('remind', { text: 'x', ...parameters }), new ActionError(message))
  await refused({}, 'When should I remind you?')
  await refused(
    { at: '2026-03-26T10:00', in_seconds: 5 },
    'Give me a time or a delay for the reminder, not both.',
  )
  await refused({ at: '2026-03-25T10:20' }, 'I cannot remind you at 10:20: that is past.')
  await refused({ at: '2026-03-25T10:21' }, 'I cannot remind you at 10:21: that is past.')
  await refused({ at: '2026-03-25' }, 'At what time today should I remind you?')
  await refused({ at: '2126-03-25T10:00' }, 'That is more than ten years away.')
  await refused(
    { at: '2026-03-26T10:00', repeat: 'often' },
    'I cannot repeat "often": say daily, weekdays, weekly, monthly, yearly, or every so many minutes to years.',
  )
  await refused({ at: 'soon' }, '"soon" is not a time that I understand.')
  assert.equal(can.due.size, 0)
  assert.deepEqual((await tell('list')).data, { reminders: [] })
})

test('what is left over of a time is no text, and what only looks like it is one', async () => {
  const { tell } = open()
  const at = '2026-03-26T10:00'
  for (const text of [
    'except sunday',
    'get up except on',
    'every other day',
    'each morning to water the ferns',
    '1st of each month',
    'buy bread but not on holidays',
    'außer sonntags um 8 an die Tabletten',
    'during work hours to stand',
    'from 9 to 5 to stretch',
    'next month on to check the backups',
    'the first working day of to send invoices',
    'before my next appointment to print',
    'before lunch to eat',
  ])
    await assert.rejects(tell('remind', { text, at }), /I did not understand when/, text)
  for (const text of [
    '1st aid course',
    '3rd party invoice',
    '4th of July fireworks',
    'the last day of school',
    'next week in the garden',
    'before lunch comes the soup',
    'every child needs a snack',
    'until we meet again',
    'buy bread but not in plastic bags',
  ])
    assert.match((await tell('remind', { text, at })).text, new RegExp(text))
})

test('what comes again has no end, which is said rather than passed over', async () => {
  const { can, tell } = open()
  await assert.rejects(
    tell('remind', { text: 'stretch', at: '2026-03-26T09:00', repeat: 'every 45 minutes with an end' }),
    /What comes again has no end yet/,
  )
  assert.equal(can.due.size, 0)
})

test('a timer is named by its label or its length', async () => {
  const { tell } = open()
  const plain = await tell('timer', { seconds: 600 })
  assert.equal(plain.text, 'Timer set for 10 minutes. It will be up at 10:31.')
  const pasta = await tell('timer', { seconds: 90, label: 'pasta' })
  assert.equal(pasta.text, 'Pasta timer set for 90 seconds. It will be up at 10:22.')
  const { text } = await tell('list')
  assert.equal(text, 'You have 2 reminders: pasta timer at 10:22 and 10 minute timer at 10:31.')
  await assert.rejects(tell('timer', { seconds: 0 }), TypeError)
})

test('snooze means the one that rang last, else the next, else nothing', async () => {
  const { can, tell, ringNow } = open()
  await assert.rejects(tell('snooze', { seconds: 60 }), new ActionError('There is no reminder to snooze.'))
  const first = await tell('remind', { text: 'call mum', in_seconds: 60 })
  const second = await tell('remind', { text: 'pay rent', in_seconds: 3600 })
  const next = await tell('snooze', { seconds: 600 })
  assert.equal(next.text, 'I will come back to "call mum" at 10:32.')
  can.clock.now += 660_000
  await ringNow(first.data['reminder_id'])
  const rang = await tell('snooze', { seconds: 600 })
  assert.equal(rang.data['reminder_id'], first.data['reminder_id'])
  assert.equal(can.due.get(String(first.data['reminder_id'])), can.clock.now + 600_000)
  const named = await tell('snooze', { text: 'rent', seconds: 600 })
  assert.equal(named.data['reminder_id'], second.data['reminder_id'])
  await assert.rejects(tell('snooze', { text: 'dentist', seconds: 60 }), ActionError)
})

test('a repeated reminder that is snoozed returns to its own hour', async () => {
  const { can, tell, ringNow } = open()
  const { data } = await tell('remind', { text: 'stretch', at: '2026-03-26T08:00', repeat: 'daily' })
  can.clock.now = Temporal.Instant.from('2026-03-26T08:00:00+01:00').epochMilliseconds
  await ringNow(data['reminder_id'])
  await tell('snooze', { seconds: 900 })
  can.clock.now += 900_000
  const { next_due } = await ringNow(data['reminder_id'])
  assert.equal(next_due, Temporal.Instant.from('2026-03-27T08:00:00+01:00').epochMilliseconds)
})

test('a reminder is cancelled by its words, kind or time, and its alarm with it', async () => {
  const { can, tell, confirm } = open()
  await tell('remind', { text: 'call mum', at: '2026-03-25T18:00' })
  await tell('timer', { seconds: 600, label: 'pasta' })
  await tell('timer', { seconds: 1200, label: 'oven' })
  assert.equal(await confirm({ text: 'pasta timer' }), undefined)
  assert.equal((await tell('cancel', { text: 'pasta timer' })).text, 'Cancelled: pasta timer at 10:31.')
  assert.equal((await tell('cancel', { text: '6pm alarm' })).text, 'Cancelled: call mum at 18:00.')
  assert.equal((await tell('cancel')).text, 'Cancelled: oven timer at 10:41.')
  assert.equal(can.due.size, 0)
})

test('cancelling several asks first, and which one is asked when none was named', async () => {
  const { tell, confirm } = open()
  await assert.rejects(tell('cancel'), new ActionError('No reminders are set.'))
  await tell('remind', { text: 'call mum', at: '2026-03-25T18:00' })
  await tell('remind', { text: 'call the bank', at: '2026-03-26T09:00' })
  const both = 'call mum at 18:00 and call the bank tomorrow at 09:00'
  assert.equal(await confirm({ text: 'call' }), `That cancels 2 reminders: ${both}. Shall I?`)
  assert.equal(await confirm({ text: 'all reminders' }), `That cancels 2 reminders: ${both}. Shall I?`)
  await assert.rejects(tell('cancel'), new ActionError(`Which one should I cancel: ${both}?`))
  await assert.rejects(tell('cancel', { text: 'dentist' }), ActionError)
  await assert.rejects(tell('cancel', { text: 'all timers' }), ActionError)
  assert.equal((await tell('cancel', { text: 'call' })).text, `Cancelled: ${both}.`)
})

test('one that has rung cannot be cancelled, nor one that is not there', async () => {
  const { tell, ringNow } = open()
  const { data } = await tell('remind', { text: 'call mum', in_seconds: 60 })
  await ringNow(data['reminder_id'])
  const gone = new ActionError('That reminder has already rung.')
  await assert.rejects(tell('cancel', { reminder_id: data['reminder_id'] }), gone)
  await assert.rejects(tell('cancel', { reminder_id: 'nope' }), new ActionError('There is no reminder nope.'))
})

test('what rang more than a month ago is cleared away by the next reminder', async () => {
  const { can, tell, ringNow } = open()
  const { data } = await tell('timer', { seconds: 60 })
  can.clock.now += 60_000
  await ringNow(data['reminder_id'])
  can.clock.now += 31 * 86_400_000
  await tell('timer', { seconds: 60 })
  assert.equal(await can.records.get(REMINDERS, String(data['reminder_id'])), undefined)
})
