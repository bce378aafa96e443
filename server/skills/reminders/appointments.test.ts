import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError, AskError } from '../skill.ts'
import { reminders } from './index.ts'

/** Wednesday, 10:21 in Berlin. */
const NOW = Temporal.Instant.from('2026-03-25T10:21:00+01:00').epochMilliseconds

function open() {
  const can = openInMemory(NOW, 'Europe/Berlin')
  const tell = (name: string, parameters: object = {}) => ask(reminders, name, can, parameters)
  const confirm = (name: string, parameters: Record<string, unknown>) =>
    reminders.actions[name]?.confirm?.(can, parameters)
  const on = async (day: string) => (await tell('agenda', { day })).text
  return { tell, confirm, on }
}

test('an appointment is moved to another time of its day, or to another day at its time, and lasts as long', async () => {
  const { tell, on } = open()
  await tell('add_event', { title: 'Dentist', at: '2026-03-27T14:00', seconds: 1_800 })
  const moved = await tell('move', {
    text: 'dentist appointment',
    at: '2026-03-25T15:00',
    clock_alone: 'exact',
  })
  assert.equal(moved.text, 'Dentist on Friday at 15:00 now.')
  assert.equal(
    (await tell('move', { text: 'dentist', at: '2026-03-26' })).text,
    'Dentist tomorrow at 15:00 now.',
  )
  assert.equal(await on('2026-03-27'), 'Nothing is in your calendar on Friday.')
  assert.equal(await on('2026-03-26'), 'Tomorrow: Dentist at 15:00.')
  const { data } = await tell('next_event')
  assert.match(JSON.stringify(data), /T15:00:00\+01:00.*T15:30:00\+01:00/)
})

test('a reminder of that name comes before an appointment', async () => {
  const { tell, on } = open()
  await tell('add_event', { title: 'Dentist', at: '2026-03-27T14:00' })
  await tell('remind', { text: 'call the dentist', at: '2026-03-26T09:00' })
  assert.equal(
    (await tell('cancel', { text: 'dentist' })).text,
    'Cancelled: call the dentist tomorrow at 09:00.',
  )
  const { data, text } = await tell('cancel', { text: 'the dentist appointment' })
  assert.equal(text, 'Dentist on Friday at 14:00 is no longer in your calendar.')
  assert.deepEqual(data['cancelled'], [])
  assert.equal(await on('2026-03-27'), 'Nothing is in your calendar on Friday.')
})

test('of several the one is asked for, and each has its own words', async () => {
  const { tell, confirm } = open()
  await tell('add_event', { title: 'Meeting with Bob', at: '2026-03-27T10:00' })
  await tell('add_event', { title: 'Meeting with Bob', at: '2026-03-30T10:00' })
  for (const name of ['cancel', 'move'])
    await assert.rejects(
      async () => confirm(name, { text: 'meeting with Bob', at: '2026-03-28T10:00' }),
      (error: unknown) => {
        assert.ok(error instanceof AskError)
        assert.deepEqual(error.choices, [
          'Meeting with Bob on Friday at 10:00',
          'Meeting with Bob on Monday at 10:00',
        ])
        return true
      },
    )
  const { text } = await tell('cancel', { text: 'the one on Monday' })
  assert.equal(text, 'Meeting with Bob on Monday at 10:00 is no longer in your calendar.')
})

test('what comes again and again is cancelled as a whole and not moved, nor is what a file brought', async () => {
  const { tell } = open()
  await tell('add_event', { title: 'Choir', at: '2026-03-26T19:00', repeat: 'weekly' })
  const ics = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:1@x',
    'SUMMARY:Trip',
    'DTSTART:20260328T090000',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  await tell('import_ics', { ics: ics.join('\r\n') })
  for (const [text, why] of [
    ['choir', /comes again and again/],
    ['trip', /came with a calendar file/],
    ['opera', /no reminder or appointment like "opera"/],
  ] as const)
    await assert.rejects(tell('move', { text, at: '2026-03-29T10:00' }), (error: unknown) => {
      assert.ok(error instanceof ActionError)
      assert.match(error.message, why)
      return true
    })
  assert.equal(
    (await tell('cancel', { text: 'choir' })).text,
    'Choir, which comes again and again, is no longer in your calendar.',
  )
})

test('what an appointment holds besides its title and time is not lost by moving it', async () => {
  const { tell } = open()
  const own = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:1@calendar.paios',
    'SUMMARY:Review',
    'LOCATION:Room 5',
    'DTSTART:20260328T090000',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  await tell('import_ics', { ics: own.join('\r\n') })
  await assert.rejects(
    tell('move', { text: 'review', at: '2026-03-29T10:00' }),
    /holds more than its title and time/,
  )
})
