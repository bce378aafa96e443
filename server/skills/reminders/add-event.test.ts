import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { reminders } from './index.ts'

/** Wednesday, 10:00 in Berlin. */
const NOW = Temporal.Instant.from('2026-03-25T10:00:00+01:00').epochMilliseconds

function open(time_zone = 'Europe/Berlin') {
  const can = openInMemory(NOW, time_zone)
  const tell = (name: string, parameters: object = {}) => ask(reminders, name, can, parameters)
  return { tell, text: async (name: string, parameters: object) => (await tell(name, parameters)).text }
}

test('an appointment is in the calendar from then on, with what is at that time already', async () => {
  const { tell, text } = open()
  const { data } = await tell('add_event', { title: 'the dentist', at: '2026-03-27T10:00' })
  const { title, start, end } = data as Record<string, string>
  assert.deepEqual([title, start, end], ['Dentist', '2026-03-27T10:00:00+01:00', '2026-03-27T11:00:00+01:00'])
  assert.equal(
    await text('add_event', { with: 'Bob', at: '2026-03-27T10:30', seconds: 1_800 }),
    '“Meeting with Bob” is in your calendar on Friday at 10:30. At that time you also have Dentist.',
  )
  assert.equal(
    await text('agenda', { day: '2026-03-27' }),
    'On Friday: Dentist at 10:00 and Meeting with Bob at 10:30.',
  )
  assert.equal(await text('find_event', { query: 'dentist' }), 'Dentist on Friday at 10:00.')
})

test('the same appointment twice is one, a whole day has no time, and what repeats comes again', async () => {
  for (const zone of ['Europe/Berlin', 'UTC', 'America/New_York']) {
    const { tell, text } = open(zone)
    await tell('add_event', { title: 'Choir', at: '2026-03-26T19:00', repeat: 'weekly' })
    await tell('add_event', { title: 'Choir', at: '2026-03-26T19:00', repeat: 'weekly' })
    // Another one at that time takes nothing away from what repeats.
    await tell('add_event', { title: 'Choir', at: '2026-03-26T19:00' })
    await tell('add_event', { title: 'School trip', at: '2026-03-28' })
    await tell('add_event', { title: 'Old', at: '0001-01-01T09:00', repeat: 'yearly' })
    assert.equal(await text('agenda', { day: '2026-03-26' }), 'Tomorrow: Choir at 19:00 and Choir at 19:00.')
    // The clocks have changed by then.
    assert.equal(await text('agenda', { day: '2026-04-02' }), 'On 2 April: Choir at 19:00.')
    assert.equal(await text('agenda', { day: '2026-03-28' }), 'On Saturday: School trip.')
  }
})

test('what repeats begins with its next time, and an hour is an hour when the clocks change', async () => {
  const { tell, text } = open()
  const said = await text('add_event', { title: 'Gym', at: '2026-03-20T07:00', repeat: 'weekly' })
  assert.equal(said, '“Gym” is in your calendar on Friday at 07:00, and every Friday after that.')
  const { data } = await tell('add_event', { title: 'Night', at: '2026-03-29T01:30', seconds: 3_600 })
  assert.equal((data as { end: string }).end, '2026-03-29T03:30:00+02:00')
  assert.match(await text('agenda', { day: '2026-03-29' }), /Night at 01:30/)
})

test('what ends in the hour that a clock shows twice does not end before it begins', async () => {
  const { tell } = open()
  const { data } = await tell('add_event', { title: 'Night', at: '2026-10-25T02:30', seconds: 3_600 })
  assert.equal((data as { end: string }).end, '2026-10-25T02:30:00+01:00')
  const file = (await tell('export_ics', {})).data as { ics: string }
  assert.match(file.ics, /DTSTART;TZID=Europe\/Berlin:20261025T023000\r\nDURATION:PT1H\r\n/)
})

test('signs that mean something in a calendar file are only signs', async () => {
  const { tell, text } = open()
  const title = 'Lunch; with\nBEGIN:VEVENT, “Ann”\\'
  await tell('add_event', { title, at: '2026-03-27T12:00' })
  const { data } = await tell('export_ics', {})
  assert.equal((data as { ics: string }).ics.match(/^BEGIN:VEVENT/gmu)?.length, 1)
  assert.match(await text('agenda', { day: '2026-03-27' }), /Lunch; with\nBEGIN:VEVENT, “Ann”/u)
})

test('what has passed, is no time, or has no name is refused', async () => {
  const { tell } = open()
  for (const [parameters, why] of [
    [{ title: 'x', at: '2026-03-24T10:00' }, 'That is past: say when it will be.'],
    [{ title: 'x', at: '2126-03-24T10:00' }, 'That is more than ten years away.'],
    [{ title: 'x', at: 'soon' }, '"soon" is not a time that I understand.'],
    [{ with: ' ', at: '2026-03-27T10:00' }, 'What is it?'],
    [{ title: 'x', at: '2026-03-27', seconds: 3_600 }, 'At what time does it begin?'],
  ] as const)
    await assert.rejects(tell('add_event', parameters), new ActionError(why))
})
