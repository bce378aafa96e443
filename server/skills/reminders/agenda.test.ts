import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { reminders } from './index.ts'

/** Wednesday, 10:00 in Berlin. */
const NOW = Temporal.Instant.from('2026-03-25T10:00:00+01:00').epochMilliseconds
const event = (uid: string, title: string, start: string) =>
  ['BEGIN:VEVENT', `UID:${uid}@x`, `SUMMARY:${title}`, `DTSTART${start}`, 'END:VEVENT'].join('\r\n')

async function open() {
  const can = openInMemory(NOW, 'Europe/Berlin')
  const tell = (name: string, parameters: object = {}) => ask(reminders, name, can, parameters)
  const events = [
    event('1', 'Choir practice', ':20260326T190000'),
    event('2', 'Dentist', ':20260326T090000'),
    event('3', 'School trip', ';VALUE=DATE:20260328'),
    event('4', 'Late show', ':20260326T233000'),
  ]
  await tell('import_ics', {
    ics: ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR'].join('\r\n'),
  })
  await tell('remind', { text: 'call my sister', at: '2026-03-26T12:00' })
  return { can, text: async (name: string, parameters: object) => (await tell(name, parameters)).text }
}

test('what is on a day are its events and reminders in their order, and nothing of the days beside it', async () => {
  const { text } = await open()
  for (const [day, said] of [
    [
      '2026-03-26',
      'Tomorrow: Dentist at 09:00, the reminder to call your sister at 12:00, Choir practice at 19:00 and Late show at 23:30.',
    ],
    ['2026-03-26T20:00', 'Tomorrow evening: Choir practice at 19:00 and Late show at 23:30.'],
    [
      '2026-03-26T10:00',
      'Tomorrow from 10:00 on: the reminder to call your sister at 12:00, Choir practice at 19:00 and Late show at 23:30.',
    ],
    ['2026-03-25', 'Nothing is in your calendar today.'],
    ['2026-03-25T20:00', 'Nothing is in your calendar tonight.'],
    ['2026-03-28', 'On Saturday: School trip.'],
    ['2026-12-10', 'Nothing is in your calendar on 10 December.'],
  ] as const)
    assert.equal(await text('agenda', { day }), said)
  assert.equal(
    await text('agenda', { day: '2026-03-28', until: '2026-03-30' }),
    'This weekend: School trip on Saturday.',
  )
  assert.match(
    await text('agenda', { day: '2026-03-23', until: '2026-03-30' }),
    /^This week: Dentist tomorrow at 09:00, .* and School trip on Saturday\.$/,
  )
})

test('days that are over are looked at whole', async () => {
  const { can, text } = await open()
  can.clock.now += 14 * 86_400_000
  assert.match(await text('agenda', { day: '2026-03-23', until: '2026-03-30' }), /Dentist .* and School trip/)
  const later = await text('agenda', { day: '2026-04-06', until: '2026-04-13' })
  assert.match(later, /^Nothing is in your calendar/)
})

test('reminders are told for a day or for several, and never for none', async () => {
  const { text } = await open()
  const sister = 'call your sister tomorrow at 12:00.'
  assert.equal(await text('list', { day: '2026-03-26' }), `You have 1 reminder tomorrow: ${sister}`)
  assert.equal(await text('list', { day: '2026-03-25' }), 'No reminders are set today.')
  for (const [day, until, name] of [
    ['2026-03-23', '2026-03-30', 'this week'],
    ['2026-03-26', '2026-03-28', 'from tomorrow to Friday'],
    ['2026-03-26', '2026-03-27', 'tomorrow'],
  ] as const)
    assert.equal(await text('list', { day, until }), `You have 1 reminder ${name}: ${sister}`)
  for (const [day, until, name] of [
    ['2026-03-30', '2026-04-06', 'next week'],
    ['2026-03-28', '2026-03-30', 'this weekend'],
  ] as const)
    assert.equal(await text('list', { day, until }), `No reminders are set ${name}.`)
  await assert.rejects(
    text('list', { day: '2026-03-26', until: '2026-03-26' }),
    new ActionError('That is no stretch of days.'),
  )
})

test('when something is, is told of events and reminders by their words, and not of what is none', async () => {
  const { text } = await open()
  assert.equal(await text('find_event', { query: 'choir' }), 'Choir practice tomorrow at 19:00.')
  assert.equal(
    await text('find_event', { query: 'my sister' }),
    'The reminder to call your sister tomorrow at 12:00.',
  )
  assert.equal(
    await text('find_event', { query: 'piano' }),
    'I find nothing called "piano" in your calendar or among your reminders.',
  )
})

test('where a calendar file is kept is not taken for the file, and how it comes here is said', async () => {
  const { text } = await open()
  for (const [ics, how] of [
    ['/tmp/cal.ics', '$(cat /tmp/cal.ics)'],
    ['from ~/team.ics', '$(cat ~/team.ics)'],
    ['https://example.org/a.ics', '$(curl -s https://example.org/a.ics)'],
  ] as const)
    await assert.rejects(
      text('import_ics', { ics }),
      (error) => error instanceof ActionError && error.message.includes(how),
    )
  await assert.rejects(
    text('import_ics', { ics: 'lunch with Bob' }),
    new ActionError('That is not a calendar file.'),
  )
})
